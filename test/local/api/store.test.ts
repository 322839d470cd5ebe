/**
 * The store: one version counter, older states, events and their bound.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textAt } from '../../../src/local/api/json';
import type { JsonObject } from '../../../src/local/api/port';
import { createStore, keyOfObject, type StoreEvent } from '../../../src/local/api/store';
import { createLab } from './lab';

const named = (name: string): JsonObject => ({ metadata: { name, namespace: 'ns' } });

test('each change has a version of its own, across collections', () => {
  const store = createStore();
  const a = store.put('a', 'ns/x', named('x'));
  const b = store.put('b', 'ns/x', named('x'));
  const gone = store.remove('a', 'ns/x', a);
  expect([a, b, gone].map((one) => textAt(one, 'metadata', 'resourceVersion'))).toEqual([
    '1',
    '2',
    '3',
  ]);
  expect(store.get('a', 'ns/x')).toBeUndefined();
});

test('keys are listed in their order, and a prefix is a namespace', () => {
  const store = createStore();
  for (const key of ['b/2', 'a/1', 'b/1', 'a-b/1']) store.put('c', key, named('x'));
  expect(store.list('c', '').map(({ key }) => key)).toEqual(['a-b/1', 'a/1', 'b/1', 'b/2']);
  expect(store.list('c', 'b/').map(({ key }) => key)).toEqual(['b/1', 'b/2']);
});

test('any remembered state can be told again, and forgotten ones are refused', () => {
  const step = fc.record({
    key: fc.constantFrom('a', 'b', 'c'),
    what: fc.constantFrom('put', 'remove'),
  });
  const run = fc.property(
    fc.array(step, { maxLength: 40 }),
    fc.integer({ min: 1, max: 5 }),
    (steps, eventsMax) => {
      const store = createStore({ eventsMax });
      const states = new Map([[0, '']]);
      const events: StoreEvent[] = [];
      store.subscribe('c', (event) => events.push(event));
      const tell = (): string =>
        store
          .list('c', '')
          .map(({ key, object }) => key + textAt(object, 'metadata', 'resourceVersion'))
          .join();
      for (const { key, what } of steps) {
        if (what === 'put') store.put('c', key, named(key));
        else if (store.get('c', key) !== undefined) store.remove('c', key, named(key));
        states.set(store.revision(), tell());
      }
      for (const [revision, state] of states) {
        const then = store.listAt('c', '', revision);
        const since = store.since('c', revision);
        if (since.kind === 'tooOld') {
          expect(then).toBeUndefined();
          expect(store.revision() - revision).toBeGreaterThan(eventsMax - 1);
        } else {
          expect(
            then
              ?.map(({ key, object }) => key + textAt(object, 'metadata', 'resourceVersion'))
              .join(),
          ).toBe(state);
          expect(since.events).toEqual(events.filter((event) => event.revision > revision));
        }
      }
    },
  );
  fc.assert(run, { seed: 4, numRuns: 200 });
});

test('a key is the namespace and the name, or the name', () => {
  expect(keyOfObject(named('x'))).toBe('ns/x');
  expect(keyOfObject({ metadata: { name: 'x' } })).toBe('x');
});

test('pages are of one state, and end when that is forgotten', () => {
  const lab = createLab({ eventsMax: 3 });
  for (const name of ['a', 'b', 'c'])
    lab.ask('create', 'ns:configmaps', { body: { metadata: { name } } });
  const first = lab.ask('list', 'ns:configmaps', { query: { limit: 2 } });
  const metadata = first.value.metadata as JsonObject;
  expect(metadata.remainingItemCount).toBe(1);
  lab.ask('create', 'ns:configmaps', { body: { metadata: { name: 'bb' } } });
  const next = { limit: 2, continue: String(metadata.continue) };
  const second = lab.ask('list', 'ns:configmaps', { query: next });
  expect(
    (second.value.items as readonly JsonObject[]).map((item) => textAt(item, 'metadata', 'name')),
  ).toEqual(['c']);
  expect(textAt(second.value, 'metadata', 'resourceVersion')).toBe(metadata.resourceVersion);
  for (let i = 0; i < 6; i += 1)
    lab.ask('create', 'ns:configmaps', { body: { metadata: { name: `d${i}` } } });
  const third = lab.ask('list', 'ns:configmaps', { query: next });
  expect([third.code, third.value.reason]).toEqual([410, 'Expired']);
  const rest = { continue: textAt(third.value, 'metadata', 'continue') };
  expect(lab.ask('list', 'ns:configmaps', { query: rest }).value.items).toHaveLength(8);
});

test('watches: present objects first, then changes; what leaves the selection is deleted', () => {
  const lab = createLab();
  const told: string[] = [];
  const label = (name: string, app: string): JsonObject => ({
    metadata: { name, labels: { app } },
  });
  lab.ask('create', 'ns:configmaps', { body: label('a', 'x') });
  const stop = lab.api.watch(
    {
      resource: { group: '', version: 'v1', resource: 'configmaps' },
      user: { name: 'admin', groups: ['system:masters'] },
      query: { labelSelector: 'app=x' },
    },
    ({ type, object }) =>
      told.push(`${type} ${object.metadata.name} ${object.metadata.resourceVersion}`),
  );
  expect(told).toEqual([]);
  lab.ask('create', 'ns:configmaps', { body: label('b', 'y') });
  lab.ask('patch', 'ns:configmaps/b', { body: label('b', 'x'), patch: 'merge' });
  lab.ask('patch', 'ns:configmaps/a', { body: label('a', 'y'), patch: 'merge' });
  lab.ask('delete', 'ns:configmaps/b');
  lab.settle();
  expect(told).toEqual(['ADDED a 3', 'ADDED b 5', 'DELETED a 6', 'DELETED b 7']);
  stop();
  lab.ask('create', 'ns:configmaps', { body: label('c', 'x') });
  lab.settle();
  expect(told).toHaveLength(4);
});

test('a watch from a forgotten version is told 410 and ends', () => {
  const lab = createLab({ eventsMax: 1 });
  const told: unknown[] = [];
  for (const name of ['a', 'b', 'c'])
    lab.ask('create', 'ns:configmaps', { body: { metadata: { name } } });
  lab.api.watch(
    {
      resource: { group: '', version: 'v1', resource: 'configmaps' },
      user: { name: 'admin', groups: ['system:masters'] },
      query: { resourceVersion: '2' },
    },
    (event) => told.push(event),
  );
  lab.settle();
  expect(told).toMatchObject([
    {
      type: 'ERROR',
      object: { code: 410, reason: 'Expired', message: 'too old resource version: 2 (4)' },
    },
  ]);
});
