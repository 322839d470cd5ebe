/**
 * One order lane to a real server, claimed as the core claims it, for tests of single orders.
 * Never here: a leader's decisions.
 */
import { randomBytes } from 'node:crypto';
import { millis } from '../../src/kit/brands';
import { userName } from '../../src/sentinel/core/claim';
import type { Outcome } from '../../src/sentinel/core/event';
import type { Address, NodeFacts } from '../../src/sentinel/core/facts';
import { systemClock } from '../../src/sentinel/io/clock';
import {
  createOrderLane,
  type OrderLane,
  type OrderLaneOptions,
} from '../../src/sentinel/io/order-lane';
import { createSocketTransport } from '../../src/sentinel/io/socket-transport';
import type { NodeOrder } from '../../src/sentinel/io/spell';
import { LAB_USERS } from './valkey';

export interface TestLane extends Omit<OrderLane, 'send'> {
  send(order: NodeOrder, budgetMs?: number): Promise<Outcome | 'dropped'>;
  /** How often the claim's connection ended by itself. */
  closed(): number;
}

export function openLane(address: Address, changes: Partial<OrderLaneOptions> = {}): TestLane {
  let closed = 0;
  const lane = createOrderLane({
    transport: createSocketTransport(),
    authority: { mayAct: () => 'granted' },
    base: LAB_USERS.base,
    address: () => address,
    nowMs: systemClock.monotonicMs,
    makeSecret: () => randomBytes(32).toString('hex'),
    onClosed: () => {
      closed += 1;
    },
    urgency: () => 'calm',
    ...changes,
  });
  return {
    logins: () => lane.logins(),
    disconnect: () => lane.disconnect(),
    hurry: () => lane.hurry(),
    send: (order, budgetMs = 2_000) => lane.send(order, millis(budgetMs)),
    closed: () => closed,
  };
}

/** look, take, seal. @throws when one of them brings something else. */
export async function claim(lane: TestLane, term: number, n: number): Promise<NodeFacts> {
  await expectKind(lane.send({ kind: 'look' }), 'users');
  const taken = await expectKind(lane.send({ kind: 'take', term, n }), 'users');
  const others = taken.users
    .filter((user) => user.term !== term || user.n !== n)
    .map((user) => userName(user.term, user.n));
  return (await expectKind(lane.send({ kind: 'seal', term, n, others }), 'facts')).facts;
}

export async function observe(lane: TestLane): Promise<NodeFacts> {
  return (await expectKind(lane.send({ kind: 'observe' }), 'facts')).facts;
}

/** At the offset and history that the node has. */
export async function promote(lane: TestLane, m = 0) {
  const { replid, offset: at } = await observe(lane);
  return lane.send({ kind: 'promote', replid, offset: at, m, L: 2 });
}

/** @throws with the whole outcome when it is of another kind. */
export async function expectKind<Kind extends Outcome['kind']>(
  sent: Promise<Outcome | 'dropped'>,
  kind: Kind,
): Promise<Extract<Outcome, { kind: Kind }>> {
  const outcome = await sent;
  if (outcome === 'dropped' || outcome.kind !== kind)
    throw new Error(`wanted ${kind}, got ${JSON.stringify(outcome)}`);
  return outcome as Extract<Outcome, { kind: Kind }>;
}
