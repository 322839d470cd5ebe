/**
 * The main job on a Kubernetes, the real one or the local one: a ValkeyCluster under a writer loses its primary, its operator or
 * parts of itself, and serves on. In every fault: no write that WAIT made safe is lost, no refused
 * write is there. Timings are printed, not expected. Ends with the table of all faults.
 */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenWorld, openWorld } from '../kit/this-world';
import { until } from '../kit/until';
import type { World } from '../kit/world';
import {
  bundleBytes,
  followOperators,
  installOperator,
  numbersOf,
  type OperatorLog,
  operatorPods,
  renderedOperator,
} from './operator';
import { record } from './recorded';
import {
  CART,
  type ClusterObject,
  conditionOf,
  type Row,
  Scene,
  SHOP,
  SYSTEM,
  tableOf,
} from './scene';

const cart = { kind: 'valkeycluster', namespace: SHOP, name: CART };
const definition = {
  apiVersion: 'valkey.verilean.io/v1',
  kind: 'ValkeyCluster',
  metadata: { name: CART, namespace: SHOP },
  spec: {
    replicas: 3,
    image: 'valkey/valkey:8.0',
    sentinel: { pingIntervalMs: 500, downAfterMs: 1500 },
  },
};
const shop = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: SHOP, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
};

let open: OpenWorld | undefined;
let world: World;
let scene: Scene;
const numbers: string[] = [];
let operatorManifests = '';
let operatorLog: OperatorLog | undefined;

beforeAll(async () => {
  open = await openWorld();
  world = open.world;
  scene = new Scene(world);
  operatorManifests = renderedOperator();
  const startedMs = Date.now();
  await installOperator(world, operatorManifests);
  numbers.push(`operator applied to both replicas ready: ${Date.now() - startedMs} ms`);
  operatorLog = followOperators(world);
});

afterAll(async () => {
  scene?.stop();
  operatorLog?.stop();
  await open?.stop();
  const file = join(tmpdir(), `gungnir-e2e-${process.pid}.log`);
  writeFileSync(file, `${operatorLog?.lines.join('\n') ?? ''}\n`);
  if (open?.kind === 'real' && process.env.GUNGNIR_RECORD === '1') record(scene.rows, numbers);
  numbers.push(`what the operators said: ${file}`);
  console.log(['', tableOf(scene.rows), '', ...numbers, ''].join('\n'));
});

const epochOf = (object: ClusterObject): number => object.status?.record?.epoch ?? 0;

/** A change of primary: the record counts it. */
async function newPrimary(): Promise<(object: ClusterObject) => boolean> {
  const before = await scene.cluster();
  return (object) =>
    epochOf(object) > epochOf(before) &&
    object.status?.record?.phase === 'Steady' &&
    conditionOf(object.status, 'PrimaryAvailable') === 'True';
}

function expectNothingSafeLost(row: Row): void {
  expect(row.safeWithin, 'WAIT made writes safe again').toBeGreaterThan(0);
  expect(row.safeLost.length, 'writes confirmed by WAIT and gone').toBe(0);
  expect(row.refusedKept.length, 'writes that the server refused and has').toBe(0);
}

function expectNothingLost(row: Row): void {
  expectNothingSafeLost(row);
  expect(row.ackedLost.length, 'writes acknowledged and gone').toBe(0);
}

test('a definition becomes three serving pods in a restricted namespace', async () => {
  await world.apply(JSON.stringify(shop));
  const startedMs = Date.now();
  await world.apply(JSON.stringify(definition));
  const { status } = await scene.settled();
  numbers.push(`ValkeyCluster applied to Running: ${Date.now() - startedMs} ms`);
  expect(status?.nodeStatuses?.map(({ role }) => role).sort()).toEqual([
    'Master',
    'Replica',
    'Replica',
  ]);
  const role = await world.exec(await scene.primary(), 'valkey-cli', 'ROLE');
  expect(role.out, 'as people type it').toMatch(/^master\n/);
  numbers.push(
    `operator's program (its ConfigMap as JSON): ${bundleBytes(operatorManifests)} bytes`,
  );
  if (operatorLog !== undefined) numbers.push(...(await numbersOf(world, operatorLog)));
  await scene.startWriter();
});

test('kill -9 of the primary: another one serves', async () => {
  const old = await scene.primary();
  const row = await scene.fault(
    'kill -9 of the primary',
    () => world.signal(old, 'kill'),
    await newPrimary(),
  );
  expectNothingSafeLost(row);
  expect((await scene.primary()).pod).not.toBe(old.pod);
});

test('a frozen primary: its pod is deleted, another one serves', async () => {
  const old = await scene.primary();
  const row = await scene.fault(
    'SIGSTOP of the primary',
    () => world.signal(old, 'stop'),
    await newPrimary(),
  );
  expectNothingSafeLost(row);
  expect((await scene.primary()).pod).not.toBe(old.pod);
});

