/** The Pulumi components, offline: what they register, and what secrets and unknown values do to it. */
import * as pulumi from '@pulumi/pulumi';
import { describe, expect, test } from 'vitest';
import {
  ValkeyCluster,
  type ValkeyClusterArgs,
  ValkeyCrds,
  ValkeyOperator,
} from '../../src/constructs/pulumi';
import { optionsOf } from '../../src/resources/operator/choices';
import { operatorObjects } from '../../src/resources/operator/render';
import { VALKEY_CLUSTER_CRD } from '../../src/spec/crds.generated';
import { type Applier, applierOf } from '../kit/applier';
import { type Registered, ran, recorded, settledValue } from '../kit/pulumi-mocks';
import { byCdk8s } from '../kit/synthesized';
import { forty } from '../resources/forty';

const objectsOf = (seen: readonly Registered[]): readonly Registered[] =>
  seen.filter(({ type }) => type.startsWith('kubernetes:'));
const inputsOf = (seen: readonly Registered[]) => objectsOf(seen).map(({ inputs }) => inputs);
const kindOf = (seen: readonly Registered[], kind: string) =>
  inputsOf(seen).filter((inputs) => inputs.kind === kind);

/** Without what is said to Pulumi alone. */
function plain(inputs: unknown): unknown {
  return JSON.parse(
    JSON.stringify(inputs, (key, value) => (key.startsWith('pulumi.com/') ? undefined : value)),
  );
}

const sorted = (objects: readonly unknown[]): readonly string[] =>
  objects.map((object) => JSON.stringify(sortedKeys(object))).sort();

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortedKeys(inner)]));
}

const workload = { mode: 'WORKLOAD', awaitReady: false } as const;

describe.each(forty)('$metadata.name: $spec', ({ metadata, spec }) => {
  test('Pulumi registers what cdk8s synthesizes, and a second apply changes nothing', async () => {
    const place = { ...metadata, namespace: 'default' };
    const seen = await recorded(() => {
      new ValkeyCluster('db', { ...spec, ...workload, metadata: place } as ValkeyClusterArgs);
    });
    const inputs = inputsOf(seen);
    expect(sorted(inputs.map(plain))).toEqual(sorted(byCdk8s({ metadata: place, spec })));
    const applier = applierOf(6);
    await applier.define(VALKEY_CLUSTER_CRD);
    const given = inputs as unknown as readonly Parameters<typeof applier.apply>[0][];
    const first = given.map((one) => applier.apply(one));
    expect(given.map((one) => applier.apply(one))).toEqual(first);
  });
});

/** Each value an Output of its own, or each list and map one with Outputs in it. */
function later(value: unknown, depth: 'leaves' | 'structs'): unknown {
  if (typeof value !== 'object' || value === null) return pulumi.output(value);
  const inner = Array.isArray(value)
    ? value.map((item) => later(item, depth))
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, later(item, depth)]));
  return depth === 'structs' ? pulumi.output(inner) : inner;
}

test.each(
  (['leaves', 'structs'] as const).flatMap((depth) =>
    forty.map(({ metadata, spec }) => ({ name: metadata.name, metadata, spec, depth })),
  ),
)('$name gives the same objects when its $depth come later', async ({ metadata, spec, depth }) => {
  const fields = Object.entries(spec).map(([key, value]) => [key, later(value, depth)]);
  const args = { ...Object.fromEntries(fields), ...workload, metadata } as ValkeyClusterArgs;
  const seen = await recorded(() => void new ValkeyCluster('db', args));
  expect(sorted(inputsOf(seen).map(plain))).toEqual(sorted(byCdk8s({ metadata, spec })));
});

