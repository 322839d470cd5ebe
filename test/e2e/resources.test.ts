/**
 * What is rendered, on a real Kubernetes: the forty definitions applied twice without a change, and pods, fenced, in a
 * `restricted` namespace. The operator's own objects run a stand-in program; no other operator is there meanwhile.
 * Found by GUNGNIR_TEST_KUBECONFIG; the operator's namespace is gone at the end.
 */
import { PassThrough } from 'node:stream';
import { Exec, KubeConfig } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/resources/kube-object';
import { bundleName } from '../../src/resources/operator/bundle';
import { NODE_IMAGE } from '../../src/resources/operator/options';
import { renderOperator } from '../../src/resources/operator/render';
import { render } from '../../src/resources/render';
import { secretData } from '../../src/resources/secret';
import type { ValkeyClusterDefinition } from '../../src/spec/definition';
import { type Answer, type ApiServer, apiServer, apply, pathOf, sync } from '../kit/api-server';
import { byCdk8s, type Synthesized } from '../kit/synthesized';
import { until } from '../kit/until';
import { definitions } from '../resources/definitions';
import { forty } from '../resources/forty';
import { noOperator, serveKind } from './ground';

const namespace = `gungnir-test-${process.pid}`;
let server: ApiServer;

beforeAll(async () => {
  server = await apiServer();
  await noOperator(server);
  await serveKind(server);
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  const made = await server.send('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels },
  });
  expect(made.status).toBe(201);
});

afterAll(async () => {
  await server.send('DELETE', `/api/v1/namespaces/${namespace}`);
});

interface Stored {
  /** A dry run of what is not there has no version. */
  readonly metadata: { readonly name: string; readonly resourceVersion?: string };
}

function pathOfObject({ apiVersion, kind, metadata }: Synthesized | KubeObject): string {
  return pathOf(apiVersion, kind, namespace, metadata.name);
}

async function synced(object: Synthesized, query = ''): Promise<Stored> {
  const answer = await sync(server, pathOfObject(object), object, query);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body as unknown as Stored;
}

async function applied(object: KubeObject): Promise<Stored> {
  const answer = await apply(server, pathOfObject(object), object);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body as unknown as Stored;
}

describe('the forty definitions, as Git holds them', () => {
  const sets = forty.map((definition) => ({
    name: definition.metadata.name,
    objects: byCdk8s({ ...definition, metadata: { ...definition.metadata, namespace } }).map(
      unscaled,
    ),
  }));
  const versions = new Map<string, readonly string[]>();

  beforeAll(async () => {
    for (const { objects } of sets) for (const object of objects) await synced(object);
    const still = await settled(sets.flatMap(({ objects }) => objects));
    let from = 0;
    for (const { name, objects } of sets) {
      versions.set(name, still.slice(from, from + objects.length));
      from += objects.length;
    }
  });

  test.each(sets)('$name: a second apply changes nothing', async ({ name, objects }) => {
    const second = await Promise.all(objects.map((object) => synced(object)));
    expect(second.map(versionOf)).toEqual(versions.get(name));
  });

  test.each(sets)('$name: a strict dry run under another name is accepted', async ({ objects }) => {
    for (const { metadata, ...rest } of objects) {
      const other = { ...rest, metadata: { ...metadata, name: `${metadata.name}-x` } };
      expect((await synced(other, '&dryRun=All')).metadata.name).toBe(other.metadata.name);
      expect((await server.send('GET', pathOfObject(other))).status).toBe(404);
    }
  });

  test.each(sets)('$name: the client Service leads nowhere', async ({ name }) => {
    const answer = await server.send('GET', pathOf('v1', 'Service', namespace, `${name}-client`));
    expect((answer.body.spec as Record<string, unknown>).selector).toBeUndefined();
  });

  test('a change would be seen', async () => {
    const { name, objects } = sets[0] ?? { name: '', objects: [] };
    const changed = objects.map(({ metadata, ...rest }) => ({
      ...rest,
      metadata: { ...metadata, annotations: { ...metadata.annotations, planted: 'yes' } },
    }));
    const after = await Promise.all(changed.map((object) => synced(object)));
    const before = versions.get(name) ?? [];
    expect(after.map(versionOf).filter((version) => before.includes(version))).toEqual([]);
  });
});

/** No pod: what they do is asked below, of one cluster. */
function unscaled(object: Synthesized): Synthesized {
  const { spec } = object as Synthesized & { readonly spec?: object };
  return object.kind === 'StatefulSet'
    ? ({ ...object, spec: { ...spec, replicas: 0 } } as Synthesized)
    : object;
}

const versionOf = ({ metadata }: Stored): string => metadata.resourceVersion ?? '';

/** As the operator does it, whose owner is there. */
test.each(Object.entries(definitions))(
  '%s with an owner is accepted in a dry run, and the owner is the only controlling one',
  async (_, definition) => {
    const name = `${definition.metadata.name}-y`;
    const uid = 'f47ac10b-58cc-4372-a567-0e02b2c3d479';
    for (const object of render({ ...definition, metadata: { name, namespace, uid } })) {
      const answer = await apply(server, pathOfObject(object), object, '&dryRun=All');
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      expect(answer.body.metadata).toMatchObject({
        ownerReferences: [{ controller: true, name }],
      });
    }
  },
);

