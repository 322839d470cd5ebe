/**
 * From a container's definition to a running one: image, environment, paths, then the process.
 * Never here: when (worker.ts), records of it.
 */

import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './downward';
import { environmentOf } from './environment';
import { expanded } from './expand';
import { type Host, lookupOf } from './host';
import { IMAGE_PATH, withImageFolder, writeImageFiles } from './image-files';
import { type Image, imageOf } from './images';
import { openLogFile } from './log-file';
import { rewritten } from './paths';
import type { Container, Pod } from './pod';
import type { PodFolder } from './pod-folder';
import { type Run, type RunHost, startRun } from './run';

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

/** Logs of older runs are taken away. */
const RUNS_KEPT = 2;

export function startContainer(host: Host, wanted: Wanted, runHost: RunHost): StartedContainer {
  const { pod, container, place, folder, attempt } = wanted;
  const image = imageOf(container.image, host.programs);
  if (image.kind === 'none') return { kind: 'image', message: image.message };
  const lookup = lookupOf(host, pod.metadata.namespace ?? '');
  const answer = environmentOf(pod, container, lookup, place, host.server);
  if (answer.kind === 'failed') return { kind: 'config', message: answer.message };
  const own = folder.container(container.name);
  const mappings = folder.mappings(pod, container, answer.values);
  const bin = join(own, 'bin');
  writeImageFiles(bin, image, { podIp: place.podIp, mappings });
  const env = Object.fromEntries(
    Object.entries(answer.values).map(([name, value]) => [name, rewritten(value, mappings)]),
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
  const run = startRun(
    {
      container,
      command: { env: withBase, cwd, mappings },
      argv: commandOf(image, container).map((word) => expanded(word, answer.values)),
      log: openLogFile(join(own, `${attempt}.log`)),
      terminationFile: join(own, 'termination-log'),
      podIp: place.podIp,
      hostIp: place.hostIp,
    },
    runHost,
  );
  const names = namesOf(image);
  return 'kind' in run
    ? { kind: 'failed', message: run.message, image: names }
    : { kind: 'running', run, image: names };
}

/** The image's own entrypoint, as its Dockerfile has it. */
function commandOf(
  image: Exclude<Image, { readonly kind: 'none' }>,
  { command = [], args = [] }: Container,
): readonly string[] {
  if (command.length > 0) return [...command, ...args];
  const [program, ending] =
    image.kind === 'valkey' ? (['valkey-server', '.conf'] as const) : (['node', ''] as const);
  const [first] = args;
  if (first === undefined) return [program];
  const isArgument = first.startsWith('-') || (ending !== '' && first.endsWith(ending));
  return isArgument ? [program, ...args] : args;
}

function namesOf(image: Exclude<Image, { readonly kind: 'none' }>): ImageNames {
  const program = image.kind === 'valkey' ? image.server.program : image.program;
  const digest = createHash('sha256').update(`${image.name} ${program}`).digest('hex');
  const substituted = image.kind === 'valkey' ? image.substituted : undefined;
  return { name: image.name, id: `sha256:${digest}`, substituted };
}
