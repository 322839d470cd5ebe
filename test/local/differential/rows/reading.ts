/**
 * Reading: lists, selectors, pages, versions, and objects as tables and as metadata alone.
 * Never here: watches (watching.ts).
 */
import type { JsonObject } from '../../../../src/local/api/port';
import { core, type Group, get, named, parked, post, silently } from '../row';
import { cells, table, tabled } from './tables';

const labelled = (name: string, labels: JsonObject) =>
  silently(post(core('configmaps'), { metadata: { name, labels } }));
const three = [
  labelled('a', { app: 'x', tier: '1' }),
  labelled('b', { app: 'y' }),
  labelled('c', { tier: '2', app: 'x' }),
];
const names = (body: JsonObject) =>
  (body.items as readonly JsonObject[])
    .map((one) => String((one.metadata as JsonObject).name))
    .filter((name) => name !== 'kube-root-ca.crt');
const cm = core('configmaps');
const selecting = (selector: string) =>
  get(`${cm}?labelSelector=${encodeURIComponent(selector)}`, { shown: names });
const byField = (path: string, selector: string) =>
  get(`${path}?fieldSelector=${encodeURIComponent(selector)}`, { shown: names });
const without = '&fieldSelector=metadata.name%21%3Dkube-root-ca.crt';

const lists: Group['rows'] = [
  {
    why: 'a list has kind, version and items in order of names',
    steps: [...three, get(`${cm}?labelSelector=app`)],
  },
  {
    why: 'an empty list is one',
    steps: [get(core('services')), get(named('apps/v1', 'statefulsets'))],
  },
  {
    why: 'labels are selected by equality, sets and presence',
    steps: [
      ...three,
      ...[
        'app=x',
        'app==x',
        'app!=x',
        'app in (x,y)',
        'app notin (y)',
        '!tier',
        'tier',
        'app=x,tier=2',
        'tier>1',
        'app=x, tier in (1)',
        '',
      ].map(selecting),
    ],
  },
  {
    why: 'a label selector that is none is refused',
    steps: [
      'a b',
      'app in x',
      '=x',
      'app in (',
      'a=b=c',
      'tier>x',
      '-a=b',
      `a=${'v'.repeat(64)}`,
    ].map(selecting),
  },
  {
    why: 'fields are selected where a kind has them',
    steps: [
      ...three,
      byField(cm, 'metadata.name=a'),
      byField(cm, 'metadata.name!=a'),
      byField(cm, 'metadata.namespace=NS'),
      byField(cm, 'data.x=1'),
      byField(cm, 'metadata.name'),
    ],
  },
  {
    why: 'pods are selected by phase, node and more',
    steps: [
      silently(post(core('pods'), { metadata: { name: 'p' }, spec: parked })),
      ...[
        'status.phase=Pending',
        'status.phase=Running',
        'spec.nodeName=',
        'spec.restartPolicy=Always',
        'spec.serviceAccountName=default',
        'spec.schedulerName!=default-scheduler',
        'status.podIP=1.2.3.4',
        'spec.hostNetwork=false',
        'spec.priority=0',
      ].map((one) => byField(core('pods'), one)),
    ],
  },
  {
    why: 'other kinds have fields of their own',
    steps: [
      silently(post(core('secrets'), { metadata: { name: 's' }, type: 'x.test/y' })),
      byField(core('secrets'), 'type=x.test/y'),
      byField(core('secrets'), 'type=Opaque'),
      byField('/api/v1/namespaces', 'status.phase=Nothing'),
      byField(core('events'), 'involvedObject.name=none'),
      byField(core('events'), 'nothing=none'),
      byField(named('apps/v1', 'replicasets'), 'status.replicas=7'),
      byField(named('batch/v1', 'jobs'), 'status.successful=1'),
      byField(core('services'), 'spec.type=ClusterIP'),
      byField(core('services'), 'spec.clusterIP=None'),
    ],
  },
];

