/** A changed clients' password on real servers: new logins need it, connected clients stay, nothing restarts. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { ClientUsers, type Kept } from '../../../src/runtime/lanes/client-users';
import { initialState } from '../../../src/sentinel/core/on-lease';
import { newNode } from '../../../src/sentinel/core/on-pods';
import type { State } from '../../../src/sentinel/core/state';
import type { Credentials } from '../../../src/sentinel/io/ports';
import { createSocketTransport } from '../../../src/sentinel/io/socket-transport';
import { until } from '../../kit/until';
import { LAB_USERS, type Lab, startLab, type ValkeyProcess } from '../../kit/valkey';
import { connectRaw, infoField } from '../../kit/valkey-client';

let lab: Lab;
const open: ClientUsers[] = [];
beforeEach(async () => {
  lab = await startLab({ servers: 1, boot: 'open' });
});
afterEach(async () => {
  for (const users of open.splice(0)) users.stop();
  await lab.stop();
});

/** The engine's view of that server, claimed, as this run. */
function stateOf(server: ValkeyProcess, runId: string): State {
  const fact = { pod: 'v0', podUid: 'u0', ip: server.host, port: server.port };
  const node = newNode(millis(0), fact as unknown as Parameters<typeof newNode>[1]);
  const claimed = { ...node, claim: { kind: 'held', n: 1 }, facts: { runId } };
  return { ...initialState(), nodes: [claimed] } as unknown as State;
}

interface Scene {
  readonly users: ClientUsers;
  readonly told: Kept[];
  password: string;
  runId: string;
  lease: 'granted' | 'denied';
}

async function scene(base: Credentials = LAB_USERS.base): Promise<Scene> {
  const server = lab.server(0);
  const told: Kept[] = [];
  const made: Omit<Scene, 'users'> = {
    told,
    password: 'first-password',
    runId: await infoField(server, 'run_id'),
    lease: 'granted',
  };
  const users = new ClientUsers({
    transport: createSocketTransport(),
    base,
    mayAct: () => made.lease,
    state: () => stateOf(server, made.runId),
    password: () => made.password,
    onTold: (_pod, kept) => told.push(kept),
  });
  open.push(users);
  return Object.assign(made, { users });
}

async function logsIn(password: string): Promise<boolean> {
  const client = await connectRaw(lab.server(0));
  const reply = await client.ask('AUTH', 'default', password);
  client.close();
  return reply.kind === 'status';
}

test('a changed password: new logins need it, connected clients stay, the process is the same', async () => {
  const made = await scene();
  made.users.keep();
  await until('the first one is in force', () => made.told.length === 1);
  const client = await connectRaw(lab.server(0), { username: 'default', password: made.password });
  const run = await infoField(lab.server(0), 'run_id');
  made.password = 'second-password';
  made.users.keep();
  await until('the second one is in force', () => made.told.length === 2);
  expect([await logsIn('first-password'), await logsIn('second-password')]).toEqual([false, true]);
  expect(await client.ask('PING')).toEqual({ kind: 'status', text: 'PONG' });
  expect(await infoField(lab.server(0), 'run_id')).toBe(run);
  client.close();
});

test('each run is given it once, and a restarted one, which read an older file, again', async () => {
  const made = await scene();
  for (let count = 0; count < 3; count += 1) made.users.keep();
  await until('it is in force', () => made.told.length > 0);
  made.users.keep();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(made.told).toEqual(['kept']);
  await lab.server(0).restart('kept');
  made.runId = await infoField(lab.server(0), 'run_id');
  made.users.keep();
  await until('it is in force again', () => made.told.length === 2);
  expect(await logsIn('first-password')).toBe(true);
});

test.each([
  {
    why: 'the operator’s own password is wrong',
    base: { username: 'gungnir', password: 'wrong' },
    lease: 'granted',
  },
  { why: 'without the lease', base: LAB_USERS.base, lease: 'denied' },
] as const)('nothing is changed: $why', async ({ base, lease }) => {
  const made = await scene(base);
  made.lease = lease;
  made.users.keep();
  await until('it is told', () => made.told.length === 1);
  expect(made.told[0]).not.toBe('kept');
  const client = await connectRaw(lab.server(0));
  expect(await client.ask('PING'), 'clients need no password still').toMatchObject({
    text: 'PONG',
  });
  client.close();
});
