/**
 * The two acts of `npm run engine`: a crash and a planned switchover, what was seen of each, and whether it
 * was as promised.
 * Never here: how it is printed.
 */

import { until } from '../../test/kit/until';
import type { ValkeyProcess } from '../../test/kit/valkey';
import { askAs } from '../../test/kit/valkey-client';
import { countKept, isAck, type Kept, largestGapMs, type Write } from '../../test/kit/writer';
import { type Check, stepsInOrder } from '../perform';
import type { Step } from '../screen';
import { type Stage, since } from './stage';
import { stepOf } from './steps';

export interface Act {
  readonly steps: readonly Step[];
  /** The longest time without an acknowledged write, from the act to half a second later. */
  readonly gapMs: number;
  readonly kept: Kept;
  readonly checks: readonly Check[];
}

const FIRST_WRITE_MS = 10_000;
const BEFORE_MS = 1_000;
const AFTER_MS = 500;

export async function crash(stage: Stage): Promise<Act> {
  const old = stage.primary();
  const { sinceMs, first } = await provoke(stage, old, () => process.kill(old.pid(), 'SIGKILL'));
  const begin = { ms: 0, node: old.name, text: 'kill -9' };
  const act = await watched(stage, sinceMs, first, begin);
  const must = ['+closed', '+dead', '+hold', '+fenced', '+intent', '+promote', '+promoted'];
  return {
    ...act,
    checks: [
      order(stage, sinceMs, must),
      {
        good: act.kept.safe > 0 && act.kept.safeLost === 0,
        text: 'no write that WAIT made safe was lost',
      },
      await onePrimary(stage),
    ],
  };
}

export async function comeBack(stage: Stage, server: ValkeyProcess): Promise<Check> {
  await server.start();
  await stage.settled();
  const reply = await askAs(server, 'ROLE');
  const word = reply.kind === 'array' && reply.items[0]?.kind === 'bulk' ? reply.items[0].text : '';
  return {
    good: word === 'slave',
    text: `${server.name} came back, fenced, and follows ${stage.primary().name}`,
  };
}

export async function switchover(stage: Stage): Promise<Act> {
  const old = stage.primary();
  const { sinceMs, first } = await provoke(stage, old, () => stage.engine.switchover());
  const begin = { ms: 0, node: old.name, text: 'asked to hand over' };
  const act = await watched(stage, sinceMs, first, begin);
  const must = ['+switchover', '+pause', '+demoted', '+promote', '+promoted'];
  return {
    ...act,
    checks: [
      order(stage, sinceMs, must),
      {
        good: act.kept.acked > 0 && act.kept.ackedLost === 0,
        text: 'no acknowledged write was lost',
      },
      await onePrimary(stage),
    ],
  };
}

async function provoke(stage: Stage, old: ValkeyProcess, act: () => void) {
  await rest(BEFORE_MS);
  const sinceMs = performance.now();
  act();
  const isFirst = (write: Write): boolean =>
    isAck(write) && write.endedMs > sinceMs && write.to !== `${old.host}:${old.port}`;
  const find = (): Write | undefined => stage.quick.history.find(isFirst);
  const first = await until('a write on another server', find, FIRST_WRITE_MS, 2);
  await rest(AFTER_MS);
  return { sinceMs, first };
}

/** Counts what was written from a second before until now. */
async function watched(stage: Stage, sinceMs: number, first: Write, begin: Step) {
  const primary = stage.primary();
  const told = stage.events.flatMap((event) => stepOf(event, sinceMs) ?? []);
  const write = {
    ms: first.endedMs - sinceMs,
    node: primary.name,
    text: 'first write acknowledged',
  };
  const fromMs = sinceMs - BEFORE_MS;
  const quick = since(stage.quick, fromMs);
  const around = since(stage.quick, sinceMs - 50);
  return {
    steps: [begin, ...told, write],
    gapMs: largestGapMs(around),
    kept: await countKept([...quick, ...since(stage.careful, fromMs)], primary),
  };
}

/** Each of these events was told, in this order. */
function order(stage: Stage, sinceMs: number, must: readonly string[]): Check {
  const told = stage.events.flatMap((event) =>
    event.kind === 'tell' && event.atMs - performance.timeOrigin >= sinceMs ? event.tell.event : [],
  );
  return stepsInOrder(told, must);
}

/** Asked of the servers themselves. */
async function onePrimary({ lab }: Stage): Promise<Check> {
  const roles = await Promise.all(
    lab.servers.map((server) => askAs(server, 'ROLE').catch(() => undefined)),
  );
  const masters = roles.filter(
    (role) =>
      role?.kind === 'array' && role.items[0]?.kind === 'bulk' && role.items[0].text === 'master',
  );
  return { good: masters.length === 1, text: 'one server says that it is the primary, no more' };
}

function rest(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
