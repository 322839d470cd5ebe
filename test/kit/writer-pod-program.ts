/**
 * The program of the writer pod: plain Node, nothing but built-ins, run as it stands (Node strips the
 * types). It writes batches of unique keys and a register with the batch's number to one address, asks
 * by WAIT whether they are safe, and tells what became of each batch and which process took it, one
 * JSON line each. A reply that was not read is unknown.
 * Never here: judging; see judge.ts.
 */
import { connect, type Socket } from 'node:net';

const host = process.env[process.env.WRITER_HOST_VARIABLE ?? ''] ?? '';
const port = Number(process.env.WRITER_PORT ?? '6379');
const password = process.env.WRITER_PASSWORD ?? '';
const batchSize = 5;
/** WAIT for so many. */
const replicas = Number(process.env.WRITER_REPLICAS ?? '1');
/** With batches of 5 this is 500 writes in a second, less what the replies take. */
const everyMs = 10;
const connectMs = 200;
const replyMs = 1000;
const waitMs = 100;
const backoffBaseMs = 2;
const backoffMaxMs = 50;

/** Comparable with other processes of the machine, yet never stepping back. */
const now = (): number => performance.timeOrigin + performance.now();
const rest = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

interface Line {
  readonly socket: Socket;
  readonly ended: () => boolean;
  /** Replies as far as they came; fewer than asked for when the connection ended or was silent. */
  ask(commands: readonly (readonly string[])[]): Promise<readonly string[]>;
}

function spell(command: readonly string[]): string {
  const words = command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${command.length}\r\n${words.join('')}`;
}

interface Replies {
  readonly replies: readonly string[];
  readonly rest: string;
}

/** A status, an error, an integer with its sign in front, or the text of a bulk string. */
function repliesIn(text: string): Replies {
  const replies: string[] = [];
  let at = 0;
  for (;;) {
    const end = text.indexOf('\r\n', at);
    if (end < 0) break;
    const head = text.slice(at, end);
    const length = /^\$\d+$/.test(head) ? Number(head.slice(1)) : undefined;
    const next = length === undefined ? end + 2 : end + 4 + length;
    if (next > text.length) break;
    replies.push(length === undefined ? head : text.slice(end + 2, next - 2));
    at = next;
  }
  return { replies, rest: text.slice(at) };
}

function lineOn(socket: Socket): Line {
  let text = '';
  let ended = false;
  let look = (): void => {};
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
    look();
  });
  socket.on('close', () => {
    ended = true;
    look();
  });
  return {
    socket,
    ended: () => ended,
    ask: (commands) =>
      new Promise((done) => {
        const finish = (): void => {
          clearTimeout(timer);
          look = () => {};
          const { replies, rest: open } = repliesIn(text);
          text = open;
          done(replies);
        };
        const timer = setTimeout(() => {
          socket.destroy();
          finish();
        }, replyMs);
        look = () => {
          if (ended || repliesIn(text).replies.length >= commands.length) finish();
        };
        socket.write(commands.map(spell).join(''));
        look();
      }),
  };
}

function open(): Promise<Line | string> {
  return new Promise((done) => {
    const socket = connect({ host, port, noDelay: true });
    const timer = setTimeout(() => {
      socket.destroy();
      done('connect timed out');
    }, connectMs);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      done(error.code ?? error.message);
    });
    socket.on('connect', () => {
      clearTimeout(timer);
      done(lineOn(socket));
    });
  });
}

/** a: acknowledged, s: acknowledged and safe, r: refused, u: unknown. */
function outcomeOf(reply: string | undefined, safe: boolean): string {
  if (reply === undefined) return 'u';
  if (reply !== '+OK') return 'r';
  return safe ? 's' : 'a';
}

let next = Number(process.env.WRITER_FIRST ?? '0');
let connections = 0;

/** @param process run_id of the server at the other end. @returns the outcomes, the register's last. */
async function writeBatch(line: Line, process: string): Promise<string> {
  const first = next;
  next += batchSize;
  const keys = Array.from({ length: batchSize }, (_, index) => `w:${first + index}`);
  const sets = keys.map((key) => ['SET', key, 'x']);
  const register = ['SET', 'r', String(first / batchSize)];
  const sent = now();
  const replies = await line.ask([
    ...sets,
    register,
    ['INFO', 'replication'],
    ['WAIT', String(replicas), String(waitMs)],
  ]);
  const waited = Number(/^:(\d+)$/.exec(replies[batchSize + 2] ?? '')?.[1] ?? '0');
  const outcomes = [...keys, 'r']
    .map((_, index) => outcomeOf(replies[index], replicas > 0 && waited >= replicas))
    .join('');
  const history = fieldOf('master_replid', replies[batchSize + 1]);
  const said = replies.find((reply) => reply.startsWith('-'));
  const who = { connection: connections, process, history };
  tell({ first, sent, ended: now(), outcomes, ...who, ...(said === undefined ? {} : { said }) });
  return outcomes;
}

function fieldOf(name: string, info: string | undefined): string {
  return new RegExp(`^${name}:(.*)$`, 'm').exec(info ?? '')?.[1]?.trim() ?? '';
}

async function writeOn(line: Line): Promise<void> {
  const [greeting] = await line.ask([['AUTH', 'default', password]]);
  if (greeting !== '+OK') return tell({ at: now(), trouble: greeting ?? 'closed at AUTH' });
  const [server] = await line.ask([['INFO', 'server']]);
  const runId = fieldOf('run_id', server);
  connections += 1;
  tell({ at: now(), connected: line.socket.remoteAddress });
  while (!line.ended()) {
    const startedAt = now();
    if (/[ru]/.test(await writeBatch(line, runId))) return;
    backoffMs = backoffBaseMs;
    await rest(Math.max(0, everyMs - (now() - startedAt)));
  }
}

let backoffMs = backoffBaseMs;
let lastTrouble = '';

async function main(): Promise<void> {
  for (;;) {
    const line = await open();
    if (typeof line === 'string') {
      if (line !== lastTrouble) tell({ at: now(), trouble: line });
      lastTrouble = line;
    } else {
      lastTrouble = '';
      await writeOn(line);
      line.socket.destroy();
    }
    await rest(backoffMs);
    backoffMs = Math.min(backoffMaxMs, backoffMs * 2);
  }
}

process.on('SIGTERM', () => process.exit(0));
void main();
