/**
 * What `kubectl get` prints of objects in every state: each is named after its state.
 * Never here: how a table is asked for and paged (reading.ts), columns of custom kinds (printing-custom.ts).
 */
import type { Json, JsonObject } from '../../../../src/local/api/port';
import { core, type Group, get, parked, patch, post, remove, type Step, silently } from '../row';
import { events } from './printing-events';
import { cells, table, tabled } from './tables';

const long = '2001-02-03T04:05:06Z';
const containers = [
  { name: 'a', image: 'i' },
  { name: 'b', image: 'i' },
];
const init = {
  initContainers: [
    { name: 'i', image: 'i' },
    { name: 'j', image: 'i' },
  ],
};
const sidecar = { initContainers: [{ name: 'i', image: 'i', restartPolicy: 'Always' }] };
const status = (name: string, state: JsonObject, more: JsonObject = {}): JsonObject => ({
  name,
  image: 'i',
  imageID: '',
  ready: false,
  restartCount: 0,
  state,
  ...more,
});
const ended = (more: JsonObject = {}) => ({
  terminated: { exitCode: 0, startedAt: long, finishedAt: long, ...more },
});
const running = { running: { startedAt: long } };
const up = { ready: true, started: true };
const ready = { type: 'Ready', status: 'True' };

interface PodCase {
  readonly name: string;
  readonly spec?: JsonObject;
  readonly status: JsonObject;
}

const pods: readonly PodCase[] = [
  { name: 'pending', status: {} },
  { name: 'said-by-the-kubelet', status: { phase: 'Failed', reason: 'Evicted' } },
  {
    name: 'half-running',
    status: {
      phase: 'Running',
      containerStatuses: [status('a', running, up), status('b', running)],
    },
  },
  {
    name: 'running',
    status: {
      phase: 'Running',
      podIPs: [{ ip: '10.1.2.3' }],
      nominatedNodeName: 'n',
      containerStatuses: [status('a', running, up), status('b', running, up)],
    },
  },
  {
    name: 'restarted',
    status: {
      phase: 'Running',
      containerStatuses: [
        status('a', running, { ...up, restartCount: 2, lastState: ended({ exitCode: 1 }) }),
        status('b', running, { ...up, restartCount: 1 }),
      ],
    },
  },
  {
    name: 'restarted-nobody-knows-when',
    status: {
      phase: 'Running',
      containerStatuses: [status('a', running, { restartCount: 4 }), status('b', running)],
    },
  },
  {
    name: 'crash-looping',
    status: {
      phase: 'Running',
      containerStatuses: [
        status('a', { waiting: { reason: 'CrashLoopBackOff' } }),
        status('b', running, up),
      ],
    },
  },
  {
    name: 'first-of-two-reasons',
    status: {
      phase: 'Running',
      containerStatuses: [
        status('a', { waiting: { reason: 'ErrImagePull' } }),
        status('b', { waiting: { reason: 'CrashLoopBackOff' } }),
      ],
    },
  },
  {
    name: 'waiting-without-a-reason',
    status: { phase: 'Pending', containerStatuses: [status('a', { waiting: {} })] },
  },
  {
    name: 'ended-by-a-reason',
    status: {
      phase: 'Failed',
      containerStatuses: [status('a', ended({ exitCode: 137, reason: 'OOMKilled' }))],
    },
  },
  {
    name: 'ended-by-a-signal',
    status: {
      phase: 'Failed',
      containerStatuses: [status('a', ended({ exitCode: 1, signal: 9 }))],
    },
  },
  {
    name: 'ended-by-a-code',
    status: { phase: 'Failed', containerStatuses: [status('a', ended({ exitCode: 3 }))] },
  },
  {
    name: 'one-completed-one-ready',
    status: {
      phase: 'Running',
      conditions: [ready],
      containerStatuses: [status('a', ended({ reason: 'Completed' })), status('b', running, up)],
    },
  },
  {
    name: 'one-completed-pod-not-ready',
    status: {
      phase: 'Running',
      containerStatuses: [status('a', ended({ reason: 'Completed' })), status('b', running, up)],
    },
  },
  {
    name: 'all-completed',
    status: {
      phase: 'Succeeded',
      containerStatuses: [
        status('a', ended({ reason: 'Completed' })),
        status('b', ended({ reason: 'Completed' })),
      ],
    },
  },
  {
    name: 'init-second-of-two',
    spec: init,
    status: {
      phase: 'Pending',
      initContainerStatuses: [status('i', ended()), status('j', running)],
    },
  },
  {
    name: 'init-not-yet-started',
    spec: init,
    status: {
      phase: 'Pending',
      initContainerStatuses: [status('i', { waiting: { reason: 'PodInitializing' } })],
    },
  },
  {
    name: 'init-waits-for-a-reason',
    spec: init,
    status: {
      phase: 'Pending',
      initContainerStatuses: [
        status('i', { waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 5 }),
      ],
    },
  },
  {
    name: 'init-failed-by-code',
    spec: init,
    status: { phase: 'Pending', initContainerStatuses: [status('i', ended({ exitCode: 2 }))] },
  },
  {
    name: 'init-failed-by-signal',
    spec: init,
    status: {
      phase: 'Pending',
      initContainerStatuses: [status('i', ended({ exitCode: 2, signal: 15 }))],
    },
  },
  {
    name: 'init-failed-by-reason',
    spec: init,
    status: {
      phase: 'Pending',
      initContainerStatuses: [status('i', ended({ exitCode: 2, reason: 'Error' }))],
    },
  },
  {
    name: 'init-failed-after-all-had-been-done',
    spec: init,
    status: {
      phase: 'Running',
      conditions: [{ type: 'Initialized', status: 'True' }],
      initContainerStatuses: [status('i', ended({ exitCode: 2 }), { restartCount: 3 })],
      containerStatuses: [status('a', running, up)],
    },
  },
  {
    name: 'sidecar-ready',
    spec: sidecar,
    status: {
      phase: 'Running',
      initContainerStatuses: [
        status('i', running, { ...up, restartCount: 1, lastState: ended({ exitCode: 1 }) }),
      ],
      containerStatuses: [status('a', running, up), status('b', running, up)],
    },
  },
  {
    name: 'sidecar-started-not-ready',
    spec: sidecar,
    status: {
      phase: 'Running',
      initContainerStatuses: [status('i', running, { started: true })],
      containerStatuses: [status('a', running, up), status('b', running, up)],
    },
  },
  {
    name: 'sidecar-not-started',
    spec: sidecar,
    status: { phase: 'Pending', initContainerStatuses: [status('i', running)] },
  },
  {
    name: 'gates-one-of-two',
    spec: { readinessGates: [{ conditionType: 'x.test/y' }, { conditionType: 'x.test/z' }] },
    status: {
      conditions: [
        { type: 'x.test/y', status: 'True' },
        { type: 'x.test/z', status: 'False' },
      ],
    },
  },
];
const keptPods: readonly PodCase[] = [
  { name: 'terminating', status: { phase: 'Running' } },
  { name: 'lost-with-its-node', status: { phase: 'Running', reason: 'NodeLost' } },
  { name: 'already-failed', status: { phase: 'Failed' } },
  { name: 'already-succeeded', status: { phase: 'Succeeded' } },
];
const madePod = ({ name, spec, status: said }: PodCase, finalizers: readonly string[] = []) => [
  silently(
    post(core('pods'), {
      metadata: { name, finalizers },
      spec: { ...parked, containers, ...spec },
    }),
  ),
  // The scheduler has said its word by then.
  silently(
    get(core('pods', name), { until: (body) => JSON.stringify(body).includes('"PodScheduled"') }),
  ),
  silently(patch('strategic', core('pods', `${name}/status`), { status: said })),
];
const keeper = 'gungnir.test/keep';
const released = (path: string): Step =>
  silently(patch('merge', path, { metadata: { finalizers: null } }));

