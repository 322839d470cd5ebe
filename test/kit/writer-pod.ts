/**
 * A writer as a pod: its manifests, and its history read from what it prints.
 * Never here: what the writer does (writer-pod-program.ts), whether something was lost (judge.ts).
 */
import { readFileSync } from 'node:fs';
import { namesOf, SECRET_KEYS } from '../../src/spec/naming';
import { until } from './until';
import type { PodName, World } from './world';
import type { Write, WriteOutcome } from './writer';

/** A write of the pod, with what the server said of itself beside it. */
export interface PodWrite extends Write {
  readonly connection: number;
  /** Counts up over the pod's life: the order of execution within a connection. */
  readonly number: number;
  /** run_id of the server that answered; '' where no reply said so. */
  readonly process: string;
  /** master_replid under which it wrote; '' where no reply said so. */
  readonly history: string;
}

export interface WriterPod {
  readonly pod: PodName;
  /** Grows as the pod's lines arrive; times are ms of the wall clock. */
  readonly history: readonly PodWrite[];
  /** Writes of the one key `r`, as `r:N` for the value N. */
  readonly registers: readonly PodWrite[];
  /** What it could not do, and why; with times. */
  readonly troubles: readonly string[];
  stop(): void;
}

export interface WriterPodOptions {
  /** Default `<cluster>-writer`. */
  readonly name?: string;
  /** WAIT asks for so many. Default 1. */
  readonly replicas?: number;
  /** Number of the first key, a multiple of 5. Default 0. */
  readonly first?: number;
}

const READY_MS = 60_000;
/** Keys of one batch; the register comes after them. */
const BATCH = 5;
const PROGRAM = 'test/kit/writer-pod-program.ts';

/** A pod that fits into a namespace labelled `restricted`. */
export function writerManifests(
  namespace: string,
  cluster: string,
  { name = `${cluster}-writer`, replicas = 1, first = 0 }: WriterPodOptions = {},
): readonly object[] {
  const { client, secret } = namesOf(cluster);
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace },
      data: { 'writer.mts': readFileSync(PROGRAM, 'utf8') },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace },
      spec: {
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 1,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65_534,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [
          {
            name: 'writer',
            image: 'node:24-alpine',
            command: ['node', '--disable-warning=ExperimentalWarning', '/program/writer.mts'],
            env: [
              {
                name: 'WRITER_HOST_VARIABLE',
                value: `${client.toUpperCase().replaceAll('-', '_')}_SERVICE_HOST`,
              },
              { name: 'WRITER_REPLICAS', value: String(replicas) },
              { name: 'WRITER_FIRST', value: String(first) },
              {
                name: 'WRITER_PASSWORD',
                valueFrom: { secretKeyRef: { name: secret, key: SECRET_KEYS.clientPassword } },
              },
            ],
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            },
            volumeMounts: [{ name: 'program', mountPath: '/program', readOnly: true }],
          },
        ],
        volumes: [{ name: 'program', configMap: { name } }],
      },
    },
  ];
}

/** The client Service must be there before: its address reaches the pod by environment. */
export async function startWriterPod(
  world: World,
  namespace: string,
  cluster: string,
  options: WriterPodOptions = {},
): Promise<WriterPod> {
  const pod = { namespace, pod: options.name ?? `${cluster}-writer` };
  await world.apply(
    writerManifests(namespace, cluster, options)
      .map((object) => JSON.stringify(object))
      .join('\n---\n'),
  );
  await mustBecomeReady(world, pod);
  const history: PodWrite[] = [];
  const registers: PodWrite[] = [];
  const troubles: string[] = [];
  const end = world.follow(pod, (line) => {
    const told = parseLine(line);
    if (told.kind === 'writes') {
      history.push(...told.writes);
      registers.push(...told.registers);
    } else if (told.kind === 'trouble') troubles.push(told.text);
  });
  return { pod, history, registers, troubles, stop: end };
}

interface PodObject {
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

async function mustBecomeReady(world: World, { namespace, pod }: PodName): Promise<void> {
  const isReady = async (): Promise<boolean> => {
    const found = await world.get<PodObject>({ kind: 'pod', namespace, name: pod });
    const { conditions = [] } = found?.status ?? {};
    return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  };
  await until(`the writer ${pod} starts`, isReady, READY_MS, 100);
}

type Told =
  | {
      readonly kind: 'writes';
      readonly writes: readonly PodWrite[];
      /** Of the register: none or one. */
      readonly registers: readonly PodWrite[];
    }
  | { readonly kind: 'trouble'; readonly text: string }
  | { readonly kind: 'nothing' };

const outcomes: Readonly<Record<string, WriteOutcome>> = {
  a: 'acked',
  s: 'safe',
  r: 'refused',
  u: 'unknown',
};

/** One line of the program. A line that is none of its own is trouble: it may be a crash. */
export function parseLine(line: string): Told {
  if (!line.startsWith('{')) return { kind: 'trouble', text: line };
  const said = JSON.parse(line) as {
    readonly first?: number;
    readonly sent?: number;
    readonly ended?: number;
    readonly outcomes?: string;
    readonly connection?: number;
    readonly process?: string;
    readonly history?: string;
    readonly said?: string;
    readonly at?: number;
    readonly trouble?: string;
    readonly connected?: string;
  };
  if (said.outcomes === undefined || said.first === undefined)
    return said.trouble === undefined
      ? { kind: 'nothing' }
      : { kind: 'trouble', text: `${said.at} ${said.trouble}` };
  const { first, sent = 0, ended = 0, connection = 0, process = '', history = '' } = said;
  const batch = first / BATCH;
  const all = [...said.outcomes].map(
    (letter, index): PodWrite => ({
      key: index < BATCH ? `w:${first + index}` : `r:${batch}`,
      sentMs: sent,
      endedMs: ended,
      outcome: outcomes[letter] ?? 'unknown',
      to: 'client Service',
      connection,
      number: batch * (BATCH + 1) + index,
      process,
      history,
    }),
  );
  return { kind: 'writes', writes: all.slice(0, BATCH), registers: all.slice(BATCH) };
}
