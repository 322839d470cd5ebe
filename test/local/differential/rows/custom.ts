/**
 * Definitions that come and go, and their objects over the wire.
 * Never here: schemas and rules in depth (test/local/api/typed).
 */
import { objectAt } from '../../../../src/local/api/json';
import type { JsonObject } from '../../../../src/local/api/port';
import { type Group, get, patch, post, put, remove, type Step, silently } from '../row';

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const definition = (more: JsonObject = {}): JsonObject => ({
  metadata: { name: 'widgets.NS.gungnir.test' },
  spec: {
    group: 'NS.gungnir.test',
    scope: 'Namespaced',
    names: {
      plural: 'widgets',
      singular: 'widget',
      kind: 'Widget',
      listKind: 'WidgetList',
      shortNames: ['wg'],
      categories: ['all'],
    },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' },
        },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size', description: 'how many' },
          { name: 'Phase', type: 'string', jsonPath: '.status.phase', priority: 1 },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  size: { type: 'integer', default: 1, minimum: 0 },
                  mode: { type: 'string', enum: ['A', 'B'] },
                },
                'x-kubernetes-validations': [
                  { rule: 'self.size < 10', message: 'ten is too many' },
                ],
              },
              status: {
                type: 'object',
                properties: { phase: { type: 'string' }, size: { type: 'integer' } },
              },
            },
          },
        },
      },
    ],
    ...more,
  },
});
const one = `${crds}/widgets.NS.gungnir.test`;
const widgets = '/apis/NS.gungnir.test/v1/namespaces/NS/widgets';
const widget = (name: string, spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'NS.gungnir.test/v1',
  kind: 'Widget',
  metadata: { name },
  spec,
});
const withKind = (...steps: readonly Step[]): readonly Step[] => [
  silently(post(crds, definition())),
  silently(
    get(one, {
      until: (body) => JSON.stringify(body).includes('the initial names have been accepted'),
    }),
  ),
  silently(get(widgets, { until: (_body, status) => status === 200 })),
  silently(get('/apis/NS.gungnir.test/v1', { until: (_body, status) => status === 200 })),
  ...steps,
  silently(remove(one)),
];

/** The hash is of the group, which each run names anew. */
function withoutHash(body: JsonObject): JsonObject {
  const text = JSON.stringify(body).replace(/("storageVersionHash"):"[\w+/]{11}="/, '$1:"HASH"');
  return JSON.parse(text) as JsonObject;
}

const custom: Group['rows'] = [
  {
    why: 'a definition is accepted, established, and served',
    steps: [
      post(crds, definition()),
      get(one, {
        until: (body) => JSON.stringify(body).includes('the initial names have been accepted'),
        only: [
          'status.acceptedNames',
          'status.storedVersions',
          'spec.conversion',
          'metadata.finalizers',
        ],
      }),
      get('/apis/NS.gungnir.test/v1', {
        until: (_body, status) => status === 200,
        only: ['groupVersion'],
      }),
      silently(remove(one)),
    ],
  },
  {
    why: 'its discovery',
    steps: withKind(
      get('/apis/NS.gungnir.test/v1', { shown: withoutHash }),
      get('/apis/NS.gungnir.test', { until: (_body, status) => status === 200 }),
    ),
  },
  {
    why: 'an object of it: defaults, pruning, tracking',
    steps: withKind(
      post(widgets, { ...widget('w', { junk: 1 }), status: { phase: 'x' } }),
      get(`${widgets}/w`),
      get(`${widgets}/none`),
    ),
  },
  {
    why: 'an object of it that its schema or a rule forbids',
    steps: withKind(
      post(widgets, widget('w', { size: -1 })),
      post(widgets, widget('w', { mode: 'C' })),
      post(widgets, widget('w', { size: 'x' })),
      post(widgets, widget('w', { size: 10 })),
      post(`${widgets}?fieldValidation=Strict`, widget('w', { junk: 1 })),
    ),
  },
  {
    why: 'its replicas are a number that a scale can tell',
    steps: withKind(
      post(widgets, widget('w', { size: 2 ** 31 })),
      post(widgets, widget('w', { size: 1.5 })),
      silently(post(widgets, widget('w'))),
      patch('merge', `${widgets}/w`, { spec: { size: -2 } }),
    ),
  },
  {
    why: 'a version of its group that is not served is no page',
    steps: withKind(get('/apis/NS.gungnir.test/v9'), get('/openapi/v3/apis/NS.gungnir.test/v9')),
  },
  {
    why: 'its generation, status and scale',
    steps: withKind(
      silently(post(widgets, widget('w', { size: 2 }))),
      patch(
        'merge',
        `${widgets}/w`,
        { spec: { size: 3 }, status: { phase: 'x' } },
        { only: ['metadata.generation', 'spec', 'status'] },
      ),
      patch(
        'merge',
        `${widgets}/w/status`,
        { spec: { size: 4 }, status: { phase: 'y', size: 3 } },
        { only: ['metadata.generation', 'spec', 'status'] },
      ),
      get(`${widgets}/w/scale`),
      patch('merge', `${widgets}/w/scale`, { spec: { replicas: 5 } }),
      get(`${widgets}/w`, { only: ['spec', 'metadata.generation'] }),
      get(`${widgets}/w/nothing`),
    ),
  },
  {
    why: 'no strategic patch of it',
    steps: withKind(silently(post(widgets, widget('w'))), patch('strategic', `${widgets}/w`, {})),
  },
  {
    why: 'an update of it needs its version',
    steps: withKind(
      silently(post(widgets, widget('w'))),
      put(`${widgets}/w`, widget('w', { size: 2 })),
    ),
  },
  {
    why: 'its columns, and its list',
    steps: withKind(
      silently(post(widgets, widget('w', { size: 2 }))),
      get(widgets, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' }),
      get(widgets),
      remove(`${widgets}/w`),
      remove(widgets, undefined, { only: ['kind', 'items'] }),
    ),
  },
  {
    why: 'its OpenAPI',
    steps: withKind(
      get('/openapi/v3/apis/NS.gungnir.test/v1', {
        until: (_body, status) => status === 200,
        shown: (body) => {
          const schemas = (body.components as JsonObject).schemas as Readonly<
            Record<string, JsonObject>
          >;
          const found = Object.entries(schemas).find(([name]) => name.endsWith('.v1.Widget'));
          return objectAt(found?.[1], 'properties', 'spec');
        },
      }),
    ),
  },
  {
    why: 'a definition that goes takes its objects along',
    steps: withKind(
      silently(post(widgets, widget('w'))),
      remove(one, undefined, { only: ['kind', 'metadata.name'] }),
      get(widgets, { until: (_body, status) => status === 404 }),
      get(one, { until: (_body, status) => status === 404 }),
    ),
  },
  {
    why: 'a definition is named after its resource and group',
    steps: [
      post(crds, { ...definition(), metadata: { name: 'wrong.NS.gungnir.test' } }),
      post(crds, definition({ scope: 'Everywhere' })),
      post(crds, definition({ versions: [] })),
    ],
  },
];

export const customs: Group = { name: 'custom', rows: custom };
