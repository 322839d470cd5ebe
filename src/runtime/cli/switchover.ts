/**
 * `gungnir switchover`: asks the operator by annotation, and watches until it has happened or was
 * given up. Refused here is what the operator would refuse, before anything is asked.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { GungnirError } from '../../kit/reasons';
import { ANNOTATIONS } from '../../spec/naming';
import { type Flag, readFlags } from '../args';
import { type ClusterObject, clusters } from '../lanes/record-store';
import { type CliIo, type Command, EXIT, type ExitCode } from './command';
import { type Connected, connectFlags, getCluster, told, withClient } from './connect';
import { textOrJson } from './report';
import { splitLine } from './words';

/** The operator waits for quiet Services, a pause and a catch-up: some 10 s at the very worst. */
const WAIT_MS = 30_000;
const LOOK_EVERY_MS = 200;

const flags = {
  ...connectFlags,
  output: textOrJson,
  to: {
    name: '--to',
    placeholder: 'POD',
    fallback: '',
    parse: (value) => ({ kind: 'value', value }),
    help: 'the new primary; default: the best replica',
  } satisfies Flag<string>,
  dryRun: {
    name: '--dry-run',
    placeholder: undefined,
    fallback: 'false',
    help: 'say what would be done',
    parse: (value) =>
      value === 'true' ? { kind: 'value', value: 'dry' } : { kind: 'value', value: 'real' },
  } satisfies Flag<'dry' | 'real'>,
} as const;

export const switchover: Command = {
  name: 'switchover',
  summary: 'move the primary to a replica without losing a write',
  usage: 'gungnir switchover NAME [--to POD] [--dry-run] [flags]',
  details: [
    'Asks the operator to hand the primary over, and waits until it is done. The',
    'writers are paused for milliseconds; no acknowledged write is lost.',
    '',
    ...Object.values(flags).map(
      ({ name, placeholder, help }) => `  ${`${name} ${placeholder ?? ''}`.padEnd(20)} ${help}`,
    ),
  ],
  examples: [
    'gungnir switchover cart --dry-run',
    'gungnir switchover cart --to cart-2 --namespace shop',
  ],
  async run(argv, io) {
    const line = splitLine(flags, argv);
    const args = readFlags(flags, line.flags, {});
    const [name] = line.words;
    if (name === undefined) throw new GungnirError('ArgumentMissing', { missing: 'NAME' });
    return withClient(io, args, (connected) => switchTo(io, connected, name, args));
  },
};

interface Args {
  readonly to: string;
  readonly dryRun: 'dry' | 'real';
  readonly output: 'text' | 'json';
}

async function switchTo(
  io: CliIo,
  connected: Connected,
  name: string,
  args: Args,
): Promise<ExitCode> {
  const object = await getCluster(connected, name);
  const { from, epoch } = checked(object, args.to);
  const target = args.to === '' ? 'the best replica' : args.to;
  if (args.dryRun === 'dry') {
    say(
      io,
      args,
      { from, to: args.to, epoch, done: 'nothing' },
      `would move the primary of ${name} from ${from} to ${target} (epoch ${epoch} -> ${epoch + 1}); nothing was done`,
    );
    return EXIT.ok.code;
  }
  const annotations = { [ANNOTATIONS.switchover]: `${args.to}@${epoch}` };
  const asked = await connected.client.mergePatch(
    clusters,
    { namespace: connected.namespace, name },
    { metadata: { annotations } },
  );
  if (asked.kind !== 'ok') throw told(asked, connected, 'patch', name);
  return watchIt(io, connected, name, args, { from, epoch });
}

/** @throws GungnirError what the operator would refuse. */
function checked(
  { status }: ClusterObject,
  to: string,
): { readonly from: string; readonly epoch: number } {
  const from = status?.masterPod ?? '';
  const epoch = status?.record?.epoch;
  if (from === '' || epoch === undefined)
    throw new GungnirError('SwitchoverNeedsPrimary', { phase: status?.phase });
  const replicas = (status?.nodeStatuses ?? [])
    .filter(({ role, healthy }) => role === 'Replica' && healthy)
    .map(({ podName }) => podName);
  if (to === from) throw new GungnirError('AlreadyPrimary', { pod: to });
  if (replicas.length === 0 || (to !== '' && !replicas.includes(to))) {
    throw new GungnirError('SwitchoverTargetUnfit', {
      pod: to === '' ? undefined : to,
      healthyReplicas: replicas.join(','),
    });
  }
  return { from, epoch };
}

async function watchIt(
  io: CliIo,
  connected: Connected,
  name: string,
  args: Args,
  { from, epoch }: { from: string; epoch: number },
): Promise<ExitCode> {
  for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += LOOK_EVERY_MS) {
    await delay(LOOK_EVERY_MS);
    const { status } = await getCluster(connected, name);
    const { record, failovers } = status ?? {};
    const last = failovers?.last;
    const to = record?.primary?.pod ?? '';
    const over = record?.phase === 'Steady' && record.epoch > epoch;
    const moved = over && to !== from && last?.to === to;
    if (moved) {
      say(
        io,
        args,
        { from, to, epoch: record.epoch, durationMs: last.durationMs },
        `${to} is the primary of ${name} (was ${from}), ${last?.durationMs ?? '?'} ms`,
      );
      return EXIT.ok.code;
    }
    if (over && to === from)
      throw new GungnirError('SwitchoverGivenUp', { cluster: name, primary: from });
  }
  throw new GungnirError('SwitchoverLate', { cluster: name, waitedMs: WAIT_MS });
}

function say(io: CliIo, { output }: Args, facts: object, sentence: string): void {
  io.writeOut(output === 'json' ? `${JSON.stringify(facts)}\n` : `${sentence}\n`);
}
