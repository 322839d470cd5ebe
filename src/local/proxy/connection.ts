/**
 * One connection through a Service: two sockets joined until either side ends or fails. No look at the
 * bytes; a slow reader holds up its writer.
 * Never here: whom to connect to.
 */
import { connect, type Socket } from 'node:net';
import type { Backend } from './routes';

/**
 * @param client accepted, paused, may be half open.
 * @param from the address that the backend sees; undefined: the system's choice.
 */
export function join(client: Socket, backend: Backend, from: string | undefined): void {
  const upstream = connect({
    host: backend.host,
    port: backend.port,
    noDelay: true,
    allowHalfOpen: true,
    ...(from === undefined ? {} : { localAddress: from }),
  });
  client.setNoDelay(true);
  client.on('error', () => upstream.resetAndDestroy());
  // Before it is connected this is the refusal that kube-proxy's rules would give the client.
  upstream.on('error', () => client.resetAndDestroy());
  // What was read of one side still goes to the other.
  client.on('close', () => (upstream.connecting ? upstream.destroy() : upstream.destroySoon()));
  upstream.on('close', () => client.destroySoon());
  upstream.once('connect', () => {
    client.pipe(upstream);
    upstream.pipe(client);
  });
}
