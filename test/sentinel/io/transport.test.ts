/**
 * The transport port: one contract for the real one and the fake, and what only real sockets can show.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import type { Address } from '../../../src/sentinel/core/facts';
import { createSocketTransport } from '../../../src/sentinel/io/socket-transport';
import { createFakeNet } from '../../kit/fake-transport';
import { startScriptedServer } from '../../kit/scripted-server';
import { transportContract } from '../../kit/transport-contract';
import { type Lab, startLab } from '../../kit/valkey';

const labs: Lab[] = [];
afterAll(async () => {
  for (const lab of labs) await lab.stop();
});

/** A stopped process whose queue of connections is full: the kernel drops what comes then. */
async function fullQueue(): Promise<Address> {
  const lab = await startLab({ servers: 1, config: ['tcp-backlog 1'] });
  labs.push(lab);
  const server = lab.server(0);
  server.pause();
  const transport = createSocketTransport();
  for (let tries = 0; tries < 8; tries += 1) {
    const connected = await transport.connect(server, millis(100), () => {});
    if (connected.kind === 'failed') break;
  }
  return server;
}

transportContract('the socket transport', () => ({
  transport: createSocketTransport(),
  listen: startScriptedServer,
  blackHole: fullQueue,
}));

transportContract('the fake net', () => {
  const net = createFakeNet();
  let port = 0;
  const next = (): Address => {
    port += 1;
    return { host: '10.0.0.1', port };
  };
  return {
    transport: net,
    async listen(handler) {
      const address = next();
      net.listen(address, handler);
      return {
        address,
        dropConnections: () => net.dropConnections(address),
        stop: async () => net.vanish(address, 'refused'),
      };
    },
    async blackHole() {
      const address = next();
      net.vanish(address, 'timedOut');
      return address;
    },
  };
});

describe('real sockets', () => {
  const transport = createSocketTransport();

  test('what a full server says unasked is the answer to the first request', async () => {
    const server = await startScriptedServer(
      () => 'silence',
      '-ERR max number of clients reached\r\n',
    );
    const connected = await transport.connect(server.address, millis(500), () => {});
    if (connected.kind === 'failed') throw new Error(connected.by);
    const { replies } = await connected.connection.request([['AUTH', 'a', 'b']]);
    expect(replies).toEqual([
      { kind: 'error', code: 'ERR', message: 'ERR max number of clients reached' },
    ]);
    await server.stop();
  });

  test('bytes that are no RESP end the connection', async () => {
    const server = await startScriptedServer(() => 'silence', 'HTTP/1.1 400 Bad Request\r\n\r\n');
    const connected = await transport.connect(server.address, millis(500), () => {});
    if (connected.kind === 'failed') throw new Error(connected.by);
    expect(await connected.connection.request([['PING']])).toEqual({ kind: 'closed', replies: [] });
    await server.stop();
  });

  test('a killed server closes its sockets and then refuses; a stopped one does neither', async () => {
    const lab = await startLab({ servers: 2 });
    labs.push(lab);
    const [killed, stopped] = [lab.server(0), lab.server(1)];
    const ends: string[] = [];
    await transport.connect(killed, millis(500), () => ends.push('killed'));
    await transport.connect(stopped, millis(500), () => ends.push('stopped'));
    stopped.pause();
    await killed.kill();
    expect(await transport.connect(killed, millis(500), () => {})).toEqual({
      kind: 'failed',
      by: 'refused',
    });
    expect((await transport.connect(stopped, millis(500), () => {})).kind).toBe('open');
    expect(ends).toEqual(['killed']);
  });
});
