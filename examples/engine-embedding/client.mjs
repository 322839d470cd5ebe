/**
 * As little of a client as shows the point: commands over one connection, each with its first line back.
 * A real program uses iovalkey or another client, and connects it to `await sentinel.primary()`.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** WAIT speaks of the writes of its own connection, so a write and its WAIT go through one call. */
export async function askAll({ host, port }, ...commands) {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(6000) });
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
    socket.on('error', () => {});
    const replies = [];
    for (const command of commands) {
      const args = command.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`);
      socket.write(`*${args.length}\r\n${args.join('')}`);
      const { value: line = '-ERR the connection ended' } = await lines.next();
      if (line.startsWith('-')) throw new Error(line.slice(1));
      if (line === '$-1') replies.push(undefined);
      else replies.push(line.startsWith('$') ? (await lines.next()).value : line.slice(1));
    }
    return replies;
  } finally {
    socket.destroy();
  }
}

export async function ask(node, ...command) {
  const [reply] = await askAll(node, command);
  return reply;
}