/** How long ago is a matter of when it is asked. */
const withoutAgo = (body: JsonObject) =>
  JSON.parse(JSON.stringify(cells(body)).replace(/\(\w+ ago\)/g, '(AGE ago)')) as Json;
const shownPods = get(core('pods'), { accept: table, shown: withoutAgo });

const podRows: Group['rows'] = [
  {
    why: 'how far a pod is, in one word',
    steps: [...pods.flatMap((one) => madePod(one)), shownPods],
  },
  {
    why: 'a pod that is over has a condition in its row',
    steps: [
      ...pods.slice(0, 2).flatMap((one) => madePod(one)),
      ...madePod({ name: 'succeeded', status: { phase: 'Succeeded' } }),
      get(core('pods'), {
        accept: table,
        shown: (body) =>
          (body.rows as readonly JsonObject[]).map((row) => row.conditions ?? 'none'),
      }),
    ],
  },
  {
    why: 'a pod that is being deleted says so unless it is over',
    steps: [
      ...keptPods.flatMap((one) => madePod(one, [keeper])),
      ...keptPods.map(({ name }) => silently(remove(core('pods', name)))),
      shownPods,
      ...keptPods.map(({ name }) => released(core('pods', name))),
    ],
  },
];

const port = { port: 80, protocol: 'TCP' };
const ofType = (name: string, type: string, spec: JsonObject): JsonObject => ({
  metadata: { name },
  spec: { type, ports: [port], ...spec },
});
const balanced = (name: string, ingress: readonly JsonObject[], spec: JsonObject = {}) => [
  silently(
    post(
      core('services'),
      ofType(name, 'LoadBalancer', { allocateLoadBalancerNodePorts: false, ...spec }),
    ),
  ),
  silently(
    patch('merge', core('services', `${name}/status`), { status: { loadBalancer: { ingress } } }),
  ),
];

const services: Group['rows'] = [
  tabled(
    'services of each type as a table',
    core('services'),
    ofType('alias', 'ExternalName', { externalName: 'a.test', ports: [] }),
    ofType('node-port', 'NodePort', { ports: [{ ...port, nodePort: 32_321 }] }),
    ofType('outside', 'ClusterIP', { externalIPs: ['192.0.2.1', '192.0.2.2'] }),
  ),
  {
    why: 'a load balancer is pending until it has an address',
    steps: [
      ...balanced('pending', []),
      ...balanced('by-ip', [{ ip: '192.0.2.7' }]),
      ...balanced('by-name', [{ hostname: 'b.test' }, { ip: '192.0.2.8' }]),
      ...balanced('by-both', [{ ip: '192.0.2.9' }], { externalIPs: ['192.0.2.10'] }),
      get(core('services'), { accept: table, shown: cells }),
    ],
  },
];

export const printing: Group = {
  name: 'printing',
  rows: [...podRows, ...services, ...events],
};
