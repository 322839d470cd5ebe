/**
 * Patches, server-side apply and managedFields: the local types beside the real server, step by step
 * (recorded in golden/ownership.json).
 */
import { beforeAll, expect, test } from 'vitest';
import { isObject } from '../../../../src/local/api/json';
import type { Json, JsonObject } from '../../../../src/local/api/port';
import type { Refusal, Typed } from '../../../../src/local/api/typing';
import { askOf, done } from './drive';
import { recorded, scrubbed, type Told } from './oracle';
import { rows } from './ownership-rows';
import { thingCrd } from './targets';

const asks = rows.flatMap(({ target, steps }, index) =>
  steps.map((step) => renamed(askOf(target, step), index)),
);

/** Each row has its own object. */
function renamed<Value>(value: Value, index: number): Value {
  return JSON.parse(JSON.stringify(value).replace(/\bthing\b(?!s)/g, `thing-${index}`));
}

let told: readonly Told[] = [];
beforeAll(async () => {
  told = await recorded('ownership', asks, thingCrd);
}, 60_000);

function mine(answer: Typed | Refusal): JsonObject {
  if (answer.kind === 'object') return { object: scrubbed(answer.object) };
  const { code, message, causes } = answer;
  return {
    code,
    message: inOrder(message),
    ...(causes === undefined ? {} : { causes: sorted([...causes]) }),
  };
}

function theirs({ status, body }: Told): JsonObject {
  if (status < 300) return { object: body };
  const causes = isObject(body.details) ? body.details.causes : undefined;
  return {
    code: status,
    message: inOrder(String(body.message ?? '')),
    ...(causes === undefined ? {} : { causes: sorted(causes) }),
  };
}

test.each(rows.map((row, index) => ({ ...row, index })))('$why', ({ target, steps, index }) => {
  const first = rows.slice(0, index).reduce((total, row) => total + row.steps.length, 0);
  let live: JsonObject | undefined;
  for (const [at, step] of steps.entries()) {
    const answer = done(target, live, step);
    const real = told[first + at];
    if (real === undefined) throw new Error('nothing is recorded for this step: UPDATE=1');
    const own = renamed(mine(answer), index);
    expect(own, `step ${at}: ${step.how} by ${step.manager}`).toEqual(theirs(real));
    if (answer.kind === 'object') live = answer.object;
  }
});

/** The real server tells them in any order. */
function sorted(causes: unknown): Json {
  return (causes as Json[]).map((one) => ({ ...(one as JsonObject) })).sort(byText);
}

function byText(a: Json, b: Json): number {
  return JSON.stringify(Object.values(a as JsonObject).sort()) <
    JSON.stringify(Object.values(b as JsonObject).sort())
    ? -1
    : 1;
}

function inOrder(message: string): string {
  return message.replace(/(?<= is invalid: )\[(.*)\]$/, (_all, inner: string) =>
    inner.split(', ').sort().join(),
  );
}
