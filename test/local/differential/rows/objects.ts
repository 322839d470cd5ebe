/**
 * Writing one object: what is created, changed and refused, with which code and words.
 * Never here: apply (applying.ts), deletion (deletion.ts), validation and ownership in depth (test/local/api/typed).
 */
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
import { patching } from './patching';

const made = silently(post(core('configmaps'), configMap('a', { data: { x: '1' } })));
const kept = { ...made, keep: { version: 'metadata.resourceVersion', uid: 'metadata.uid' } };
const a = core('configmaps', 'a');

const creating: Group['rows'] = [
  {
    why: 'an object is created, tracked and read again',
    steps: [post(core('configmaps'), configMap('a', { data: { x: '1' } })), get(a)],
  },
  {
    why: 'the manager of a creation is what fieldManager names',
    steps: [post(`${core('configmaps')}?fieldManager=me`, configMap('a', { data: { x: '1' } }))],
  },
  {
    why: 'the manager of a creation is else the user agent up to its slash',
    steps: [
      post(core('configmaps'), configMap('a', { data: { x: '1' } }), {
        headers: { 'user-agent': 'probe/1.2 (x)' },
      }),
    ],
  },
  {
    why: 'a second one of the same name is refused',
    steps: [made, post(core('configmaps'), configMap('a'))],
  },
  { why: 'what is not there is not found', steps: [get(a), put(a, configMap('b'))] },
  {
    why: 'a namespace that is not there takes nothing',
    steps: [
      post('/api/v1/namespaces/NS-no/configmaps', configMap('a')),
      get('/api/v1/namespaces/NS-no/configmaps', { only: ['kind', 'items'] }),
      get('/api/v1/namespaces/NS-no/configmaps/a'),
    ],
  },
  {
    why: 'a namespace in the body that is another one is refused',
    steps: [
      post(core('configmaps'), { ...configMap('a'), metadata: { name: 'a', namespace: 'x' } }),
    ],
  },
  {
    why: 'another kind or version in the body is refused',
    steps: [
      post(core('configmaps'), { ...configMap('a'), kind: 'Secret' }),
      post(core('configmaps'), { ...configMap('a'), apiVersion: 'v2' }),
      post(core('configmaps'), { ...configMap('a'), kind: 'Nothing' }),
    ],
  },
  {
    why: 'a name that is none is refused, as is none at all',
    steps: [
      post(core('configmaps'), configMap('A_b')),
      post(core('configmaps'), { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }),
      post(core('services'), {
        metadata: { name: '1a' },
        spec: { ports: [{ port: 80 }] },
      }),
    ],
  },
  {
    why: 'generateName makes a name of five more letters',
    steps: [
      post(
        core('configmaps'),
        { metadata: { generateName: 'gen-' } },
        {
          shown: (body) => {
            const metadata = body.metadata as Readonly<Record<string, string>>;
            return [metadata.generateName ?? '', /^gen-[a-z0-9]{5}$/.test(metadata.name ?? '')];
          },
        },
      ),
      post(core('configmaps'), { metadata: { generateName: 'Gen_' } }, { shown: () => 'made' }),
    ],
  },
  {
    why: 'a resourceVersion may not be said of what is new',
    steps: [post(core('configmaps'), { metadata: { name: 'a', resourceVersion: '3' } })],
  },
  {
    why: 'a dry run answers as the real one and leaves nothing',
    steps: [post(`${core('configmaps')}?dryRun=All`, configMap('a')), get(a)],
  },
  {
    why: 'dryRun knows only All',
    steps: [post(`${core('configmaps')}?dryRun=Some`, configMap('a'))],
  },
  {
    why: 'an unknown field: strict refuses, warn warns, ignore is silent',
    steps: ['Strict', 'Warn', 'Ignore'].map((how) =>
      post(`${core('configmaps')}?dryRun=All&fieldValidation=${how}`, {
        ...configMap('a'),
        nonsense: 1,
      }),
    ),
  },
  {
    why: 'a field said twice: strict refuses, warn warns',
    steps: ['Strict', 'Warn'].map((how) =>
      post(
        `${core('configmaps')}?dryRun=All&fieldValidation=${how}`,
        '{"metadata":{"name":"a"},"data":{"x":"1","x":"2"}}',
      ),
    ),
  },
  {
    why: 'a field said twice inside lists, beside one that nobody knows',
    steps: ['Strict', 'Warn', 'Ignore'].map((how) =>
      post(
        `${core('services')}?dryRun=All&fieldValidation=${how}`,
        '{"metadata":{"name":"a"},"spec":{"ports":[{"port":80,"port":81,"port":82,"odd":"\\":"}],"selector":{"a":"b","a":"c"}}}',
        { only: ['kind'] },
      ),
    ),
  },
  {
    why: 'a merge patch that says a field twice',
    steps: [
      made,
      ...(['merge', 'strategic'] as const).flatMap((how) =>
        ['Strict', 'Warn'].map((level) =>
          patch(how, `${a}?fieldValidation=${level}`, '{"data":{"x":"3","x":"4"}}', {
            only: ['data'],
          }),
        ),
      ),
    ],
  },
  {
    why: 'a name, a label and its key may be only so long',
    steps: [
      post(core('configmaps'), configMap('n'.repeat(254))),
      post(core('services'), {
        metadata: { name: 's'.repeat(64) },
        spec: { ports: [{ port: 80 }] },
      }),
      // One map with both faults would tell them in the order of a Go map, which is another one each time.
      post(core('configmaps'), { metadata: { name: 'a', labels: { l: 'v'.repeat(64) } } }),
      post(core('configmaps'), { metadata: { name: 'a', labels: { ['k'.repeat(64)]: 'v' } } }),
    ],
  },
  {
    why: 'fieldValidation knows three words',
    steps: [post(`${core('configmaps')}?fieldValidation=Maybe`, configMap('a'))],
  },
  {
    why: 'text that is no JSON is refused',
    steps: [post(core('configmaps'), '{"metadata":'), post(core('configmaps'), 'nonsense')],
  },
  { why: 'an empty body is refused', steps: [post(core('configmaps'), '')] },
  {
    why: 'a field of another type is refused',
    steps: [
      post(core('configmaps'), { metadata: { name: 'a' }, data: { x: 1 } }),
      post(core('configmaps'), { metadata: { name: 'a' }, data: [] }),
    ],
  },
  {
    why: 'a body of an unknown type is refused',
    steps: [post(core('configmaps'), 'a=b', { contentType: 'application/x-www-form-urlencoded' })],
  },
  {
    why: 'a body may be YAML',
    steps: [
      post(core('configmaps'), 'metadata: {name: a}\ndata: {x: "1"}\n', {
        contentType: 'application/yaml',
      }),
    ],
  },
  {
    why: 'no answer can be given in HTML',
    steps: [get(core('configmaps'), { accept: 'text/html' }), get(a, { accept: 'text/html' })],
  },
  {
    why: 'a resource that is not served is no page',
    steps: [
      get(core('nothings')),
      get('/apis/nothing.test/v1/things'),
      post(core('nothings'), {}),
      get('/apis/apps/v7/deployments'),
    ],
  },
  {
    why: 'a method that a resource has not is refused',
    steps: [
      post(a, configMap('a')),
      put(core('configmaps'), configMap('a')),
      get('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'),
    ],
  },
  {
    why: 'a namespaced object needs its namespace to be created',
    steps: [post('/api/v1/configmaps', configMap('a'))],
  },
];

