import nodeCrypto from 'node:crypto';
import { ApiObject, type Chart, JsonPatch } from 'cdk8s';
import { Deployment, type ISecret } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { describe, expect, test, vi } from 'vitest';
import {
  ManagementMode,
  ValkeyCluster,
  type ValkeyClusterProps,
  ValkeyCrds,
  ValkeyOperator,
} from '../../src/index';
import { render } from '../../src/resources/render';
import { VALKEY_CLUSTER_CRD } from '../../src/spec/crds.generated';
import { plain, synth } from './synth';

const shop = { metadata: { name: 'shop' } };

describe('a ValkeyCluster', () => {
  test('is the definition as it was written, and nothing else', () => {
    expect(synth((chart) => new ValkeyCluster(chart, 'db', { ...shop, replicas: 5 }))).toEqual([
      {
        apiVersion: 'valkey.verilean.io/v1',
        kind: 'ValkeyCluster',
        metadata: { name: 'shop' },
        spec: { replicas: 5 },
      },
    ]);
  });

  test('without a name has one of its path; namespace and labels are the chart’s', () => {
    const [made] = synth((chart) => new ValkeyCluster(chart, 'db'), {
      namespace: 'prod',
      labels: { team: 'a' },
    });
    expect(made?.metadata).toMatchObject({ namespace: 'prod', labels: { team: 'a' } });
    expect(made?.metadata.name).toMatch(/^app-db-c[0-9a-f]{7}$/);
  });

  test('under a long path has a name that fits, of its own; a longer one that was given is told', () => {
    const deep = (id: string) => (chart: Chart) =>
      new ValkeyCluster(new Construct(chart, 'a-platform-with-a-long-name'), id);
    const [one] = synth(deep('orders-and-their-payments'));
    const [two] = synth(deep('orders-and-their-shipments'));
    expect(one?.metadata.name).toMatch(/^[a-z][-a-z0-9]{20,45}$/);
    expect(one?.metadata.name).toContain('orders-and-their-payments-c');
    expect(two?.metadata.name).not.toBe(one?.metadata.name);
    expect(synth(deep('orders-and-their-payments'))).toEqual([one]);
  });

  test('tells where it is: names of Services and Secret, keys, port, labels of its pods', () => {
    const seen: ValkeyCluster[] = [];
    const objects = synth((chart) => {
      const mode = ManagementMode.WORKLOAD;
      seen.push(new ValkeyCluster(chart, 'db', { ...shop, port: 7000, mode }));
    });
    const {
      name,
      clientServiceName,
      replicasServiceName,
      secretName,
      passwordKey,
      port,
      podLabels,
    } = seen[0] as ValkeyCluster;
    expect({ name, passwordKey, port }).toEqual({
      name: 'shop',
      passwordKey: 'password',
      port: 7000,
    });
    const made = (kind: string, called: string) =>
      objects.find((one) => one.kind === kind && one.metadata.name === called);
    expect(made('Secret', secretName)).toBeDefined();
    for (const service of [clientServiceName, replicasServiceName])
      expect(made('Service', service)?.spec).toMatchObject({ ports: [{ port }] });
    expect(made('StatefulSet', name)?.spec).toMatchObject({
      selector: { matchLabels: podLabels },
      template: { metadata: { labels: podLabels } },
    });
  });

  test('in workload mode each object is in the chart’s namespace, with its labels', () => {
    const objects = synth(
      (chart) => new ValkeyCluster(chart, 'db', { ...shop, mode: ManagementMode.WORKLOAD }),
      { namespace: 'prod', labels: { team: 'a' } },
    );
    expect(objects.length).toBeGreaterThan(6);
    for (const { metadata } of objects)
      expect(metadata).toMatchObject({ namespace: 'prod', labels: { team: 'a' } });
  });

  test('in workload mode brings what the one renderer makes, owned by Git', () => {
    const spec = { replicas: 3, persistence: { storageSize: '2Gi' } };
    const [cluster, ...objects] = synth(
      (chart) =>
        new ValkeyCluster(chart, 'db', { ...shop, ...spec, mode: ManagementMode.WORKLOAD }),
    );
    expect(cluster?.kind).toBe('ValkeyCluster');
    expect(objects).toEqual(plain(render({ metadata: { name: 'shop' }, spec })));
  });

  test('sets no field that the operator owns', () => {
    const objects = synth(
      (chart) => new ValkeyCluster(chart, 'db', { ...shop, mode: ManagementMode.WORKLOAD }),
    );
    const client = objects.find(({ metadata }) => metadata.name === 'shop-client');
    expect(client?.spec).not.toHaveProperty('selector');
    expect(client?.spec).not.toHaveProperty('clusterIP');
    expect(objects.filter((object) => 'status' in object)).toEqual([]);
    expect(JSON.stringify(objects)).not.toContain('valkey.verilean.io/role":"primary');
    expect(objects.find(({ kind }) => kind === 'Secret')).not.toHaveProperty('data');
  });

  test('can be patched like any ApiObject', () => {
    const [made] = synth((chart) => {
      const cluster = new ValkeyCluster(chart, 'db', shop);
      ApiObject.of(cluster).addJsonPatch(JsonPatch.add('/spec/paused', true));
    });
    expect(made?.spec).toEqual({ paused: true });
  });

  test('two synths are the same bytes', () => {
    const once = (): string =>
      JSON.stringify(
        synth((chart) => {
          new ValkeyOperator(chart, 'operator');
          new ValkeyCluster(chart, 'db', { mode: ManagementMode.WORKLOAD });
        }),
      );
    expect(once()).toBe(once());
  });
});

