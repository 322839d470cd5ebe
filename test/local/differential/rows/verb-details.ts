/**
 * JSON patches at their edges, scales of sets with every selector, and selectors of labels that are none.
 * Never here: what is common of each (patching.ts, parts.ts, reading.ts).
 */
import type { Json, JsonObject } from '../../../../src/local/api/port';
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
  silently,
} from '../row';

const cm = core('configmaps');
const made = silently(
  post(
    cm,
    configMap('a', {
      metadata: { name: 'a', finalizers: ['x.test/a', 'x.test/b'] },
      data: { x: '1' },
    }),
  ),
);
const freed = silently(patch('merge', `${cm}/a`, { metadata: { finalizers: null } }));
const said = { only: ['data', 'metadata.finalizers', 'message', 'reason', 'code'] };
const patched = (why: string, ...patches: readonly Json[]): Group['rows'][number] => ({
  why,
  steps: [made, ...patches.map((one) => patch('json', `${cm}/a`, one, said)), freed],
});
const finalizers = '/metadata/finalizers';

const patches: Group['rows'] = [
  patched(
    'a JSON patch adds to a list: in front, at its end, and not beyond',
    [{ op: 'add', path: `${finalizers}/0`, value: 'x.test/c' }],
    [{ op: 'add', path: `${finalizers}/-`, value: 'x.test/d' }],
    [{ op: 'add', path: `${finalizers}/9`, value: 'x.test/e' }],
  ),
  patched(
    'a JSON patch replaces and removes an item that is there',
    [{ op: 'replace', path: `${finalizers}/1`, value: 'x.test/c' }],
    [{ op: 'remove', path: `${finalizers}/0` }],
    [{ op: 'test', path: `${finalizers}/0`, value: 'x.test/c' }],
  ),
];

const sets = named('apps/v1', 'statefulsets');
const set = (name: string, selector: JsonObject, labels: JsonObject) =>
  silently(
    post(sets, {
      metadata: { name },
      spec: {
        replicas: 0,
        serviceName: 's',
        selector,
        template: { metadata: { labels }, spec: parked },
      },
    }),
  );
const expressions = [
  { key: 'c', operator: 'NotIn', values: ['z', 'y'] },
  { key: 'a', operator: 'In', values: ['2', '1'] },
  { key: 'd', operator: 'DoesNotExist' },
  { key: 'b', operator: 'Exists' },
];
const labels = { a: '1', b: 'x', e: 'f' };
const scales: Group['rows'] = [
  {
    why: 'a scale says its selector in one line',
    steps: [
      set('equal', { matchLabels: { e: 'f', a: '1' } }, labels),
      set('each', { matchLabels: { e: 'f' }, matchExpressions: expressions }, labels),
      ...['equal', 'each'].map((name) =>
        get(`${sets}/${name}/scale`, { only: ['status.selector', 'spec'] }),
      ),
    ],
  },
  {
    why: 'a scale is patched in each way, and by its rules',
    steps: [
      set('s', { matchLabels: { a: '1' } }, labels),
      patch('json', `${sets}/s/scale`, [{ op: 'add', path: '/spec/replicas', value: 1 }], {
        only: ['spec'],
      }),
      patch(
        'strategic',
        `${sets}/s/scale`,
        { spec: { replicas: 2 } },
        { only: ['spec', 'message'] },
      ),
      patch('merge', `${sets}/s/scale`, { spec: { replicas: -1 } }, { only: ['spec', 'message'] }),
      patch('merge', `${sets}/s/scale`, { spec: { replicas: 0 } }, { only: ['spec'] }),
      put(`${sets}/s/scale`, { metadata: { name: 's' }, spec: {} }, { only: ['spec', 'message'] }),
    ],
  },
];

const selecting = (selector: string) =>
  get(`${cm}?labelSelector=${encodeURIComponent(selector)}`, {
    only: ['message', 'reason', 'code', 'items'],
  });
const selectors: Group['rows'] = [
  {
    why: 'a selector that is none is refused, and says where',
    steps: ['a in x', 'a in (x', 'a in (x y)', 'a,,b', 'a=(', '=x', 'a in', 'a ! b'].map(selecting),
  },
  {
    why: 'a selector may have empty values, and bounds of numbers',
    steps: [
      silently(post(cm, { metadata: { name: 'n', labels: { n: '5', e: '' } } })),
      ...['n>4', 'n>5', 'n<6', 'n<5', 'e in ()', 'e in (,x)', 'e=', 'e!=', 'e=,n=5'].map((one) =>
        get(`${cm}?labelSelector=${encodeURIComponent(one)}`, {
          shown: (body) =>
            ((body.items as readonly JsonObject[] | undefined) ?? []).map(
              (item) => (item.metadata as JsonObject).name as string,
            ),
        }),
      ),
    ],
  },
];

export const verbDetails: Group = {
  name: 'verb-details',
  rows: [...patches, ...scales, ...selectors],
};