const updating: Group['rows'] = [
  {
    why: 'put with the version that is there writes',
    steps: [
      kept,
      put(a, {
        ...configMap('a', { data: { x: '2' } }),
        metadata: { name: 'a', resourceVersion: '$version' },
      }),
    ],
  },
  {
    why: 'put with an older version is a conflict',
    steps: [
      kept,
      silently(patch('merge', a, { data: { x: '2' } })),
      put(a, { metadata: { name: 'a', resourceVersion: '$version' } }),
    ],
  },
  {
    why: 'put without a version overwrites',
    steps: [made, put(a, configMap('a', { data: { y: '1' } }))],
  },
  {
    why: 'put with a version that is no number is refused',
    steps: [made, put(a, { metadata: { name: 'a', resourceVersion: 'abc' } })],
  },
  {
    why: 'put under another name is refused',
    steps: [made, put(a, configMap('b'))],
  },
  {
    why: 'put of what is not there is not found',
    steps: [
      put(a, configMap('a')),
      put(named('apps/v1', 'deployments', 'a'), {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'a' },
        spec: {
          selector: { matchLabels: { app: 'a' } },
          template: { metadata: { labels: { app: 'a' } }, spec: parked },
        },
      }),
    ],
  },
  {
    why: 'put with another uid is a conflict',
    steps: [made, put(a, { metadata: { name: 'a', uid: '11111111-1111-1111-1111-111111111111' } })],
  },
  {
    why: 'put that changes nothing keeps version and times',
    steps: [
      { ...kept, silent: 'yes' },
      put(a, configMap('a', { data: { x: '1' } }), { only: ['data'] }),
      get(a, {
        shown: (body) => body.metadata as never,
        keep: { after: 'metadata.resourceVersion' },
      }),
      put(a, {
        ...configMap('a', { data: { x: '2' } }),
        metadata: { name: 'a', resourceVersion: '$version' },
      }),
    ],
  },
  {
    why: 'what is immutable stays',
    steps: [
      silently(post(core('configmaps'), configMap('a', { immutable: true, data: { x: '1' } }))),
      patch('merge', a, { data: { x: '2' } }),
      patch('merge', a, { immutable: false }),
      patch('merge', a, { metadata: { labels: { l: '1' } } }),
    ],
  },
];

export const objects: Group = {
  name: 'objects',
  rows: [...creating, ...updating, ...patching],
};
