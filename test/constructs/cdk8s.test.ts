import { ApiObject, App, Chart, type ChartProps, JsonPatch, Testing } from 'cdk8s';
import { Deployment, type ISecret } from 'cdk8s-plus-28';
import { describe, expect, test } from 'vitest';
import {
  LogLevel,
  ManagementMode,
  ValkeyCluster,
  type ValkeyClusterProps,
  ValkeyCrds,
  ValkeyOperator,
  type ValkeyOperatorProps,
} from '../../src/index';
import { NODE_IMAGE, OPERATOR_DEFAULTS } from '../../src/resources/operator/options';
import { operatorObjects } from '../../src/resources/operator/render';
import { render } from '../../src/resources/render';
import { VALKEY_CLUSTER_CRD } from '../../src/spec/crds.generated';

interface Made {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

function synth(fill: (chart: Chart) => void, props: ChartProps = {}): readonly Made[] {
  const chart = new Chart(new App(), 'app', props);
  fill(chart);
  return Testing.synth(chart) as Made[];
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
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
  ])('the name $name: "$says" ($why)', ({ name, says }) => {
    const message = told({ metadata: { name } });
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

describe('the operator', () => {
  const bundle = { kind: 'plain', text: '' } as const;
  const synthOperator = (props: ValkeyOperatorProps): readonly Made[] =>
    synth((chart) => new ValkeyOperator(chart, 'operator', props));

  test('by an image is what the one renderer makes', () => {
    expect(synthOperator({ image: 'ours:1' })).toEqual(
      plain(operatorObjects({ kind: 'image', image: 'ours:1' }, OPERATOR_DEFAULTS)),
    );
  });

  test('brings its program in an immutable ConfigMap under a stock image', () => {
    const objects = synthOperator({});
    const program = objects.find(({ kind }) => kind === 'ConfigMap');
    expect(program?.metadata.name).toMatch(/^gungnir-operator-bundle-[0-9a-f]{12}$/);
    expect(program).toMatchObject({ immutable: true });
    expect(JSON.stringify(objects.find(({ kind }) => kind === 'Deployment'))).toContain(NODE_IMAGE);
    const kinds = operatorObjects({ kind: 'bundle', bundle, image: NODE_IMAGE }, OPERATOR_DEFAULTS);
    expect(objects.map(({ kind }) => kind)).toEqual(
      kinds.map((object) => (object as unknown as Made).kind),
    );
  });

  test.each([
    { props: { logLevel: LogLevel.DEBUG }, has: '--log-level=debug', why: 'verbosity' },
    { props: { leaseDurationMs: 3000 }, has: '--renew-deadline-ms=2000', why: 'in proportion' },
    { props: { watchNamespace: 'shop' }, has: '--namespace=shop', why: 'one namespace' },
    { props: { flags: ['--retry-ms=99'] }, has: '--retry-ms=99', why: 'anything else' },
  ])('$props gives $has ($why)', ({ props, has }) => {
    expect(JSON.stringify(synthOperator({ image: 'x', ...props }))).toContain(has);
    expect(JSON.stringify(synthOperator({ image: 'x' }))).not.toContain(has);
  });

  test.each([
    { props: { replicas: 0 }, says: 'replicas: 0' },
    { props: { leaseDurationMs: 10 }, says: 'leaseDurationMs: 10' },
    { props: { bundlePath: 'nowhere.mjs' }, says: 'npm run bundle' },
  ])('$props is refused: $says', ({ props, says }) => {
    expect(() => synthOperator(props)).toThrow(says);
  });
});

test('the definitions of the kinds are the generated ones', () => {
  const [crd] = synth((chart) => new ValkeyCrds(chart, 'crds'));
  expect(crd).toEqual(plain(VALKEY_CLUSTER_CRD));
});

test('a hundred clusters are synthesized in one chart without a name twice', () => {
  const objects = synth((chart) => {
    for (let n = 0; n < 100; n += 1) new ValkeyCluster(chart, `db${n}`);
  });
  expect(new Set(objects.map(({ metadata }) => metadata.name)).size).toBe(100);
});
