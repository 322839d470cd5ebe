/**
 * What every transport must hold, as one suite: the driver stands on these facts.
 * Never here: which transport; each caller brings a world to run it in.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { millis } from '../../src/kit/brands';
import type { Address } from '../../src/sentinel/core/facts';
import type { Connection, Transport } from '../../src/sentinel/io/ports';
import type { Handler } from './fake-transport';

export interface TransportWorld {
  readonly transport: Transport;
  listen(
    handler: Handler,
  ): Promise<{ readonly address: Address; dropConnections(): void; stop(): Promise<void> }>;
  /** An address where connects end by no answer at all; undefined: this world has none. */
  blackHole(): Promise<Address>;
}

const echo: Handler = (command) => ({ kind: 'bulk', text: command.join(' ') });
const budgetMs = millis(1000);

async function opened(
  transport: Transport,
  address: Address,
  onEnd: () => void = () => {},
): Promise<Connection> {
  const connected = await transport.connect(address, budgetMs, onEnd);
  if (connected.kind === 'failed') throw new Error(connected.by);
  return connected.connection;
}

interface Suite {
  readonly transport: Transport;
  readonly world: TransportWorld;
  /** Stopped after the test. */
  listen(handler: Handler): ReturnType<TransportWorld['listen']>;
}

/** In the words of the engine: `DIE` ends the connection, all else is echoed. */
const mortal: Handler = (command, peer) => (command[0] === 'DIE' ? 'close' : echo(command, peer));

export function transportContract(name: string, makeWorld: () => TransportWorld): void {
  describe(`${name} keeps the contract`, () => {
    const world = makeWorld();
    const stops: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const stop of stops.splice(0)) await stop();
    });
    const suite: Suite = {
      world,
      transport: world.transport,
      async listen(handler) {
        const server = await world.listen(handler);
        stops.push(server.stop);
        return server;
      },
    };
    connects(suite);
    ends(suite);
    sendsOnce(suite);
  });
}

function connects({ transport, world, listen }: Suite): void {
  test('replies come in the order of the commands', async () => {
    const { address } = await listen(echo);
    const connection = await opened(transport, address);
    const answer = await connection.request([['A', 'b'], ['C']]);
    const replies = [
      { kind: 'bulk', text: 'A b' },
      { kind: 'bulk', text: 'C' },
    ];
    expect(answer).toEqual({ kind: 'replies', replies });
    connection.destroy();
  });

  test('where nobody listens a connect is refused', async () => {
    const server = await world.listen(echo);
    await server.stop();
    const connected = await transport.connect(server.address, budgetMs, () => {});
    expect(connected).toEqual({ kind: 'failed', by: 'refused' });
  });

  test('where nothing answers a connect ends by its budget, and is not called refused', async () => {
    const address = await world.blackHole();
    const beganMs = performance.now();
    const connected = await transport.connect(address, millis(100), () => {});
    expect(connected).toEqual({ kind: 'failed', by: 'timedOut' });
    // Bounded, which is all that a busy machine can show.
    expect(performance.now() - beganMs).toBeLessThan(5_000);
  });
}

function ends({ transport, listen }: Suite): void {
  test('a server that ends the connection: closed, with the replies read before, and told', async () => {
    const { address } = await listen(mortal);
    let told = 0;
    const connection = await opened(transport, address, () => {
      told += 1;
    });
    const answer = await connection.request([['A'], ['DIE'], ['B']]);
    expect(answer).toEqual({ kind: 'closed', replies: [{ kind: 'bulk', text: 'A' }] });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told).toBe(1);
  });

  test('a reply is given once: it does not answer for a command after the end', async () => {
    const { address } = await listen(mortal);
    const connection = await opened(transport, address);
    const first = await connection.request([['A'], ['DIE']]);
    expect(first).toEqual({ kind: 'closed', replies: [{ kind: 'bulk', text: 'A' }] });
    expect(await connection.request([['B']])).toEqual({ kind: 'closed', replies: [] });
  });

  test('the end of an idle connection is told', async () => {
    const server = await listen(echo);
    let told: () => void = () => {};
    const end = new Promise<void>((resolve) => {
      told = resolve;
    });
    const connection = await opened(transport, server.address, () => told());
    await connection.request([['A']]);
    server.dropConnections();
    await end;
  });

  test('destroy ends a waiting request and is not told as an end', async () => {
    const { address } = await listen(() => 'silence');
    let told = 0;
    const connection = await opened(transport, address, () => {
      told += 1;
    });
    const answer = connection.request([['A']]);
    connection.destroy();
    expect(await answer).toEqual({ kind: 'closed', replies: [] });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told).toBe(0);
  });
}

function sendsOnce({ transport, listen }: Suite): void {
  test('a request on an ended connection is closed at once, and nothing is sent', async () => {
    const seen: string[] = [];
    const server = await listen((command, peer) => {
      seen.push(command.join(' '));
      return echo(command, peer);
    });
    const connection = await opened(transport, server.address);
    connection.destroy();
    expect(await connection.request([['LATE']])).toEqual({ kind: 'closed', replies: [] });
    expect(seen).toEqual([]);
  });

  test('a command without an answer is sent once, and never again', async () => {
    const seen: string[] = [];
    const server = await listen((command) => {
      seen.push(command.join(' '));
      return 'close';
    });
    const connection = await opened(transport, server.address);
    await connection.request([['INCR', 'x']]);
    await connection.request([['INCR', 'y']]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen).toEqual(['INCR x']);
  });
}