const pages: Group['rows'] = [
  {
    why: 'a list comes in pages, with what remains',
    steps: [
      ...three,
      get(`${cm}?limit=2${without}`, {
        only: ['metadata.continue'],
        keep: { next: 'metadata.continue' },
      }),
      get(`${cm}?limit=2${without}&continue=$next`, { shown: names }),
      get(`${cm}?limit=3`, { only: ['metadata.remainingItemCount'] }),
      get(`${cm}?limit=9`, { only: ['metadata'] }),
    ],
  },
  {
    why: 'with a selector nobody counts what remains',
    steps: [...three, get(`${cm}?limit=1&labelSelector=app`, { only: ['metadata'] })],
  },
  {
    why: 'a page shows the state of the first one',
    steps: [
      ...three,
      silently(get(`${cm}?limit=1&labelSelector=app`, { keep: { next: 'metadata.continue' } })),
      labelled('b2', { app: 'z' }),
      get(`${cm}?labelSelector=app&continue=$next`, { shown: names }),
    ],
  },
  {
    why: 'a continuation that is none is refused',
    steps: [get(`${cm}?limit=1&continue=nonsense`), get(`${cm}?limit=1&continue=e30`)],
  },
  {
    why: 'a continuation has no version beside it',
    steps: [
      ...three,
      silently(
        get(`${cm}?limit=1`, {
          keep: { next: 'metadata.continue', version: 'metadata.resourceVersion' },
        }),
      ),
      get(`${cm}?limit=1&continue=$next&resourceVersion=$version`),
      get(`${cm}?limit=1&continue=$next&resourceVersion=0`, { shown: names }),
    ],
  },
  {
    why: 'from the cache, by version 0, a list has no pages',
    steps: [
      ...three,
      get(`${cm}?limit=1&resourceVersion=0`, {
        until: (body) => names(body).length === 3,
        shown: names,
      }),
    ],
  },
  {
    why: 'a limit is a number',
    steps: [get(`${cm}?limit=x`), get(`${cm}?limit=-1`, { shown: names })],
  },
];

const versions: Group['rows'] = [
  {
    why: 'a version that is to come is waited for, then refused',
    steps: [get(`${cm}?resourceVersion=999999999`), get(`${cm}/x?resourceVersion=999999999`)],
  },
  {
    why: 'how a version matches is said only with a version',
    steps: [
      get(`${cm}?resourceVersionMatch=Exact`),
      get(`${cm}?resourceVersion=0&resourceVersionMatch=Exact`),
      get(`${cm}?resourceVersion=1&resourceVersionMatch=Roughly`),
      get(`${cm}?resourceVersion=abc`),
    ],
  },
  {
    why: 'not older than a version, or as it was at it',
    steps: [
      ...three,
      silently(get(cm, { keep: { version: 'metadata.resourceVersion' } })),
      labelled('d', { app: 'x' }),
      get(`${cm}?resourceVersion=$version&resourceVersionMatch=Exact`, { shown: names }),
      // A real server's cache learns of it a moment later.
      get(`${cm}?resourceVersion=$version&resourceVersionMatch=NotOlderThan`, {
        until: (body) => names(body).includes('d'),
        shown: names,
      }),
      get(`${cm}?resourceVersion=$version&limit=2`, { shown: names }),
    ],
  },
];

const partial = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
const partialList = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
const template = { metadata: { labels: { app: 't' } }, spec: parked };
const selector = { matchLabels: { app: 't' } };

