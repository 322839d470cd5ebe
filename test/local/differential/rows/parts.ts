/**
 * Subresources: eviction, binding, status, scale and log, as the API server alone answers them.
 * Never here: who may use them (access.ts), evictions under a budget (controllers.ts).
 */
import type { JsonObject } from '../../../../src/local/api/port';
import {
  configMap,
  core,
  type Group,
  get,
  named,
  parked,
  patch,
  post,
  put,
  remove,
  type Step,
  silently,
} from '../row';

const cm = core('configmaps');
const pod = (name: string, labels: JsonObject = {}) =>
  silently(post(core('pods'), { metadata: { name, labels }, spec: parked }));
const evict = (name: string, more: JsonObject = {}, step: Partial<Step> = {}) =>
  post(
    core('pods', `${name}/eviction`),
    { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name }, ...more },
    step,
  );
const sets = named('apps/v1', 'deployments');
const idle = silently(
  post(sets, {
    metadata: { name: 'd' },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: 'd' } },
      template: { metadata: { labels: { app: 'd' } }, spec: parked },
    },
  }),
);
const observed = silently(
  get(`${sets}/d`, { until: (body) => JSON.stringify(body).includes('observedGeneration') }),
);

const parts: Group['rows'] = [
  {
    why: 'an eviction without a budget deletes',
    steps: [pod('p'), evict('p'), get(core('pods', 'p'))],
  },
  { why: 'an eviction of nobody is not found', steps: [evict('p')] },
  {
    why: 'an eviction under another name is refused',
    steps: [pod('p'), post(core('pods', 'p/eviction'), { metadata: { name: 'q' } })],
  },
  {
    why: 'a dry eviction deletes nothing',
    steps: [
      pod('p'),
      evict('p', { deleteOptions: { dryRun: ['All'] } }),
      get(core('pods', 'p'), { only: ['kind'] }),
    ],
  },
  {
    why: 'an eviction that is dry by its query deletes nothing either',
    steps: [
      pod('p'),
      post(`${core('pods', 'p/eviction')}?dryRun=All`, { metadata: { name: 'p' } }),
      get(core('pods', 'p'), {
        shown: (body) => [body.kind ?? '', JSON.stringify(body).includes('DisruptionTarget')],
      }),
    ],
  },
  {
    why: 'a pending pod is evicted whatever its budget says',
    steps: [
      pod('p', { app: 'p' }),
      silently(
        post(named('policy/v1', 'poddisruptionbudgets'), {
          metadata: { name: 'b' },
          spec: { minAvailable: 1, selector: { matchLabels: { app: 'p' } } },
        }),
      ),
      evict('p'),
    ],
  },
  {
    why: 'a pod is bound once',
    steps: [
      pod('p'),
      post(core('pods', 'p/binding'), {
        metadata: { name: 'p' },
        target: { kind: 'Node', name: 'nowhere' },
      }),
      post(core('pods', 'p/binding'), {
        metadata: { name: 'p' },
        target: { kind: 'Node', name: 'nowhere' },
      }),
      get(core('pods', 'p'), { only: ['spec.nodeName'] }),
      silently(remove(`${core('pods', 'p')}?gracePeriodSeconds=0`)),
    ],
  },
  {
    why: 'the status is written by its own path alone',
    steps: [
      idle,
      observed,
      patch(
        'merge',
        `${sets}/d`,
        { status: { replicas: 7 }, metadata: { labels: { l: '1' } } },
        { only: ['status.replicas', 'metadata.generation', 'metadata.labels'] },
      ),
      patch(
        'merge',
        `${sets}/d/status`,
        { spec: { replicas: 7 }, metadata: { annotations: { n: '1' } } },
        { only: ['spec.replicas', 'metadata.generation', 'metadata.annotations'] },
      ),
    ],
  },
  {
    why: 'the generation counts changes of the spec alone',
    steps: [
      idle,
      observed,
      patch(
        'merge',
        `${sets}/d`,
        { metadata: { labels: { l: '1' } } },
        { only: ['metadata.generation'] },
      ),
      patch('merge', `${sets}/d`, { spec: { paused: true } }, { only: ['metadata.generation'] }),
      patch('merge', `${sets}/d`, { spec: { paused: true } }, { only: ['metadata.generation'] }),
    ],
  },
  {
    why: 'a scale is read, put, patched and applied',
    steps: [
      idle,
      observed,
      get(`${sets}/d/scale`),
      patch(
        'merge',
        `${sets}/d/scale`,
        { spec: { replicas: 1 } },
        { only: ['spec', 'kind', 'apiVersion'] },
      ),
      put(
        `${sets}/d/scale`,
        { metadata: { name: 'd' }, spec: { replicas: 0 } },
        { only: ['spec'] },
      ),
      get(`${sets}/d`, { only: ['spec.replicas', 'metadata.generation'] }),
    ],
  },
  {
    why: 'a scale is checked',
    steps: [
      idle,
      observed,
      put(`${sets}/d/scale`, { metadata: { name: 'd' }, spec: { replicas: -1 } }),
      put(`${sets}/d/scale`, { metadata: { name: 'x' }, spec: { replicas: 1 } }),
      put(`${sets}/d/scale`, {
        metadata: { name: 'd', resourceVersion: '1' },
        spec: { replicas: 1 },
      }),
      get(`${sets}/none/scale`),
      get(core('configmaps', 'a/scale')),
    ],
  },
  {
    why: 'a scale leaves its mark in managedFields',
    steps: [
      idle,
      observed,
      silently(patch('merge', `${sets}/d/scale?fieldManager=scaler`, { spec: { replicas: 1 } })),
      get(`${sets}/d`, {
        shown: (body) =>
          ((body.metadata as JsonObject).managedFields as readonly JsonObject[])
            .filter((one) => one.manager === 'scaler')
            .map(
              ({ manager, operation, subresource, fieldsV1 }) =>
                ({ manager, operation, subresource, fieldsV1 }) as JsonObject,
            ),
      }),
    ],
  },
  {
    why: 'a status of what has none is no page',
    steps: [
      silently(post(cm, configMap('a'))),
      get(`${cm}/a/status`),
      patch('merge', `${cm}/a/status`, {}),
    ],
  },
  {
    why: 'a log of a pod without a node is refused',
    steps: [
      pod('p'),
      get(core('pods', 'p/log')),
      get(core('pods', 'none/log')),
      get(core('pods', 'p/log?container=other')),
    ],
  },
];

export const subresources: Group = { name: 'subresources', rows: parts };
