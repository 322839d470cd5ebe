/**
 * A consumer of a primary's stream that is no member of its cluster: it syncs, throws everything away and
 * acknowledges like a replica. Plain Node, nothing but built-ins, run as it stands.
 * Never here: a cluster's own replica.
 */
import { connect } from 'node:net';

interface Target {
  readonly host: string;
  readonly user: string;
  readonly password: string;
}

const port = 6379;
const acknowledgeMs = 500;
const target = JSON.parse(process.argv[2] ?? '{}') as Target;
const socket = connect({ host: target.host, port });
let streamed = 0;
let phase: 'greeting' | 'streaming' = 'greeting';
let head = '';

function send(...command: readonly string[]): void {
  const words = command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  socket.write(`*${command.length}\r\n${words.join('')}`);
}

/** One by one: a server refuses PSYNC while an earlier reply of it is on its way. */
const greetings = [
  ['AUTH', target.user, target.password],
  ['REPLCONF', 'listening-port', '7000'],
  ['REPLCONF', 'capa', 'psync2'],
  ['PSYNC', '?', '-1'],
];

function greet(): void {
  const next = greetings.shift();
  if (next !== undefined) send(...next);
}

socket.on('connect', greet);
socket.on('data', (chunk: Buffer) => {
  if (phase === 'streaming') {
    streamed += chunk.length;
    return;
  }
  head += chunk.toString('latin1');
  if (head.endsWith('+OK\r\n')) greet();
  if (/^-/m.test(head)) throw new Error(`the server refused: ${head}`);
  const offset = /\+FULLRESYNC \w+ (\d+)\r\n/.exec(head)?.[1];
  if (offset === undefined) return;
  phase = 'streaming';
  // Its own count is wrong by the snapshot; what counts is that it acknowledges in time.
  streamed = Number(offset);
  setInterval(() => send('REPLCONF', 'ACK', String(streamed)), acknowledgeMs);
});
socket.on('error', () => process.exit(0));
socket.on('close', () => process.exit(0));
