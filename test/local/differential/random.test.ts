/**
 * Random traces over HTTPS: writes of every sort to a few objects, then a watch from where it began. What a
 * watch tells comes to what a list shows, on each server; and where GUNGNIR_TEST_KUBECONFIG names a real
 * one, it answers the same. The seed is printed; GUNGNIR_SEED repeats one.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../src/local/api/port';
import { type LocalCluster, startLocal } from '../../../src/local/cluster';
import { findPrograms } from '../../../src/local/programs';
import { type Wire, wireTo } from '../../kit/api-server';
import { isReal } from '../api/typed/oracle';
import { type Played, playAll, sweep } from './play';
import { core, get, patch, post, put, type Row, remove, type Step, silently } from './row';

const TRACES = 24;
const seed = Number(process.env.GUNGNIR_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`differential/random seed ${seed}`);

const cm = core('configmaps');
const name = fc.constantFrom('a', 'b', 'c');
const word = fc.constantFrom('p', 'q', 'r');
const data = fc.dictionary(word, word, { maxKeys: 2 });
const labels = fc.dictionary(word, word, { maxKeys: 2 });
const manager = fc.constantFrom('m', 'n');
/** One that is unknown, one that was, or none. */
const version = fc.constantFrom('', '1', '$va', '$vb');
const finalizers = fc.constantFrom([], [], ['x.test/hold']);

const steps: readonly fc.Arbitrary<Step>[] = [
  fc.tuple(name, data, labels, finalizers).map(([one, values, marks, held]) => {
    const metadata = { name: one, labels: marks, finalizers: held };
    return post(cm, { metadata, data: values }, { keep: keeping(one) });
  }),
  fc.tuple(name, data, labels, version).map(([one, values, marks, resourceVersion]) => {
    const metadata = {
      name: one,
      labels: marks,
      ...(resourceVersion === '' ? {} : { resourceVersion }),
    };
    return put(`${cm}/${one}`, { metadata, data: values });
  }),
  fc
    .tuple(name, data, labels)
    .map(([one, values, marks]) =>
      patch(
        'merge',
        `${cm}/${one}`,
        { data: values, metadata: { labels: marks } },
        { keep: keeping(one) },
      ),
    ),
  fc
    .tuple(name, word, word)
    .map(([one, key, value]) =>
      patch('json', `${cm}/${one}`, [{ op: 'replace', path: `/data/${key}`, value }]),
    ),
  fc
    .tuple(name, fc.constantFrom('$va', '$vb', ''))
    .map(([one, resourceVersion]) =>
      remove(
        `${cm}/${one}`,
        resourceVersion === '' ? undefined : { preconditions: { resourceVersion } },
      ),
    ),
  name.map((one) => patch('merge', `${cm}/${one}`, { metadata: { finalizers: null } })),
  fc.tuple(name, data, manager, fc.boolean()).map(([one, values, who, force]) =>
    patch('apply', `${cm}/${one}?fieldManager=${who}&force=${force}`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: one },
      data: values,
    }),
  ),
  word.map((value) => get(`${cm}?labelSelector=p%3D${value}`, { only: ['items'] })),
  name.map((one) => get(`${cm}/${one}`)),
];

function keeping(one: string): Readonly<Record<string, string>> {
  return { [`v${one}`]: 'metadata.resourceVersion' };
}

interface Shown {
  readonly name: string;
  readonly labels: Json;
  readonly data: Json;
}

function shown(object: JsonObject): Shown {
  const metadata = object.metadata as JsonObject;
  return { name: String(metadata.name), labels: metadata.labels ?? {}, data: object.data ?? {} };
}

const OWN = 'kube-root-ca.crt';
/** Once a watch has told it, it has told all. */
const LAST = 'the-last';
const around = (during: readonly Step[]): readonly Step[] => [
  // The root certificate is written by a controller at a time of its own.
  silently(get(`${cm}/${OWN}`, { until: (_body, status) => status === 200 })),
  silently(get(cm, { keep: { from: 'metadata.resourceVersion' } })),
  ...during,
  silently(post(cm, { metadata: { name: LAST } })),
  get(`${cm}?watch=true&timeoutSeconds=30&resourceVersion=$from`, {
    watch: { events: 1_000, last: `"${LAST}"` },
    shown: ({ events }) =>
      (events as readonly JsonObject[]).map(({ type, object }) => ({
        type,
        ...shown(object as JsonObject),
      })) as never,
  }),
  get(cm, {
    shown: ({ items }) =>
      (items as readonly JsonObject[]).map(shown).filter((one) => one.name !== OWN) as never,
  }),
];

const traces: readonly Row[] = fc
  .sample(fc.array(fc.oneof(...steps), { minLength: 8, maxLength: 20 }), { seed, numRuns: TRACES })
  .map((trace, index) => ({ why: `trace ${index} of seed ${seed}`, steps: around(trace) }));

let cluster: LocalCluster;
let local: Wire;
let mine: readonly Played[] = [];
beforeAll(async () => {
  cluster = await startLocal({ programs: findPrograms(process.env), nodes: 1 });
  local = await wireTo(cluster.kubeconfig);
  mine = await playAll(local, traces);
}, 120_000);
afterAll(async () => {
  local?.close();
  await cluster?.stop();
}, 60_000);

interface Event extends Shown {
  readonly type: string;
}

/** What the events of a watch come to. */
function folded(events: readonly Event[]): readonly Shown[] {
  const objects = new Map<string, Shown>();
  for (const { type, ...object } of events) {
    if (type === 'ADDED') expect(objects.has(object.name)).toBe(false);
    else expect(objects.has(object.name)).toBe(true);
    if (type === 'DELETED') objects.delete(object.name);
    else objects.set(object.name, object);
  }
  return [...objects.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

test('a watch from the beginning comes to what a list shows', () => {
  let events = 0;
  for (const { told, why } of mine) {
    const [watch, list] = told.slice(-2);
    const seen = watch?.body as unknown as readonly Event[];
    events += seen.length;
    expect(folded(seen), why).toEqual(list?.body);
  }
  // Traces in which nothing happens would agree with everything.
  expect(events).toBeGreaterThan(TRACES);
});

test('a real server, where there is one, answers the same', async () => {
  if (!isReal) {
    const codes = new Set(mine.flatMap(({ told }) => told.map(({ status }) => status)));
    for (const code of [200, 201, 404, 409]) expect([...codes]).toContain(code);
    return;
  }
  const real = await wireTo(process.env.GUNGNIR_TEST_KUBECONFIG ?? '');
  const told = await playAll(real, traces);
  await sweep(real);
  real.close();
  for (const [index, { why, told: answers }] of told.entries()) {
    const trace = JSON.stringify(traces[index]?.steps);
    expect(mine[index]?.told, `${why}: ${trace}`).toEqual(answers);
  }
}, 120_000);
