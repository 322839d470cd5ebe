/**
 * Random rows of writes to one custom object: a few managers, a few fields of every sort of list and map.
 * Never here: what must hold of them.
 */
import fc from 'fast-check';
import type { JsonObject } from '../../../../src/local/api/port';
import type { Step } from './drive';

const word = fc.constantFrom('p', 'q', 'r');
const manager = fc.constantFrom('a', 'b', 'c');

/** An object that has each of these fields or has not. */
function some(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<JsonObject> {
  return fc.record(fields, { requiredKeys: [] }) as unknown as fc.Arbitrary<JsonObject>;
}

const item = fc
  .tuple(word, fc.constantFrom(80, 81), some({ value: word, tags: fc.dictionary(word, word) }))
  .map(([name, port, rest]) => ({ name, port, ...rest }));

const items = fc.uniqueArray(item, {
  maxLength: 3,
  selector: ({ name, port }) => `${name}${port}`,
});

const spec = some({
  replicas: fc.integer({ min: 0, max: 3 }),
  mode: fc.constantFrom('A', 'B'),
  set: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
  atomic: fc.array(word, { minLength: 1, maxLength: 3 }),
  map: items.filter((list) => list.length > 0),
  labels: fc.dictionary(word, word, { minKeys: 1 }),
  whole: some({ a: word, b: word }).filter((one) => Object.keys(one).length > 0),
  any: fc.constant({ x: { y: 1 }, l: [1] }),
  nested: fc.record({
    deep: some({ x: word, y: word }).filter((one) => Object.keys(one).length > 0),
  }),
});

const labels = fc
  .dictionary(word, word)
  .map((one) => (Object.keys(one).length === 0 ? {} : { labels: one }));

const body: fc.Arbitrary<JsonObject> = fc
  .tuple(spec, labels)
  .map(([one, metadata]) => ({ spec: one, metadata }));

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      how: fc.constant('apply' as const),
      manager,
      body,
      force: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ how: fc.constant('merge' as const), manager, body }) },
  {
    weight: 1,
    arbitrary: fc.record({
      how: fc.constant('status' as const),
      manager,
      body: word.map((phase) => ({
        status: { phase, conditions: [{ type: phase, status: 'True' }] },
      })),
    }),
  },
);

/** The first one makes the object. */
export const steps: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.record({ how: fc.constant('create' as const), manager, body }),
    fc.array(step, { minLength: 2, maxLength: 9 }),
  )
  .map(([first, rest]) => [first, ...rest]);