test('the primary pod is deleted: it hands over first, nothing is lost', async () => {
  const old = await scene.primary();
  const row = await scene.fault(
    'deletion of the primary pod',
    () => world.remove({ kind: 'pod', namespace: SHOP, name: old.pod }, 'at once'),
    await newPrimary(),
  );
  expectNothingLost(row);
});

test('a switchover by annotation goes to the pod that was named, nothing is lost', async () => {
  const { status } = await scene.cluster();
  const next = status?.nodeStatuses?.find(({ role }) => role === 'Replica')?.podName ?? '';
  const epoch = status?.record?.lineage.at(-1)?.epoch ?? 0;
  const row = await scene.fault(
    'switchover by annotation',
    async () => {
      const wish = `valkey.verilean.io/switchover=${next}@${epoch}`;
      const ran = await world.kubectl('annotate', 'vc', CART, '-n', SHOP, '--overwrite', wish);
      expect(ran.code, ran.err).toBe(0);
    },
    await newPrimary(),
  );
  expectNothingLost(row);
  expect((await scene.primary()).pod).toBe(next);
});

test('the leading operator is killed: the cluster serves on, the other one takes over', async () => {
  const leader = await scene.leader();
  const before = await scene.cluster();
  const row = await scene.fault(
    'kill -9 of the leading operator',
    () => world.signal(leader, 'kill'),
    ({ status }) => (status?.record?.term ?? 0) > (before.status?.record?.term ?? 0),
  );
  expectNothingLost(row);
  expect(epochOf(await scene.cluster()), 'the primary stays').toBe(epochOf(before));
});

test('the leading operator and the primary are killed at once: its successor fails over', async () => {
  const [leader, old] = [await scene.leader(), await scene.primary()];
  const row = await scene.fault(
    'kill -9 of leader and primary',
    async () => {
      await Promise.all([world.signal(leader, 'kill'), world.signal(old, 'kill')]);
    },
    await newPrimary(),
  );
  expectNothingSafeLost(row);
});

test("a user's edit of the client Service's selector is put back", async () => {
  const ref = { kind: 'service', namespace: SHOP, name: `${CART}-client` };
  const selected = async (): Promise<string> => {
    const service = await world.get<{
      readonly spec: { readonly selector?: Readonly<Record<string, string>> };
    }>(ref);
    return service?.spec.selector?.['statefulset.kubernetes.io/pod-name'] ?? '';
  };
  const right = await selected();
  const wrong = (await scene.pods())
    .map(({ metadata }) => metadata.name)
    .find((name) => name !== right);
  if (wrong === undefined) throw new Error('there is no other pod to select');
  const row = await scene.fault(
    'edit of the client selector',
    async () => {
      await world.patch(ref, {
        spec: { selector: { 'statefulset.kubernetes.io/pod-name': wrong } },
      });
      await until(
        'the selector is right again',
        async () => (await selected()) === right,
        30_000,
        50,
      );
    },
    () => true,
  );
  expectNothingLost(row);
});

test('deleted parts of the cluster come back', async () => {
  const parts = [
    { kind: 'configmap', namespace: SHOP, name: `${CART}-config` },
    { kind: 'service', namespace: SHOP, name: `${CART}-replicas` },
    { kind: 'poddisruptionbudget', namespace: SHOP, name: `${CART}-pdb` },
  ];
  const uidOf = async (ref: (typeof parts)[number]): Promise<string | undefined> =>
    (await world.get<{ readonly metadata: { readonly uid: string } }>(ref))?.metadata.uid;
  const row = await scene.fault(
    'deletion of three parts',
    async () => {
      for (const part of parts) {
        const before = await uidOf(part);
        if (before === undefined)
          throw new Error(`there is no ${part.kind} ${part.name} to delete`);
        await world.remove(part, 'and wait');
        await until(
          `${part.kind} is there again`,
          async () => {
            const now = await uidOf(part);
            return now !== undefined && now !== before;
          },
          30_000,
          50,
        );
      }
    },
    () => true,
  );
  expectNothingLost(row);
});

test('a setting that needs a restart: replicas first, the primary last, nothing is lost', async () => {
  const primaryBefore = (await scene.primary()).pod;
  const before = new Map((await scene.pods()).map(({ metadata }) => [metadata.name, metadata.uid]));
  const replaced: string[] = [];
  const note = async (): Promise<void> => {
    for (const { metadata } of await scene.pods()) {
      const isNew = metadata.uid !== before.get(metadata.name);
      if (isNew && !replaced.includes(metadata.name)) replaced.push(metadata.name);
    }
  };
  const row = await scene.fault(
    'rolling restart',
    async () => {
      await world.patch(cart, { spec: { config: { databases: '32' } } });
      await until(
        'every pod is new',
        async () => {
          await note();
          return replaced.length === before.size;
        },
        180_000,
        200,
      );
    },
    () => true,
  );
  expectNothingLost(row);
  expect(replaced.at(-1), `the old primary goes last: ${replaced.join(', ')}`).toBe(primaryBefore);
  const beyond = await world.exec(await scene.primary(), 'valkey-cli', '-n', '20', 'PING');
  expect(beyond.out, 'there are more than 16 databases now').toBe('PONG\n');
});

