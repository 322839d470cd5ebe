/**
 * The chart says the same as the construct. Helm renders it where there is one; where there is none that
 * is said aloud, and the values and their schema are held alone.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App, Chart, Testing } from 'cdk8s';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { CHART } from '../../build-tools/chart/chart';
import { filesWithProgram, generatedFiles } from '../../build-tools/generate';
import { notRun, optionalTool } from '../../build-tools/optional-tool';
import { ValkeyCrds, ValkeyOperator, type ValkeyOperatorProps } from '../../src/index';

const helm = optionalTool('helm');
if (helm === undefined) console.warn(notRun('helm', 'the chart rendered by Helm'));

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-chart-'));
  const files = [...generatedFiles(), ...filesWithProgram()];
  for (const [path, text] of files.filter(([name]) => name.startsWith(CHART))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

type Values = Readonly<Record<string, unknown>>;

// Helm lays a map over the default one, key by key.
const big = { cpu: '1', memory: '1Gi' };

const good: readonly { readonly why: string; readonly values: Values }[] = [
  { why: 'the defaults', values: {} },
  { why: 'an image of ours, and so no ConfigMap', values: { image: 'ours:1' } },
  { why: 'another Node.js', values: { nodeImage: 'example.com/node:24' } },
  { why: 'one namespace', values: { watchNamespaces: ['shop'] } },
  { why: 'two, one of them its own', values: { watchNamespaces: ['shop', 'ops'] } },
  { why: 'one pod, and so no budget', values: { replicas: 1 } },
  { why: 'the most pods', values: { replicas: 8 } },
  { why: 'resources', values: { resources: { requests: big, limits: big } } },
  { why: 'verbosity', values: { logLevel: 'debug' } },
  { why: 'a lease that divides', values: { leaseDurationMs: 3_000 } },
  { why: 'one that does not', values: { leaseDurationMs: 7_777 } },
  { why: 'the longest one, no number of floating point', values: { leaseDurationMs: 600_000 } },
  {
    why: 'flags with what YAML would read',
    values: { flags: ['--lease-name="a: b"', '--retry-ms={{ 1 }}', '--allow-failpoints'] },
  },
  { why: 'a NetworkPolicy', values: { networkPolicy: true } },
  { why: 'a PodMonitor', values: { podMonitor: true } },
  {
    why: 'all at once',
    values: {
      image: 'ours:2',
      watchNamespaces: ['shop', 'bank'],
      replicas: 3,
      logLevel: 'warn',
      leaseDurationMs: 1_000,
      flags: ['--retry-ms=50'],
      networkPolicy: true,
      podMonitor: true,
    },
  },
];

const wrong: readonly { readonly values: Values; readonly says: string }[] = [
  { values: { replicas: 0 }, says: 'replicas' },
  { values: { replicas: 9 }, says: 'replicas' },
  { values: { replicas: 2.5 }, says: 'replicas' },
  { values: { logLevel: 'loud' }, says: 'logLevel' },
  { values: { leaseDurationMs: 999 }, says: 'leaseDurationMs' },
  { values: { watchNamespaces: 'shop' }, says: 'watchNamespaces' },
  { values: { watchNamespaces: ['shop', 'Bank'] }, says: 'watchNamespaces' },
  { values: { watchNamespaces: ['shop', ''] }, says: 'watchNamespaces' },
  { values: { flags: '--x' }, says: 'flags' },
  { values: { flags: ['--retry-m=9'] }, says: 'flags' },
  { values: { flags: ['--retry-ms'] }, says: 'flags' },
  { values: { flags: ['--namespace=shop'] }, says: 'flags' },
  { values: { nodeImage: '' }, says: 'nodeImage' },
  { values: { networkPolicy: 'yes' }, says: 'networkPolicy' },
  { values: { resources: { request: {} } }, says: 'request' },
  { values: { replica: 2 }, says: 'replica' },
];

describe('the schema of the values', () => {
  const file = (name: string): string => generatedFiles().get(`${CHART}/${name}`) ?? '';
  const schema = z.fromJSONSchema(JSON.parse(file('values.schema.json')));
  const defaults = parse(file('values.yaml')) as Values;

  test.each(good)('takes $why', ({ values }) => {
    expect(schema.safeParse({ ...defaults, ...values }).error).toBeUndefined();
  });

  test.each(wrong)('refuses $values', ({ values, says }) => {
    const { error } = schema.safeParse({ ...defaults, ...values });
    expect(JSON.stringify(error?.issues)).toContain(says);
  });

  test('has the defaults of values.yaml, and a word for each', () => {
    const { properties } = JSON.parse(file('values.schema.json')) as {
      properties: Record<string, { default?: unknown; description?: string }>;
    };
    const { global: _, ...own } = properties;
    expect(
      Object.fromEntries(Object.entries(own).map(([name, one]) => [name, one.default])),
    ).toEqual(defaults);
    expect(Object.values(own).filter(({ description = '' }) => description === '')).toEqual([]);
  });
});

/** Helm's words when it refuses. */
function template(
  helmPath: string,
  values: Values,
  version = ['--kube-version', '1.34.0'],
): { out: string; err: string; code: number | null } {
  const args = [
    'template',
    'it',
    join(folder, CHART),
    '-n',
    'ops',
    '--include-crds',
    ...version,
    '-f',
    '-',
  ];
  const run = spawnSync(helmPath, args, { input: JSON.stringify(values), encoding: 'utf8' });
  return { out: run.stdout, err: run.stderr, code: run.status };
}

