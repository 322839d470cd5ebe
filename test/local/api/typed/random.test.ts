/**
 * Random writes: what holds of every row of them, and, where a real server is reachable, the same answers
 * as it gives. The seed is printed; GUNGNIR_SEED repeats one.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isObject, listAt, objectAt } from '../../../../src/local/api/json';
import type { JsonObject } from '../../../../src/local/api/port';
import { customShape } from '../../../../src/local/api/typed/custom/schema';
import { isEmpty, pathsOf } from '../../../../src/local/api/typed/ownership/field-set';
import { decodeOwners, managedFieldsOf } from '../../../../src/local/api/typed/ownership/managed';
import { fieldSetOf } from '../../../../src/local/api/typed/ownership/walk';
import { askOf, done, objectName, type Step } from './drive';
import { askReal, isReal, scrubbed } from './oracle';
import { steps } from './random-steps';
import { thing, thingCrd } from './targets';

const seed = Number(process.env.GUNGNIR_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`typed/random seed ${seed}`);

/** Each answer, with the object afterwards. */
function run(row: readonly Step[]) {
  let live: JsonObject | undefined;
  return row.map((step) => {
    const answer = done(thing, live, step);
    if (answer.kind === 'object') live = answer.object;
    return { step, answer, live };
  });
}

test('the same apply a second time changes nothing', () => {
  fc.assert(
    fc.property(steps, (row) => {
      for (const { step, answer, live } of run(row)) {
        if (step.how !== 'apply' || answer.kind === 'refused') continue;
        const again = done(thing, live, { ...step, force: false });
        expect(again.kind).toBe('object');
        if (again.kind === 'object') expect(again.object).toEqual(live);
      }
    }),
    { seed, numRuns: 150 },
  );
});

test('who applies owns just what it applied; nobody owns nothing', () => {
  const [version] = listAt(thingCrd, 'spec', 'versions');
  const schema = objectAt(version, 'schema', 'openAPIV3Schema');
  const shape = customShape(schema, 'thing');
  fc.assert(
    fc.property(steps, (row) => {
      for (const { step, answer, live } of run(row)) {
        if (answer.kind === 'refused' || live === undefined) continue;
        const owners = decodeOwners(managedFieldsOf(live));
        for (const owner of owners?.values() ?? []) expect(isEmpty(owner.fields)).toBe(false);
        if (step.how !== 'apply') continue;
        const own = [...(owners?.values() ?? [])].find(
          (one) => one.operation === 'Apply' && one.manager === step.manager,
        );
        const metadata = isObject(step.body.metadata) ? step.body.metadata : {};
        const applied = pathsOf(fieldSetOf(shape, { ...step.body, metadata }));
        const wanted = applied.filter((path) => path.join() !== 'f:metadata');
        expect(pathsOf(own?.fields ?? fieldSetOf(shape, {}))).toEqual(wanted);
      }
    }),
    { seed, numRuns: 150 },
  );
});

test('an apply without force is refused, or takes nothing from anybody', () => {
  fc.assert(
    fc.property(steps, (row) => {
      let before: JsonObject | undefined;
      for (const { step, answer, live } of run(row)) {
        if (step.how === 'apply' && step.force !== true && answer.kind === 'object') {
          const others = [...(decodeOwners(managedFieldsOf(before)) ?? [])];
          const after = decodeOwners(managedFieldsOf(live));
          for (const [key, owner] of others) {
            if (owner.manager === step.manager && owner.operation === 'Apply') continue;
            expect(pathsOf(after?.get(key)?.fields ?? owner.fields)).toEqual(pathsOf(owner.fields));
          }
        }
        before = live;
      }
    }),
    { seed, numRuns: 150 },
  );
});

test('a real server, where there is one, answers the same', async () => {
  if (!isReal) {
    expect(fc.sample(steps, { seed, numRuns: 20 }).flatMap(run).length).toBeGreaterThan(20);
    return;
  }
  const rows = fc.sample(steps, { seed, numRuns: 20 });
  const named = (text: string, index: number) =>
    text.replace(new RegExp(`\\b${objectName}\\b(?!s)`, 'g'), `${objectName}-${index}`);
  const asks = rows.flatMap((row, index) =>
    row.map((step) => JSON.parse(named(JSON.stringify(askOf(thing, step)), index))),
  );
  const told = await askReal('random', asks, thingCrd);
  let at = 0;
  for (const [index, row] of rows.entries()) {
    for (const { step, answer } of run(row)) {
      const real = told[at];
      at += 1;
      const context = `seed ${seed}, row ${index}: ${JSON.stringify(row)}, at ${JSON.stringify(step)}`;
      if (answer.kind === 'refused') expect(answer.code, context).toBe(real?.status);
      else {
        const own = JSON.parse(named(JSON.stringify(scrubbed(answer.object)), index));
        expect(own, context).toEqual(real?.body);
      }
    }
  }
}, 120_000);
