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
import type { ValkeyCommand } from './commands.generated';
import { leftMs, within } from './deadline';
import type { Authority, Connection, Credentials, Transport } from './ports';
import type { Reply } from './resp';
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
  /** Whether somebody waits for this node at the moment. */
  readonly urgency: () => 'urgent' | 'calm';
}

export interface OrderLane {
  /** @returns `dropped` when `disconnect` came first: nobody waits for that outcome any more. */
  send(order: NodeOrder, budgetMs: Millis): Promise<Outcome | 'dropped'>;
  /** Ends both connections at once, and with them the order that may be under way. */
  disconnect(): void;
  /** Something happened that may have brought the node back: it is tried at once, and often for a while. */
  hurry(): void;
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
  return new Lane(options);
}

class Lane implements OrderLane {
  private readonly open: { [login in Login]: Connection | undefined } = {
    base: undefined,
    claim: undefined,
  };
  private claim: Claim | undefined;
  private running: Run | undefined;
  /** Since when no connect has come up; undefined after one that did. */
  private unreachedSinceMs: Millis | undefined;
  private wakeUp: () => void = () => {};

  constructor(private readonly options: OrderLaneOptions) {}

  readonly send = async (order: NodeOrder, budgetMs: Millis): Promise<Outcome | 'dropped'> => {
    assert(this.running === undefined, `order ${order.kind} beside another on one node`);
    const run: Run = { sinceMs: this.options.nowMs(), budgetMs, dropped: false };
    this.running = run;
    const outcome = await this.carryOut(run, order);
    if (run.dropped) return 'dropped';
    this.running = undefined;
    return outcome;
  };

  private async carryOut(run: Run, order: NodeOrder): Promise<Outcome> {
    if (order.kind === 'look') this.disconnectAll();
    if (order.kind === 'take') this.claim = { user: this.newUser(order), stage: 'taken' };
    let before: Login | undefined;
    for (const batch of spell(order, this.options.base.username, this.claim?.user.password ?? '')) {
      // Within one order only a change of login opens a connection; else the last batch is not sent.
      const opened =
        batch.login === before
          ? this.standing(batch.login)
          : await this.connectionFor(run, order, batch.login);
      if (opened.kind === 'not')
        return order.kind === 'look' ? this.unreached(run, opened.outcome) : opened.outcome;
      const outcome = run.dropped
        ? { kind: 'notSent' as const }
        : await this.ask(run, opened.connection, batch);
      if (run.dropped) return { kind: 'notSent' };
      if (order.kind === 'observe' && outcome?.kind === 'refused') return this.rested(run, outcome);
      if (outcome !== undefined) return this.settled(order, outcome);
      before = batch.login;
    }
    throw new TypeError(`order ${order.kind} has no end`);
  }

  /** @returns undefined when the next batch is to follow. */
  private async ask(run: Run, connection: Connection, batch: Batch): Promise<Outcome | undefined> {
    if (this.options.authority.mayAct() === 'denied') {
      this.disconnectAll();
      return { kind: 'notSent' };
    }
    const answer = await within(connection.request(batch.commands), this.left(run));
    if (answer !== 'late' && answer.kind === 'replies')
      return batch.judge(answer.replies, this.options.nowMs());
    if (!run.dropped) this.disconnectAll();
    return { kind: 'noReply', by: answer === 'late' ? 'late' : 'closed' };
  }

