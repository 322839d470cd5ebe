/**
 * A definition that ends while finalizers hold its objects, one whose stored version would go, and addresses that are
 * none.
 * Never here: the usual life of a definition (custom.ts).
 */
import type { JsonObject } from '../../../../src/local/api/port';
import { type Group, get, patch, post, remove, type Step, silently } from '../row';

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const one = `${crds}/holds.NS.gungnir.test`;
const holds = '/apis/NS.gungnir.test/v1/namespaces/NS/holds';
const hold = (name: string, metadata: JsonObject = {}): JsonObject => ({
  ...{ apiVersion: 'NS.gungnir.test/v1', kind: 'Hold' },
  metadata: { name, ...metadata },
});
const schema = {
  openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
};
const version = (name: string, storage: boolean): JsonObject => ({
  ...{ name, served: true, storage, schema },
});
const served: readonly Step[] = [
  silently(
    post(crds, {
      metadata: { name: 'holds.NS.gungnir.test' },
      spec: {
        ...{ group: 'NS.gungnir.test', scope: 'Namespaced', versions: [version('v1', true)] },
        names: { plural: 'holds', singular: 'hold', kind: 'Hold', listKind: 'HoldList' },
      },
    }),
  ),
  silently(get(one, { until: (body) => JSON.stringify(body).includes('have been accepted') })),
  silently(get(holds, { until: (_body, status) => status === 200 })),
  silently(get('/apis/NS.gungnir.test/v1', { until: (_body, status) => status === 200 })),
];
const conditions = ({ status }: JsonObject) =>
  ((status as JsonObject).conditions as readonly JsonObject[])
    .map(({ type, status: is, reason, message }) => [type, is, reason, message].join(' '))
    .sort();
const spec = { only: ['spec', 'metadata.generation', 'metadata.finalizers'] } as const;

export const endingKinds: Group = {
  name: 'ending-kinds',
  rows: [
    {
      why: 'a definition waits for the finalizers of its objects, and takes no new ones',
      steps: [
        ...served,
        silently(post(holds, hold('a', { finalizers: ['x.test/y'] }))),
        post(holds, hold('free'), { only: ['kind'] }),
        remove(one, undefined, { only: ['kind'] }),
        get(one, {
          until: (body) => JSON.stringify(body).includes('InstanceDeletionInProgress'),
          shown: conditions,
        }),
        post(holds, hold('b')),
        patch('apply', `${holds}/c?fieldManager=m`, hold('c')),
        patch('merge', `${holds}/a`, { spec: { changed: true } }, spec),
        patch('merge', `${holds}/a`, { metadata: { finalizers: null } }, spec),
        get(one, { until: (_body, status) => status === 404 }),
        get(holds, { until: (_body, status) => status === 404 }),
      ],
    },
    {
      why: 'a version in which objects were stored stays',
      steps: [
        ...served,
        patch('merge', one, { spec: { versions: [version('v2', true)] } }),
        patch(
          'merge',
          one,
          { spec: { versions: [version('v2', true), version('v1', false)] } },
          { only: ['status.storedVersions'] },
        ),
        silently(remove(one)),
      ],
    },
    {
      why: 'a definition keeps its group and its plural',
      steps: [
        ...served,
        patch('merge', one, { spec: { group: 'other.gungnir.test' } }),
        patch('merge', one, { spec: { names: { plural: 'others' } } }),
        patch('merge', one, { spec: { names: { shortNames: ['ho'] } } }, { only: ['spec.names'] }),
        silently(remove(one)),
      ],
    },
    {
      why: 'a method that nobody knows is told so, also where there is only something to read',
      steps: [
        ...(['OPTIONS', 'TRACE'] as const).map((method) => ({
          ...{ method, path: '/api/v1/namespaces/NS/configmaps' },
        })),
        post('/version', {}),
        post('/apis/apps/v1', {}),
        remove('/apis/apps'),
        get('/version', { only: ['major'] }),
      ],
    },
    {
      why: 'an address with half a percent sign is none',
      steps: ['%', '%zz', 'a%2', '%41'].map((name) =>
        get(`/api/v1/namespaces/NS/configmaps/${name}`),
      ),
    },
  ],
};
