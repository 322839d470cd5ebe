/**
 * The table of definitions (test/spec/definitions.ts) before the local types of our own CRD: the same
 * verdicts as those of a real API server (test/e2e/definitions.test.ts).
 */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/local/api/port';
import { typings } from '../../../../src/local/api/typed/index';
import { VALKEY_CLUSTER_CRD } from '../../../../src/spec/crds.generated';
import { definitionOf, rows } from '../../../spec/definitions';
import { namesPlace } from '../../../spec/row';
import { transitions } from '../../../spec/transitions';

const crd = VALKEY_CLUSTER_CRD as unknown as JsonObject;
const typing = typings.crd(crd).get('v1');
if (typing === undefined) throw new Error('the CRD has no version v1');

/** '' where it is accepted. */
function verdict(definition: unknown): string {
  const decoded = typing?.decode(definition as JsonObject, 'Strict');
  if (decoded?.kind !== 'object') return decoded?.message ?? '';
  const faults = typing?.validateCreate(decoded.object) ?? [];
  return faults.map(({ field, message }) => `${field}: ${message}`).join(', ');
}

describe.each(rows)('$why', (row) => {
  const accepted = row.refused === undefined || row.only === 'operator';
  test(accepted ? 'is accepted' : `is refused at ${row.refused?.path}`, () => {
    const message = verdict(definitionOf(row));
    expect(message === '', message).toBe(accepted);
    if (accepted || row.refused === undefined) return;
    expect(message).toMatch(new RegExp(row.refused.word));
    expect(namesPlace(message, row.refused.path), message).toBe(true);
  });
});

test.each(transitions)('changed later: $why', ({ before, after, refused, only }) => {
  const of = (spec: unknown) => {
    const decoded = typing.decode(
      definitionOf({ why: '', name: 'change', spec }) as unknown as JsonObject,
      'Strict',
    );
    if (decoded.kind !== 'object') throw new Error(decoded.message);
    return decoded.object;
  };
  const faults = typing.validateUpdate(of(before), of(after), '');
  const message = faults.map((one) => one.message).join(', ');
  expect(message === '', message).toBe(refused === undefined || only === 'operator');
  if (message !== '') expect(message).toMatch(new RegExp(refused?.word ?? '-'));
});

test.each([
  { path: 'spec.port', message: 'spec.port: Invalid value: 0', named: true, why: 'the field' },
  { path: 'spec.a.b', message: 'spec.a: Invalid value: "object"', named: true, why: 'around it' },
  { path: 'spec.a[x.y/z]', message: 'spec.a: Invalid value: "object"', named: true, why: 'a map' },
  { path: 'spec.a.b', message: 'spec.c: Invalid value: "object"', named: false, why: 'another' },
  { path: 'spec.a.b', message: 'spec: Invalid value: "object"', named: false, why: 'too far out' },
])('$message for $path: $named ($why)', ({ path, message, named }) => {
  expect(namesPlace(message, path)).toBe(named);
});