  /** A node that is gone for good would be dialled ten times a second for ever. */
  private async unreached(run: Run, outcome: Outcome): Promise<Outcome> {
    if (outcome.kind !== 'notSent') return outcome;
    const nowMs = this.options.nowMs();
    this.unreachedSinceMs ??= nowMs;
    const patient = nowMs - this.unreachedSinceMs >= PATIENT_AFTER_MS;
    if (!patient || this.options.urgency() === 'urgent' || run.dropped) return outcome;
    const restMs = run.sinceMs + PATIENT_EVERY_MS - nowMs;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, restMs));
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return outcome;
  }

  /** A node under a long script refuses every look, and would be asked as fast as it does. */
  private async rested(run: Run, refused: Outcome): Promise<Outcome> {
    await new Promise((resolve) => setTimeout(resolve, Math.min(REFUSED_REST_MS, this.left(run))));
    const ended = !run.dropped && this.open.claim === undefined;
    return ended ? { kind: 'noReply', by: 'closed' } : refused;
  }

  /** What follows for the connections from how an order ended. */
  private settled(order: NodeOrder, outcome: Outcome): Outcome {
    if (outcome.kind === 'promoted') this.drop('claim');
    if (order.kind === 'seal' && outcome.kind === 'facts' && this.claim !== undefined) {
      this.claim = { ...this.claim, stage: 'sealed' };
      this.drop('base');
    }
    return outcome;
  }

  /**
   * `take`, `seal` and `yield` go on over the connection of their `look`: whoever claims the node in
   * between ends it. Only `look` and orders of a sealed claim open one.
   */
  private async connectionFor(run: Run, order: NodeOrder, login: Login): Promise<Opened> {
    if (this.open[login] !== undefined) return this.standing(login);
    if (login === 'base')
      return order.kind === 'look' ? this.dial(run, 'base', this.options.base) : notSent;
    return this.claim === undefined ? notSent : this.dial(run, 'claim', this.claim.user);
  }

  private standing(login: Login): Opened {
    const connection = this.open[login];
    return connection === undefined ? notSent : { kind: 'open', connection };
  }

  private async dial(run: Run, login: Login, user: Credentials): Promise<Opened> {
    const address = this.options.address();
    if (address === undefined) return notSent;
    const connected = await this.options.transport.connect(address, this.left(run), () =>
      this.ended(login),
    );
    if (connected.kind === 'failed') return notSent;
    const { connection } = connected;
    this.unreachedSinceMs = undefined;
    if (run.dropped) {
      connection.destroy();
      return notSent;
    }
    this.open[login] = connection;
    const answer = await within(connection.request([authOf(user)]), this.left(run));
    if (run.dropped) return notSent;
    const refused = refusedLogin(answer === 'late' ? [] : answer.replies, login);
    if (refused !== undefined || answer === 'late' || answer.kind === 'closed') {
      this.drop(login);
      return refused === undefined ? notSent : { kind: 'not', outcome: refused };
    }
    return { kind: 'open', connection };
  }

  /** A connection ended by itself. With an order under way, that order's outcome says it. */
  private ended(login: Login): void {
    this.open[login] = undefined;
    if (this.running === undefined && login === 'claim') this.options.onClosed();
  }

  private left(run: Run): Millis {
    return leftMs(run.budgetMs, run.sinceMs, this.options.nowMs());
  }

  private drop(login: Login): void {
    this.open[login]?.destroy();
    this.open[login] = undefined;
  }

  private disconnectAll(): void {
    this.drop('base');
    this.drop('claim');
  }

  private newUser(order: { readonly term: number; readonly n: number }): Credentials {
    return { username: userName(order.term, order.n), password: this.options.makeSecret() };
  }

  readonly disconnect = (): void => {
    if (this.running !== undefined) this.running.dropped = true;
    this.running = undefined;
    this.claim = undefined;
    this.wakeUp();
    this.disconnectAll();
  };

  readonly hurry = (): void => {
    this.unreachedSinceMs = undefined;
    this.wakeUp();
  };

  readonly logins = (): readonly Credentials[] => {
    const { claim } = this;
    const { base } = this.options;
    return claim?.stage === 'sealed' ? [claim.user, base] : [base];
  };
}

/** Without a single connect for so long, a node is dialled less often ... */
const PATIENT_AFTER_MS = 10_000;
/** ... once in this time, unless somebody waits for it. */
const PATIENT_EVERY_MS = 1000;

/** Between two looks that a node refuses. */
const REFUSED_REST_MS = 100;

const notSent: Opened = { kind: 'not', outcome: { kind: 'notSent' } };

function authOf(user: Credentials): ValkeyCommand {
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
