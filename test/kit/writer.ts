/**
 * A client that writes without rest and remembers what came of each write, and the check afterwards of
 * what was lost. A write whose reply was not read is `unknown`: it may stand or not.
 * Never here: what may be lost; the tests say it.
 */
import { millis } from '../../src/kit/brands';
import type { Address } from '../../src/sentinel/core/facts';
import type { Connection, Transport } from '../../src/sentinel/io/ports';
import type { Command, Reply } from '../../src/sentinel/io/resp';
import { createSocketTransport } from '../../src/sentinel/io/socket-transport';
import { connectRaw } from './valkey-client';

/** `safe`: WAIT said that enough replicas had it in memory. */
export type WriteOutcome = 'acked' | 'safe' | 'refused' | 'unknown';

/** One write; a line of the history when written as JSON. Times in ms of `performance.now()`. */
export interface Write {
  readonly key: string;
  readonly sentMs: number;
  readonly endedMs: number;
  readonly outcome: WriteOutcome;
  /** host:port of the server that it was sent to. */
  readonly to: string;
}

export interface WriterOptions {
  /** Begins each key, so that several writers do not meet. */
  readonly name: string;
  /** Where clients are sent at the moment; undefined: nowhere. Asked before each connect. */
  readonly target: () => Address | undefined;
  /** `eachWrite`: leaves a good connection too when clients are sent elsewhere. Default `eachConnect`. */
  readonly follow?: 'eachConnect' | 'eachWrite';
  /** WAIT for this many replicas after each batch; 0: no WAIT. Default 0. */
  readonly waitReplicas?: number;
  /** Writes that go out in one piece. Default 1. */
  readonly batch?: number;
  /** Rest between two batches. Default 0: as fast as replies come. */
  readonly everyMs?: number;
  /** Writes go out at this pace instead, those that are due in one piece; what was missed is not made up. */
  readonly perSecond?: number;
  /** How long to wait for a reply before the connection is given up. Default 2000. */
  readonly replyMs?: number;
}

export interface Writer {
  readonly history: readonly Write[];
  /** Resolved with the first write acknowledged after this moment. @throws after `withinMs`. */
  firstAckAfter(atMs: number, withinMs?: number): Promise<Write>;
  /** The same for the first one acknowledged by another server than `host:port`. */
  firstAckElsewhere(than: Address, afterMs: number, withinMs?: number): Promise<Write>;
  stop(): Promise<void>;
}

const REPLY_MS = 2_000;
/** A paced writer makes up for its own timers, not for a server that was away. */
const MADE_UP_MS = 5;
/** WAIT gives up after this and says how many had it by then. */
const WAIT_MS = 1_000;
/** Between two tries while nothing takes the writes. */
const RETRY_MS = 1;

export function startWriter(options: WriterOptions): Writer {
  const transport = createSocketTransport();
  const history: Write[] = [];
  const watchers = new Set<() => void>();
  const due = options.perSecond === undefined ? undefined : paceOf(options.perSecond);
  let stopping = false;
  let number = 0;

  async function run(): Promise<void> {
    while (!stopping) {
      const address = options.target();
      const connection = address === undefined ? undefined : await open(transport, address);
      if (connection !== undefined && address !== undefined)
        await writeOn(connection, nameOf(address));
      else await rest(RETRY_MS);
    }
  }

  /** Until the connection ends or the server does not take writes. */
  async function writeOn(connection: Connection, to: string): Promise<void> {
    let last: WriteOutcome = 'acked';
    while (!stopping && (last === 'acked' || last === 'safe') && !movedFrom(to)) {
      last = await writeBatch(connection, to);
      if ((options.everyMs ?? 0) > 0) await rest(options.everyMs ?? 0);
    }
    connection.destroy();
    if (last === 'refused') await rest(RETRY_MS);
  }

  function movedFrom(to: string): boolean {
    const address = options.follow === 'eachWrite' ? options.target() : undefined;
    return address !== undefined && nameOf(address) !== to;
  }

  async function writeBatch(connection: Connection, to: string): Promise<WriteOutcome> {
    const length = due === undefined ? (options.batch ?? 1) : await due();
    const keys = Array.from({ length }, () => `${options.name}:${number++}`);
    const wait = (options.waitReplicas ?? 0) > 0;
    const sets: Command[] = keys.map((key) => ['SET', key, 'x']);
    const commands = wait
      ? [...sets, ['WAIT', String(options.waitReplicas), String(WAIT_MS)]]
      : sets;
    const sentMs = performance.now();
    const replies = await repliesOf(connection, commands, options.replyMs ?? REPLY_MS);
    const endedMs = performance.now();
    const enough = wait && isEnough(replies[keys.length], options.waitReplicas ?? 0);
    keys.forEach((key, index) => {
      history.push({ key, sentMs, endedMs, to, outcome: outcomeOf(replies[index], enough) });
    });
    for (const look of watchers) look();
    return history[history.length - 1]?.outcome ?? 'unknown';
  }

  function firstAck(fits: (write: Write) => boolean, withinMs = 10_000): Promise<Write> {
    return new Promise((resolve, reject) => {
      let seen = 0;
      const found = (): Write | undefined => {
        for (; seen < history.length; seen += 1) {
          const write = history[seen];
          if (write !== undefined && isAck(write) && fits(write)) return write;
        }
        return undefined;
      };
      const look = (): void => {
        const write = found();
        if (write === undefined) return;
        clearTimeout(timer);
        watchers.delete(look);
        resolve(write);
      };
      const timer = setTimeout(() => {
        watchers.delete(look);
        reject(new Error(`no write was acknowledged within ${withinMs} ms`));
      }, withinMs);
      watchers.add(look);
      look();
    });
  }

  const running = run();
  return {
    history,
    firstAckAfter: (atMs, withinMs) => firstAck(({ endedMs }) => endedMs > atMs, withinMs),
    firstAckElsewhere: ({ host, port }, afterMs, withinMs) =>
      firstAck(({ to, endedMs }) => to !== `${host}:${port}` && endedMs > afterMs, withinMs),
    async stop() {
      stopping = true;
      await running;
    },
  };
}

