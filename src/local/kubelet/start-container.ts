/**
 * From a container's definition to a running one: image, environment, paths, then the process.
 * Never here: when (worker.ts), records of it.
 */

import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './downward';
import { type Environment, environmentOf } from './environment';
import { expanded } from './expand';
import { type Host, lookupOf } from './host';
import { IMAGE_PATH, withImageFolder, writeImageFiles } from './image-files';
import { type Image, imageOf } from './images';
import { openLogFile } from './log-file';
import { type Mapping, rewritten } from './paths';
import type { Container, Pod } from './pod';
import type { PodFolder } from './pod-folder';
import { type Run, type RunHost, type RunSpec, startRun } from './run';

export type StartedContainer =
  | { readonly kind: 'running'; readonly run: Run; readonly image: ImageNames }
  | { readonly kind: 'image'; readonly message: string }
  | { readonly kind: 'config'; readonly message: string }
  /** The program could not be started. */
  | { readonly kind: 'failed'; readonly message: string; readonly image: ImageNames };

export interface ImageNames {
  readonly name: string;
  readonly id: string;
  /** What is told as the Event ImageSubstituted. */
  readonly substituted: string | undefined;
}

export interface Wanted {
  readonly pod: Pod;
  readonly container: Container;
  readonly place: Place;
  readonly folder: PodFolder;
  /** 0 for the first run. */
  readonly attempt: number;
}

type Runnable = Exclude<Image, { readonly kind: 'none' }>;

/** Logs of older runs are taken away. */
const RUNS_KEPT = 2;

export function startContainer(host: Host, wanted: Wanted, runHost: RunHost): StartedContainer {
  const { pod, container, place } = wanted;
  const image = imageOf(container.image, host.programs);
  if (image.kind === 'none') return { kind: 'image', message: image.message };
  const lookup = lookupOf(host, pod.metadata.namespace ?? '');
  const answer = environmentOf(pod, container, lookup, place, host.server);
  if (answer.kind === 'failed') return { kind: 'config', message: answer.message };
  const mappings = mappingsOf(wanted, answer.values);
  if (typeof mappings === 'string') return { kind: 'config', message: mappings };
  const names = namesOf(image);
  try {
    const spec = runSpecOf(host, wanted, image, answer.values, mappings);
    const run = startRun(spec, runHost);
    return 'kind' in run ? { ...run, image: names } : { kind: 'running', run, image: names };
  } catch (problem) {
    // Its files cannot be written, as on a disk that is full.
    return { kind: 'failed', message: (problem as Error).message, image: names };
  }
}

function mappingsOf(
  { pod, container, folder }: Wanted,
  values: Environment,
): readonly Mapping[] | string {
  try {
    return folder.mappings(pod, container, values);
  } catch (problem) {
    return (problem as Error).message;
  }
}

/** Writes what the container finds; the log is open. */
function runSpecOf(
  host: Host,
  { pod, container, place, folder, attempt }: Wanted,
  image: Runnable,
  values: Environment,
  mappings: readonly Mapping[],
): RunSpec {
  const own = folder.container(container.name);
  const bin = join(own, 'bin');
  writeImageFiles(bin, image, { podIp: place.podIp, mappings });
  const env = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, rewritten(value, mappings)]),
  );
  const withBase = {
    HOSTNAME: pod.spec?.hostname ?? pod.metadata.name,
    HOME: join(own, 'root'),
    ...env,
    PATH: withImageFolder(env.PATH ?? IMAGE_PATH, bin),
  };
  const root = join(own, 'root');
  const workingDir = container.workingDir ?? (image.kind === 'valkey' ? '/data' : '/');
  const moved = rewritten(workingDir, mappings);
  const cwd = moved === workingDir ? root : moved;
  for (const old of [`${attempt - RUNS_KEPT}.log`, `${attempt - RUNS_KEPT}.log.1`]) {
    rmSync(join(own, old), { force: true });
  }
  const lost = (why: string): void => host.tell(pod, 'Warning', 'LogNotWritten', why);
  return {
    container,
    command: { env: withBase, cwd, mappings },
    argv: commandOf(image, container).map((word) => expanded(word, values)),
    log: openLogFile(join(own, `${attempt}.log`), lost),
    terminationFile: join(own, 'termination-log'),
    podIp: place.podIp,
    hostIp: place.hostIp,
  };
}

/** The image's own entrypoint, as its Dockerfile has it. */
function commandOf(image: Runnable, { command = [], args = [] }: Container): readonly string[] {
  if (command.length > 0) return [...command, ...args];
  const [program, ending] =
    image.kind === 'valkey' ? (['valkey-server', '.conf'] as const) : (['node', ''] as const);
  const [first] = args;
  if (first === undefined) return [program];
  const isArgument = first.startsWith('-') || (ending !== '' && first.endsWith(ending));
  return isArgument ? [program, ...args] : args;
}

function namesOf(image: Runnable): ImageNames {
  const program = image.kind === 'valkey' ? image.server.program : image.program;
  const digest = createHash('sha256').update(`${image.name} ${program}`).digest('hex');
  const substituted = image.kind === 'valkey' ? image.substituted : undefined;
  return { name: image.name, id: `sha256:${digest}`, substituted };
}
