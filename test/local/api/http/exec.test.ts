/**
 * pods/exec over WebSocket ends with a status, also where the kubelet throws.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { execFront } from '../../../../src/local/api/http/exec';
import type { NodeAgent } from '../../../../src/local/api/node-agent';

const REF = { namespace: 'default', pod: 'p', uid: 'u', node: 'n1', container: 'a' };
const OPTIONS = { command: ['echo'], tty: 'no', stdin: 'no' } as const;
/** Channels of v5.channel.k8s.io. */
const STDOUT = 1;
const ERROR = 3;

let server: Server;
let close = (): void => {};
let exec: NodeAgent['exec'];
beforeEach(async () => {
  const logs: NodeAgent['logs'] = () => ({ kind: 'refused', message: '' });
  const front = execFront({ logs, exec: (...given) => exec(...given) });
  server = createServer();
  server.on('upgrade', (request, socket, head) => {
    front.accept(request, socket, head, REF, OPTIONS);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = front.close;
});
afterEach(() => {
  close();
  server.close();
});

/** What each channel has said when the connection ends. */
async function ran(): Promise<ReadonlyMap<number, string>> {
  const { port } = server.address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'v5.channel.k8s.io');
  const said = new Map<number, string>();
  socket.on('message', (data: Buffer) => {
    const [channel = -1] = data;
    said.set(channel, `${said.get(channel) ?? ''}${data.subarray(1).toString()}`);
  });
  await once(socket, 'close');
  return said;
}

test('a command that ends well has its output, then Success', async () => {
  exec = (_inside, _options, { stdout }) => {
    stdout(Buffer.from('out'));
    return Promise.resolve({ kind: 'exited', code: 0 });
  };
  const said = await ran();
  expect(said.get(STDOUT)).toBe('out');
  expect(JSON.parse(said.get(ERROR) ?? '')).toEqual({ metadata: {}, status: 'Success' });
});

test.each([
  {
    how: 'at once',
    thrown: (): never => {
      throw new Error('nobody thought of it');
    },
  },
  { how: 'later', thrown: () => Promise.reject(new Error('nobody thought of it')) },
])('what is thrown $how is an answer, and the next command is run', async ({ thrown }) => {
  exec = thrown;
  const said = await ran();
  expect(JSON.parse(said.get(ERROR) ?? '')).toMatchObject({
    status: 'Failure',
    reason: 'InternalError',
    message: 'nobody thought of it',
  });
  exec = () => Promise.resolve({ kind: 'exited', code: 0 });
  expect(JSON.parse((await ran()).get(ERROR) ?? '')).toMatchObject({ status: 'Success' });
});
