/** Connections to the old server and to the new cluster; their addresses come from the environment. */
import Valkey from 'iovalkey';

const { OLD, OLD_PASSWORD, NEW, NEW_PASSWORD } = process.env;

export const old = connect('OLD', OLD, OLD_PASSWORD);
export const fresh = connect('NEW', NEW, NEW_PASSWORD);

export function close() {
  old.disconnect();
  fresh.disconnect();
}

/** Nothing is repeated behind our back: what fails ends the program, and it may be run again. */
function connect(name, address, password) {
  const [host, port] = (address ?? '').split(':');
  if (!host || !port) throw new Error(`${name} is "${address ?? ''}": give HOST:PORT`);
  return new Valkey({
    host,
    port: Number(port),
    ...(password ? { password } : {}),
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: () => null,
  });
}
