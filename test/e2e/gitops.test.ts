/**
 * Git holds the ValkeyCluster and its objects (workload mode) and the operator, all of it synthesized by the
 * constructs; the operator keeps the primary alive, on the local cluster or the one of GUNGNIR_TEST_KUBECONFIG:
 * whatever it has done, a failover too, the next sync from Git finds no difference and no field that is
 * somebody else's.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { notForGit } from '../../src/resources/ownership';
import { type ApiServer, apiServer, sync as asGit, pathOf } from '../kit/api-server';
import { byCdk8s, type Synthesized } from '../kit/synthesized';
import { type OpenWorld, openWorld } from '../kit/this-world';
import { installOperator } from './operator';
import { type ClusterObject, conditionOf, type Place, Scene, SYSTEM } from './scene';
import { synthesizedOperator } from './synthesized-operator';

const place: Place = { namespace: `git-${process.pid}`, cluster: 'ledger', system: SYSTEM };
const objects = byCdk8s({
  metadata: { name: place.cluster, namespace: place.namespace },
  spec: {
    image: 'valkey/valkey:8.0',
    sentinel: { pingIntervalMs: 500, downAfterMs: 1500 },
    labels: { team: 'ledger' },
    config: { 'notify-keyspace-events': 'KEA' },
  },
});

let open: OpenWorld;
let server: ApiServer;
let scene: Scene;

interface Live {
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly managedFields?: readonly Managed[];
  };
}

interface Managed {
  readonly manager: string;
  readonly subresource?: string;
  readonly fieldsV1?: object;
}

const pathTo = ({ apiVersion, kind, metadata }: Synthesized): string =>
  pathOf(apiVersion, kind, place.namespace, metadata.name);

/** As a tool that keeps Git: not by force. */
async function sync(object: Synthesized, query = ''): Promise<Live> {
  const { status, body } = await asGit(server, pathTo(object), object, query);
  expect(status, `${object.kind} ${object.metadata.name}: ${JSON.stringify(body)}`).toBeLessThan(
    300,
  );
  return body as unknown as Live;
}

async function live(object: Synthesized): Promise<Live> {
  return (await server.send('GET', pathTo(object))).body as unknown as Live;
}

/** Without what others write all the time: status, and the times and versions that go with it. */
function lasting(object: Live): object {
  const { status: _, metadata, ...rest } = object as Live & { readonly status?: unknown };
  const { resourceVersion: __, managedFields: ___, ...meta } = metadata;
  return { ...rest, metadata: meta };
}

async function expectNoDifference(): Promise<void> {
  for (const object of objects) {
    const before = await live(object);
    expect(lasting(await sync(object, '&dryRun=All')), 'kubectl diff').toEqual(lasting(before));
    expect(lasting(await sync(object)), 'the next sync').toEqual(lasting(before));
  }
}

beforeAll(async () => {
  open = await openWorld();
  server = await apiServer(open.kubeconfig);
  scene = new Scene(open.world, place);
  await installOperator(open.world, synthesizedOperator());
  await open.world.apply(
    JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: place.namespace } }),
  );
});

afterAll(async () => {
  scene?.stop();
  await open?.world.remove({ kind: 'namespace', name: place.namespace }, 'at once');
  await open?.stop();
});

test('Git applies the ValkeyCluster first and the operator makes no object of it', async () => {
  const [cluster, ...rest] = objects;
  if (cluster === undefined) throw new Error('nothing is synthesized');
  await sync(cluster);
  await scene.until('the operator waits for Git', ({ status }) =>
    JSON.stringify(status?.conditions ?? []).includes('GitOwnsObject'),
  );
  const made = await Promise.all(rest.map(live));
  expect(made.map((one) => (one as { readonly kind?: string }).kind)).toEqual(
    rest.map(() => 'Status'),
  );
});

test('with the other objects it comes to life, and they stay Git’s', async () => {
  for (const object of objects) await sync(object);
  await scene.settled();
  await expectNoDifference();
});

test('after the primary was killed and another one serves, there is no difference', async () => {
  const before = await scene.cluster();
  const old = await scene.primary();
  await open.world.signal(old, 'kill');
  await scene.until('another primary serves', isNewer(before));
  await scene.settled();
  expect((await scene.primary()).pod).not.toBe(old.pod);
  await expectNoDifference();
});

const isNewer =
  (before: ClusterObject) =>
  (object: ClusterObject): boolean =>
    (object.status?.record?.epoch ?? 0) > (before.status?.record?.epoch ?? 0) &&
    object.status?.record?.phase === 'Steady' &&
    conditionOf(object.status, 'PrimaryAvailable') === 'True';

describe('what the operator wrote', () => {
  test('is what the table of owned paths says, and none of it stands in Git', async () => {
    const written: string[] = [];
    for (const object of objects) {
      const { metadata } = await live(object);
      const others = (metadata.managedFields ?? []).filter(
        ({ manager, subresource }) => manager === 'gungnir' && subresource === undefined,
      );
      const leaves = others.flatMap(({ fieldsV1 = {} }) => leavesOf(fieldsV1));
      for (const leaf of leaves) {
        const planted = leaf.reduceRight<unknown>(
          (inner, key) => ({ [key]: inner }),
          'x',
        ) as object;
        const { metadata: meta, ...rest } = planted as { readonly metadata?: object };
        const whole = {
          kind: object.kind,
          ...rest,
          metadata: { ...meta, name: object.metadata.name },
        };
        expect(notForGit(place.cluster, whole), `${object.kind} ${leaf.join('.')}`).not.toEqual([]);
        written.push(`${object.kind} ${leaf.join('.')}`);
      }
    }
    expect(written.some((path) => path.startsWith('Service spec.selector'))).toBe(true);
    expect(written.some((path) => path.startsWith('Secret data'))).toBe(true);
    expect(objects.flatMap((object) => notForGit(place.cluster, object))).toEqual([]);
  });

  test('is refused to Git without force', async () => {
    const service = objects.find(({ metadata }) => metadata.name === `${place.cluster}-client`);
    if (service === undefined) throw new Error('no client Service');
    const planted = { ...service, spec: { selector: { app: 'planted' } } };
    const { status, body } = await asGit(server, pathTo(service), planted, '&dryRun=All');
    expect(status).toBe(409);
    expect(JSON.stringify(body)).toContain('.spec.selector');
  });

  test('a planted change of Git’s is a difference', async () => {
    const budget = objects.find(({ kind }) => kind === 'PodDisruptionBudget');
    if (budget === undefined) throw new Error('no budget');
    const metadata = { ...budget.metadata, annotations: { planted: 'yes' } };
    const changed = await sync({ ...budget, metadata }, '&dryRun=All');
    expect(lasting(changed)).not.toEqual(lasting(await live(budget)));
  });
});

/** `{"f:spec": {"f:selector": {}}}` as its paths. */
function leavesOf(fields: object, path: readonly string[] = []): readonly (readonly string[])[] {
  const below = Object.entries(fields).filter(([key]) => key !== '.');
  if (below.length === 0) return [path];
  return below.flatMap(([key, inner]) =>
    leavesOf(inner as object, [...path, key.replace(/^f:/, '')]),
  );
}
