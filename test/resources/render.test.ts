import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../src/resources/kube-object';
import { render } from '../../src/resources/render';
import { formatObjects } from '../../src/runtime/cli/output';
import type { ValkeyClusterDefinition } from '../../src/spec/definition';
import { DisruptionBudgetMode } from '../../src/spec/enums';
import { podName } from '../../src/spec/naming';
import { validate } from '../../src/spec/validate';
import { definitions } from './definitions';

type Named = readonly [string, ValkeyClusterDefinition];

describe.each(Object.entries(definitions) as Named[])('%s', (name, definition) => {
  const objects = render(definition);

  test('the definition is a valid one', () => expect(validate(definition)).toEqual([]));

  test('renders what the golden file says: a change here restarts clusters or is said to', async () => {
    await expect(formatObjects(objects, 'yaml')).toMatchFileSnapshot(`golden/${name}.yaml`);
  });

  test('renders the same bytes from the same definition, whatever the order of its fields', () => {
    const reversed = {
      ...definition,
      spec: Object.fromEntries(Object.entries(definition.spec).reverse()),
    };
    expect(formatObjects(render(reversed), 'json')).toBe(formatObjects(objects, 'json'));
  });

  test('leaves out every field that the operator or the server owns', () => {
    for (const object of objects) {
      expect(pathsOf(object).filter((path) => isOwned(object, path))).toEqual([]);
    }
  });

  test('has no empty map or list but those that mean something', () => {
    const empty = objects.flatMap((object) =>
      pathsOf(object).filter((path) => path.endsWith('={}') || path.endsWith('=[]')),
    );
    // emptyDir: {} is the volume itself; the user's namespaceSelector: {} means all namespaces.
    expect(empty.filter((path) => !/\.(emptyDir|namespaceSelector)=\{\}$/.test(path))).toEqual([]);
  });

  test('files hold no path of a mount: those come by argument or environment', () => {
    const files = objects.flatMap(({ kind, data }) =>
      kind === 'ConfigMap' ? Object.values(data ?? {}) : [],
    );
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(file).not.toMatch(/\/(opt|etc|data|tmp|var)\b/);
  });

  test("every object has one controlling owner, or is marked as Git's", () => {
    const { uid } = definition.metadata;
    for (const { metadata } of objects) {
      if (uid === undefined) {
        expect(metadata.ownerReferences).toBeUndefined();
        expect(metadata.annotations).toMatchObject({ 'valkey.verilean.io/managed-by': 'gitops' });
      } else {
        expect(metadata.ownerReferences).toEqual([
          {
            apiVersion: 'valkey.verilean.io/v1',
            kind: 'ValkeyCluster',
            name: definition.metadata.name,
            uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ]);
      }
    }
  });
});

test.each([
  {
    replicas: 1,
    mode: DisruptionBudgetMode.MANAGED,
    maxUnavailable: undefined,
    why: 'a budget for one pod would block every drain',
  },
  { replicas: 2, mode: DisruptionBudgetMode.MANAGED, maxUnavailable: 1, why: 'one of two may go' },
  {
    replicas: 4,
    mode: DisruptionBudgetMode.MANAGED,
    maxUnavailable: 1,
    why: 'half of the replicas, rounded down',
  },
  {
    replicas: 5,
    mode: DisruptionBudgetMode.MANAGED,
    maxUnavailable: 2,
    why: 'half of the replicas',
  },
  {
    replicas: 5,
    mode: DisruptionBudgetMode.DISABLED,
    maxUnavailable: undefined,
    why: 'not wanted',
  },
])(
  'budget of $replicas pods, $mode: $maxUnavailable ($why)',
  ({ replicas, mode, maxUnavailable }) => {
    const budget = render({
      metadata: { name: 'a' },
      spec: { replicas, podDisruptionBudget: { mode } },
    }).find(({ kind }) => kind === 'PodDisruptionBudget');
    expect(budget?.spec?.maxUnavailable).toBe(maxUnavailable);
  },
);

test.each([
  { config: { maxclients: '5' }, annotated: false, why: 'taken live' },
  {
    config: { 'unknown-to-us': 'x' },
    annotated: false,
    why: 'tried live: a name that Valkey does not know fails there, not at a start',
  },
  { config: { databases: '32' }, annotated: true, why: 'taken at a start only' },
])('a change of config $config restarts pods: $annotated ($why)', ({ config, annotated }) => {
  const before = templateOf({});
  const after = templateOf({ config });
  expect(JSON.stringify(after) !== JSON.stringify(before)).toBe(annotated);
});

test('the longest name leaves room for every object and for pod 63', () => {
  const name = 'a'.repeat(46);
  const names = [
    ...render({ metadata: { name }, spec: {} }).map(({ metadata }) => metadata.name),
    podName(name, 63),
  ];
  for (const each of names) expect(each.length).toBeLessThanOrEqual(63);
});

function templateOf(spec: ValkeyClusterDefinition['spec']): unknown {
  return render({ metadata: { name: 'a' }, spec }).find(({ kind }) => kind === 'StatefulSet')?.spec
    ?.template;
}

/** `spec.ports[0].port=1`, one for each leaf. */
function pathsOf(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [`${path}=${String(value)}`];
  const entries = Object.entries(value);
  if (entries.length === 0) return [`${path}=${Array.isArray(value) ? '[]' : '{}'}`];
  return entries.flatMap(([key, inner]) =>
    pathsOf(inner, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`),
  );
}

/** kubernetes.md section 3; `clusterIP: None` is what makes the headless Service one. */
function isOwned({ kind, metadata }: KubeObject, path: string): boolean {
  const client = kind === 'Service' && metadata.name.endsWith('-client');
  return (
    (client && path.startsWith('.spec.selector')) ||
    (path.startsWith('.spec.clusterIP') && path !== '.spec.clusterIP=None') ||
    path.startsWith('.status') ||
    path.includes('creationTimestamp') ||
    path.includes('valkey.verilean.io/epoch') ||
    path.includes('statefulset.kubernetes.io/pod-name') ||
    (kind !== 'Service' && path.includes('valkey.verilean.io/role')) ||
    (kind === 'Secret' && /^\.(data|stringData)\b/.test(path))
  );
}