/** @returns how many writes are due by now, at least one; waits until one is. */
function paceOf(perSecond: number): () => Promise<number> {
  const periodMs = 1_000 / perSecond;
  let nextMs = performance.now();
  return async () => {
    nextMs = Math.max(nextMs, performance.now() - MADE_UP_MS);
    while (performance.now() < nextMs) await rest(1);
    const count = Math.floor((performance.now() - nextMs) / periodMs) + 1;
    nextMs += count * periodMs;
    return count;
  };
}

async function open(transport: Transport, address: Address): Promise<Connection | undefined> {
  const connected = await transport.connect(address, millis(REPLY_MS), () => {});
  return connected.kind === 'open' ? connected.connection : undefined;
}

async function repliesOf(
  connection: Connection,
  commands: readonly Command[],
  replyMs: number,
): Promise<readonly Reply[]> {
  const late = setTimeout(() => connection.destroy(), replyMs);
  const { replies } = await connection.request(commands);
  clearTimeout(late);
  return replies;
}

function outcomeOf(reply: Reply | undefined, enough: boolean): WriteOutcome {
  if (reply === undefined) return 'unknown';
  if (reply.kind === 'error') return 'refused';
  return enough ? 'safe' : 'acked';
}

function isEnough(reply: Reply | undefined, replicas: number): boolean {
  return reply?.kind === 'integer' && reply.value >= replicas;
}

function nameOf({ host, port }: Address): string {
  return `${host}:${port}`;
}

export function isAck({ outcome }: Write): boolean {
  return outcome === 'acked' || outcome === 'safe';
}

function rest(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}

/** The longest time without an acknowledgement between two that were; 0 with fewer than two. */
export function largestGapMs(history: readonly Write[]): number {
  const ends = history.filter(isAck).map(({ endedMs }) => endedMs);
  return ends.reduce((gap, end, index) => Math.max(gap, end - (ends[index - 1] ?? end)), 0);
}

/** What the history promised and what the server still has. */
export interface Kept {
  readonly acked: number;
  readonly ackedLost: number;
  readonly safe: number;
  readonly safeLost: number;
  readonly refused: number;
  readonly refusedKept: number;
  readonly unknown: number;
}

/** Asks the primary for every key. `acked` counts the safe ones too. */
export async function countKept(history: readonly Write[], primary: Address): Promise<Kept> {
  const kept = await keysOn(
    history.map(({ key }) => key),
    primary,
  );
  const count = (fits: (write: Write) => boolean): number => history.filter(fits).length;
  return {
    acked: count(isAck),
    ackedLost: count((write) => isAck(write) && !kept.has(write.key)),
    safe: count(({ outcome }) => outcome === 'safe'),
    safeLost: count(({ outcome, key }) => outcome === 'safe' && !kept.has(key)),
    refused: count(({ outcome }) => outcome === 'refused'),
    refusedKept: count(({ outcome, key }) => outcome === 'refused' && kept.has(key)),
    unknown: count(({ outcome }) => outcome === 'unknown'),
  };
}

async function keysOn(keys: readonly string[], address: Address): Promise<ReadonlySet<string>> {
  const client = await connectRaw(address);
  const kept = new Set<string>();
  try {
    for (let from = 0; from < keys.length; from += 500) {
      const some = keys.slice(from, from + 500);
      const reply = await client.ask('MGET', ...some);
      if (reply.kind !== 'array') throw new Error(`MGET was answered by ${JSON.stringify(reply)}`);
      some.forEach((key, index) => {
        if (reply.items[index]?.kind === 'bulk') kept.add(key);
      });
    }
  } finally {
    client.close();
  }
  return kept;
}
