/** The store: what changed is told once, in an order that holds, and no deletion is lost by a relist. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Change, createStore } from '../../../src/runtime/kube/store';
import type { KubeObject } from '../../../src/runtime/kube/types';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

function pod(name: string, uid: string, resourceVersion: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'n', uid, resourceVersion },
  };
}

function shown(changes: readonly Change<KubeObject>[]): readonly string[] {
  return changes.map((change) => {
    const { name, uid, resourceVersion } = (change.kind === 'deleted' ? change.last : change.object)
      .metadata;
    const known = change.kind === 'deleted' ? ` ${change.known}` : '';
    return `${change.kind} ${name} ${uid} ${resourceVersion}${known}`;
  });
}

describe('a relist', () => {
  test.each([
    { now: [], told: ['deleted a 1 v1 relisted'], why: 'it was deleted while nobody watched' },
    { now: [pod('a', '1', 'v1')], told: [], why: 'nothing happened' },
    { now: [pod('a', '1', 'v2')], told: ['modified a 1 v2'], why: 'it changed' },
    {
      now: [pod('a', '2', 'v3')],
      told: ['deleted a 1 v1 relisted', 'added a 2 v3'],
      why: 'a successor of the same name is another object',
    },
    {
      now: [pod('b', '9', 'v4')],
      told: ['deleted a 1 v1 relisted', 'added b 9 v4'],
      why: 'deletions come before additions',
    },
  ])('tells $told ($why)', ({ now, told }) => {
    const store = createStore<KubeObject>();
    store.replace([pod('a', '1', 'v1')]);
    expect(shown(store.replace(now))).toEqual(told);
  });
});

describe('a watch event', () => {
  test.each([
    { event: () => 'put' as const, object: pod('a', '1', 'v1'), told: [], why: 'known already' },
    {
      event: () => 'put' as const,
      object: pod('a', '1', 'v2'),
      told: ['modified a 1 v2'],
      why: 'newer',
    },
    {
      event: () => 'put' as const,
      object: pod('a', '2', 'v2'),
      told: ['deleted a 1 v1 relisted', 'added a 2 v2'],
      why: 'its deletion was missed',
    },
    {
      event: () => 'drop' as const,
      object: pod('a', '1', 'v2'),
      told: ['deleted a 1 v2 watched'],
      why: 'with its final state',
    },
    {
      event: () => 'drop' as const,
      object: pod('a', '0', 'v2'),
      told: [],
      why: 'a predecessor, late',
    },
    { event: () => 'drop' as const, object: pod('b', '5', 'v2'), told: [], why: 'never seen' },
  ])('tells $told ($why)', ({ event, object, told }) => {
    const store = createStore<KubeObject>();
    store.replace([pod('a', '1', 'v1')]);
    expect(shown(store[event()](object))).toEqual(told);
  });
});

test('the same name in two namespaces is two objects', () => {
  const store = createStore<KubeObject>();
  const here = pod('a', '1', 'v1');
  const there = { ...here, metadata: { ...here.metadata, namespace: 'm', uid: '2' } };
  store.replace([here, there]);
  expect([store.get('n', 'a')?.metadata.uid, store.get('m', 'a')?.metadata.uid]).toEqual([
    '1',
    '2',
  ]);
});

test(`whoever applies the changes has the same copy, and each uid lives once (seed ${seed})`, () => {
  const anyPod = fc
    .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2', '3'), fc.nat(4))
    .map(([name, uid, version]) => pod(name, `${name}${uid}`, String(version)));
  const anyList = fc.uniqueArray(anyPod, { selector: (one) => one.metadata.name });
  const anyStep = fc.oneof(
    anyList.map((items) => ({ kind: 'replace', items }) as const),
    anyPod.map((object) => ({ kind: 'put', object }) as const),
    anyPod.map((object) => ({ kind: 'drop', object }) as const),
  );
  fc.assert(
    fc.property(fc.array(anyStep), (steps) => {
      // A change of version is a change of group: members move, and none is left behind.
      const groupOf = ({ metadata }: KubeObject): string | undefined =>
        metadata.resourceVersion === '0' ? undefined : metadata.resourceVersion;
      const store = createStore<KubeObject>(groupOf);
      const copy = new Map<string, KubeObject>();
      for (const step of steps) {
        const changes =
          step.kind === 'replace' ? store.replace(step.items) : store[step.kind](step.object);
        for (const change of changes) {
          if (change.kind === 'deleted') {
            expect(copy.delete(change.last.metadata.uid)).toBe(true);
          } else {
            const { uid } = change.object.metadata;
            expect(copy.has(uid)).toBe(change.kind === 'modified');
            copy.set(uid, change.object);
          }
        }
        const bySide = (one: KubeObject, other: KubeObject): number =>
          one.metadata.uid < other.metadata.uid ? -1 : 1;
        expect([...copy.values()].sort(bySide)).toEqual([...store.all()].sort(bySide));
        for (const group of ['0', '1', '2', '3', '4']) {
          const members = store.all().filter((object) => groupOf(object) === group);
          expect([...store.group(group)].sort(bySide)).toEqual([...members].sort(bySide));
        }
      }
    }),
    { seed },
  );
});