/** Controllers write status after an apply; versions are read once they stand still. */
async function settled(objects: readonly Synthesized[]): Promise<readonly string[]> {
  let last = '';
  return until(
    'versions stand still',
    async () => {
      const versions: string[] = [];
      // One after the other: hundreds of handshakes at once are more than a busy server takes.
      for (const object of objects) {
        const { body } = await server.send('GET', pathOfObject(object));
        versions.push(versionOf(body as unknown as Stored));
      }
      const same = versions.join() === last;
      last = versions.join();
      return same ? versions : undefined;
    },
    20_000,
    1_000,
  );
}

test('pods run in a restricted namespace, wait for their Secret, and are fenced', async () => {
  const definition: ValkeyClusterDefinition = {
    metadata: { name: 'fenced', namespace },
    spec: {
      replicas: 2,
      image: 'valkey/valkey:8.0',
      persistence: { storageSize: '100Mi' },
      resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { memory: '128Mi' } },
    },
  };
  for (const object of render(definition)) await applied(object);
  await until(
    'pods wait for keys of the Secret',
    async () =>
      (await eventsOf('FailedMount')).some((text) => text.includes('non-existent secret key')),
    60_000,
    250,
  );
  const passwords = { client: `a "b' c`, operator: 'o', replication: 'r', probe: 'p' };
  const written = await server.send(
    'PATCH',
    pathOf('v1', 'Secret', namespace, 'fenced-secret'),
    { stringData: secretData('uid', passwords) },
    'application/merge-patch+json',
  );
  expect(written.status).toBe(200);
  await until(
    'both pods run',
    async () => {
      const pods = await server.send(
        'GET',
        `${pathOf('v1', 'Pod', namespace)}?labelSelector=valkey.verilean.io/cluster%3Dfenced`,
      );
      return podsOf(pods).filter(({ status }) => status.phase === 'Running').length === 2;
    },
    120_000,
    250,
  );
  for (const pod of ['fenced-0', 'fenced-1']) {
    const role = await until(
      'it answers',
      async () => {
        const out = await exec(pod, ['valkey-cli', 'ROLE']);
        return out.startsWith('slave') ? out : undefined;
      },
      30_000,
      250,
    );
    expect(role.split('\n').slice(0, 3)).toEqual(['slave', '127.0.0.1', '0']);
    expect(await exec(pod, ['valkey-cli', 'SET', 'a', '1'])).toMatch(/^READONLY/);
    expect(await exec(pod, ['valkey-cli', 'GET', 'a'])).toMatch(/^MASTERDOWN/);
  }
  const pods = podsOf(
    await server.send(
      'GET',
      `${pathOf('v1', 'Pod', namespace)}?labelSelector=valkey.verilean.io/cluster%3Dfenced`,
    ),
  );
  const ready = pods.flatMap(({ status }) =>
    status.conditions.filter(({ type }) => type === 'Ready'),
  );
  expect(ready.map(({ status }) => status)).toEqual(['False', 'False']);
});

test("the operator's objects are accepted and their pods run as nobody in a restricted namespace", async () => {
  const text =
    "import{createServer as c}from'node:http';c((q,r)=>r.end('ok')).listen(8080);process.on('SIGTERM',()=>process.exit(0));\n";
  const objects: readonly OperatorObject[] = JSON.parse(
    JSON.stringify(
      renderOperator({ kind: 'bundle', bundle: { kind: 'plain', text }, image: NODE_IMAGE }),
    ),
  );
  const paths = objects.map(({ apiVersion, kind, metadata }) =>
    pathOf(apiVersion, kind, metadata.namespace, metadata.name),
  );
  try {
    for (const [place, object] of objects.entries()) {
      const answer = await apply(server, paths[place] ?? '', object);
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    }
    const deployment = pathOf('apps/v1', 'Deployment', 'gungnir-system', 'gungnir-operator');
    await until(
      'two pods are ready',
      async () => {
        const { status } = (await server.send('GET', deployment)).body as {
          status?: { readyReplicas?: number };
        };
        return status?.readyReplicas === 2;
      },
      120_000,
      250,
    );
    const map = await server.send(
      'GET',
      pathOf('v1', 'ConfigMap', 'gungnir-system', bundleName({ kind: 'plain', text })),
    );
    expect(map.body).toMatchObject({ immutable: true });
  } finally {
    // The definitions stay: other tests use them.
    await noOperator(server);
  }
});

interface OperatorObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

interface Pod {
  readonly status: {
    readonly phase: string;
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
  };
}

function podsOf({ body }: Answer): readonly Pod[] {
  return (body as { readonly items?: readonly Pod[] }).items ?? [];
}

async function eventsOf(reason: string): Promise<readonly string[]> {
  const answer = await server.send(
    'GET',
    `/api/v1/namespaces/${namespace}/events?fieldSelector=reason%3D${reason}`,
  );
  const { items = [] } = answer.body as {
    readonly items?: readonly { readonly message: string }[];
  };
  return items.map(({ message }) => message);
}

/** What a command in the Valkey container prints. */
async function exec(pod: string, command: readonly string[]): Promise<string> {
  const config = new KubeConfig();
  config.loadFromFile(process.env.GUNGNIR_TEST_KUBECONFIG ?? '');
  const out = new PassThrough();
  const chunks: Buffer[] = [];
  out.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve, reject) => {
    new Exec(config)
      .exec(namespace, pod, 'valkey', [...command], out, out, null, false, () => resolve())
      .catch(reject);
  });
  return Buffer.concat(chunks).toString('utf8').trim();
}