const tables: Group['rows'] = [
  {
    why: 'a table has its columns described, and its rows their metadata',
    steps: [...three, get(`${cm}?labelSelector=tier`, { accept: table })],
  },
  {
    why: 'one object is a table too',
    steps: [
      ...three,
      get(`${cm}/a`, { accept: table, shown: cells }),
      get(`${cm}/none`, { accept: table }),
    ],
  },
  {
    why: 'rows hold the object, its metadata or nothing',
    steps: [
      ...three,
      ...['Object', 'Metadata', 'None'].map((how) =>
        get(`${cm}/a?includeObject=${how}`, { accept: table, only: ['rows'] }),
      ),
      get(`${cm}/a?includeObject=Much`, { accept: table, only: ['rows'] }),
    ],
  },
  tabled('pods as a table', core('pods'), {
    metadata: { name: 'p' },
    spec: { ...parked, readinessGates: [{ conditionType: 'x.test/y' }] },
  }),
  tabled(
    'services as a table',
    core('services'),
    {
      metadata: { name: 's' },
      spec: {
        ports: [{ port: 80 }, { port: 81, protocol: 'UDP', name: 'u' }].map((one, i) => ({
          name: `p${i}`,
          ...one,
        })),
        selector: { a: 'b' },
      },
    },
    { metadata: { name: 'h' }, spec: { clusterIP: 'None', ports: [{ port: 80 }] } },
  ),
  tabled('secrets as a table', core('secrets'), {
    metadata: { name: 's' },
    data: { a: 'eA==' },
    stringData: { b: 'x' },
  }),
  tabled('claims as a table', core('persistentvolumeclaims'), {
    metadata: { name: 'c' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'none-such',
      resources: { requests: { storage: '1Gi' } },
    },
  }),
  {
    why: 'deployments, replica sets and stateful sets as tables',
    steps: [
      silently(
        post(named('apps/v1', 'deployments'), {
          metadata: { name: 'd' },
          spec: { replicas: 0, selector, template },
        }),
      ),
      silently(
        post(named('apps/v1', 'statefulsets'), {
          metadata: { name: 's' },
          spec: { replicas: 0, serviceName: 's', selector, template },
        }),
      ),
      get(named('apps/v1', 'deployments'), { accept: table, shown: cells }),
      get(named('apps/v1', 'statefulsets'), { accept: table, shown: cells }),
      silently(
        get(named('apps/v1', 'replicasets'), {
          until: (body) => (body.items as readonly unknown[]).length === 1,
        }),
      ),
      get(named('apps/v1', 'replicasets'), { accept: table, shown: (body) => cells(body).columns }),
    ],
  },
  {
    why: 'jobs as a table',
    steps: [
      silently(
        post(named('batch/v1', 'jobs'), {
          metadata: { name: 'j' },
          spec: { template: { spec: { ...parked, restartPolicy: 'Never' } } },
        }),
      ),
      silently(
        get(named('batch/v1', 'jobs', 'j'), {
          until: (body) => JSON.stringify(body).includes('startTime'),
        }),
      ),
      get(named('batch/v1', 'jobs'), { accept: table, shown: cells }),
    ],
  },
  tabled(
    'disruption budgets as a table',
    named('policy/v1', 'poddisruptionbudgets'),
    { metadata: { name: 'b' }, spec: { minAvailable: 1, selector } },
    { metadata: { name: 'c' }, spec: { maxUnavailable: '20%', selector } },
  ),
  tabled('service accounts as a table', core('serviceaccounts')),
  tabled('roles as a table', named('rbac.authorization.k8s.io/v1', 'roles'), {
    metadata: { name: 'r' },
    rules: [],
  }),
  tabled('bindings as a table', named('rbac.authorization.k8s.io/v1', 'rolebindings'), {
    metadata: { name: 'r' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'User', name: 'u', apiGroup: 'rbac.authorization.k8s.io' }],
  }),
  tabled('leases as a table', named('coordination.k8s.io/v1', 'leases'), {
    metadata: { name: 'l' },
    spec: { holderIdentity: 'me' },
  }),
  tabled('events as a table', core('events'), {
    metadata: { name: 'e' },
    involvedObject: { kind: 'Pod', name: 'p', namespace: 'NS' },
    type: 'Normal',
    reason: 'Because',
    message: 'it is so',
    count: 3,
    source: { component: 'test' },
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
  }),
  {
    why: 'namespaces as a table',
    steps: [
      get('/api/v1/namespaces?fieldSelector=metadata.name%3DNS', { accept: table, shown: cells }),
    ],
  },
  {
    why: 'metadata alone',
    steps: [
      ...three,
      get(`${cm}/a`, { accept: partial }),
      get(`${cm}?labelSelector=app`, { accept: partialList }),
      get(`${cm}/none`, { accept: partial }),
    ],
  },
];

export const reading: Group = {
  name: 'reading',
  rows: [...lists, ...pages, ...versions, ...tables],
};
