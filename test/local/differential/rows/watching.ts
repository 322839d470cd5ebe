/**
 * Watches: order, where they begin, what selectors do to them, bookmarks, and versions that are gone.
 * Never here: lists.
 */
import type { JsonObject } from '../../../../src/local/api/port';
import { configMap, core, type Group, get, patch, post, remove, type Step, silently } from '../row';

const cm = core('configmaps');
const seen = (body: JsonObject) =>
  (body.events as readonly JsonObject[]).map((event) => {
    if (event.object === undefined) return [event.kind ?? 'no event'] as never;
    const { metadata, kind } = event.object as JsonObject;
    const { name, annotations, labels } = metadata as JsonObject;
    return [event.type, kind, name ?? '', labels ?? {}, annotations ?? {}] as never;
  });
const from = silently(get(cm, { keep: { from: 'metadata.resourceVersion' } }));
const labelled = (name: string, labels: JsonObject) => post(cm, { metadata: { name, labels } });
const relabel = (name: string, labels: JsonObject) =>
  patch('merge', `${cm}/${name}`, { metadata: { labels } });
const mine = '&labelSelector=app';

function watching(
  query: string,
  events: number,
  during: readonly Step[],
  more: Partial<Step> = {},
): Step {
  return get(`${cm}?watch=true&timeoutSeconds=20${query}`, {
    watch: { events, during },
    shown: seen,
    ...more,
  });
}

const order: Group['rows'] = [
  {
    why: 'what happens after a version comes in its order',
    steps: [
      from,
      silently(labelled('b', { app: '1' })),
      silently(relabel('b', { app: '2' })),
      watching('&resourceVersion=$from', 5, [
        labelled('a', { app: '1' }),
        relabel('b', { app: '3' }),
        remove(`${cm}/a`),
      ]),
    ],
  },
  {
    why: 'an event holds the whole object',
    steps: [
      from,
      watching('&resourceVersion=$from', 1, [labelled('a', { app: '1' })], {
        shown: (body) => body,
      }),
    ],
  },
  {
    why: 'a deletion holds the last state, with the version of the deletion',
    steps: [
      silently(labelled('a', { app: '1' })),
      from,
      watching('&resourceVersion=$from', 1, [remove(`${cm}/a`)], { shown: (body) => body }),
    ],
  },
  {
    why: 'without a version, and with 0, what is there comes first',
    steps: [
      silently(labelled('b', { app: '1' })),
      silently(labelled('a', { app: '1' })),
      watching(mine, 3, [relabel('a', { app: '2' })], {
        shown: (body) => [...(seen(body) as never as readonly never[])].sort(),
      }),
      watching(`${mine}&resourceVersion=0`, 2, [], {
        shown: (body) => [...(seen(body) as never as readonly never[])].sort(),
      }),
    ],
  },
  {
    why: 'a write that changes nothing is no event',
    steps: [
      silently(labelled('a', { app: '1' })),
      from,
      watching('&resourceVersion=$from', 1, [
        relabel('a', { app: '1' }),
        relabel('a', { app: '2' }),
      ]),
    ],
  },
  {
    why: 'a held object is changed, then gone',
    steps: [
      silently(post(cm, { metadata: { name: 'a', finalizers: ['x.test/hold'] } })),
      from,
      watching('&resourceVersion=$from', 2, [
        remove(`${cm}/a`),
        patch('merge', `${cm}/a`, { metadata: { finalizers: null } }),
      ]),
    ],
  },
  {
    why: 'an object whose last finalizer goes is told as it was stored before',
    steps: [
      silently(
        post(cm, { metadata: { name: 'a', labels: { l: '1' }, finalizers: ['x.test/hold'] } }),
      ),
      from,
      watching(
        '&resourceVersion=$from',
        2,
        [
          remove(`${cm}/a`),
          patch('merge', `${cm}/a`, {
            data: { x: '1' },
            metadata: { finalizers: null, labels: { l: '2' } },
          }),
        ],
        { shown: (body) => body },
      ),
    ],
  },
  {
    why: 'the old path of a watch works too',
    steps: [
      from,
      get(`/api/v1/watch/namespaces/NS/configmaps?resourceVersion=$from&timeoutSeconds=20`, {
        watch: { events: 1, during: [labelled('a', { app: '1' })] },
        shown: seen,
      }),
    ],
  },
];

