/**
 * Pings one node on connections of its own, so that a busy order never hides a living server.
 * The connection that answered last stays open while it is silent: its end is evidence (E1a). Beside
 * it one fresh connection asks at each overdue ping, which tells a hung process from a lost network.
 * Never here: how long silence may last. Every row of section 5: test/sentinel/io/probe-lane.test.ts.
 */
import type { Millis } from '../../kit/brands';
import type { ProbeResult } from '../core/event';
import type { Address } from '../core/facts';
import { leftMs } from './deadline';
import type { Answer, Connection, Credentials, Transport } from './ports';
import type { Command, Reply } from './resp';

export interface ProbeLaneOptions {
  readonly transport: Transport;
  readonly address: () => Address | undefined;
  /** Tried in order: the claim's user is gone when the process restarted, which is no silence. */
  readonly logins: () => readonly Credentials[];
  readonly nowMs: () => Millis;
  /** Each ping's result, and `closed` unasked when the connection that had answered ends. */
  readonly onResult: (result: ProbeResult) => void;
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

const PING: Command = ['PING'];

export function createProbeLane(options: ProbeLaneOptions): ProbeLane {
  const { transport, nowMs, onResult } = options;
  let answered: Line | undefined;
  let trial: Trial | undefined;
  let waiting: Waiting | undefined;
  let mode: 'asking' | 'suspended' = 'asking';

  function ping(timeoutMs: Millis): void {
    clearTimeout(waiting?.timer);
    const timer = setTimeout(() => setImmediate(onLate, timer), timeoutMs);
    waiting = { sinceMs: nowMs(), timeoutMs, timer };
    ask(waiting);
  }

  function ask(asked: Waiting): void {
    if (mode === 'suspended') return;
    if (answered?.state === 'quiet') void askAnswered(answered);
    else if (trial === undefined) void tryLogins(asked, options.logins());
  }

  function settle(result: ProbeResult): void {
    clearTimeout(waiting?.timer);
    waiting = undefined;
    onResult(result);
  }

  /** Connected and silent is hung; no connection within the time proves nothing. */
  function onLate(timer: NodeJS.Timeout): void {
    if (waiting?.timer !== timer) return;
    const connected = trial === undefined || trial.line !== undefined;
    if (!connected) trial = undefined;
    settle(connected ? 'silent' : 'unreachable');
  }

  async function askAnswered(line: Line): Promise<void> {
    line.state = 'asked';
    const answer = await line.connection.request([PING]);
    line.state = 'quiet';
    // Its end is told by onEnd, which comes first.
    if (line !== answered || answer.kind === 'closed') return;
    dropTrial();
    if (waiting !== undefined) settle(wordOf(answer.replies[0]));
  }

  /** One fresh connection for each login until one is let in. */
  async function tryLogins(asked: Waiting, logins: readonly Credentials[]): Promise<void> {
    const attempt: Trial = { line: undefined };
    trial = attempt;
    let result: ProbeResult = 'authFailed';
    for (const login of logins) {
      result = await tryLogin(asked, attempt, login);
      if (trial !== attempt) return;
      if (result !== 'authFailed') break;
    }
    if (attempt.line === undefined) trial = undefined;
    else accept(attempt.line);
    if (waiting !== undefined) settle(result);
  }

  /** Leaves `attempt.line` open when it may be asked again. */
  async function tryLogin(
    asked: Waiting,
    attempt: Trial,
    login: Credentials,
  ): Promise<ProbeResult> {
    const address = options.address();
    if (address === undefined) return 'unreachable';
    const budgetMs = leftMs(asked.timeoutMs, asked.sinceMs, nowMs());
    let line: Line | undefined;
    const connected = await transport.connect(address, budgetMs, () => onEnd(line));
    if (connected.kind === 'failed') return connected.by === 'refused' ? 'refused' : 'unreachable';
    line = { connection: connected.connection, state: 'asked' };
    if (trial !== attempt) {
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

  function accept(line: Line): void {
    answered?.connection.destroy();
    answered = line;
    trial = undefined;
  }

  function onEnd(line: Line | undefined): void {
    if (line === undefined || line !== answered) return;
    answered = undefined;
    settle('closed');
  }

  function dropTrial(): void {
    trial?.line?.connection.destroy();
    trial = undefined;
  }

  function closeAll(): void {
    dropTrial();
    answered?.connection.destroy();
    answered = undefined;
  }

  return {
    ping,
    suspend() {
      mode = 'suspended';
      closeAll();
    },
    resume() {
      if (mode === 'asking') return;
      mode = 'asking';
      if (waiting !== undefined) ask(waiting);
    },
    close() {
      mode = 'asking';
      closeAll();
      clearTimeout(waiting?.timer);
      waiting = undefined;
    },
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
