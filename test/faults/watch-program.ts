/**
 * Asks each process of a cluster, every few ms, whether it takes a write, and tells each answer as one
 * JSON line. Which processes: those at the addresses of stdin, one `{pod, host, password}` a line, the newest
 * password counts; an address is watched to the end, for a process may live on when its pod is gone. Plain Node, nothing
 * but built-ins, run as it stands.
 * Never here: judging; see history/writers.ts.
 */
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

interface Target {
  readonly pod: string;
  readonly host: string;
  readonly password: string;
}

interface Answers {
  readonly replies: readonly string[];
  readonly sentMs: number;
  readonly endedMs: number;
}

const port = 6379;
const everyMs = 15;
const connectMs = 200;
/** A replica that is there confirms within a few ms. */
const confirmMs = 20;
/** Longer than any freeze that a test makes: the answer of a thawed process is a fact too. */
const replyMs = 60_000;

const now = (): number => performance.timeOrigin + performance.now();
const rest = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const watched = new Map<string, Target>();

function spell(command: readonly string[]): string {
  const words = command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${command.length}\r\n${words.join('')}`;
}

/** Whole replies: a line each, a bulk string as its text. */
function repliesIn(text: string): readonly string[] {
  const replies: string[] = [];
  for (let at = 0; ; ) {
    const end = text.indexOf('\r\n', at);
    if (end < 0) return replies;
    const length = /^\$(\d+)$/.exec(text.slice(at, end))?.[1];
    const next = length === undefined ? end + 2 : end + 4 + Number(length);
    if (next > text.length) return replies;
    replies.push(length === undefined ? text.slice(at, end) : text.slice(end + 2, next - 2));
    at = next;
  }
}

/** @returns fewer replies than commands when the connection ended. */
function ask(socket: Socket, commands: readonly (readonly string[])[]): Promise<Answers> {
  return new Promise((done) => {
    let text = '';
    const sentMs = now();
    const finish = (): void => {
      clearTimeout(timer);
      socket.off('data', onData);
      socket.off('close', finish);
      done({ replies: repliesIn(text), sentMs, endedMs: now() });
    };
    const onData = (chunk: string): void => {
      text += chunk;
      if (repliesIn(text).length >= commands.length) finish();
    };
    const timer = setTimeout(() => socket.destroy(), replyMs);
    socket.on('data', onData);
    socket.on('close', finish);
    if (socket.destroyed) finish();
    else socket.write(commands.map(spell).join(''));
  });
}

function open(host: string): Promise<Socket | undefined> {
  return new Promise((done) => {
    const socket = connect({ host, port, noDelay: true });
    const late = setTimeout(() => socket.destroy(), connectMs);
    socket.setEncoding('latin1');
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(late);
      done(undefined);
    });
    socket.once('connect', () => {
      clearTimeout(late);
      done(socket);
    });
  });
}

/** One connection is one process: it ends with it. */
async function watchOn(socket: Socket, target: Target): Promise<void> {
  const { pod, password } = target;
  const greeting = await ask(socket, [
    ['AUTH', 'default', password],
    ['INFO', 'server'],
  ]);
  const runId = /^run_id:(\w+)/m.exec(greeting.replies[1] ?? '')?.[1];
  if (runId === undefined) return;
  for (let count = 0; !socket.destroyed; count += 1) {
    const { replies, sentMs, endedMs } = await ask(socket, [
      ['SET', `s:${pod}`, String(count)],
      ['WAIT', '1', String(confirmMs)],
    ]);
    if (replies.length < 2) return;
    tellSample({ pod, process: runId, sentMs, endedMs, took: tookOf(replies) });
    await rest(everyMs);
  }
}

function tookOf([set = '', wait = '']: readonly string[]): 'safe' | 'raw' | 'nothing' {
  if (set !== '+OK') return 'nothing';
  return Number(/^:(\d+)$/.exec(wait)?.[1] ?? '0') >= 1 ? 'safe' : 'raw';
}

function tellSample(sample: object): void {
  process.stdout.write(`${JSON.stringify({ kind: 'sample', ...sample })}\n`);
}

async function watch(name: string): Promise<void> {
  for (;;) {
    const target = watched.get(name);
    if (target === undefined) return;
    const socket = await open(target.host);
    if (socket !== undefined) {
      await watchOn(socket, target);
      socket.destroy();
    }
    await rest(everyMs);
  }
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const target = JSON.parse(line) as Target;
    const name = `${target.pod} ${target.host}`;
    const isNew = !watched.has(name);
    watched.set(name, target);
    if (isNew) void watch(name);
  })
  .on('close', () => process.exit(0));
