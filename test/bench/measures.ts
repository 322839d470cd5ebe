/**
 * One run of each measurement on a fresh rig: what is done to the primary, and what a client saw of it.
 * The same for every rig.
 * Never here: medians and gates (results.ts, gates.ts).
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { watchOwnLoop } from '../kit/own-loop';
import { until } from '../kit/until';
import {
  countKept,
  isAck,
  type Kept,
  largestGapMs,
  startWriter,
  type Write,
  type Writer,
} from '../kit/writer';
import { isAt, measuringWriter, type Rig, type Server, type StartRig } from './rig';

/** One run. Times in ms. */
export interface Run {
  /** From the fault, or the wish, to the end of the first write that another server acknowledged. */
  readonly firstWriteMs: number;
  /** The longest time without an acknowledged write around it. */
  readonly gapMs: number;
  readonly acked: number;
  readonly ackedLost: number;
  /** A resumed old primary took writes for so long; undefined where none was resumed. */
  readonly twoWritersMs?: number;
  /** For how long the measuring process itself got no processor: what is below that says nothing. */
  readonly stoodMs: number;
}

/** Writes flow for this long before anything is done to them. */
const WARM_MS = 700;
/** And so long afterwards, so that late losses are counted. */
const SETTLE_MS = 300;
/** Longer than Sentinel at 5000 ms needs with a failed election. */
const FAILOVER_MS = 60_000;
/** Sentinel demotes a returned primary after some 10 s. */
const RESUMED_MS = 30_000;
/** A client that keeps its connection whatever happens. */
const STAYING_MS = 120_000;

/** kill -9 of the primary. */
export function killPrimary(startRig: StartRig): Promise<Run> {
  return onRig(startRig, async (rig, writer, old) => {
    const sinceMs = performance.now();
    process.kill(old.pid(), 'SIGKILL');
    return { ...(await change(rig, writer, old, sinceMs)), lost: [writer] };
  });
}

/** Planned work under writes. */
export function switchOver(startRig: StartRig): Promise<Run> {
  return onRig(startRig, async (rig, writer, old) => {
    const sinceMs = performance.now();
    await rig.switchover();
    return { ...(await change(rig, writer, old, sinceMs)), lost: [writer] };
  });
}

/**
 * SIGSTOP of the primary; where nobody killed it, SIGCONT once another serves. A second client kept its
 * connection to the old primary and goes on writing to it.
 */
export function stopPrimary(startRig: StartRig): Promise<Run> {
  return onRig(startRig, async (rig, writer, old) => {
    const staying = startWriter({
      name: 'staying',
      target: () => old,
      perSecond: 100,
      replyMs: STAYING_MS,
      ...(rig.user === undefined ? {} : { user: rig.user }),
    });
    try {
      await staying.firstAckAfter(performance.now());
      const sinceMs = performance.now();
      old.pause();
      const changed = await change(rig, writer, old, sinceMs);
      const twoWritersMs = await resume(old, staying);
      return {
        ...changed,
        lost: [writer, staying],
        ...(twoWritersMs === undefined ? {} : { twoWritersMs }),
      };
    } finally {
      await staying.stop();
    }
  });
}

interface Seen {
  readonly firstWriteMs: number;
  readonly gapMs: number;
  readonly twoWritersMs?: number;
  /** Whose acknowledged writes are looked for afterwards. */
  readonly lost: readonly Writer[];
}

async function onRig(
  startRig: StartRig,
  measure: (rig: Rig, writer: Writer, old: Server) => Promise<Seen>,
): Promise<Run> {
  const rig = await startRig();
  const writer = measuringWriter(rig);
  try {
    const old = rig.serving();
    await writer.firstAckAfter(performance.now());
    await until('replicas in sync', () => rig.isInSync(old), 10_000, 20);
    collectGarbage();
    await rest(WARM_MS);
    const stood = watchOwnLoop();
    const { lost, ...seen } = await measure(rig, writer, old).finally(stood.stop);
    await rest(SETTLE_MS);
    await Promise.all(lost.map((one) => one.stop()));
    const kept = await Promise.all(
      lost.map((one) => countKept(one.history, rig.target() ?? rig.serving(), rig.user)),
    );
    const sum = (of: (one: Kept) => number): number => kept.reduce((all, one) => all + of(one), 0);
    return {
      ...seen,
      stoodMs: stood.longestMs(),
      acked: sum(({ acked }) => acked),
      ackedLost: sum(({ ackedLost }) => ackedLost),
    };
  } finally {
    await writer.stop();
    await rig.stop();
  }
}

async function change(rig: Rig, writer: Writer, old: Server, sinceMs: number) {
  const first = await until(
    'a write on another server',
    firstElsewhere(rig, writer, old, sinceMs),
    FAILOVER_MS,
    5,
  );
  await rest(SETTLE_MS);
  const around = writer.history.filter(({ endedMs }) => endedMs > sinceMs - 50);
  if (isAt(old, rig.serving())) throw new Error('clients were sent back');
  return { firstWriteMs: first.endedMs - sinceMs, gapMs: largestGapMs(around) };
}

/** Each write is looked at once: the writer shares this thread, and what a look takes would be a gap of its own. */
function firstElsewhere(
  { isElsewhere }: Rig,
  { history }: Writer,
  old: Server,
  sinceMs: number,
): () => Write | undefined {
  let seen = history.filter(({ endedMs }) => endedMs < sinceMs).length;
  return () => {
    const fresh = history.slice(seen);
    seen = history.length;
    return fresh.find((write) => isAck(write) && isElsewhere(write, old, sinceMs));
  };
}

/** @returns for how long it took writes after it was resumed; undefined when it was killed meanwhile. */
async function resume(old: Server, staying: Writer): Promise<number | undefined> {
  const sinceMs = performance.now();
  if (!isRunning(old)) return undefined;
  old.resume();
  const isOver = ({ endedMs, outcome }: Write): boolean =>
    endedMs > sinceMs && (outcome === 'refused' || outcome === 'unknown');
  await until('the old primary refuses writes', () => staying.history.some(isOver), RESUMED_MS, 20);
  const taken = staying.history.filter((write) => isAck(write) && write.endedMs > sinceMs);
  return (taken[taken.length - 1]?.endedMs ?? sinceMs) - sinceMs;
}

function isRunning(server: Server): boolean {
  try {
    return server.pid() > 0;
  } catch {
    return false;
  }
}

/** A full collection of our own takes 20 to 30 ms, which would be measured as a gap of whoever's turn it is. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

function rest(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
