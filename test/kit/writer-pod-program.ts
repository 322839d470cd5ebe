/**
 * The program of the writer pod: plain Node, nothing but built-ins, run as it stands (Node strips the
 * types). It writes batches of unique keys to one address, asks by WAIT whether they are safe, and
 * tells what became of each batch, one JSON line each. A reply that was not read is unknown.
 * Never here: judging; see judge.ts.
 */
import { connect, type Socket } from 'node:net';

const host = process.env[process.env.WRITER_HOST_VARIABLE ?? ''] ?? '';
const port = Number(process.env.WRITER_PORT ?? '6379');
const password = process.env.WRITER_PASSWORD ?? '';
const batchSize = 5;
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

/** Every reply that is asked for here is one line: a status, an error or an integer. */
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
          const replies = text.split('\r\n').slice(0, -1);
          text = '';
          done(replies);
        };
        const timer = setTimeout(() => {
          socket.destroy();
          finish();
        }, replyMs);
        look = () => {
          if (ended || text.split('\r\n').length > commands.length) finish();
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

let next = 0;

async function writeBatch(line: Line): Promise<string> {
  const first = next;
  next += batchSize;
  const keys = Array.from({ length: batchSize }, (_, index) => `w:${first + index}`);
  const sets = keys.map((key) => ['SET', key, 'x']);
  const sent = now();
  const replies = await line.ask([...sets, ['WAIT', '1', String(waitMs)]]);
  const waited = /^:(\d+)$/.exec(replies[batchSize] ?? '')?.[1] ?? '0';
  const outcomes = keys.map((_, index) => outcomeOf(replies[index], Number(waited) >= 1)).join('');
  const said = replies.find((reply) => reply.startsWith('-'));
  tell({ first, sent, ended: now(), outcomes, ...(said === undefined ? {} : { said }) });
  return outcomes;
}

async function writeOn(line: Line): Promise<void> {
  const [greeting] = await line.ask([['AUTH', 'default', password]]);
  if (greeting !== '+OK') return tell({ at: now(), trouble: greeting ?? 'closed at AUTH' });
  tell({ at: now(), connected: line.socket.remoteAddress });
  while (!line.ended()) {
    const startedAt = now();
    if (/[ru]/.test(await writeBatch(line))) return;
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
