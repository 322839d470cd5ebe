/**
 * Custom resources and their definitions before the real server and before the local types: schema, list
 * types, CEL rules, transitions, and which definitions are allowed (recorded in golden/).
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/local/api/port';
import { typings } from '../../../../src/local/api/typed/index';
import type { Typing } from '../../../../src/local/api/typing';
import {
  type CustomRow,
  definitionRows as coarse,
  customRows,
  definitionOf,
  strictCrd,
} from './custom-rows';
import { structuralRows } from './definition-rows';
import { done } from './drive';
import { type Ask, recorded, type Told } from './oracle';
import { localVerdict, realVerdict } from './verdict';

const group = 'typed.gungnir.test/v1';
const definitionRows = [...coarse, ...structuralRows];
const path = `/apis/${group}/namespaces/NS/stricts`;
const nameOf = (row: CustomRow, index: number) => row.name ?? `bad-${index}`;

function full(row: CustomRow, index: number): JsonObject {
  const metadata = { name: nameOf(row, index), namespace: 'NS' };
  return { apiVersion: group, kind: 'Strict', metadata, spec: row.spec };
}

function asksOf(row: CustomRow, index: number): readonly Ask[] {
  const body = full(row, index);
  if (row.change === undefined) return [{ method: 'POST', path: `${path}?dryRun=All`, body }];
  const one = `${path}/${nameOf(row, index)}?dryRun=All`;
  const contentType = 'application/merge-patch+json';
  return [
    { method: 'POST', path, body },
    { method: 'PATCH', path: one, body: { spec: row.change }, contentType },
  ];
}

const asks = customRows.map(asksOf);
const definitionAsks = definitionRows.map(
  (row): Ask => ({
    method: 'POST',
    path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All',
    body: definitionOf(row),
  }),
);

let told: readonly Told[] = [];
let toldOfDefinitions: readonly Told[] = [];
beforeAll(async () => {
  told = await recorded('custom', asks.flat(), strictCrd);
  toldOfDefinitions = await recorded('definitions', definitionAsks);
}, 60_000);

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('nothing is recorded for this row: UPDATE=1');
  return value;
}

const typing: Typing = found(typings.crd(strictCrd).get('v1'));
const target = { typing, apiVersion: group, kind: 'Strict', path: '', hasStatus: false };

describe('an object', () => {
  test.each(customRows.map((row, index) => ({ ...row, index })))('$why', ({ index, ...row }) => {
    const real = found(told[asks.slice(0, index + 1).flat().length - 1]);
    const made = done(target, undefined, { how: 'create', manager: 'a', body: full(row, index) });
    const answer =
      row.change === undefined || made.kind === 'refused'
        ? made
        : done(target, made.object, { how: 'merge', manager: 'a', body: { spec: row.change } });
    expect(localVerdict(answer, nameOf(row, index))).toEqual(realVerdict(real));
  });
});

const definitions = found(
  typings.builtin('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition'),
);

describe('a definition', () => {
  test.each(definitionRows.map((row, index) => ({ ...row, index })))(
    '$why',
    ({ index, ...row }) => {
      const body = definitionOf(row);
      const kind = 'CustomResourceDefinition';
      const apiVersion = 'apiextensions.k8s.io/v1';
      const answer = done(
        { typing: definitions, apiVersion, kind, path: '', hasStatus: true },
        undefined,
        { how: 'create', manager: 'a', body },
      );
      const name = String((body.metadata as JsonObject).name);
      expect(localVerdict(answer, name)).toEqual(realVerdict(found(toldOfDefinitions[index])));
    },
  );
});
