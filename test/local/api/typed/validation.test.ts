/**
 * Bad objects and bad changes before the real server and before the local types: the same status, message
 * and causes (recorded in golden/validation.json).
 */
import { beforeAll, expect, test } from 'vitest';
import { isObject } from '../../../../src/local/api/json';
import type { JsonObject } from '../../../../src/local/api/port';
import { typings } from '../../../../src/local/api/typed/index';
import type { Typing } from '../../../../src/local/api/typing';
import { done } from './drive';
import { type Ask, recorded, type Told } from './oracle';
import { kinds, type Row } from './pod-rows';
import { rows } from './validation-rows';
import { localVerdict, realVerdict, type Verdict } from './verdict';

function apiVersionOf(kind: Row['kind']): string {
  const [group] = kinds[kind];
  return group === '' ? 'v1' : `${group}/v1`;
}

function collection(kind: Row['kind']): string {
  const [group, plural, scope] = kinds[kind] as readonly string[];
  const place = scope === undefined ? 'namespaces/NS/' : '';
  return `${group === '' ? '/api/v1' : `/apis/${group}/v1`}/${place}${plural}`;
}

function full({ kind, body }: Row, name: string): JsonObject {
  const metadata = isObject(body.metadata) ? body.metadata : {};
  const place = kinds[kind].length === 2 ? { namespace: 'NS' } : {};
  return {
    apiVersion: apiVersionOf(kind),
    kind,
    ...body,
    metadata: { ...metadata, name, ...place },
  };
}

function asksOf(row: Row, index: number): readonly Ask[] {
  const path = collection(row.kind);
  const name = `bad-${index}`;
  const body = full(row, name);
  if (row.change === undefined) return [{ method: 'POST', path: `${path}?dryRun=All`, body }];
  const contentType = 'application/merge-patch+json';
  return [
    { method: 'POST', path, body },
    { method: 'PATCH', path: `${path}/${name}?dryRun=All`, body: row.change, contentType },
  ];
}

let told: readonly Told[] = [];
const asks = rows.map(asksOf);
beforeAll(async () => {
  told = await recorded('validation', asks.flat());
}, 60_000);

function mine(row: Row, index: number): Verdict {
  const name = `bad-${index}`;
  const { kind } = row;
  const [group] = kinds[kind];
  const typing = typings.builtin(group, 'v1', kind) as Typing;
  const target = { typing, apiVersion: apiVersionOf(kind), kind, path: '', hasStatus: true };
  const made = done(target, undefined, {
    how: 'create',
    manager: 'a',
    body: full(row, `bad-${index}`),
  });
  if (row.change === undefined || made.kind === 'refused') return localVerdict(made, name);
  const live = withAddress(made.object);
  return localVerdict(done(target, live, { how: 'merge', manager: 'a', body: row.change }), name);
}

/** What the verbs have given a Service. */
function withAddress(object: JsonObject): JsonObject {
  if (object.kind !== 'Service') return object;
  const spec = object.spec as JsonObject;
  return { ...object, spec: { ...spec, clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'] } };
}

test.each(rows.map((row, index) => ({ ...row, index })))('$kind: $why', ({ index, ...row }) => {
  const last = asks.slice(0, index + 1).flat().length - 1;
  const real = told[last];
  if (real === undefined) throw new Error('nothing is recorded for this row: UPDATE=1');
  expect(mine(row, index)).toEqual(realVerdict(real));
});
