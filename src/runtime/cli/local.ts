/**
 * `gungnir local up`: a small Kubernetes on this machine with the operator in it, until Ctrl-C.
 * Never here: how it works (src/local), what the operator's objects are (resources/operator).
 */
import { setFlagsFromString } from 'node:v8';
import { GungnirError } from '../../kit/reasons';
import { type LocalCluster, startLocal } from '../../local/cluster';
import { findPrograms } from '../../local/programs';
import type { Bundle } from '../../resources/operator/bundle';
import { NODE_IMAGE, OPERATOR_DEFAULTS } from '../../resources/operator/options';
import { renderOperator } from '../../resources/operator/render';
import type { ValkeyClusterDefinition } from '../../spec/definition';
import { namesOf, SECRET_KEYS } from '../../spec/naming';
import { type Flag, readFlags } from '../args';
import { type CliIo, type Command, EXIT, type ExitCode } from './command';
import { readDefinitions } from './definitions';
import { writeProblems } from './output';
import { readBundle } from './pack';

/** On one machine a standby would only take memory; `kubectl scale` gives a second one. */
const LOCAL_OPERATORS = 1;
/** V8 lets the space for new objects grow to 2 x 16 MB in a burst and keeps it; at rest it is 1 MB that is used. */
const SMALL_NEW_SPACE = '--semi-space-growth-factor=1';

const ONLY_UP = 'gungnir local up starts it, Ctrl-C there ends it; there is no other word';

const anything: Flag<string | undefined>['parse'] = (value) => ({
  kind: 'value',
  value: value === '' ? undefined : value,
});
const count: Flag<number>['parse'] = (value) =>
  /^[1-5]$/.test(value)
    ? { kind: 'value', value: Number(value) }
    : { kind: 'limit', limit: 'a whole number from 1 to 5' };

const flags = {
  file: {
    name: '--file',
    short: '-f',
    placeholder: 'FILE',
    fallback: '',
    help: 'apply these definitions, YAML or JSON',
    parse: anything,
  } satisfies Flag<string | undefined>,
  data: {
    name: '--data',
    placeholder: 'DIR',
    fallback: '',
    help: 'keep everything there; without it nothing is left',
    parse: anything,
  } satisfies Flag<string | undefined>,
  nodes: {
    name: '--nodes',
    placeholder: 'N',
    fallback: '3',
    help: 'number of virtual nodes, 1 to 5',
    parse: count,
  } satisfies Flag<number>,
} as const;

export const local: Command = {
  name: 'local',
  summary: 'run a small Kubernetes with the operator here',
  usage: 'gungnir local up [-f FILE] [--data DIR] [--nodes N]',
  details: [
    'Runs a Kubernetes small enough for one process, with the operator as a pod of',
    'its own and real valkey-servers on addresses of this machine, until Ctrl-C.',
    'It prints a kubeconfig for kubectl. For trying and testing, not for production.',
    '',
    '  -f, --file FILE   apply these definitions, YAML or JSON; - reads the input',
    '  --data DIR        keep everything there; without it nothing is left behind',
    '  --nodes N         number of virtual nodes, 1 to 5 (3)',
  ],
  examples: [
    'gungnir local up',
    'gungnir local up -f examples/manifests/minimal.yaml',
    'gungnir local up --data ~/gungnir-data',
  ],
  async run(argv, io) {
    const [word, ...rest] = argv;
    if (word === undefined) throw new GungnirError('ArgumentMissing', { missing: 'up' });
    if (word !== 'up') throw new GungnirError('ArgumentUnexpected', { word }, undefined, ONLY_UP);
    const { file, data, nodes } = readFlags(flags, rest, {});
    setFlagsFromString(SMALL_NEW_SPACE);
    const text = file === undefined ? '' : await readText(file, io);
    const { clusters, objects, problems } = readDefinitions(file ?? '', text);
    if (problems.length > 0) {
      writeProblems(io, problems, 'nothing is started');
      return EXIT.invalid.code;
    }
    const operator = renderOperator(
      { kind: 'bundle', bundle: await bundleOf(io), image: NODE_IMAGE },
      { ...OPERATOR_DEFAULTS, replicas: LOCAL_OPERATORS },
    );
    const [cluster] = clusters;
    return upUntilInterrupted(io, { data, nodes, cluster }, [...operator, ...objects]);
  },
};

