import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { utf8Bytes } from '../../src/kit/utf8';
import {
  type Bundle,
  bundleConfigMap,
  bundleName,
  fitsPlain,
} from '../../src/resources/operator/bundle';
import {
  NODE_IMAGE,
  OPERATOR_DEFAULTS,
  type OperatorOptions,
  type Program,
} from '../../src/resources/operator/options';
import { GRANTS } from '../../src/resources/operator/rbac';
import { operatorObjects, renderOperator } from '../../src/resources/operator/render';
import { formatObjects } from '../../src/runtime/cli/output';

const small: Bundle = {
  kind: 'plain',
  text: "console.log('hello', process.argv.slice(2).join(' '));\n",
};

test('renders what the golden file says, the definitions of the API aside', async () => {
  const [crd, ...objects] = renderOperator({ kind: 'bundle', bundle: small, image: NODE_IMAGE });
  expect(crd).toMatchObject({ kind: 'CustomResourceDefinition' });
  await expect(formatObjects(objects, 'yaml')).toMatchFileSnapshot('golden/operator.yaml');
});

test('the ConfigMap is named after its content: another program is another object', () => {
  const other: Bundle = { kind: 'plain', text: `${small.text} ` };
  expect(bundleName(small)).toBe(bundleName({ ...small }));
  expect(bundleName(other)).not.toBe(bundleName(small));
  expect(bundleConfigMap(small, 'default')).toMatchObject({ immutable: true });
});

test.each([
  { characters: 239_000, fits: true, why: 'with its envelope below 240 000 bytes' },
  { characters: 240_000, fits: false, why: 'the envelope takes it past' },
])('a program of $characters bytes fits plain: $fits ($why)', ({ characters, fits }) => {
  expect(fitsPlain('x'.repeat(characters))).toBe(fits);
});

test('quotes and new lines count as JSON writes them', () => {
  expect(fitsPlain('"'.repeat(130_000))).toBe(false);
  expect(utf8Bytes('aé€😀')).toEqual([...Buffer.from('aé€😀')]);
});

test('a packed program runs under node as a plain one does, with its arguments', () => {
  const packed: Bundle = {
    kind: 'gzip',
    base64: gzipSync('text' in small ? small.text : '').toString('base64'),
  };
  const map = bundleConfigMap(packed, 'default') as {
    data: Record<string, string>;
    binaryData: Record<string, string>;
  };
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-bundle-'));
  try {
    for (const [file, text] of Object.entries(map.data)) writeFileSync(join(folder, file), text);
    for (const [file, text] of Object.entries(map.binaryData))
      writeFileSync(join(folder, file), Buffer.from(text, 'base64'));
    const run = spawnSync(process.execPath, [join(folder, 'operator.mjs'), 'operator', '--x'], {
      env: { ...process.env, TMPDIR: folder },
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect({ out: run.stdout, err: run.stderr }).toEqual({ out: 'hello operator --x\n', err: '' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the operator may not run commands in pods, nor list Secrets', () => {
  const may = GRANTS.flatMap(({ resources, verbs }) =>
    resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
  );
  expect(may.filter((grant) => grant.includes('pods/') || grant.includes('*'))).toEqual([]);
  expect(may.filter((grant) => grant.endsWith(' secrets'))).toEqual([
    'get secrets',
    'create secrets',
    'patch secrets',
  ]);
});

const program: Program = { kind: 'bundle', bundle: small, image: NODE_IMAGE };
const objectsOf = (change: Partial<OperatorOptions>): readonly string[] =>
  operatorObjects(program, { ...OPERATOR_DEFAULTS, ...change }).map((object) => {
    const { kind, metadata } = object as {
      kind: string;
      metadata: { name: string; namespace?: string };
    };
    return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
  });

test.each([
  {
    change: {},
    has: 'Namespace /gungnir-system',
    not: 'NetworkPolicy gungnir-system/gungnir-operator',
    why: 'the defaults',
  },
  {
    change: { namespaceObject: 'absent' as const },
    has: 'ServiceAccount gungnir-system/gungnir-operator',
    not: 'Namespace /gungnir-system',
    why: 'the namespace is somebody else’s',
  },
  {
    change: { networkPolicy: 'rendered' as const },
    has: 'NetworkPolicy gungnir-system/gungnir-operator',
    not: 'PodMonitor gungnir-system/gungnir-operator',
    why: 'asked for',
  },
  {
    change: { podMonitor: 'rendered' as const },
    has: 'PodMonitor gungnir-system/gungnir-operator',
    not: 'NetworkPolicy gungnir-system/gungnir-operator',
    why: 'asked for',
  },
  {
    change: { replicas: 1 },
    has: 'Deployment gungnir-system/gungnir-operator',
    not: 'PodDisruptionBudget gungnir-system/gungnir-operator',
    why: 'a single operator must not block a drain',
  },
  {
    change: { namespace: 'ops' },
    has: 'Deployment ops/gungnir-operator',
    not: 'Namespace /gungnir-system',
    why: 'another namespace',
  },
])('$change: $has, not $not ($why)', ({ change, has, not }) => {
  const there = objectsOf(change);
  expect(there).toContain(has);
  expect(there).not.toContain(not);
});

test.each([
  { namespaces: ['shop'], flag: '"--namespace=shop"' },
  { namespaces: ['shop', 'bank'], flag: '"--namespace=shop,bank"' },
])(
  'an operator of $namespaces has rights there, and cluster-wide it only reads nodes',
  ({ namespaces, flag }) => {
    const objects = operatorObjects(program, {
      ...OPERATOR_DEFAULTS,
      scope: { kind: 'namespaces', namespaces },
    }) as readonly {
      kind: string;
      metadata: { namespace?: string };
      rules?: { resources: string[]; verbs: string[] }[];
    }[];
    const rulesOf = (kind: string, namespace: string | undefined) =>
      objects
        .filter((object) => object.kind === kind && object.metadata.namespace === namespace)
        .flatMap(({ rules = [] }) => rules.flatMap(({ resources }) => resources));
    expect(rulesOf('ClusterRole', undefined)).toEqual(['nodes']);
    const inside = GRANTS.flatMap(({ resources }) => resources).filter((one) => one !== 'nodes');
    for (const namespace of namespaces) expect(rulesOf('Role', namespace)).toEqual(inside);
    expect(rulesOf('Role', OPERATOR_DEFAULTS.namespace)).toEqual(['leases']);
    const places = objects
      .filter(({ kind }) => kind === 'RoleBinding')
      .map(({ metadata }) => metadata.namespace);
    expect(places).toEqual([OPERATOR_DEFAULTS.namespace, ...namespaces]);
    expect(JSON.stringify(objects)).toContain(flag);
  },
);

test('of two namespaces it is what the golden file says', async () => {
  const objects = operatorObjects(
    { kind: 'image', image: 'ours:1' },
    { ...OPERATOR_DEFAULTS, scope: { kind: 'namespaces', namespaces: ['shop', 'bank'] } },
  );
  await expect(formatObjects(objects, 'yaml')).toMatchFileSnapshot(
    'golden/operator-two-namespaces.yaml',
  );
});

test('an image of ours brings the program: no ConfigMap, no volume for it', () => {
  const objects = operatorObjects({ kind: 'image', image: 'ours:1' }, OPERATOR_DEFAULTS);
  const text = JSON.stringify(objects);
  expect(text).not.toContain('"ConfigMap"');
  expect(text).not.toContain('"program"');
  expect(text).toContain('"command":["gungnir","operator"]');
});