interface Named {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string; readonly name: string };
}

const sorted = (objects: readonly Named[]): readonly Named[] =>
  [...objects].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
const keyOf = ({ kind, metadata }: Named): string =>
  [kind, metadata.namespace ?? '', metadata.name].join('/');

function byConstructs(values: Values): readonly Named[] {
  const chart = new Chart(new App(), 'app');
  new ValkeyCrds(chart, 'crds');
  const props = values as ValkeyOperatorProps;
  new ValkeyOperator(chart, 'operator', { ...props, namespace: 'ops', createNamespace: false });
  return Testing.synth(chart) as Named[];
}

if (helm !== undefined) {
  describe('the chart, rendered by Helm', () => {
    test.each(good)('is what the construct makes: $why', ({ values }) => {
      const { out, err } = template(helm, values);
      expect(err).toBe('');
      const made = parseAllDocuments(out).flatMap((one) => (one.toJS() as Named | null) ?? []);
      expect(sorted(made)).toEqual(sorted(byConstructs(values)));
    });

    test.each(wrong)('is refused with $values', ({ values, says }) => {
      const { err, code } = template(helm, values);
      expect(code).not.toBe(0);
      expect(err).toContain(says);
    });

    test.each([
      { version: '1.27.9', fits: false },
      { version: '1.28.0', fits: true },
      // As clouds name theirs.
      { version: '1.28.3-gke.100', fits: true },
      { version: '1.35.0', fits: true },
    ])('a Kubernetes $version: $fits', ({ version, fits }) => {
      const { code, err } = template(helm, { image: 'ours:1' }, ['--kube-version', version]);
      expect(code === 0, err).toBe(fits);
      if (!fits)
        expect(err).toMatch(/needs Kubernetes 1.28 or later.*v1.27.9. To fix: .*--kube-version/);
    });

    test('without a cluster and without a version it renders, or says to name one', () => {
      const { code, err } = template(helm, { image: 'ours:1' }, []);
      expect(code === 0 || err.includes('name yours with --kube-version'), err).toBe(true);
    });

    test('passes its linter', () => {
      const run = spawnSync(helm, ['lint', '--strict', join(folder, CHART)], { encoding: 'utf8' });
      expect(run.stdout).toContain('1 chart(s) linted, 0 chart(s) failed');
    });

    test('from the source tree says how to get its program, or goes with an image', () => {
      const program = join(folder, CHART, 'files/program.json');
      const text = readFileSync(program, 'utf8');
      rmSync(program);
      try {
        expect(template(helm, {}).err).toContain('npm run generate');
        expect(template(helm, { image: 'ours:1' })).toMatchObject({ code: 0, err: '' });
      } finally {
        writeFileSync(program, text);
      }
    });

    test('says in its notes where it runs and what to do next', () => {
      // Helm shows notes only of an install, which needs a cluster: so they are rendered as a document.
      const notes = readFileSync(join(folder, CHART, 'templates/NOTES.txt'), 'utf8');
      const file = join(folder, CHART, 'templates/notes.yaml');
      writeFileSync(file, `kind: Notes\ntext: |\n${notes.replace(/^/gm, '  ')}\n`);
      const { out: stdout, err } = template(helm, {});
      rmSync(file);
      expect(err).toBe('');
      expect(stdout).toContain(
        'The operator runs in ops under node:24-alpine; its program is in a ConfigMap',
      );
      expect(stdout).toContain(
        'kubectl --namespace ops rollout status deployment/gungnir-operator',
      );
    });
  });
}
