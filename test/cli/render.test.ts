import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { VALKEY_CLUSTER_CRD } from '../../src/spec/crds.generated';
import { run } from './fake-io';
import { golden } from './golden';

const good = readFileSync('examples/manifests/minimal.yaml', 'utf8');

test.each(['minimal', 'earlier-fields', 'production'])('renders the sample %s', async (sample) => {
  const { code, out, err } = await run(['render', `examples/manifests/${sample}.yaml`]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const kinds = parseAllDocuments(out).map((document) => document.get('kind'));
  expect(kinds).toEqual([
    'Secret',
    'ConfigMap',
    'Service',
    'Service',
    'Service',
    'PodDisruptionBudget',
    'StatefulSet',
  ]);
});

test('prints a List as JSON, the same objects', async () => {
  const yaml = await run(['render', 'a.yaml'], { 'a.yaml': good });
  const json = await run(['render', 'a.yaml', '--output', 'json'], { 'a.yaml': good });
  const { kind, items } = JSON.parse(json.out) as { kind: string; items: unknown[] };
  expect(kind).toBe('List');
  expect(items).toEqual(parseAllDocuments(yaml.out).map((document) => document.toJS()));
});

test('reads several documents, several files and the input; says what it leaves out', async () => {
  const other = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';
  const { code, out, err } = await run(['render', 'a.yaml', '-'], {
    'a.yaml': `${other}---\n${good}`,
    '-': good.replace('my-valkey', 'second'),
  });
  expect(code).toBe(0);
  expect(err).toBe('note: a.yaml: Namespace shop is not ours and is left out\n');
  const names = parseAllDocuments(out).map((document) => document.getIn(['metadata', 'name']));
  expect(names).toContain('my-valkey-client');
  expect(names).toContain('second-client');
});

test('a line that was left empty is no value, and renders as without it', async () => {
  const plain = await run(['render', 'a.yaml'], { 'a.yaml': good });
  const empty = await run(['render', 'a.yaml'], {
    'a.yaml': `${good}  resources:\n  scheduling:\n    affinity:\n  labels:\n`,
  });
  expect(empty).toEqual(plain);
});

const head =
  'apiVersion: valkey.verilean.io/v1\nkind: ValkeyCluster\nmetadata:\n  name: a\nspec:\n';
/** Nine times nine times nine ... of the same. */
const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
  .concat(
    [...'bcdefghij'].map((name, index) => {
      const before = `*${'abcdefghi'[index]}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => before).join(', ')}]`;
    }),
  )
  .join('\n');

describe.each([
  {
    why: 'a value too large',
    text: `${head}  replicas: 3\n  port: 70000\n`,
    told: [
      'a.yaml:7:3: spec.port: 70000: must be at most 65535. To fix: choose a whole number from 1 to 65535.',
    ],
  },
  {
    why: 'a misspelt field',
    text: `${head}  sentinel:\n    downAfter: 5000\n`,
    told: [
      'a.yaml:7:5: spec.sentinel.downAfter: 5000: is not a known field. To fix: did you mean `downAfterMs`.',
    ],
  },
  {
    why: 'what is missing is told where it should be',
    text: 'apiVersion: valkey.verilean.io/v1\nkind: ValkeyCluster\nmetadata:\n  labels: {}\nspec: {}\n',
    told: ['a.yaml:3:1: metadata.name: absent: is required. To fix: add name.'],
  },
  {
    why: 'all at once, also in later documents',
    text: `${head}  replicas: 0\n---\n${head}  port: 0\n`,
    told: ['a.yaml:6:3: spec.replicas: 0: ', 'a.yaml:13:3: spec.port: 0: '],
  },
  {
    why: 'a key with dots',
    text: `${head}  labels:\n    ok: x\n    valkey.verilean.io/role: x\n`,
    told: ['a.yaml:8:5: spec.labels[valkey.verilean.io/role]: "x": keys must not begin'],
  },
  {
    why: 'an item of a list',
    text: `${head}  scheduling:\n    tolerations:\n      - operator: Exists\n      - value: x\n`,
    told: ['a.yaml:9:9: spec.scheduling.tolerations[1].operator: absent: operator must be Exists'],
  },
  {
    why: 'what is not there yet, by its name',
    text: `${head}  tls: {enabled: true}\n`,
    told: [
      'a.yaml:6:9: spec.tls.enabled: true: spec.tls.enabled is not there yet in this version. To fix: leave it out or set it to false.',
    ],
  },
  {
    why: 'YAML 1.1, as kubectl reads it: y is true',
    text: `${head}  config:\n    activedefrag: yes\n`,
    told: [
      'a.yaml:7:5: spec.config.activedefrag: true: must be text. To fix: write it in quotes: "true".',
    ],
  },
  { why: 'no YAML', text: 'a: [1\n', told: ['a.yaml:2:1: not YAML: '] },
  {
    why: 'a key twice',
    text: `${head}  port: 1\n  port: 2\n`,
    told: ['a.yaml:7:3: not YAML: Map keys must be unique'],
  },
  {
    why: 'aliases that multiply without bound',
    text: bomb,
    told: ['a.yaml:1:1: not YAML: Excessive alias count'],
  },
  {
    why: 'an alias within its own anchor',
    text: good.replace('spec:', 'spec: &s').concat('  scheduling: *s\n'),
    told: [
      'a.yaml:1:1: not YAML: an alias stands within its own anchor, so it has no end. To fix: write',
    ],
  },
  {
    why: 'a set of YAML, which would be lost without a word',
    text: `${head}  config: !!set {maxclients}\n`,
    told: ['!!binary are nothing that Kubernetes has. To fix: write a plain map'],
  },
  {
    why: 'a field that every object of the language has',
    text: `${head}  constructor: 3\n`,
    told: ['a.yaml:6:3: spec.constructor: 3: is not a known field.'],
  },
  {
    why: 'a kind that comes later',
    text: good.replace('kind: ValkeyCluster', 'kind: ValkeyBackup'),
    told: [
      'kind: "ValkeyBackup": ValkeyBackup is not there yet in this version. To fix: remove this document.',
    ],
  },
  {
    why: 'a group that is nearly ours',
    text: good.replace('verilean.io/v1', 'verilean.io/v2'),
    told: ['apiVersion: "valkey.verilean.io/v2": must be valkey.verilean.io/v1.'],
  },
])('$why', ({ text, told }) => {
  test('is told with its place, exit code 3, and nothing is printed', async () => {
    const { code, out, err } = await run(['render', 'a.yaml'], { 'a.yaml': text });
    expect({ code, out }).toEqual({ code: 3, out: '' });
    for (const line of told) expect(err).toContain(line);
    expect(err.trim().split('\n')).toHaveLength(told.length + 1);
    expect(err).not.toMatch(/ {2}at /);
  });
});

test.each([
  { argv: ['render'], code: 2, says: 'ArgumentMissing', why: 'no file' },
  {
    argv: ['render', 'none.yaml'],
    code: 1,
    says: 'FileUnreadable: the file cannot be read (file=none.yaml because=ENOENT)',
    why: 'no such file',
  },
  { argv: ['render', 'empty.yaml'], code: 1, says: 'FileHasNoCluster', why: 'nothing in it' },
  {
    argv: ['render', 'a.yaml', '--output', 'xml'],
    code: 2,
    says: 'yaml or json',
    why: 'no such format',
  },
  {
    argv: ['render', 'a.yaml', '--outptu', 'json'],
    code: 2,
    says: 'nearest=--output',
    why: 'a misspelt flag',
  },
  { argv: ['render', '--operator'], code: 1, says: 'BundleMissing', why: 'not built' },
  {
    argv: ['render', 'a.yaml', '--operator'],
    code: 2,
    says: 'ArgumentUnexpected: a word stands where only flags may (word=a.yaml beside=--operator)',
    why: 'a file that would be ignored',
  },
])('$argv ends with $code ($why)', async ({ argv, code, says }) => {
  const result = await run(argv, { 'empty.yaml': '# nothing\n', 'a.yaml': good });
  expect({ code: result.code, out: result.out }).toEqual({ code, out: '' });
  expect(result.err).toContain(says);
  expect(result.err.trim().split('\n')).toHaveLength(1);
});

test.each([
  { size: 'small', text: 'x;'.repeat(10), binary: false },
  { size: 'too large for one ConfigMap', text: '// "\n'.repeat(90_000), binary: true },
])('render --operator with a program that is $size', async ({ text, binary }) => {
  const { code, out } = await run(
    ['render', '--operator', '--bundle', 'b.mjs', '--image', 'node:24'],
    { 'b.mjs': text },
  );
  expect(code).toBe(0);
  const objects = parseAllDocuments(out).map(
    (document) => document.toJS() as { kind: string; binaryData?: unknown; spec?: unknown },
  );
  expect(objects.map(({ kind }) => kind)).toEqual([
    'CustomResourceDefinition',
    'Namespace',
    'ServiceAccount',
    'ClusterRole',
    'ClusterRoleBinding',
    'Role',
    'RoleBinding',
    'ConfigMap',
    'Service',
    'PodDisruptionBudget',
    'Deployment',
  ]);
  expect(objects.some(({ binaryData }) => binaryData !== undefined)).toBe(binary);
  expect(JSON.stringify(objects.find(({ kind }) => kind === 'Deployment'))).toContain(
    '"image":"node:24"',
  );
});

test.each([
  { why: 'a file', words: ['a.yaml'], told: 'ArgumentUnexpected', fact: 'a.yaml' },
  { why: 'no image', words: ['--image', 'no de:24'], told: 'FlagValueInvalid', fact: '--image' },
])('render --operator takes no $why', async ({ words, told, fact }) => {
  const files = { 'a.yaml': good, 'b.mjs': 'x;' };
  const { code, out, err } = await run(
    ['render', '--operator', '--bundle', 'b.mjs', ...words],
    files,
  );
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(told);
  expect(err).toContain(fact);
});

test('an alias beside its anchor is only a shorter way to write it', async () => {
  const text = `${head}  nodeSelector: &n {a: b}\n  scheduling:\n    nodeSelector: *n\n`;
  const { err } = await run(['render', 'a.yaml'], { 'a.yaml': text });
  expect(err).not.toContain('anchor');
});

test('crds prints the definition, in YAML and in JSON', async () => {
  const yaml = await run(['crds']);
  const json = await run(['crds', '--output', 'json']);
  expect(parseAllDocuments(yaml.out).map((document) => document.toJS())).toEqual([
    VALKEY_CLUSTER_CRD,
  ]);
  expect(JSON.parse(json.out)).toEqual({
    apiVersion: 'v1',
    kind: 'List',
    items: [VALKEY_CLUSTER_CRD],
  });
});

test('problems in 80 columns, each with its place', async () => {
  const text = `${head}  port: 70000\n  sentinel:\n    downAfter: 5000\n`;
  await golden(
    'render-problems',
    await run(['render', 'a.yaml'], { 'a.yaml': text }, { env: {}, columns: 80 }),
  );
});

test('documents of nothing but comments are none', async () => {
  const files = { 'a.yaml': `${good}---\n# the end\n---\n` };
  const plain = await run(['render', 'a.yaml'], { 'a.yaml': good });
  expect(await run(['render', 'a.yaml'], files)).toEqual(plain);
  expect(plain.code).toBe(0);
});

/** As `kubectl get -o yaml` prints several. */
const listed = (spec: string): string =>
  `apiVersion: v1\nkind: List\nitems:\n- apiVersion: valkey.verilean.io/v1\n  kind: ValkeyCluster\n  metadata:\n    name: a\n  spec:\n    ${spec}\n- apiVersion: v1\n  kind: Namespace\n  metadata:\n    name: shop\n`;

test('the items of a List are read as documents are, a problem has its own line', async () => {
  const fine = await run(['render', 'a.yaml'], { 'a.yaml': listed('replicas: 3') });
  expect(fine.out).toContain('name: a-client');
  expect(fine.err).toBe('note: a.yaml: Namespace shop is not ours and is left out\n');
  const wrong = await run(['render', 'a.yaml'], { 'a.yaml': listed('port: 70000') });
  expect(wrong).toMatchObject({ code: 3, out: '' });
  expect(wrong.err).toContain('a.yaml:9:5: spec.port: 70000');
});

test('a cluster that is there twice would overwrite itself: nothing is rendered', async () => {
  const files = { 'a.yaml': good, 'b.yaml': good };
  const { code, out, err } = await run(['render', 'a.yaml', 'b.yaml'], files);
  expect({ code, out }).toEqual({ code: 3, out: '' });
  expect(err).toContain('b.yaml: ValkeyCluster my-valkey is there twice. To fix: leave one out.');
  const elsewhere = good.replace('name: my-valkey', 'name: my-valkey\n  namespace: other');
  const apart = await run(['render', 'a.yaml', 'b.yaml'], { ...files, 'b.yaml': elsewhere });
  expect(apart.code).toBe(0);
});

test.each([
  { count: 30, shown: 30, more: undefined, why: 'as many as are read' },
  { count: 31, shown: 30, more: 'and 1 more; mend these first', why: 'one more' },
  { count: 400, shown: 30, more: 'and 370 more; mend these first', why: 'far more' },
])('$count problems: $shown are told ($why)', async ({ count, shown, more }) => {
  const wrong = Array.from({ length: count }, (_, place) => `  wrong${place}: 1\n`).join('');
  const text = `${good.slice(0, good.indexOf('spec:'))}spec:\n${wrong}`;
  const { code, err } = await run(['render', 'a.yaml'], { 'a.yaml': text });
  expect(code).toBe(3);
  const [head = '', ...lines] = err.trim().split('\n');
  expect(head).toContain(`${count} problems, nothing is rendered`);
  expect(lines.filter((line) => line.startsWith('a.yaml:'))).toHaveLength(shown);
  expect(lines.slice(shown)).toEqual(more === undefined ? [] : [more]);
});

test('a file that opens 20000 lists is refused within seconds, in a few lines', async () => {
  const { code, err } = await run(['render', 'a.yaml'], { 'a.yaml': '["'.repeat(20_000) });
  expect(code).toBe(3);
  expect(err).toMatch(/not YAML: /);
  expect(err.trim().split('\n').length).toBeLessThan(35);
}, 20_000);
