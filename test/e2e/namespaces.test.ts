/**
 * One operator for two of three namespaces, synthesized by the construct, on the local cluster or the one of
 * GUNGNIR_TEST_KUBECONFIG, both of which enforce RBAC: it serves the clusters of the two and leaves the third alone;
 * without its rights in one of them it goes on in the other, and it comes back with them.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiServer, apiServer, goneFrom, pathOf } from '../kit/api-server';
import { type OpenWorld, openWorld } from '../kit/this-world';
import { noOperator } from './ground';
import { installOperator, operatorPods, operatorReady } from './operator';
import { Scene, SYSTEM } from './scene';
import { synthesizedOperator } from './synthesized-operator';

const [a, b, c] = ['a', 'b', 'c'].map((name) => `team-${name}-${process.pid}`) as [
  string,
  string,
  string,
];
const binding = pathOf(
  'rbac.authorization.k8s.io/v1',
  'RoleBinding',
  b,
  'gungnir-operator-clusters',
);
const CART = 'cart';

let open: OpenWorld;
let server: ApiServer;
let manifests = '';
const scenes = new Map<string, Scene>();
const sceneOf = (namespace: string): Scene => {
  const found = scenes.get(namespace);
  if (found === undefined) throw new Error(`no scene in ${namespace}`);
  return found;
};

/** The same name in each namespace. */
async function define(namespace: string, replicas: number): Promise<void> {
  await open.world.apply(
    JSON.stringify({
      apiVersion: 'valkey.verilean.io/v1',
      kind: 'ValkeyCluster',
      metadata: { name: CART, namespace },
      spec: {
        replicas,
        image: 'valkey/valkey:8.0',
        sentinel: { pingIntervalMs: 500, downAfterMs: 1500 },
      },
    }),
  );
}

const namespaceObject = (name: string): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

beforeAll(async () => {
  open = await openWorld();
  server = await apiServer(open.kubeconfig);
  await noOperator(server);
  for (const namespace of [a, b, c]) {
    await open.world.apply(namespaceObject(namespace));
    scenes.set(namespace, new Scene(open.world, { namespace, cluster: CART, system: SYSTEM }));
  }
  manifests = synthesizedOperator({ watchNamespaces: [a, b] });
  await installOperator(open.world, manifests);
});

afterAll(async () => {
  for (const name of [a, b, c]) await open?.world.remove({ kind: 'namespace', name }, 'at once');
  if (open?.kind === 'real') await noOperator(server);
  await open?.stop();
});

test('clusters of one name in both of its namespaces are served, each by pods of its own', async () => {
  for (const namespace of [a, b, c]) await define(namespace, 2);
  const uids: string[] = [];
  for (const namespace of [a, b]) {
    await sceneOf(namespace).settled();
    const pods = await sceneOf(namespace).pods();
    expect(pods).toHaveLength(2);
    uids.push(...pods.map(({ metadata }) => metadata.uid));
  }
  expect(new Set(uids).size).toBe(4);
});

test('the one in the third has neither a status nor an object', async () => {
  expect(await sceneOf(c).status()).toEqual({});
  const made = await open.world.list('statefulset,service,secret', c, 'valkey.verilean.io/cluster');
  expect(made).toEqual([]);
  const elsewhere = await open.world.list('statefulset', b, 'valkey.verilean.io/cluster');
  expect(elsewhere).toHaveLength(1);
});

test('started without its rights in one, it is ready and looks after the other', async () => {
  await goneFrom(server, binding);
  const before = await operatorPods(open.world);
  for (const { namespace, pod } of before)
    await open.world.remove({ kind: 'pod', namespace, name: pod }, 'and wait');
  await operatorReady(open.world);
  const now = await operatorPods(open.world);
  expect(now.filter(({ pod }) => before.some((old) => old.pod === pod))).toEqual([]);
  const old = await sceneOf(a).primary();
  const { status: was } = await sceneOf(a).cluster();
  await open.world.signal(old, 'kill');
  await sceneOf(a).until(
    'another primary serves',
    ({ status }) => (status?.record?.epoch ?? 0) > (was?.record?.epoch ?? 0),
  );
  await define(a, 3);
  await define(b, 3);
  await sceneOf(a).settled();
  expect(await sceneOf(a).pods()).toHaveLength(3);
  expect(await sceneOf(b).pods()).toHaveLength(2);
  const { metadata, status } = await sceneOf(b).cluster();
  expect(status?.observedGeneration).toBeLessThan(metadata.generation);
  const said = (await Promise.all(now.map((pod) => open.world.logs(pod)))).join('\n');
  expect(said).toMatch(
    new RegExp(`namespace cannot be watched","namespace":"${b}".*KubeForbidden`),
  );
  expect(said).not.toMatch(new RegExp(`namespace cannot be watched","namespace":"${a}"`));
});

test('with its rights back it goes on there, without a restart', async () => {
  const before = await operatorPods(open.world);
  await open.world.apply(manifests);
  await sceneOf(b).settled();
  expect(await sceneOf(b).pods()).toHaveLength(3);
  expect(await operatorPods(open.world)).toEqual(before);
  expect(await sceneOf(c).pods()).toEqual([]);
  expect(await sceneOf(c).status()).toEqual({});
});
