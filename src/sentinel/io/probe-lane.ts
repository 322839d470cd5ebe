/**
 * Pings one node on connections of its own, so that a busy order never hides a living server.
 * The connection that answered last stays open while it is silent: its end is evidence (E1a). Beside
 * it one fresh connection asks at each overdue ping, which tells a hung process from a lost network.
 * Never here: how long silence may last. Every row of section 5: test/sentinel/io/probe-lane.test.ts.
 */

import type { Millis } from '../../kit/brands';
import type { ProbeResult } from '../core/event';
import type { Address } from '../core/facts';
import type { ValkeyCommand } from './commands.generated';
import { leftMs } from './deadline';
import type { Answer, Connection, Credentials, Transport } from './ports';
import type { Reply } from './resp';

export interface ProbeLaneOptions {
  readonly transport: Transport;
  readonly address: () => Address | undefined;
  /** Tried in order: the claim's user is gone when the process restarted, which is no silence. */
  readonly logins: () => readonly Credentials[];
  readonly nowMs: () => Millis;
  /** Each ping's result, and `closed` unasked when the connection that had answered ends. */
  readonly onResult: (result: ProbeResult) => void;
  /** The lane contradicted itself: nothing is asked any more on its account. */
  readonly onBroken: (error: unknown) => void;
}

export interface ProbeLane {
  /** A ping that is still waiting is given up for this one. */
  ping(timeoutMs: Millis): void;
  /** Before a claim, which ends the base user's connections: ours go first, and are not missed. */
  suspend(): void;
  /** Asks again over a new connection if a ping is waiting. */
  resume(): void;
  /** Ends all connections; a waiting ping has no result any more. */
  close(): void;
}

/** `asked`: a PING is on its way on it. */
interface Line {
  readonly connection: Connection;
  state: 'quiet' | 'asked';
}

/** A line that has not answered yet; `line` is missing while the connection is not up. */
interface Trial {
  line: Line | undefined;
}

interface Waiting {
  readonly sinceMs: Millis;
  readonly timeoutMs: Millis;
  readonly timer: NodeJS.Timeout;
}

const PING: ValkeyCommand = ['PING'];

export function createProbeLane(options: ProbeLaneOptions): ProbeLane {
  return new Lane(options);
}

class Lane implements ProbeLane {
  private answered: Line | undefined;
  private trial: Trial | undefined;
  private waiting: Waiting | undefined;
  private mode: 'asking' | 'suspended' = 'asking';

  constructor(private readonly options: ProbeLaneOptions) {}

  readonly ping = (timeoutMs: Millis): void => {
    clearTimeout(this.waiting?.timer);
    const timer = setTimeout(() => setImmediate(() => this.onLate(timer)), timeoutMs);
    this.waiting = { sinceMs: this.options.nowMs(), timeoutMs, timer };
    this.ask(this.waiting);
  };

  private ask(asked: Waiting): void {
    if (this.mode === 'suspended') return;
    const { logins, onBroken } = this.options;
    if (this.answered?.state === 'quiet') this.askAnswered(this.answered).catch(onBroken);
    else if (this.trial === undefined) this.tryLogins(asked, logins()).catch(onBroken);
  }

  private settle(result: ProbeResult): void {
    clearTimeout(this.waiting?.timer);
    this.waiting = undefined;
    this.options.onResult(result);
  }

  /**
   * Connected and silent is hung; no connection within the time proves nothing. Whose line never
   * answered may be a network that is gone since: the next ping tries a new one.
   */
  private onLate(timer: NodeJS.Timeout): void {
    if (this.waiting?.timer !== timer) return;
    const connected = this.trial === undefined || this.trial.line !== undefined;
    this.dropTrial();
    this.settle(connected ? 'silent' : 'unreachable');
  }

  private async askAnswered(line: Line): Promise<void> {
    line.state = 'asked';
    const answer = await line.connection.request([PING]);
    line.state = 'quiet';
    // Its end is told by onEnd, which comes first.
    if (line !== this.answered || answer.kind === 'closed') return;
    this.dropTrial();
    if (this.waiting !== undefined) this.settle(wordOf(answer.replies[0]));
  }