describe('a secret', () => {
  test('makes the fields secret that hold it, and no other', async () => {
    const seen = await recorded(() => {
      new ValkeyCluster('db', { ...workload, config: { maxclients: pulumi.secret('777') } });
    });
    const [config] = kindOf(seen, 'ConfigMap');
    expect(JSON.stringify(config)).toMatch(/"valkey.conf":\{"\$secret":"[^}]*maxclients/);
    const others = inputsOf(seen).filter(
      ({ kind }) => kind !== 'ConfigMap' && kind !== 'ValkeyCluster',
    );
    expect(others.length).toBeGreaterThan(4);
    expect(JSON.stringify(others)).not.toContain('"$secret":');
    const [own] = kindOf(seen, 'ValkeyCluster');
    expect(own?.spec).toEqual({ config: { maxclients: { $secret: '777' } } });
  });

  test('that is a whole struct stays where the struct is used', async () => {
    const seen = await recorded(() => {
      const resources = pulumi.secret({ limits: { memory: '1Gi' } });
      new ValkeyCluster('db', { ...workload, resources });
    });
    const [set] = kindOf(seen, 'StatefulSet') as unknown as readonly [
      { spec: { replicas: unknown } },
    ];
    expect(JSON.stringify(set)).toContain('{"$secret":');
    expect(set.spec.replicas).toBe(3);
    expect(JSON.stringify(kindOf(seen, 'Service'))).not.toContain('"$secret":');
  });
});

describe('a value that a preview does not know', () => {
  const later = <Value>(): pulumi.Output<Value> =>
    pulumi.output(pulumi.unknown) as unknown as pulumi.Output<Value>;

  test('blocks the fields that are made of it, and no other', async () => {
    const seen = await recorded(() => {
      new ValkeyCluster('db', { ...workload, image: later<string>() });
    }, 'preview');
    const [set] = kindOf(seen, 'StatefulSet') as unknown as readonly [
      { spec: { replicas: number; template: { spec: { containers: { image: unknown }[] } } } },
    ];
    expect(set.spec.template.spec.containers[0]?.image).toEqual({ $unknown: true });
    expect(set.spec.replicas).toBe(3);
    const rest = inputsOf(seen).filter(
      ({ kind }) => !['StatefulSet', 'ValkeyCluster'].includes(String(kind)),
    );
    expect(JSON.stringify(rest)).not.toContain('"$unknown":');
  });

  test('does not hide what is wrong with the others', async () => {
    const program = (args: ValkeyClusterArgs) => () =>
      recorded(() => void new ValkeyCluster('db', args), 'preview');
    await expect(program({ image: later<string>(), port: 0 })()).rejects.toThrow(/port: 0/);
    await expect(program({ image: later<string>(), port: 1 })()).resolves.toBeDefined();
  });
});

describe('wrong inputs', () => {
  test('are told all at once, with path, value and remedy, before anything is created', async () => {
    const args = { replicas: 99, port: 0, ...workload };
    const { seen, errors } = await ran(() => void new ValkeyCluster('db', args));
    expect(errors[0]?.message).toMatch(/replicas: 99[\s\S]*To fix[\s\S]*port: 0/);
    expect(errors).toHaveLength(1);
    expect(seen.map(({ type }) => type)).toEqual(['pulumi:pulumi:Stack']);
    const { seen: fine } = await ran(() => void new ValkeyCluster('db', workload));
    expect(objectsOf(fine).length).toBeGreaterThan(6);
  });

  test('are input failures with the path of each, for programs in other languages', async () => {
    const { errors } = await ran(() => void new ValkeyCluster('db', { replicas: 99, port: 0 }));
    const [error] = errors as readonly (Error & { readonly errors?: readonly object[] })[];
    expect(pulumi.InputPropertiesError.isInstance(error)).toBe(true);
    expect(error?.errors).toMatchObject([{ propertyPath: 'replicas' }, { propertyPath: 'port' }]);
    expect(error?.stack).toBe(error?.message);
  });

  test('that come out of an Output are told too, and nothing is created', async () => {
    const program = (replicas: number) => () =>
      void new ValkeyCluster('db', { ...workload, replicas: pulumi.output(replicas) });
    const { seen, errors } = await ran(program(99));
    expect(new Set(errors.map(({ message }) => /replicas: 99/.exec(message)?.[0]))).toEqual(
      new Set(['replicas: 99']),
    );
    expect(objectsOf(seen)).toEqual([]);
    expect(kindOf(await recorded(program(5)), 'ValkeyCluster')[0]?.spec).toEqual({ replicas: 5 });
  });

  test('an Output where a value decides which resources there are', async () => {
    const mode = pulumi.output('WORKLOAD') as unknown as 'WORKLOAD';
    const { seen, errors } = await ran(() => void new ValkeyCluster('db', { mode }));
    expect(errors[0]?.message).toMatch(/mode: an Output: must be known/);
    expect(objectsOf(seen)).toEqual([]);
  });

  test('of the operator', async () => {
    const args = { image: 'x', replicas: 9, logLevel: 'loud', replica: 2, flags: ['--retry-m=9'] };
    const { seen, errors } = await ran(() => void new ValkeyOperator('op', args));
    const [error] = errors as readonly (Error & { readonly errors?: readonly object[] })[];
    expect(error?.errors).toMatchObject(
      ['replicas', 'logLevel', 'replica', 'flags[0]'].map((propertyPath) => ({ propertyPath })),
    );
    expect(error?.message).toMatch(/replicas: 9: must be at most 8. To fix: /);
    expect(objectsOf(seen)).toEqual([]);
  });

  test('of the operator, whatever is to come of an Output', async () => {
    const [flags, namespace] = [pulumi.output(['--retry-ms=9']), pulumi.output('ops')];
    const program = (replicas: number) => () =>
      void new ValkeyOperator('op', { image: 'x', replicas, flags, namespace });
    const { errors } = await ran(program(9));
    expect(errors[0]?.message).toMatch(/^ValkeyOperator op: replicas: 9: [^\n]*$/);
    expect((await ran(program(2))).errors).toEqual([]);
    const late = await ran(() => {
      new ValkeyOperator('op', { image: 'x', namespace: pulumi.output('Ops') });
    });
    expect(late.errors[0]?.message).toMatch(/namespace: "Ops"/);
    expect(objectsOf(late.seen)).toEqual([]);
  });
});

test('labels of the ValkeyCluster itself may come later, alone or all at once', async () => {
  const labels = { team: 'orders' };
  const seen = await recorded(() => {
    new ValkeyCluster('a', { metadata: { labels: { team: pulumi.output('orders') } } });
    new ValkeyCluster('b', { metadata: { labels: pulumi.output(labels) } });
  });
  const found = kindOf(seen, 'ValkeyCluster').map(({ metadata }) => metadata);
  expect(found).toMatchObject([{ labels }, { labels }]);
});

test('outputs are host, port, the Secret’s name, and the url as a secret', async () => {
  let cluster: ValkeyCluster | undefined;
  await recorded(() => {
    cluster = new ValkeyCluster('shop', { port: 7000, metadata: { namespace: 'prod' } });
  });
  if (cluster?.url === undefined) throw new Error('no cluster');
  expect(await settledValue(cluster.clientHost)).toBe('shop-client.prod.svc');
  expect(await settledValue(cluster.port)).toBe(7000);
  expect(await settledValue(cluster.secretName)).toBe('shop-secret');
  expect(await settledValue(cluster.url)).toBe('redis://:p%40ss@shop-client.prod.svc:7000');
  expect(await pulumi.isSecret(cluster.url)).toBe(true);
  expect(await pulumi.isSecret(cluster.clientHost)).toBe(false);
});

test('protect, dependsOn and aliases reach what is made', async () => {
  const seen = await recorded(() => {
    const crds = new ValkeyCrds('crds');
    new ValkeyCluster('db', workload, {
      protect: true,
      dependsOn: [crds],
      aliases: [{ name: 'old' }],
    });
  });
  const made = objectsOf(seen).filter(({ name }) => name.startsWith('db'));
  expect(made.length).toBeGreaterThan(6);
  expect(made.map(({ protect }) => protect)).toEqual(made.map(() => true));
  for (const { dependsOn } of made)
    expect(dependsOn.join()).toMatch(/ValkeyCrds|CustomResourceDefinition/);
  expect(seen.find(({ type }) => type === 'gungnir:index:ValkeyCluster')?.aliases).toContain('old');
  expect(made.at(-1)?.inputs.kind).toBe('ValkeyCluster');
});

test('protect and dependsOn reach what the operator and the definitions are made of', async () => {
  const seen = await recorded(() => {
    const crds = new ValkeyCrds('crds', {}, { protect: true });
    new ValkeyOperator('op', { image: 'ours:1' }, { dependsOn: [crds] });
  });
  const [crd, ...made] = objectsOf(seen);
  expect(crd).toMatchObject({ protect: true, dependsOn: [] });
  expect(made.length).toBeGreaterThan(6);
  expect(made.map(({ protect }) => protect)).toEqual(made.map(() => false));
  for (const { dependsOn } of made)
    expect(dependsOn.join()).toMatch(/ValkeyCrds|CustomResourceDefinition/);
});

test('all that a program with each component registers is accepted, and a second apply changes nothing', async () => {
  const seen = await recorded(() => {
    const crds = new ValkeyCrds('crds');
    const operator = new ValkeyOperator('op', { networkPolicy: true }, { dependsOn: [crds] });
    const metadata = { namespace: 'default' };
    new ValkeyCluster('shop', { replicas: 3, metadata }, { dependsOn: [operator] });
  });
  const given = inputsOf(seen) as unknown as readonly Parameters<Applier['apply']>[0][];
  const kinds = given.map(({ kind }) => kind);
  for (const kind of ['CustomResourceDefinition', 'Deployment', 'ConfigMap', 'ValkeyCluster'])
    expect(kinds).toContain(kind);
  const applier = applierOf(6);
  await applier.define(VALKEY_CLUSTER_CRD);
  // As the engine does, which waits for what others depend on.
  const first = [...given].sort((a, b) => orderOf(a.kind) - orderOf(b.kind));
  const made = first.map((one) => applier.apply(one));
  expect(first.map((one) => applier.apply(one))).toEqual(made);
  const changed = first.map((one) => applier.apply(labelled(one)));
  for (const [place, one] of changed.entries()) expect(one).not.toEqual(made[place]);
});

const orderOf = (kind: string): number => (kind === 'Namespace' ? 0 : 1);

function labelled<Given extends { readonly metadata: object }>(object: Given): Given {
  const { labels } = object.metadata as { readonly labels?: object };
  return { ...object, metadata: { ...object.metadata, labels: { ...labels, planted: 'yes' } } };
}

test('the definitions are the generated ones', async () => {
  const seen = await recorded(() => void new ValkeyCrds('crds'));
  expect(inputsOf(seen)).toEqual([JSON.parse(JSON.stringify(VALKEY_CLUSTER_CRD))]);
});

test.each([
  { why: 'the defaults', args: {} },
  { why: 'one pod: no budget', args: { replicas: 1 } },
  {
    why: 'all at once',
    args: {
      watchNamespaces: ['shop', 'bank'],
      podMonitor: true,
      networkPolicy: true,
      leaseDurationMs: 3000,
    },
  },
])('the operator is what the one renderer makes: $why', async ({ args }) => {
  const seen = await recorded(() => void new ValkeyOperator('op', { image: 'ours:1', ...args }));
  const wanted = operatorObjects({ kind: 'image', image: 'ours:1' }, optionsOf(args));
  expect(sorted(inputsOf(seen))).toEqual(sorted(JSON.parse(JSON.stringify(wanted))));
});

test('a watched namespace that comes later blocks what is in it, and the flag', async () => {
  const watchNamespaces = [pulumi.secret('shop'), 'bank'];
  const seen = await recorded(
    () => void new ValkeyOperator('op', { image: 'ours:1', watchNamespaces }),
  );
  // Its Role, its RoleBinding, and the command of the Deployment.
  expect(JSON.stringify(inputsOf(seen)).match(/\{"\$secret":/g)).toHaveLength(3);
});

test('how many namespaces it watches is known when the program runs', async () => {
  const watchNamespaces = pulumi.output(['shop']) as unknown as string[];
  await expect(
    recorded(() => void new ValkeyOperator('op', { image: 'ours:1', watchNamespaces })),
  ).rejects.toThrow('watchNamespaces: an Output: must be known when the program runs');
});

test('an image that comes later blocks nothing but the Deployment’s image', async () => {
  const seen = await recorded(
    () => void new ValkeyOperator('op', { image: pulumi.secret('ours:1') }),
  );
  expect(JSON.stringify(inputsOf(seen)).match(/\{"\$secret":/g)).toHaveLength(1);
});
