/**
 * What `kubectl get` prints of custom kinds: cells by the column's type and its JSONPath.
 * Never here: built-in kinds (printing.ts, printing-kinds.ts).
 */
import type { Json, JsonObject } from '../../../../src/local/api/port';
import { type Group, get, post, remove, silently } from '../row';
import { cells, table } from './tables';

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const one = `${crds}/cells.NS.gungnir.test`;
const collection = '/apis/NS.gungnir.test/v1/namespaces/NS/cells';

const definition = (columns: readonly JsonObject[]): JsonObject => ({
  metadata: { name: 'cells.NS.gungnir.test' },
  spec: {
    group: 'NS.gungnir.test',
    scope: 'Namespaced',
    names: { plural: 'cells', singular: 'cell', kind: 'Cell', listKind: 'CellList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        additionalPrinterColumns: columns,
        schema: {
          openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    ],
  },
});

const kept = (name: string, v: Json) => ({
  apiVersion: 'NS.gungnir.test/v1',
  kind: 'Cell',
  metadata: { name },
  v,
});

const shown = (
  why: string,
  columns: readonly JsonObject[],
  values: Readonly<Record<string, Json>>,
): Group['rows'][number] => ({
  why,
  steps: [
    silently(post(crds, definition(columns))),
    silently(
      get(one, {
        until: (body) => JSON.stringify(body).includes('the initial names have been accepted'),
      }),
    ),
    silently(get(collection, { until: (_body, status) => status === 200 })),
    ...Object.entries(values).map(([name, v]) =>
      silently(
        post(collection, kept(name, v), {
          until: (_body, status) => status === 201 || status === 409,
        }),
      ),
    ),
    get(collection, { accept: table, shown: cells }),
    silently(remove(one)),
  ],
});

const typed = (type: string, more: JsonObject = {}) => ({
  name: type,
  type,
  jsonPath: '.v',
  ...more,
});
const types = ['string', 'integer', 'number', 'boolean', 'date'].map((type) => typed(type));

const path = (jsonPath: string) => ({ name: jsonPath, type: 'string', jsonPath });
const found = (why: string, paths: readonly string[], value: Json) =>
  shown(why, paths.map(path), { it: value });

const members = {
  'a.b': 'dotted',
  list: [
    { name: 'x', size: 1, on: true, of: { kind: 'k' } },
    { name: 'y', size: 2, on: false },
    { size: '3' },
  ],
  map: { only: 'one' },
  words: ['p', 'q'],
};

export const printingCustom: Group = {
  name: 'printing-custom',
  rows: [
    {
      why: 'a column has a name, a path, and a type and format that are known',
      steps: [
        { name: '' },
        { type: '' },
        { type: 'map' },
        { format: 'name' },
        { jsonPath: '' },
        { jsonPath: 'v' },
        { jsonPath: '.v[' },
        {},
      ].map((more) =>
        post(`${crds}?dryRun=All`, definition([typed('string', more)]), {
          only: ['message', 'details.causes', 'reason'],
        }),
      ),
    },
    shown('a cell holds what fits the type of its column', types, {
      text: 'word',
      'a-number-as-text': '7',
      whole: 7,
      fraction: 7.5,
      yes: true,
      no: false,
      list: ['a', 1],
      object: { a: { b: 1 } },
      time: '2001-02-03T04:05:06Z',
      nothing: null,
    }),
    shown('a kind without columns shows its age', [], { it: 1 }),
    shown(
      'a column has a format and a priority',
      [
        typed('string', { format: 'date-time', priority: 1 }),
        typed('integer', { format: 'int32', priority: 5 }),
      ],
      { it: 1 },
    ),
    found(
      'paths of members',
      ['.v.map.only', '.v.none', '.v.map.only.deeper', ".v['a.b']", '.v.a\\.b', '.v.words.p'],
      members,
    ),
    found(
      'paths of indices and of all',
      [
        '.v.words[0]',
        '.v.words[-1]',
        '.v.words[2]',
        '.v.words[*]',
        '.v.map[*]',
        '.v.map.*',
        '.v.map[0]',
        '.v.list[1].name',
      ],
      members,
    ),
    found(
      'paths that filter by equality',
      [
        '.v.list[?(@.name=="y")].size',
        ".v.list[?(@.name=='y')].size",
        '.v.list[?(@.name!="x")].size',
        '.v.list[?(@.name=="none")].size',
        '.v.list[?(@.on==true)].name',
        '.v.list[?(@.on==false)].name',
        '.v.list[?(@.of.kind=="k")].name',
        '.v.map[?(@.only=="one")].x',
        '.v.words[?(@.name=="p")]',
      ],
      { ...members, list: members.list.slice(0, 2) },
    ),
    found(
      'paths that filter by order',
      ['>', '<', '>=', '<='].flatMap((how) =>
        [1, 2].map((size) => `.v.list[?(@.size${how}${size})].name`),
      ),
      { list: members.list.slice(0, 2) },
    ),
  ],
};