  /** One fresh connection for each login until one is let in. */
  private async tryLogins(asked: Waiting, logins: readonly Credentials[]): Promise<void> {
    const attempt: Trial = { line: undefined };
    this.trial = attempt;
    let result: ProbeResult = 'authFailed';
    for (const login of logins) {
      result = await this.tryLogin(asked, attempt, login);
      if (this.trial !== attempt) return;
      if (result !== 'authFailed') break;
    }
    if (attempt.line === undefined) this.trial = undefined;
    else this.accept(attempt.line);
    if (this.waiting !== undefined) this.settle(result);
  }

  /** Leaves `attempt.line` open when it may be asked again. */
  private async tryLogin(asked: Waiting, attempt: Trial, login: Credentials): Promise<ProbeResult> {
    const address = this.options.address();
    if (address === undefined) return 'unreachable';
    const budgetMs = leftMs(asked.timeoutMs, asked.sinceMs, this.options.nowMs());
    let line: Line | undefined;
    const connected = await this.options.transport.connect(address, budgetMs, () =>
      this.onEnd(line),
    );
    if (connected.kind === 'failed') return connected.by === 'refused' ? 'refused' : 'unreachable';
    line = { connection: connected.connection, state: 'asked' };
    if (this.trial !== attempt) {
      line.connection.destroy();
      return 'unreachable';
    }
    attempt.line = line;
    const answer = await line.connection.request([['AUTH', login.username, login.password], PING]);
    line.state = 'quiet';
    const result = resultOf(answer);
    if (result.line === 'useless') {
      line.connection.destroy();
      if (attempt.line === line) attempt.line = undefined;
    }
    return result.word;
  }

  private accept(line: Line): void {
    this.answered?.connection.destroy();
    this.answered = line;
    this.trial = undefined;
  }

  private onEnd(line: Line | undefined): void {
    if (line === undefined || line !== this.answered) return;
    this.answered = undefined;
    this.settle('closed');
  }

  private dropTrial(): void {
    this.trial?.line?.connection.destroy();
    this.trial = undefined;
  }

  private closeAll(): void {
    this.dropTrial();
    this.answered?.connection.destroy();
    this.answered = undefined;
  }

  readonly suspend = (): void => {
    this.mode = 'suspended';
    this.closeAll();
  };

  readonly resume = (): void => {
    if (this.mode === 'asking') return;
    this.mode = 'asking';
    if (this.waiting !== undefined) this.ask(this.waiting);
  };

  readonly close = (): void => {
    this.mode = 'asking';
    this.closeAll();
    clearTimeout(this.waiting?.timer);
    this.waiting = undefined;
  };
}

/** What AUTH and PING brought, and whether the line may be asked again. */
function resultOf({ kind, replies }: Answer): {
  readonly word: ProbeResult;
  readonly line: 'good' | 'useless';
} {
  const [login, pong] = replies;
  if (login?.kind === 'error') {
    return { word: isFull(login.message) ? 'maxClients' : 'authFailed', line: 'useless' };
  }
  if (kind === 'closed') return { word: 'unreachable', line: 'useless' };
  return { word: wordOf(pong), line: 'good' };
}

const words: Readonly<Record<string, ProbeResult>> = {
  BUSY: 'busy',
  MISCONF: 'misconf',
  LOADING: 'loading',
  MASTERDOWN: 'masterDown',
  NOAUTH: 'authFailed',
  WRONGPASS: 'authFailed',
  NOPERM: 'authFailed',
};

/** Any valid reply is a sign of life. */
function wordOf(reply: Reply | undefined): ProbeResult {
  if (reply?.kind !== 'error') return 'pong';
  if (isFull(reply.message)) return 'maxClients';
  return words[reply.code] ?? 'pong';
}

function isFull(message: string): boolean {
  return message.includes('max number of clients');
}
