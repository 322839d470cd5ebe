/**
 * Carries orders to one node, one at a time: connect, authenticate, ask the lease, send, read (I1).
 * Holds the claim's secret and the two connections, `base` for the claim itself and `claim` for all
 * that follows. What was sent and not answered is said to be so; nothing is ever sent twice.
 * Never here: which order comes next. A paused leader: test/sentinel/io/paused-leader.test.ts.
 */
import { assert } from '../../kit/assert';
import type { Millis } from '../../kit/brands';
import { userName } from '../core/claim';
import type { Outcome } from '../core/event';
import type { Address } from '../core/facts';
import { leftMs, within } from './deadline';
import type { Authority, Connection, Credentials, Transport } from './ports';
import type { Command, Reply } from './resp';
import { type Batch, type Login, type NodeOrder, spell } from './spell';

export interface OrderLaneOptions {
  readonly transport: Transport;
  readonly authority: Pick<Authority, 'mayAct'>;
  readonly base: Credentials;
  readonly address: () => Address | undefined;
  readonly nowMs: () => Millis;
  /** At least 128 random bits, never written anywhere. */
  readonly makeSecret: () => string;
  /** The claim's connection ended by itself while no order was on its way. */
  readonly onClosed: () => void;
}

export interface OrderLane {
  /** @returns `dropped` when `disconnect` came first: nobody waits for that outcome any more. */
  send(order: NodeOrder, budgetMs: Millis): Promise<Outcome | 'dropped'>;
  /** Ends both connections at once, and with them the order that may be under way. */
  disconnect(): void;
  /** Who may log in now, best first: the user of a sealed claim, and the base user. */
  logins(): readonly Credentials[];
}

type Opened =
  | { readonly kind: 'open'; readonly connection: Connection }
  | { readonly kind: 'not'; readonly outcome: Outcome };

interface Claim {
  readonly user: Credentials;
  readonly stage: 'taken' | 'sealed';
}

/** A running order: what ends it, and how much time it has. */
interface Run {
  readonly sinceMs: Millis;
  readonly budgetMs: Millis;
  dropped: boolean;
}

export function createOrderLane(options: OrderLaneOptions): OrderLane {
  const { transport, authority, base, nowMs } = options;
  const open: { [login in Login]: Connection | undefined } = { base: undefined, claim: undefined };
  let claim: Claim | undefined;
  let running: Run | undefined;

  async function send(order: NodeOrder, budgetMs: Millis): Promise<Outcome | 'dropped'> {
    assert(running === undefined, `order ${order.kind} beside another on one node`);
    const run: Run = { sinceMs: nowMs(), budgetMs, dropped: false };
    running = run;
    const outcome = await carryOut(run, order);
    if (run.dropped) return 'dropped';
    running = undefined;
    return outcome;
  }

  async function carryOut(run: Run, order: NodeOrder): Promise<Outcome> {
    if (order.kind === 'look') disconnectAll();
    if (order.kind === 'take') claim = { user: newUser(order), stage: 'taken' };
    let before: Login | undefined;
    for (const batch of spell(order, base.username, claim?.user.password ?? '')) {
      // Within one order only a change of login opens a connection; else the last batch is not sent.
      const opened =
        batch.login === before
          ? standing(batch.login)
          : await connectionFor(run, order, batch.login);
      if (opened.kind === 'not') return opened.outcome;
      const outcome = run.dropped
        ? { kind: 'notSent' as const }
        : await ask(run, opened.connection, batch);
      if (run.dropped) return { kind: 'notSent' };
      if (outcome !== undefined) return settled(order, outcome);
      before = batch.login;
    }
    throw new TypeError(`order ${order.kind} has no end`);
  }

  /** @returns undefined when the next batch is to follow. */
  async function ask(run: Run, connection: Connection, batch: Batch): Promise<Outcome | undefined> {
    if (authority.mayAct() === 'denied') {
      disconnectAll();
      return { kind: 'notSent' };
    }
    const answer = await within(connection.request(batch.commands), left(run));
    if (answer !== 'late' && answer.kind === 'replies') return batch.judge(answer.replies, nowMs());
    if (!run.dropped) disconnectAll();
    return { kind: 'noReply', by: answer === 'late' ? 'late' : 'closed' };
  }

  /** What follows for the connections from how an order ended. */
  function settled(order: NodeOrder, outcome: Outcome): Outcome {
    if (outcome.kind === 'promoted') drop('claim');
    if (order.kind === 'seal' && outcome.kind === 'facts' && claim !== undefined) {
      claim = { ...claim, stage: 'sealed' };
      drop('base');
    }
    return outcome;
  }

  /**
   * `take`, `seal` and `yield` go on over the connection of their `look`: whoever claims the node in
   * between ends it. Only `look` and orders of a sealed claim open one.
   */
  async function connectionFor(run: Run, order: NodeOrder, login: Login): Promise<Opened> {
    if (open[login] !== undefined) return standing(login);
    if (login === 'base') return order.kind === 'look' ? dial(run, 'base', base) : notSent;
    return claim === undefined ? notSent : dial(run, 'claim', claim.user);
  }

  function standing(login: Login): Opened {
    const connection = open[login];
    return connection === undefined ? notSent : { kind: 'open', connection };
  }

  async function dial(run: Run, login: Login, user: Credentials): Promise<Opened> {
    const address = options.address();
    if (address === undefined) return notSent;
    const connected = await transport.connect(address, left(run), () => ended(login));
    if (connected.kind === 'failed') return notSent;
    const { connection } = connected;
    if (run.dropped) {
      connection.destroy();
      return notSent;
    }
    open[login] = connection;
    const answer = await within(connection.request([authOf(user)]), left(run));
    if (run.dropped) return notSent;
    const refused = refusedLogin(answer === 'late' ? [] : answer.replies, login);
    if (refused !== undefined || answer === 'late' || answer.kind === 'closed') {
      drop(login);
      return refused === undefined ? notSent : { kind: 'not', outcome: refused };
    }
    return { kind: 'open', connection };
  }

  /** A connection ended by itself. With an order under way, that order's outcome says it. */
  function ended(login: Login): void {
    open[login] = undefined;
    if (running === undefined && login === 'claim') options.onClosed();
  }

  function left(run: Run): Millis {
    return leftMs(run.budgetMs, run.sinceMs, nowMs());
  }

  function drop(login: Login): void {
    open[login]?.destroy();
    open[login] = undefined;
  }

  function disconnectAll(): void {
    drop('base');
    drop('claim');
  }

  function newUser(order: { readonly term: number; readonly n: number }): Credentials {
    return { username: userName(order.term, order.n), password: options.makeSecret() };
  }

  return {
    send,
    disconnect() {
      if (running !== undefined) running.dropped = true;
      running = undefined;
      claim = undefined;
      disconnectAll();
    },
    logins: () => (claim?.stage === 'sealed' ? [claim.user, base] : [base]),
  };
}

const notSent: Opened = { kind: 'not', outcome: { kind: 'notSent' } };

function authOf(user: Credentials): Command {
  return ['AUTH', user.username, user.password];
}

/** A claim's user that is not there any more tells that the process restarted, or was claimed by another. */
function refusedLogin(replies: readonly Reply[], login: Login): Outcome | undefined {
  const first = replies[0];
  if (first?.kind !== 'error') return undefined;
  const unknown = first.code === 'WRONGPASS' || first.code === 'NOAUTH';
  if (unknown && login === 'claim') return { kind: 'userGone' };
  return { kind: 'refused', code: first.code, message: first.message };
}
