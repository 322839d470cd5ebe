/**
 * The local Kubernetes by @kubernetes/client-node, as programs use it: objects, patches, a watch, an informer,
 * a log, a command beside a container, and what it throws.
 * Never here: what the API answers in depth (differential/).
 */
import { PassThrough } from 'node:stream';
import {
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  Log,
  makeInformer,
  PatchStrategy,
  type V1Status,
  VersionApi,
  Watch,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalCluster, startLocal } from '../../src/local/cluster';
import { findPrograms } from '../../src/local/programs';
import { until } from '../kit/until';

const SLOW_MS = 60_000;
const namespace = 'default';
const maps = '/api/v1/namespaces/default/configmaps';
const config = new KubeConfig();
let cluster: LocalCluster;
let core: CoreV1Api;

beforeAll(async () => {
  cluster = await startLocal({ programs: findPrograms(process.env), nodes: 1 });
  config.loadFromFile(cluster.kubeconfig);
  core = config.makeApiClient(CoreV1Api);
}, SLOW_MS);
afterAll(() => cluster?.stop(), SLOW_MS);

function collected(): { readonly into: PassThrough; readonly text: () => string } {
  const into = new PassThrough();
  let text = '';
  into.on('data', (chunk) => {
    text += chunk;
  });
  return { into, text: () => text };
}

test('says its version, and whether one may', async () => {
  const version = await config.makeApiClient(VersionApi).getCode();
  expect(version).toMatchObject({ major: '1', minor: '34' });
  const access = config.makeApiClient(AuthorizationV1Api);
  const resourceAttributes = { verb: 'create', resource: 'pods', namespace };
  const { status } = await access.createSelfSubjectAccessReview({
    body: { spec: { resourceAttributes } },
  });
  expect(status?.allowed).toBe(true);
});

test('objects are created, read, listed in pages, patched in two ways and deleted', async () => {
  for (const name of ['one', 'two'])
    await core.createNamespacedConfigMap({
      namespace,
      body: { metadata: { name, labels: { of: 'pages' } }, data: { a: '1' } },
    });
  const read = await core.readNamespacedConfigMap({ namespace, name: 'one' });
  expect(read.metadata?.creationTimestamp).toBeInstanceOf(Date);
  const labelSelector = 'of=pages';
  const first = await core.listNamespacedConfigMap({ namespace, labelSelector, limit: 1 });
  const rest = await core.listNamespacedConfigMap({
    namespace,
    labelSelector,
    limit: 1,
    _continue: first.metadata?._continue ?? '',
  });
  expect([...first.items, ...rest.items].map(({ metadata }) => metadata?.name)).toEqual([
    'one',
    'two',
  ]);
  const body = [{ op: 'replace', path: '/data/a', value: '2' }];
  const patched = await core.patchNamespacedConfigMap({ namespace, name: 'one', body });
  expect(patched.data).toEqual({ a: '2' });
  const objects = KubernetesObjectApi.makeApiClient(config);
  const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace } };
  const mine = { ...applied, data: { a: '3' } };
  const apply = (who: string, force: boolean) =>
    objects.patch(mine, undefined, undefined, who, force, PatchStrategy.ServerSideApply);
  await expect(apply('me', false)).rejects.toMatchObject({ code: 409 });
  expect(await apply('me', true)).toMatchObject({ data: { a: '3' } });
  for (const name of ['one', 'two']) await core.deleteNamespacedConfigMap({ namespace, name });
  await expect(core.readNamespacedConfigMap({ namespace, name: 'one' })).rejects.toMatchObject({
    code: 404,
  });
});

