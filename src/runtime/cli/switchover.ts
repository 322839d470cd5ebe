/**
 * `gungnir switchover`: asks the operator by annotation, and watches until it has happened or was
 * given up. Refused here is what the operator would refuse, before anything is asked.
 * Never here: how the primary is moved; the operator does that.
 */
import { explain, GungnirError } from '../../kit/reasons';
import { ANNOTATIONS } from '../../spec/naming';
import { type Flag, operatorFlags, readFlags } from '../args';
import { type ClusterObject, clusters } from '../lanes/record-store';
import { type CliIo, type Command, EXIT, type ExitCode } from './command';
import { type Connected, connectFlags, getCluster, told, withClient } from './connect';
import { flagLines } from './help';
import { writeError } from './output';
import { textOrJson } from './report';
import { type Asked, type Became, heardSoFar, watchSwitchover } from './switchover-watch';
import { splitLine } from './words';
import { wrap } from './wrap';

const flags = {
  ...connectFlags,
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
    help: 'say what would be done, and whether you may',
    parse: (value) => {
      if (value === 'true') return { kind: 'value', value: 'dry' };
      if (value === 'false') return { kind: 'value', value: 'real' };
      return { kind: 'limit', limit: 'true or false' };
    },
  } satisfies Flag<'dry' | 'real'>,
  timeoutMs: {
    name: '--timeout',
    placeholder: 'TIME',
    // The operator waits for quiet Services, a pause and a catch-up: some 10 s at the very worst.
    fallback: '30s',
    help: 'wait for so long, from 1s to 1h; default 30s',
    parse: operatorFlags.reconcileIntervalMs.parse,
  } satisfies Flag<number>,
  output: textOrJson,
} as const;

export const switchover: Command = {
  name: 'switchover',
  summary: 'move the primary to a replica without losing a write',
  usage: 'gungnir switchover NAME [--to POD] [--dry-run] [flags]',
  details: [
    'Asks the operator to hand the primary over, and waits until it is done. The',
    'writers are paused for milliseconds; no acknowledged write is lost. A request',
    'that is refused or too late is withdrawn.',
    '',
    ...flagLines(flags),
  ],
  examples: ['gungnir switchover cart --dry-run', 'gungnir switchover cart --to cart-2 -n shop'],
  async run(argv, io) {
    const line = splitLine(flags, argv, 1);
    const args = readFlags(flags, line.flags, {});
    const [name] = line.words;
    if (name === undefined) throw new GungnirError('ArgumentMissing', { missing: 'NAME' });
    return withClient(io, args, (connected) => switchTo(io, connected, name, args));
  },
};

interface Args {
  readonly to: string;
  readonly dryRun: 'dry' | 'real';
  readonly timeoutMs: number;
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
  if (args.dryRun === 'dry') {
    await annotate(connected, name, `${args.to}@${epoch}`, 'dry');
    const target = args.to === '' ? 'the best replica' : args.to;
    const facts = { from, to: args.to === '' ? null : args.to, epoch, done: false };
    const sentence = `would move the primary of ${name} from ${from} to ${target}; nothing was done`;
    say(io, args, facts, sentence);
    return EXIT.ok.code;
  }
  const { uid } = object.metadata;
  const asked: Asked = { name, uid, from, epoch, heard: await heardSoFar(connected, uid) };
  const interrupted = new AbortController();
  const leave = io.onInterrupt(() => interrupted.abort());
  try {
    await annotate(connected, name, `${args.to}@${epoch}`, 'real');
    const became = await watchSwitchover(connected, asked, args.timeoutMs, interrupted.signal);
    if (interrupted.signal.aborted && became.kind === 'nothing')
      return stoppedWaiting(io, connected, name);
    return await conclude(io, connected, asked, became, args);
  } finally {
    leave();
  }
}

/** @throws GungnirError what the operator would refuse. */
function checked(
  { status }: ClusterObject,
  to: string,
): { readonly from: string; readonly epoch: number } {
  const from = status?.masterPod ?? '';
  const { record } = status ?? {};
  if (from === '' || record === undefined)
    throw new GungnirError('SwitchoverNeedsPrimary', { phase: status?.phase ?? 'Unknown' });
  if (record.phase !== 'Steady')
    throw new GungnirError('SwitchoverUnderWay', { step: record.phase, to: record.target?.pod });
  const nodes = status?.nodeStatuses ?? [];
  const inSync = nodes.filter(({ role, healthy }) => role === 'Replica' && healthy);
  const fit = inSync.map(({ podName }) => podName);
  const pods = nodes.map(({ podName }) => podName);
  if (to === from) throw new GungnirError('AlreadyPrimary', { pod: to });
  if (to !== '' && !pods.includes(to))
    throw new GungnirError('SwitchoverTargetUnknown', { pod: to, pods: list(pods) });
  if (fit.length === 0 || (to !== '' && !fit.includes(to)))
    throw new GungnirError('SwitchoverTargetUnfit', {
      pod: to === '' ? undefined : to,
      inSync: list(fit),
    });
  return { from, epoch: record.epoch };
}

function list(pods: readonly string[]): string {
  return pods.length === 0 ? '(none)' : pods.join(',');
}

/** @param value null: withdraws the request. */
async function annotate(
  connected: Connected,
  name: string,
  value: string | null,
  how: 'dry' | 'real',
): Promise<void> {
  const answer = await connected.client.mergePatch(
    clusters,
    { namespace: connected.namespace, name },
    { metadata: { annotations: { [ANNOTATIONS.switchover]: value } } },
    { dryRun: how === 'dry' ? 'All' : undefined },
  );
  if (answer.kind !== 'ok') throw told(answer, connected, 'patch', name);
}

async function conclude(
  io: CliIo,
  connected: Connected,
  asked: Asked,
  became: Became,
  args: Args,
): Promise<ExitCode> {
  const { name, from } = asked;
  if (became.kind === 'moved') {
    const { to, epoch, durationMs } = became;
    const took = durationMs === undefined ? '' : `, ${durationMs} ms`;
    const facts = { from, to, epoch, durationMs: durationMs ?? null, done: true };
    say(io, args, facts, `${to} is the primary of ${name} (was ${from}${took})`);
    return EXIT.ok.code;
  }
  // What is told to have failed must not happen an hour later.
  await annotate(connected, name, null, 'real');
  if (became.kind === 'refused')
    writeError(
      io,
      explain('SwitchoverGivenUp', { cluster: name, primary: from, said: became.said }),
    );
  else writeError(io, explain('SwitchoverLate', { cluster: name, waitedMs: args.timeoutMs }));
  return EXIT.failed.code;
}

/** The request is written, so the operator goes on with it. */
function stoppedWaiting(io: CliIo, { namespace }: Connected, name: string): ExitCode {
  const told =
    'stopped waiting; the operator may still move the primary. To see, and to withdraw the request:\n';
  const commands = [
    `  gungnir status ${name} -n ${namespace}`,
    `  kubectl -n ${namespace} annotate vc ${name} \\`,
    `    ${ANNOTATIONS.switchover}-`,
  ];
  io.writeErr(`${wrap(told, io.errColumns, '')}${commands.join('\n')}\n`);
  return EXIT.interrupted.code;
}

function say(io: CliIo, { output }: Args, facts: object, sentence: string): void {
  io.writeOut(
    output === 'json' ? `${JSON.stringify(facts)}\n` : wrap(`${sentence}\n`, io.outColumns),
  );
}
