/**
 * Stands for the client Service in tests without Kubernetes: new connections go to whom the route names
 * at that moment, established ones stay where they are, and without a route nobody answers.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Address } from '../../src/sentinel/core/facts';

export interface ServiceProxy {
  readonly address: Address;
  stop(): Promise<void>;
}

export async function startServiceProxy(target: () => Address | undefined): Promise<ServiceProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const to = target();
    if (to === undefined) return client.destroy();
    const upstream = connect({ host: to.host, port: to.port, noDelay: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        (socket === client ? upstream : client).destroy();
      });
    }
    client.setNoDelay(true).pipe(upstream).pipe(client);
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
