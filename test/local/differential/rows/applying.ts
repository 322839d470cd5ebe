/**
 * Server-side apply over the wire: owners, conflicts, and what may not be said.
 * Never here: ownership in depth (test/local/api/typed).
 */
import { configMap, core, type Group, patch, post, put, silently } from '../row';

const made = silently(post(core('configmaps'), configMap('a', { data: { x: '1' } })));
const kept = { ...made, keep: { version: 'metadata.resourceVersion', uid: 'metadata.uid' } };
const a = core('configmaps', 'a');
const config = (data: Readonly<Record<string, string>>) => configMap('a', { data });
const applying: Group['rows'] = [
  {
    why: 'an apply needs its manager',
    steps: [
      patch('apply', a, config({ x: '1' })),
      patch('apply', `${a}?fieldManager=`, config({})),
    ],
  },
  {
    why: 'an apply creates with 201, and writes with 200',
    steps: [
      patch('apply', `${a}?fieldManager=m`, config({ x: '1' })),
      patch('apply', `${a}?fieldManager=m`, config({ x: '2' })),
    ],
  },
  {
    why: 'an apply of the same changes nothing',
    steps: [
      patch('apply', `${a}?fieldManager=m`, config({ x: '1' }), {
        keep: { version: 'metadata.resourceVersion' },
      }),
      patch('apply', `${a}?fieldManager=m`, config({ x: '1' })),
      put(a, { metadata: { name: 'a', resourceVersion: '$version' } }, { only: ['kind'] }),
    ],
  },
  {
    why: 'two appliers of one value share it; another value is a conflict; force takes it',
    steps: [
      silently(patch('apply', `${a}?fieldManager=m`, config({ x: '1', y: '1' }))),
      patch('apply', `${a}?fieldManager=n`, config({ x: '1' })),
      patch('apply', `${a}?fieldManager=n`, config({ x: '2', y: '2' })),
      patch('apply', `${a}?fieldManager=n&force=true`, config({ x: '2' })),
    ],
  },
  {
    why: 'an apply over a written field is a conflict that names the writer',
    steps: [
      silently(post(`${core('configmaps')}?fieldManager=writer`, config({ x: '1' }))),
      patch('apply', `${a}?fieldManager=m`, config({ x: '2' })),
    ],
  },
  {
    why: 'what an applier no longer says goes, unless another one says it',
    steps: [
      silently(patch('apply', `${a}?fieldManager=m`, config({ x: '1', y: '1' }))),
      silently(patch('apply', `${a}?fieldManager=n`, config({ y: '1' }))),
      patch('apply', `${a}?fieldManager=m`, configMap('a')),
    ],
  },
  {
    why: 'an apply must say kind, version and its own name',
    steps: [
      patch('apply', `${a}?fieldManager=m`, { metadata: { name: 'a' } }),
      patch('apply', `${a}?fieldManager=m`, configMap('b')),
      patch('apply', `${a}?fieldManager=m`, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'a' },
      }),
    ],
  },
  {
    why: 'an apply may not say managedFields',
    steps: [
      patch('apply', `${a}?fieldManager=m`, {
        ...configMap('a'),
        metadata: { name: 'a', managedFields: [{ manager: 'x' }] },
      }),
    ],
  },
  {
    why: 'an apply with an unknown field is refused',
    steps: [patch('apply', `${a}?fieldManager=m`, { ...configMap('a'), nonsense: 1 })],
  },
  {
    why: 'an apply is YAML',
    steps: [
      patch(
        'apply',
        `${a}?fieldManager=m`,
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: "1"}\n',
      ),
      patch('apply', `${a}?fieldManager=m`, 'apiVersion: [v1'),
    ],
  },
  {
    why: 'an apply with a version is held to it',
    steps: [
      { ...kept, silent: 'yes' },
      patch('apply', `${a}?fieldManager=m`, {
        ...configMap('a'),
        metadata: { name: 'a', resourceVersion: '1' },
      }),
      patch('apply', `${core('configmaps', 'b')}?fieldManager=m`, {
        ...configMap('b'),
        metadata: { name: 'b', resourceVersion: '1' },
      }),
    ],
  },
  {
    why: 'force is not for other patches',
    steps: [made, patch('merge', `${a}?force=true`, { data: { x: '2' } })],
  },
  {
    why: 'a manager has a name that can be printed, of 128 letters',
    steps: [
      post(`${core('configmaps')}?fieldManager=${'m'.repeat(129)}`, configMap('a')),
      post(`${core('configmaps')}?fieldManager=a%01b`, configMap('a')),
    ],
  },
  {
    why: 'managedFields can be taken away as a whole',
    steps: [made, patch('merge', a, { metadata: { managedFields: [{}] } })],
  },
];

export const applies: Group = { name: 'applying', rows: applying };
