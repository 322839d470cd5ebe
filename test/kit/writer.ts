/**
 * A client that writes without rest and remembers what came of each write, and the check afterwards of
 * what was lost. A write whose reply was not read is `unknown`: it may stand or not.
 * Never here: what may be lost; the tests say it.
 */
import { millis } from '../../src/kit/brands';
import type { Address } from '../../src/sentinel/core/facts';
import type { Connection, Credentials, Transport } from '../../src/sentinel/io/ports';
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
  /** Who logs in first; absent: the default user without a password. */
  readonly user?: Credentials;
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
  return new RunningWriter(options);
}

class RunningWriter implements Writer {
  readonly history: Write[] = [];
  private readonly transport = createSocketTransport();
  private readonly watchers = new Set<() => void>();
  private readonly due: () => Promise<number>;
  private readonly running: Promise<void>;
  private phase: 'writing' | 'stopping' = 'writing';
  private number = 0;

  constructor(private readonly options: WriterOptions) {
    const { perSecond, batch = 1 } = options;
    this.due = perSecond === undefined ? async () => batch : paceOf(perSecond);
    this.running = this.run();
  }

  firstAckAfter(atMs: number, withinMs?: number): Promise<Write> {
    return this.firstAck(({ endedMs }) => endedMs > atMs, withinMs);
  }

  firstAckElsewhere(than: Address, afterMs: number, withinMs?: number): Promise<Write> {
    const old = nameOf(than);
    return this.firstAck(({ to, endedMs }) => to !== old && endedMs > afterMs, withinMs);
  }

  async stop(): Promise<void> {
    this.phase = 'stopping';
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.phase === 'writing') {
      const address = this.options.target();
      const connection =
        address === undefined ? undefined : await open(this.transport, address, this.options);
      if (connection === undefined || address === undefined) await rest(RETRY_MS);
      else await this.writeOn(connection, nameOf(address));
    }
  }

  /** Until the connection ends or the server does not take writes. */
  private async writeOn(connection: Connection, to: string): Promise<void> {
    const { everyMs = 0 } = this.options;
    let last: WriteOutcome = 'acked';
    while (this.phase === 'writing' && isTaken(last) && !this.movedFrom(to)) {
      last = await this.writeBatch(connection, to);
      if (everyMs > 0) await rest(everyMs);
    }
    connection.destroy();
    if (last === 'refused') await rest(RETRY_MS);
  }

  private movedFrom(to: string): boolean {
    const address = this.options.follow === 'eachWrite' ? this.options.target() : undefined;
    return address !== undefined && nameOf(address) !== to;
  }

  private async writeBatch(connection: Connection, to: string): Promise<WriteOutcome> {
    const { name, waitReplicas = 0, replyMs = REPLY_MS } = this.options;
    const length = await this.due();
    const keys = Array.from({ length }, (_, index) => `${name}:${this.number + index}`);
    this.number += length;
    const sets: Command[] = keys.map((key) => ['SET', key, 'x']);
    const waits: Command[] =
      waitReplicas > 0 ? [['WAIT', String(waitReplicas), String(WAIT_MS)]] : [];
    const sentMs = performance.now();
    const replies = await repliesOf(connection, [...sets, ...waits], replyMs);
    const endedMs = performance.now();
    const enough = waitReplicas > 0 && isEnough(replies[length], waitReplicas);
    for (const [index, key] of keys.entries()) {
      this.history.push({ key, sentMs, endedMs, to, outcome: outcomeOf(replies[index], enough) });
    }
    for (const look of this.watchers) look();
    return this.history[this.history.length - 1]?.outcome ?? 'unknown';
  }

  private firstAck(fits: (write: Write) => boolean, withinMs = 10_000): Promise<Write> {
    return new Promise((resolve, reject) => {
      let seen = 0;
      const settle = (then: () => void): void => {
        clearTimeout(timer);
        this.watchers.delete(look);
        then();
      };
      const look = (): void => {
        const found = this.history.slice(seen).find((write) => isAck(write) && fits(write));
        seen = this.history.length;
        if (found !== undefined) settle(() => resolve(found));
      };
      const late = new Error(`no such write was acknowledged within ${withinMs} ms`);
      const timer = setTimeout(() => settle(() => reject(late)), withinMs);
      this.watchers.add(look);
      look();
    });
  }
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

async function open(
  transport: Transport,
  address: Address,
  { user, replyMs = REPLY_MS }: WriterOptions,
): Promise<Connection | undefined> {
  const connected = await transport.connect(address, millis(REPLY_MS), () => {});
  if (connected.kind !== 'open') return undefined;
  const { connection } = connected;
  if (user === undefined) return connection;
  const login: Command = ['AUTH', user.username, user.password];
  const [greeting] = await repliesOf(connection, [login], replyMs);
  if (greeting?.kind === 'status') return connection;
  connection.destroy();
  return undefined;
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
  return isTaken(outcome);
}

function isTaken(outcome: WriteOutcome): boolean {
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
export async function countKept(
  history: readonly Write[],
  primary: Address,
  user?: Credentials,
): Promise<Kept> {
  const keys = history.map(({ key }) => key);
  const kept = await keysOn(keys, primary, user);
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

async function keysOn(
  keys: readonly string[],
  address: Address,
  user?: Credentials,
): Promise<ReadonlySet<string>> {
  const client = await connectRaw(address, user);
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
