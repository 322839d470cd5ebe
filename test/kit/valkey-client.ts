/**
 * A raw client for tests: one connection, replies as they are. Built on the engine's own transport.
 * Never here: reconnecting; see writer.ts.
 */
import { millis } from '../../src/kit/brands';
import type { Address } from '../../src/sentinel/core/facts';
import type { Connection, Credentials } from '../../src/sentinel/io/ports';
import type { Command, Reply } from '../../src/sentinel/io/resp';
import { createSocketTransport } from '../../src/sentinel/io/socket-transport';
import { LAB_USERS } from './valkey';

export interface RawClient {
  readonly connection: Connection;
  /** @throws when the connection ends first. */
  ask(...command: string[]): Promise<Reply>;
  askAll(commands: readonly Command[]): Promise<readonly Reply[]>;
  /** Resolved when the server ended the connection. */
  readonly ended: Promise<void>;
  close(): void;
}

/** @param user undefined: the default user, no AUTH. */
export async function connectRaw(address: Address, user?: Credentials): Promise<RawClient> {
  let onEnd: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    onEnd = resolve;
  });
  const connected = await createSocketTransport().connect(address, millis(2000), () => onEnd());
  if (connected.kind === 'failed')
    throw new Error(`cannot connect to ${address.host}:${address.port}: ${connected.by}`);
  const { connection } = connected;
  const askAll = async (commands: readonly Command[]): Promise<readonly Reply[]> => {
    const answer = await connection.request(commands);
    if (answer.kind === 'closed')
      throw new Error(`closed before the reply to ${commands[0]?.join(' ')}`);
    return answer.replies;
  };
  const ask = async (...command: string[]): Promise<Reply> =>
    (await askAll([command]))[0] ?? { kind: 'null' };
  if (user !== undefined) {
    const reply = await ask('AUTH', user.username, user.password);
    if (reply.kind === 'error') throw new Error(reply.message);
  }
  return { connection, ask, askAll, ended, close: () => connection.destroy() };
}

/** One command as the all-seeing test user. */
export async function askAs(address: Address, ...command: string[]): Promise<Reply> {
  const client = await connectRaw(address, LAB_USERS.test);
  try {
    return await client.ask(...command);
  } finally {
    client.close();
  }
}

/** One field of INFO, as the test user; '' when there is none. */
export async function infoField(address: Address, field: string): Promise<string> {
  const reply = await askAs(address, 'INFO', 'everything');
  const text = reply.kind === 'bulk' ? reply.text : '';
  return new RegExp(`^${field}:(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
}

/** One setting, as the test user; '' when there is none. */
export async function settingOf(address: Address, name: string): Promise<string> {
  const reply = await askAs(address, 'CONFIG', 'GET', name);
  const value = reply.kind === 'array' ? reply.items[1] : undefined;
  return value?.kind === 'bulk' ? value.text : '';
}