test('a watch tells what comes, and an informer what is there, comes and goes', async () => {
  const told: string[] = [];
  const watch = await new Watch(config).watch(
    maps,
    { allowWatchBookmarks: true },
    (phase, object) => told.push(`${phase} ${object.metadata.name}`),
    () => {},
  );
  const informer = makeInformer(config, maps, () => core.listNamespacedConfigMap({ namespace }));
  const seen: string[] = [];
  for (const what of ['add', 'update', 'delete'] as const)
    informer.on(what, ({ metadata }) => void seen.push(`${what} ${metadata?.name}`));
  await informer.start();
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'seen' } } });
  await until('both tell it', () => told.includes('ADDED seen') && seen.includes('add seen'));
  await core.deleteNamespacedConfigMap({ namespace, name: 'seen' });
  await until(
    'both tell its end',
    () => told.includes('DELETED seen') && seen.includes('delete seen'),
  );
  expect(seen.indexOf('add seen')).toBeLessThan(seen.indexOf('delete seen'));
  await informer.stop();
  watch.abort();
});

test(
  'a set is scaled; a pod has a log, and takes commands',
  async () => {
    const labels = { app: 'shop' };
    const command = ['sh', '-c', 'echo here I am; exec sleep 1000'];
    const apps = config.makeApiClient(AppsV1Api);
    await apps.createNamespacedStatefulSet({
      namespace,
      body: {
        metadata: { name: 'shop' },
        spec: {
          serviceName: 'shop',
          replicas: 1,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: 'main', image: 'valkey/valkey:8.0', command }] },
          },
        },
      },
    });
    const phase = async (name: string) =>
      (await core.readNamespacedPod({ namespace, name }).catch(() => undefined))?.status?.phase;
    await until('it runs', async () => (await phase('shop-0')) === 'Running', SLOW_MS);
    await until('it has spoken', async () => {
      const said = await core.readNamespacedPodLog({ namespace, name: 'shop-0' });
      return said === 'here I am\n';
    });
    const log = collected();
    // Until its end: what is followed can only be aborted, which the library throws at nobody.
    await new Log(config).log(namespace, 'shop-0', 'main', log.into, { tailLines: 5 });
    await until('its log', () => log.text() === 'here I am\n');
    const { into, text } = collected();
    const run = (...words: readonly string[]): Promise<V1Status> =>
      new Promise((resolve, reject) => {
        new Exec(config)
          .exec(namespace, 'shop-0', 'main', [...words], into, into, null, false, resolve)
          .catch(reject);
      });
    expect(await run('echo', 'beside it')).toMatchObject({ status: 'Success' });
    await until('its words', () => text() === 'beside it\n');
    expect(await run('sh', '-c', 'exit 7')).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '7' }] },
    });
    const scale = await apps.readNamespacedStatefulSetScale({ namespace, name: 'shop' });
    await apps.replaceNamespacedStatefulSetScale({
      namespace,
      name: 'shop',
      body: { ...scale, spec: { replicas: 2 } },
    });
    await until('a second one', async () => (await phase('shop-1')) === 'Running', SLOW_MS);
    const uid = async () =>
      (await core.readNamespacedPod({ namespace, name: 'shop-1' }).catch(() => undefined))?.metadata
        ?.uid;
    const before = await until('its uid', uid);
    const evicted = { metadata: { name: 'shop-1', namespace } };
    await core.createNamespacedPodEviction({ namespace, name: 'shop-1', body: evicted });
    await until('another one', async () => ![undefined, before].includes(await uid()), SLOW_MS);
  },
  SLOW_MS,
);

test('a custom kind is there for it as soon as it is defined', async () => {
  const group = 'x.test';
  const custom = config.makeApiClient(CustomObjectsApi);
  const place = { group, version: 'v1', namespace, plural: 'things' };
  await expect(custom.listNamespacedCustomObject(place)).rejects.toMatchObject({ code: 404 });
  const schema = {
    openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  };
  await KubernetesObjectApi.makeApiClient(config).create({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.x.test' },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  } as never);
  const body = { apiVersion: 'x.test/v1', kind: 'Thing', metadata: { name: 't' } };
  await custom.createNamespacedCustomObject({ ...place, body });
  expect(await custom.listNamespacedCustomObject(place)).toMatchObject({
    items: [{ kind: 'Thing', metadata: { name: 't' } }],
  });
});