test.each([
  { from: 3, to: 4 },
  { from: 4, to: 3 },
  { from: 3, to: 2 },
  { from: 2, to: 3 },
])('scaling from $from to $to loses nothing', async ({ from, to }) => {
  expect((await scene.cluster()).spec.replicas).toBe(from);
  const row = await scene.fault(
    `scale ${from} to ${to}`,
    async () => {
      const ran = await world.kubectl('scale', 'vc', CART, '-n', SHOP, `--replicas=${to}`);
      expect(ran.code, ran.err).toBe(0);
    },
    ({ status }) => status?.nodeStatuses?.length === to,
  );
  expectNothingLost(row);
  expect(await scene.pods()).toHaveLength(to);
});

test('a wrong operator password: said in a condition, no failover, writes go on; mended by itself', async () => {
  const ref = { kind: 'secret', namespace: SHOP, name: `${CART}-secret` };
  const secret = await world.get<{ readonly data: Readonly<Record<string, string>> }>(ref);
  const right = secret?.data['operator-password'];
  const before = await scene.cluster();
  const row = await scene.fault(
    'wrong operator password',
    async () => {
      await world.patch(ref, {
        data: { 'operator-password': Buffer.from('wrong').toString('base64') },
      });
      // What is authenticated stays so: the password is needed at the next claim.
      await world.signal(await scene.leader(), 'kill');
      await scene.until(
        'it is said',
        ({ status }) =>
          status?.conditions?.some(({ reason }) => reason === 'CredentialsRefused') === true,
      );
      const said = await scene.ackAfter(Date.now());
      expect(said, 'writes go on').toBeGreaterThan(0);
      await world.patch(ref, { data: { 'operator-password': right } });
    },
    ({ status }) =>
      status?.conditions?.some(({ reason }) => reason === 'CredentialsRefused') !== true,
  );
  expectNothingLost(row);
  expect(epochOf(await scene.cluster()), 'no failover').toBe(epochOf(before));
});

test('deleting the cluster leaves its volume claims and nothing else', async () => {
  scene.stop();
  await world.remove({ kind: 'pod', namespace: SHOP, name: `${CART}-writer` }, 'and wait');
  const startedMs = Date.now();
  await world.remove(cart, 'and wait');
  const kinds =
    'pod,service,statefulset,configmap,secret,poddisruptionbudget,endpointslice,persistentvolumeclaim';
  type Left = { readonly kind: string; readonly metadata: { readonly name: string } };
  const left = async (): Promise<readonly string[]> =>
    (await world.list<Left>(kinds, SHOP, `valkey.verilean.io/cluster=${CART}`)).map(
      ({ kind, metadata }) => `${kind}/${metadata.name}`,
    );
  await until(
    'only claims are left',
    async () => (await left()).every((name) => name.startsWith('PersistentVolumeClaim/')),
    90_000,
    200,
  );
  numbers.push(`ValkeyCluster deleted to nothing left but claims: ${Date.now() - startedMs} ms`);
  expect(await left()).toContain(`PersistentVolumeClaim/data-${CART}-0`);
});

test('without its rights the operator says so in one sentence', async () => {
  await world.remove({ kind: 'clusterrolebinding', name: 'gungnir-operator' }, 'and wait');
  const before = await operatorPods(world);
  const [pod] = before;
  if (pod === undefined) throw new Error('there is no operator');
  await world.remove({ kind: 'pod', namespace: SYSTEM, name: pod.pod }, 'and wait');
  const said = await until(
    'a new pod has said it',
    async () => {
      for (const other of await operatorPods(world)) {
        // The one that stays loses its rights while it runs, and says that in its own way.
        if (before.some((old) => old.pod === other.pod)) continue;
        const logs = await world.logs(other).catch(() => '');
        if (logs.includes('KubeForbidden')) return logs;
      }
      return undefined;
    },
    60_000,
    200,
  );
  const lines = said.trim().split('\n');
  expect(lines, said).toHaveLength(1);
  expect(lines[0]).toMatch(/^gungnir: KubeForbidden: .*valkeyclusters.*To fix: /);
  expect(said, 'no stack trace').not.toMatch(/^\s+at /m);
  await installOperator(world, operatorManifests);
});