interface Wanted {
  readonly data: string | undefined;
  readonly nodes: number;
  /** Whose clients are told how to connect. */
  readonly cluster: ValkeyClusterDefinition | undefined;
}

async function upUntilInterrupted(
  io: CliIo,
  { data, nodes, cluster: defined }: Wanted,
  objects: readonly object[],
): Promise<ExitCode> {
  let interrupt: () => void = () => {};
  const interrupted = new Promise<void>((resolve) => {
    interrupt = resolve;
  });
  const leave = io.onInterrupt(() => interrupt());
  const cluster = await startOrTell({
    programs: findProgramsOrTell(io),
    nodes,
    ...(data === undefined ? {} : { data }),
    onProblem: (sentence) => io.writeErr(`${sentence}\n`),
  });
  try {
    await applyOrTell(cluster, objects);
    tell(io, cluster, nodes, defined);
    await interrupted;
    return EXIT.interrupted.code;
  } finally {
    leave();
    await cluster.stop();
  }
}

function tell(
  io: CliIo,
  { kubeconfig, range, place }: LocalCluster,
  nodes: number,
  defined: ValkeyClusterDefinition | undefined,
): void {
  const kept = place.kind === 'kept' ? `kept in ${place.folder}` : 'nothing is left after Ctrl-C';
  io.writeOut(
    [
      `a local Kubernetes is up: ${nodes} nodes on 127.${64 + place.instance}.0.0/16, ${kept}`,
      '',
      `  export KUBECONFIG=${kubeconfig}`,
      '  kubectl get valkeyclusters,pods -A -w',
      ...(defined === undefined ? [] : clientLines(defined)),
      '',
      `API server https://${range.server}:6443. Ctrl-C ends it.`,
      '',
    ].join('\n'),
  );
}

/** There is no cluster DNS on this machine: its clients need the Service's address. */
function clientLines({
  metadata: { name, namespace },
}: ValkeyClusterDefinition): readonly string[] {
  const { client, secret } = namesOf(name);
  const from = namespace === undefined ? '' : ` -n ${namespace}`;
  return [
    `  export REDISCLI_AUTH=$(kubectl${from} get secret ${secret} \\`,
    `    -o jsonpath='{.data.${SECRET_KEYS.clientPassword}}' | base64 -d)`,
    `  valkey-cli -h $(kubectl${from} get service ${client} \\`,
    `    -o jsonpath='{.spec.clusterIP}')`,
  ];
}

async function startOrTell(options: Parameters<typeof startLocal>[0]): Promise<LocalCluster> {
  try {
    return await startLocal(options);
  } catch (cause) {
    throw cannotStart(cause);
  }
}

async function applyOrTell(cluster: LocalCluster, objects: readonly object[]): Promise<void> {
  try {
    await cluster.apply(objects);
  } catch (cause) {
    throw cannotStart(cause);
  }
}

/** The rooms of the local cluster end a sentence with what to do, where they know it. */
function cannotStart(cause: unknown): GungnirError {
  const [because = '', action] = messageOf(cause).split('. To fix: ');
  return new GungnirError('LocalClusterCannotStart', { because }, cause, action);
}

function findProgramsOrTell({ env }: CliIo): ReturnType<typeof findPrograms> {
  try {
    return findPrograms(env);
  } catch (cause) {
    throw cannotStart(cause);
  }
}

async function readText(file: string, io: CliIo): Promise<string> {
  try {
    return await io.readFile(file);
  } catch (cause) {
    throw new GungnirError('FileUnreadable', { file, because: messageOf(cause) }, cause);
  }
}

async function bundleOf(io: CliIo): Promise<Bundle> {
  return readBundle(io.bundlePath, (path) => io.readFile(path)).catch((cause: unknown) => {
    const facts = { file: io.bundlePath, because: messageOf(cause) };
    throw new GungnirError('BundleMissing', facts, cause);
  });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