test('nothing is drawn by lot, and no clock is read', () => {
  const drawn = [
    vi.spyOn(Math, 'random'),
    vi.spyOn(Date, 'now'),
    vi.spyOn(crypto, 'getRandomValues'),
    vi.spyOn(crypto, 'randomUUID'),
    vi.spyOn(nodeCrypto, 'randomBytes'),
    vi.spyOn(nodeCrypto, 'randomUUID'),
    vi.spyOn(nodeCrypto, 'randomInt'),
  ];
  synth((chart) => {
    new ValkeyOperator(chart, 'operator');
    new ValkeyCluster(chart, 'db');
    new ValkeyCluster(chart, 'other', { mode: ManagementMode.WORKLOAD });
  });
  expect(drawn.map((one) => one.mock.calls.length)).toEqual(drawn.map(() => 0));
  nodeCrypto.randomBytes(1);
  expect(
    drawn.some((one) => one.mock.calls.length === 1),
    'it would be seen',
  ).toBe(true);
  vi.restoreAllMocks();
});

describe('a wrong definition', () => {
  const told = (props: ValkeyClusterProps): string => {
    try {
      synth((chart) => new ValkeyCluster(chart, 'db', props));
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  test('is told with all that is wrong, each with path, value and remedy', () => {
    const message = told({
      ...shop,
      replicas: 99,
      port: 0,
      sentinel: { downAfterMs: 50 },
      mode: ManagementMode.WORKLOAD,
    });
    for (const part of [
      '[app/db]',
      'spec.replicas: 99',
      'spec.port: 0',
      'downAfterMs: 50',
      'To fix:',
    ])
      expect(message).toContain(part);
  });

  test.each([
    { name: 'a'.repeat(46), says: '', why: 'the longest name' },
    { name: 'a'.repeat(47), says: 'at most 46', why: 'one more' },
    { name: 'Shop', says: 'metadata.name', why: 'capitals' },
    { name: '', says: 'metadata.name', why: 'nothing' },
  ])('the name $name: "$says" ($why)', ({ name, says }) => {
    const message = told({ metadata: { name } });
    if (says === '') expect(message).toBe('');
    else expect(message).toContain(says);
  });

  test.each([
    {
      props: { mode: 'workload' },
      says: 'mode: "workload": must be one of CUSTOM_RESOURCE, WORKLOAD',
    },
    { props: { replica: 3 }, says: 'spec.replica: 3: is not a known field. To fix: did you mean' },
    { props: { metadata: { namespace: 'Prod' } }, says: 'metadata.namespace: "Prod": must be' },
    {
      props: { metadata: { labels: { team: 'a b' } } },
      says: 'metadata.labels.team: "a b": must be',
    },
    {
      props: { mode: 'WORKLOAD', metadata: { namespace: 'prod', labels: { team: 'a' } } },
      says: '',
    },
  ])('of a program without types: $props', ({ props, says }) => {
    const message = told(props as ValkeyClusterProps);
    if (says === '') expect(message).toBe('');
    else expect(message).toContain(says);
  });
});

describe('the connection of an application', () => {
  test('is host, port and the password by reference, under names that may be chosen', () => {
    const objects = synth((chart) => {
      const { connection } = new ValkeyCluster(chart, 'db', { ...shop, port: 7000 });
      const web = new Deployment(chart, 'web', { containers: [{ image: 'web' }] });
      for (const container of web.containers)
        connection.addTo(container, { password: 'REDIS_PASSWORD' });
    });
    const env = JSON.stringify(objects.find(({ kind }) => kind === 'Deployment'));
    expect(env).toContain('{"name":"VALKEY_HOST","value":"shop-client"}');
    expect(env).toContain('{"name":"VALKEY_PORT","value":"7000"}');
    expect(env).toContain(
      '{"name":"REDIS_PASSWORD","valueFrom":{"secretKeyRef":{"key":"password","name":"shop-secret"}}}',
    );
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  test('lets pods out to the data pods and no further', () => {
    const objects = synth((chart) => {
      const { connection } = new ValkeyCluster(chart, 'db', shop);
      const web = new Deployment(chart, 'web', { containers: [{ image: 'web' }] });
      connection.allowFrom(web.connections);
    });
    const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies).toHaveLength(1);
    expect(policies[0]?.spec).toMatchObject({
      policyTypes: ['Egress'],
      egress: [
        {
          ports: [{ port: 6379, protocol: 'TCP' }],
          to: [
            {
              podSelector: { matchLabels: { app: 'valkey', 'valkey.verilean.io/cluster': 'shop' } },
            },
          ],
        },
      ],
    });
  });

  test('the Secret is one and the same reference', () => {
    const seen: ISecret[] = [];
    synth((chart) => {
      const { connection } = new ValkeyCluster(chart, 'db', shop);
      seen.push(connection.secret, connection.secret);
    });
    expect(seen[0]).toBe(seen[1]);
    expect(seen[0]?.name).toBe('shop-secret');
  });
});

test('the definitions of the kinds are the generated ones', () => {
  const made = (namespace: { namespace?: string }) =>
    synth((chart) => new ValkeyCrds(chart, 'crds'), namespace);
  expect(made({})).toEqual([plain(VALKEY_CLUSTER_CRD)]);
  expect(made({ namespace: 'prod' }), 'no namespace holds them').toEqual(made({}));
});

test('a hundred clusters are synthesized in one chart without a name twice', () => {
  const objects = synth((chart) => {
    for (let n = 0; n < 100; n += 1) new ValkeyCluster(chart, `db${n}`);
  });
  expect(new Set(objects.map(({ metadata }) => metadata.name)).size).toBe(100);
});
