/** The client's contract with a real API server: each call, and each refusal that a caller tells apart. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import type { Answer } from '../../../src/runtime/kube/answer';
import { createKubeClient, type KubeClient } from '../../../src/runtime/kube/client';
import type { WatchEvent } from '../../../src/runtime/kube/lines';
import { comparePlace } from '../../../src/runtime/kube/paths';
import { type ConfigMap, clusterWide, type Pod, resources } from '../../../src/runtime/kube/types';
import { freshNamespace, namespaces, realAccess, realClient } from './real';
import { refusal } from './support';

const { configMaps, pods, valkeyClusters } = resources;

function given<T>(answer: Answer<T>): T {
  if (answer.kind !== 'ok') throw new Error(JSON.stringify(answer));
  return answer.value;
}

describe('the contract of the client (real API server)', () => {
  let client: KubeClient;
  let namespace: string;

  beforeAll(async () => {
    client = await realClient();
    namespace = await freshNamespace(client);
  });
  afterAll(async () => {
    await client.remove(namespaces, { name: namespace });
    client.close();
  });

  const map = (name: string, data: Record<string, string> = {}, metadata: object = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...metadata, name, namespace },
    data,
  });
  const create = async (name: string): Promise<ConfigMap> =>
    given(await client.create(configMaps, map(name, { k: 'v' })));

  test('create, get, and the names of what goes wrong', async () => {
    const made = await create('one');
    expect(given(await client.get(configMaps, { namespace, name: 'one' }))).toEqual(made);
    expect((await client.create(configMaps, map('one'))).kind).toBe('alreadyExists');
    expect(refusal(await client.get(configMaps, { namespace, name: 'none' }))).toMatchObject({
      kind: 'notFound',
      status: { reason: 'NotFound' },
    });
    expect((await client.create(configMaps, map('Not A Name'))).kind).toBe('invalid');
  });

  test('a kind that is not installed is told apart from a missing object', async () => {
    const elsewhere = clusterWide('nobody.invalid/v1', 'Nothing', 'nothings');
    expect(refusal(await client.list(elsewhere, {}))).toMatchObject({
      kind: 'notFound',
      status: { reason: '' },
    });
    expect(['ok', 'notFound']).toContain((await client.list(valkeyClusters, {})).kind);
  });

  test('update is a compare-and-swap', async () => {
    const made = await create('cas');
    const { resourceVersion } = made.metadata;
    const next = given(
      await client.update(configMaps, map('cas', { k: '2' }, { resourceVersion })),
    );
    expect(next.metadata.resourceVersion).not.toBe(resourceVersion);
    expect(
      (await client.update(configMaps, map('cas', { k: '3' }, { resourceVersion }))).kind,
    ).toBe('conflict');
    expect(given(await client.get(configMaps, { namespace, name: 'cas' })).data).toEqual({
      k: '2',
    });
  });

  test('apply makes and changes; Strict refuses an unknown field; a dry run stores nothing', async () => {
    const at = { namespace, name: 'applied' };
    given(await client.apply(configMaps, map('applied', { a: '1' })));
    const again = given(await client.apply(configMaps, map('applied', { b: '2' })));
    expect(again.data).toEqual({ b: '2' });
    given(await client.apply(configMaps, map('applied', { c: '3' }), { dryRun: 'All' }));
    expect(given(await client.get(configMaps, at)).data).toEqual({ b: '2' });
    expect((await client.apply(configMaps, { ...map('applied'), dta: {} })).kind).toBe('invalid');
  });

  test('apply without force yields to the owner of a field, and says so', async () => {
    const other = { metadata: { annotations: { x: 'theirs' } } };
    await create('owned');
    const elsewhere = createKubeClient({ access: await realAccess() });
    given(
      await elsewhere.mergePatch(
        configMaps,
        { namespace, name: 'owned' },
        { ...other, data: { k: 'theirs' } },
      ),
    );
    elsewhere.close();
    // create and the patch above own `k` as Update; apply wants it.
    const wish = map('owned', { k: 'mine' });
    expect((await client.apply(configMaps, wish, { force: 'no' })).kind).toBe('conflict');
    expect(given(await client.apply(configMaps, wish)).data).toEqual({ k: 'mine' });
  });

  test('merge patch removes by null and can be a compare-and-swap; JSON patch tests', async () => {
    const made = await create('patched');
    const at = { namespace, name: 'patched' };
    const { resourceVersion } = made.metadata;
    const patch = { metadata: { resourceVersion }, data: { k: null, n: '1' } };
    expect(given(await client.mergePatch<ConfigMap>(configMaps, at, patch)).data).toEqual({
      n: '1',
    });
    expect((await client.mergePatch(configMaps, at, patch)).kind).toBe('conflict');
    const swap = (from: string) =>
      client.jsonPatch<ConfigMap>(configMaps, at, [
        { op: 'test', path: '/data/n', value: from },
        { op: 'replace', path: '/data/n', value: '2' },
      ]);
    expect(given(await swap('1')).data).toEqual({ n: '2' });
    expect((await swap('1')).kind).toBe('invalid');
  });

  test('the status subresource changes status and nothing else', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'unscheduled', namespace },
      spec: { schedulerName: 'nobody', containers: [{ name: 'c', image: 'none:1' }] },
    };
    given(await client.create(pods, pod));
    const at = { namespace, name: 'unscheduled' };
    const patch = { spec: { activeDeadlineSeconds: 5 }, status: { reason: 'Tested' } };
    const patched = given(await client.mergePatch<Pod>(pods, at, patch, { subresource: 'status' }));
    expect(patched.status?.reason).toBe('Tested');
    expect(patched.spec).not.toHaveProperty('activeDeadlineSeconds');
    const { resourceVersion } = patched.metadata;
    const updated = { ...patched, status: { ...patched.status, reason: 'Again' } };
    expect((await client.update(pods, updated, { subresource: 'status' })).kind).toBe('ok');
    expect(
      (
        await client.update(
          pods,
          { ...updated, metadata: { ...updated.metadata, resourceVersion } },
          { subresource: 'status' },
        )
      ).kind,
    ).toBe('conflict');
  });

  test('delete holds to its preconditions', async () => {
    const made = await create('doomed');
    const at = { namespace, name: 'doomed' };
    const { uid, resourceVersion } = made.metadata;
    expect(
      (await client.remove(configMaps, at, { uid: '00000000-0000-0000-0000-000000000000' })).kind,
    ).toBe('conflict');
    expect((await client.remove(configMaps, at, { uid, resourceVersion: '1' })).kind).toBe(
      'conflict',
    );
    expect((await client.remove(configMaps, at, { uid, resourceVersion })).kind).toBe('ok');
    expect((await client.remove(configMaps, at)).kind).toBe('notFound');
  });

  test('a grace period is passed on', async () => {
    const metadata = { name: 'graceful', namespace };
    const spec = { nodeName: 'no-such-node', containers: [{ name: 'c', image: 'none:1' }] };
    given(await client.create(pods, { apiVersion: 'v1', kind: 'Pod', metadata, spec }));
    given(await client.remove(pods, metadata, { gracePeriodSeconds: 7 }));
    const left = given(await client.get(pods, metadata));
    expect(left.metadata.deletionGracePeriodSeconds).toBe(7);
    given(await client.remove(pods, metadata, { gracePeriodSeconds: 0 }));
    expect((await client.get(pods, metadata)).kind).toBe('notFound');
  });

  test('lists come in pages of one state, with labels and fields selected', async () => {
    for (const name of ['p1', 'p2', 'p3', 'p4', 'p5']) {
      given(await client.create(configMaps, map(name, {}, { labels: { page: 'yes' } })));
    }
    const names = async (scope: object): Promise<string[]> =>
      given(await client.list(configMaps, { namespace, ...scope })).items.map(
        ({ metadata }) => metadata.name,
      );
    expect(await names({ labelSelector: 'page=yes' })).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
    expect(await names({ labelSelector: 'page=no' })).toEqual([]);
    expect(await names({ fieldSelector: 'metadata.name=p3' })).toEqual(['p3']);
  });

  test('who may not, and who is nobody', async () => {
    const access = await realAccess();
    const nobody = createKubeClient({
      access: {
        ...access,
        async credentials(age) {
          const real = await access.credentials(age);
          return { ...real, headers: { ...real.headers, 'impersonate-user': 'nobody' } };
        },
      },
    });
    const stranger = createKubeClient({
      access: {
        ...access,
        async credentials(age) {
          const { tls } = await access.credentials(age);
          const headers = { authorization: 'Bearer wrong' };
          return { headers, tls: { ...tls, cert: undefined, key: undefined } };
        },
      },
    });
    const forbidden = refusal(await nobody.list(pods, { namespace }));
    expect([forbidden.kind, forbidden.status.message]).toEqual([
      'forbidden',
      expect.stringContaining('cannot list resource "pods"'),
    ]);
    expect((await stranger.list(pods, { namespace })).kind).toBe('unauthorized');
    nobody.close();
    stranger.close();
  });

  test('a watch tells what happens, ends at its limit, and resumes', async () => {
    const { resourceVersion } = given(await client.list(configMaps, { namespace }));
    const seen: WatchEvent<ConfigMap>[] = [];
    const watching = client.watch(
      configMaps,
      {
        namespace,
        resourceVersion,
        serverSeconds: 6,
        graceMs: millis(3_000),
        openMs: millis(3_000),
      },
      { contact: () => {}, event: (event) => seen.push(event) },
    );
    await create('watched');
    given(
      await client.mergePatch(configMaps, { namespace, name: 'watched' }, { data: { k: 'ü' } }),
    );
    given(await client.remove(configMaps, { namespace, name: 'watched' }));
    expect(await watching).toEqual({ kind: 'ended' });
    expect(seen.filter(({ kind }) => kind !== 'bookmark').map(({ kind }) => kind)).toEqual([
      'added',
      'modified',
      'deleted',
    ]);
    const first = seen[0];
    if (first?.kind !== 'added') throw new Error('the first event is the addition');
    const again: string[] = [];
    const stop = new AbortController();
    await client.watch(
      configMaps,
      {
        namespace,
        resourceVersion: first.object.metadata.resourceVersion,
        serverSeconds: 30,
        graceMs: millis(1_000),
        openMs: millis(3_000),
        signal: stop.signal,
      },
      {
        contact: () => {},
        event: ({ kind }) => {
          again.push(kind);
          if (again.length === 2) stop.abort();
        },
      },
    );
    expect(again).toEqual(['modified', 'deleted']);
  }, 20_000);

  test('a watch of nothing of its own still has a bookmark when its kind changes elsewhere', async () => {
    const { resourceVersion } = given(await client.list(configMaps, { namespace }));
    const elsewhere = await freshNamespace(client);
    let bookmarks = 0;
    const call = {
      resourceVersion,
      serverSeconds: 6,
      graceMs: millis(3_000),
      openMs: millis(3_000),
    };
    const watching = [1, 2, 3, 4].map(() =>
      client.watch(
        configMaps,
        { namespace, ...call },
        {
          contact: () => {},
          event: ({ kind }) => {
            if (kind === 'bookmark') bookmarks += 1;
          },
        },
      ),
    );
    await delay(2_000);
    given(
      await client.create(configMaps, {
        ...map('there'),
        metadata: { name: 'there', namespace: elsewhere },
      }),
    );
    await Promise.all(watching);
    await client.remove(namespaces, { name: elsewhere });
    // Not each of them: the server promises none.
    expect(bookmarks).toBeGreaterThan(0);
  }, 30_000);

  test('a watch from the future hears nothing; the head tells that the server is behind it', async () => {
    const heard: string[] = [];
    const watching = client.watch(
      configMaps,
      {
        namespace,
        resourceVersion: '999999999',
        serverSeconds: 5,
        graceMs: millis(3_000),
        openMs: millis(3_000),
      },
      { contact: () => {}, event: ({ kind }) => heard.push(kind) },
    );
    await create('unheard');
    expect(await watching).toEqual({ kind: 'ended' });
    expect(heard).toEqual([]);
    const head = given(await client.head(configMaps, { namespace }));
    const listed = given(await client.list(configMaps, { namespace })).resourceVersion;
    expect([comparePlace(head, '999999999'), comparePlace(listed, head)]).toEqual([
      'behind',
      'present',
    ]);
  }, 15_000);

  test('the warm connection of the failover lane answers', async () => {
    expect(given(await client.warm())).toMatchObject({ major: '1' });
  });
});