const selected: Group['rows'] = [
  {
    why: 'an object comes into a selection as added, and leaves it as deleted',
    steps: [
      silently(labelled('a', { app: 'no' })),
      from,
      watching('&resourceVersion=$from&labelSelector=app%3Dyes', 3, [
        relabel('a', { app: 'yes' }),
        relabel('a', { more: 'yes' }),
        relabel('a', { app: 'no' }),
      ]),
    ],
  },
  {
    why: 'one object is watched by its name',
    steps: [
      from,
      watching('&resourceVersion=$from&fieldSelector=metadata.name%3Db', 2, [
        labelled('a', {}),
        labelled('b', {}),
        remove(`${cm}/a`),
        remove(`${cm}/b`),
      ]),
    ],
  },
  {
    why: 'the old path of a watch of one object sees that one',
    steps: [
      silently(labelled('a', {})),
      from,
      get(`/api/v1/watch/namespaces/NS/configmaps/a?resourceVersion=$from&timeoutSeconds=20`, {
        watch: { events: 1, during: [labelled('b', {}), relabel('a', { x: '1' })] },
        shown: seen,
      }),
    ],
  },
  {
    why: 'the path of one object is read, not watched',
    steps: [silently(labelled('a', {})), get(`${cm}/a?watch=true&timeoutSeconds=20`)],
  },
  {
    why: 'a selector that is none is refused before anything is sent',
    steps: [watching('&labelSelector=a+b', 1, []), watching('&fieldSelector=data.x%3D1', 1, [])],
  },
];

const versions: Group['rows'] = [
  {
    why: 'a version long gone is 410, as an event',
    steps: [watching('&resourceVersion=1', 1, [], { shown: gone })],
  },
  {
    why: 'a version that is no number is refused',
    steps: [watching('&resourceVersion=abc', 1, [])],
  },
  {
    why: 'a version cannot be matched exactly by a watch',
    steps: [
      watching('&resourceVersion=5&resourceVersionMatch=Exact', 1, []),
      watching('&resourceVersionMatch=NotOlderThan', 1, []),
    ],
  },
  {
    why: 'a watch ends when its time is over',
    steps: [
      from,
      get(`${cm}?watch=true&resourceVersion=$from&timeoutSeconds=1`, {
        watch: { events: 9 },
        shown: seen,
      }),
    ],
  },
  {
    why: 'a limit of time is a number',
    steps: [get(`${cm}?watch=true&timeoutSeconds=x`, { watch: { events: 1 }, shown: seen })],
  },
];

/** `too old resource version: 1 (4711)`: where a server's memory begins is its own. */
function gone(body: JsonObject): JsonObject {
  const text = JSON.stringify(body).replace(/\(\d+\)/, '(N)');
  return JSON.parse(text) as JsonObject;
}

const bookmarks: Group['rows'] = [
  {
    why: 'a bookmark comes before the end, where it is allowed',
    steps: [
      from,
      get(`${cm}?watch=true&resourceVersion=$from&timeoutSeconds=4&allowWatchBookmarks=true`, {
        watch: { events: 1 },
        shown: (body) => body,
      }),
    ],
  },
  {
    why: 'initial events end with a bookmark that says so',
    steps: [
      silently(labelled('a', { app: '1' })),
      watching(
        `${mine}&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`,
        3,
        [relabel('a', { app: '2' })],
      ),
    ],
  },
  {
    why: 'initial events need NotOlderThan, and allowed bookmarks',
    steps: [
      watching('&sendInitialEvents=true', 1, []),
      watching('&sendInitialEvents=true&resourceVersionMatch=NotOlderThan', 1, []),
      watching(
        '&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=Exact&resourceVersion=1',
        1,
        [],
      ),
      get(`${cm}?sendInitialEvents=true&resourceVersionMatch=NotOlderThan`),
    ],
  },
];

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const partial = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
const forms: Group['rows'] = [
  {
    why: 'a watch as tables tells the columns once',
    steps: [
      from,
      watching('&resourceVersion=$from', 2, [labelled('a', {}), labelled('b', {})], {
        accept: table,
        shown: (body) =>
          (body.events as readonly JsonObject[]).map((event) => {
            const { columnDefinitions, rows } = event.object as JsonObject;
            return [
              event.type,
              columnDefinitions === null ? 0 : (columnDefinitions as readonly JsonObject[]).length,
              (rows as readonly JsonObject[]).map((row) => row.cells as never),
            ] as never;
          }),
      }),
    ],
  },
  {
    why: 'a watch of metadata alone',
    steps: [
      from,
      watching('&resourceVersion=$from', 1, [post(cm, configMap('a', { data: { x: '1' } }))], {
        accept: partial,
        shown: (body) => body,
      }),
    ],
  },
];

export const watches: Group = {
  name: 'watching',
  rows: [...order, ...selected, ...versions, ...bookmarks, ...forms],
};
