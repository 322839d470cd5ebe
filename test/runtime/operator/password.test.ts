/** A user changes the password in his Secret: it reaches our Secret and every server, and nobody fails over. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Secret } from '../../../src/runtime/kube/types';
import { type FakeCluster, startFakeCluster } from '../../kit/fake-cluster';
import { conditionOf, type Rig, startRig, statusOf, untilSettled } from '../../kit/operator-rig';
import { until } from '../../kit/until';

const SECRETS = '/api/v1/namespaces/shop/secrets';

let world: FakeCluster;
let rig: Rig;
beforeEach(async () => {
  world = await startFakeCluster();
  give({ password: 'first-password' });
  world.define('cart', { auth: { secretName: 'mine' } });
  rig = await startRig(world);
  await untilSettled(world, 'cart');
});
afterEach(async () => {
  await rig.operator.stop();
  await world.close();
});

function give(texts: Readonly<Record<string, string | null>>): void {
  const data = Object.entries(texts).map(([key, text]) => [
    key,
    text === null ? null : Buffer.from(text).toString('base64'),
  ]);
  const metadata = { name: 'mine', namespace: 'shop' };
  world.api.put(SECRETS, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    data: Object.fromEntries(data),
  });
}

/** Something of the cluster changes, which begins a pass of the lane. */
function stir(): void {
  const annotations = { stir: String(performance.now()) };
  world.define('cart', {}, { annotations });
}

function ours(key: string): string {
  const { data } = world.api.get<Secret>(`${SECRETS}/cart-secret`) ?? {};
  return Buffer.from(data?.[key] ?? '', 'base64').toString('utf8');
}

function inForce(): readonly (string | undefined)[] {
  return [0, 1, 2].map((ordinal) => world.server(`cart-${ordinal}`).users.get('default'));
}

function hashOf(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}

test('the changed password is in force everywhere, without a restart and without a failover', async () => {
  const before = { operator: ours('operator-password'), runs: runs() };
  give({ password: 'second-password' });
  stir();
  await until('our Secret has it', () => ours('password') === 'second-password');
  await until('every server has it', () => {
    return inForce().every((hash) => hash === hashOf('second-password'));
  });
  expect(ours('users.acl')).toContain(hashOf('second-password'));
  expect({ operator: ours('operator-password'), runs: runs() }).toEqual(before);
  expect(statusOf(world, 'cart').failovers?.count).toBe(0);
  expect(world.routed('cart')).toBe('cart-0');
  expect(rig.lines.some((line) => JSON.stringify(line).includes('second-password'))).toBe(false);
});

test('a Secret without a password is told; the one in force stays, and so does the primary', async () => {
  give({ password: null });
  stir();
  await until('it is told', () => {
    const { status, reason, message } = conditionOf(world, 'cart', 'ConfigurationWarning') ?? {};
    return status === 'True' && reason === 'ClientSecretUnusable' && message?.includes('mine');
  });
  expect(ours('password')).toBe('first-password');
  expect(world.routed('cart')).toBe('cart-0');
  give({ password: 'third-password' });
  stir();
  await until('it is mended', () => ours('password') === 'third-password');
  await until('and the warning is gone', () => {
    return conditionOf(world, 'cart', 'ConfigurationWarning')?.status === 'False';
  });
});

test('the operator’s own password changed behind its back: a condition, no failover, and back', async () => {
  for (const ordinal of [0, 1, 2]) world.server(`cart-${ordinal}`).basePassword = 'other';
  for (const ordinal of [0, 1, 2]) {
    const { address, users } = world.server(`cart-${ordinal}`);
    for (const user of users.keys()) if (user.startsWith('gungnir-t')) users.delete(user);
    world.net.dropConnections(address);
  }
  await until(
    'it is told',
    () => conditionOf(world, 'cart', 'Degraded')?.reason === 'CredentialsRefused',
    10_000,
  );
  expect(statusOf(world, 'cart').failovers?.count).toBe(0);
  expect(world.server('cart-0').role).toBe('master');
  for (const ordinal of [0, 1, 2]) world.server(`cart-${ordinal}`).basePassword = undefined;
  await untilSettled(world, 'cart');
});

function runs(): readonly string[] {
  return [0, 1, 2].map((ordinal) => world.server(`cart-${ordinal}`).runId);
}

test('a deleted Secret comes back with the passwords that the servers run with', async () => {
  const keys = ['password', 'operator-password', 'replication-password', 'users.acl'];
  const before = keys.map(ours);
  expect(before.every((text) => text !== '')).toBe(true);
  world.api.remove(`${SECRETS}/cart-secret`);
  stir();
  await until('it is back', () => ours('users.acl') !== '', 15_000);
  expect(keys.map(ours)).toEqual(before);
});

test('deleted while no operator ran: none are made over running servers, and the old ones are welcome', async () => {
  const kept = world.api.get<Secret>(`${SECRETS}/cart-secret`);
  await rig.operator.stop();
  world.api.remove(`${SECRETS}/cart-secret`);
  rig = await startRig(world);
  await until(
    'it is told',
    () => {
      const { reason, message } = conditionOf(world, 'cart', 'Progressing') ?? {};
      return reason === 'SecretLost' && message?.includes('restore it from a backup');
    },
    15_000,
  );
  expect(world.api.get(`${SECRETS}/cart-secret`)).toBeUndefined();
  expect(world.server('cart-0').role).toBe('master');
  world.api.put(SECRETS, { ...kept });
  stir();
  await untilSettled(world, 'cart');
  expect(ours('users.acl')).not.toBe('');
});
