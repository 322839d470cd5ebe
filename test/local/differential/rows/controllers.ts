/**
 * What controllers leave: the state that they come to, awaited, not when.
 * Never here: what the API server alone decides.
 */
import type { JsonObject } from '../../../../src/local/api/port';
import { core, type Group, get, named, parked, patch, post, remove, silently } from '../row';

import {
  budgets,
  claims,
  conditions,
  deployments,
  items,
  ready,
  running,
  seen,
  selector,
  set,
  settled,
  slices,
  statefulSets,
  template,
} from './awaited';

const endpoint = (body: JsonObject) =>
  items(body).map(({ addressType, endpoints, ports, metadata }) => ({
    addressType,
    ports,
    labels: (metadata as JsonObject).labels,
    owner: ((metadata as JsonObject).ownerReferences as readonly JsonObject[])[0]?.kind,
    endpoints: ((endpoints ?? []) as readonly JsonObject[])
      .map(({ conditions: has, targetRef, hostname }) => ({
        has,
        hostname,
        name: (targetRef as JsonObject).name,
      }))
      .sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1)),
  })) as never;
const service = (spec: JsonObject): JsonObject => ({
  metadata: { name: 's' },
  spec: { selector: { app: 'x' }, ports: [{ name: 'valkey', port: 6379 }], ...spec },
});
const sliceOf = (holds: (text: string, body: JsonObject) => boolean) =>
  get(slices, {
    until: (body) => items(body).length > 0 && holds(JSON.stringify(body), body),
    shown: endpoint,
  });
const never: JsonObject = {
  ...running,
  containers: (running.containers as readonly JsonObject[]).map((one) => ({
    ...one,
    readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 },
  })),
};

const networks: Group['rows'] = [
  {
    why: 'a slice names the ready pods of a service, by their port',
    steps: [
      silently(post(core('services'), service({}))),
      silently(post(statefulSets, set({ replicas: 2, podManagementPolicy: 'Parallel' }))),
      ready(2),
      sliceOf((text) => (text.match(/"ready":true/g) ?? []).length === 2),
    ],
  },
  {
    why: 'a headless service names hosts',
    steps: [
      silently(post(core('services'), service({ clusterIP: 'None' }))),
      silently(post(statefulSets, set({ replicas: 1 }))),
      ready(1),
      sliceOf((text) => text.includes('"ready":true')),
    ],
  },
  {
    why: 'a pod that is not ready is there, and not ready',
    steps: [
      silently(post(core('services'), service({}))),
      silently(post(statefulSets, set({ replicas: 1 }, never))),
      silently(settled(core('pods', 's-0'), { phase: 'Running' })),
      sliceOf((text) => text.includes('"ready":false')),
    ],
  },
  {
    why: 'what publishes who is not ready calls them ready',
    steps: [
      silently(post(core('services'), service({ publishNotReadyAddresses: true }))),
      silently(post(statefulSets, set({ replicas: 1 }, never))),
      sliceOf((text) => text.includes('"ready":true')),
    ],
  },
  {
    why: 'a service without pods has a slice without endpoints',
    steps: [silently(post(core('services'), service({}))), sliceOf(() => true)],
  },
  {
    why: 'a service without a selector has none',
    steps: [
      silently(
        post(core('services'), { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } }),
      ),
      silently(
        post(core('services'), {
          metadata: { name: 't' },
          spec: { selector: { app: 'x' }, ports: [{ port: 80 }] },
        }),
      ),
      get(slices, { until: (body) => items(body).length > 0, shown: (body) => items(body).length }),
    ],
  },
  {
    why: 'a changed selector changes the slice',
    steps: [
      silently(post(core('services'), service({}))),
      silently(post(statefulSets, set({ replicas: 2, podManagementPolicy: 'Parallel' }))),
      ready(2),
      silently(
        patch('merge', core('services', 's'), {
          spec: { selector: { 'statefulset.kubernetes.io/pod-name': 's-1' } },
        }),
      ),
      sliceOf((text) => (text.match(/"ready":true/g) ?? []).length === 1),
    ],
  },
  {
    why: 'whoever watches or writes endpoints is told of their end',
    steps: [
      get(`${core('endpoints')}?watch=true&timeoutSeconds=1`, {
        watch: { events: 9 },
        shown: () => 'open',
      }),
      post(core('endpoints'), { metadata: { name: 'e' } }, { only: ['kind'] }),
      get(core('endpoints', 'none')),
    ],
  },
  {
    why: 'endpoints follow the slices',
    steps: [
      silently(post(core('services'), service({}))),
      silently(post(statefulSets, set({ replicas: 1 }))),
      ready(1),
      get(core('endpoints', 's'), {
        until: (body) => JSON.stringify(body).includes('"addresses"'),
        only: ['subsets', 'metadata.labels'],
      }),
    ],
  },
];

const budget = (spec: JsonObject) =>
  silently(post(budgets, { metadata: { name: 'b' }, spec: { selector, ...spec } }));
const disrupted = (why: string, spec: JsonObject, wanted: JsonObject): Group['rows'][number] => ({
  why,
  steps: [
    budget(spec),
    silently(post(statefulSets, set({ replicas: 2, podManagementPolicy: 'Parallel' }))),
    ready(2),
    settled(`${budgets}/b`, { currentHealthy: 2, ...wanted }),
  ],
});
const evicted = (name: string) => post(core('pods', `${name}/eviction`), { metadata: { name } });

const disruption: Group['rows'] = [
  disrupted(
    'a budget of one at least lets one of two go',
    { minAvailable: 1 },
    { disruptionsAllowed: 1 },
  ),
  disrupted(
    'a budget of one lost at most wants one of two',
    { maxUnavailable: 1 },
    { disruptionsAllowed: 1 },
  ),
  disrupted('a budget of all lets nobody go', { minAvailable: '100%' }, { expectedPods: 2 }),
  {
    why: 'a budget without pods',
    steps: [budget({ minAvailable: 1 }), settled(`${budgets}/b`, { ...seen })],
  },
  {
    why: 'an eviction that the budget forbids is 429, and the pod stays',
    steps: [
      budget({ minAvailable: 2 }),
      silently(post(statefulSets, set({ replicas: 2, podManagementPolicy: 'Parallel' }))),
      ready(2),
      silently(settled(`${budgets}/b`, { currentHealthy: 2 })),
      evicted('s-0'),
      get(core('pods', 's-0'), { only: ['metadata.deletionTimestamp'] }),
    ],
  },
  {
    why: 'an eviction that the budget allows takes from it',
    steps: [
      budget({ minAvailable: 1 }),
      silently(post(statefulSets, set({ replicas: 2, podManagementPolicy: 'Parallel' }))),
      ready(2),
      silently(settled(`${budgets}/b`, { disruptionsAllowed: 1 })),
      evicted('s-0'),
    ],
  },
  {
    why: 'two budgets for one pod are an error',
    steps: [
      budget({ minAvailable: 1 }),
      silently(post(budgets, { metadata: { name: 'c' }, spec: { selector, minAvailable: 1 } })),
      silently(post(statefulSets, set({ replicas: 1 }))),
      ready(1),
      evicted('s-0'),
    ],
  },
];

const job = (spec: JsonObject, command: string): JsonObject => ({
  metadata: { name: 'j' },
  spec: {
    backoffLimit: 0,
    ...spec,
    template: {
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'main', image: 'valkey/valkey:8.0', command: ['sh', '-c', command] }],
      },
    },
  },
});
const jobs = named('batch/v1', 'jobs');

const others: Group['rows'] = [
  {
    why: 'a deployment of two is available',
    steps: [
      post(deployments, {
        metadata: { name: 'd' },
        spec: { replicas: 2, selector, template: template(running) },
      }),
      settled(
        `${deployments}/d`,
        { availableReplicas: 2, updatedReplicas: 2 },
        { only: ['status.replicas', 'status.readyReplicas', 'status.observedGeneration'] },
      ),
      get(`${deployments}/d`, {
        until: (body) => JSON.stringify(body).includes('NewReplicaSetAvailable'),
        shown: (body) =>
          conditions(body).map(([type, status, reason]: readonly never[]) => [
            type,
            status,
            reason,
          ]) as never,
      }),
    ],
  },
  {
    why: 'a deployment that cannot come up says so',
    steps: [
      silently(
        post(deployments, {
          metadata: { name: 'd' },
          spec: {
            replicas: 1,
            progressDeadlineSeconds: 2,
            minReadySeconds: 1,
            selector,
            template: template(parked),
          },
        }),
      ),
      get(`${deployments}/d`, {
        until: (body) => JSON.stringify(body).includes('ProgressDeadlineExceeded'),
        shown: (body) =>
          conditions(body).map(([type, status, reason]: readonly never[]) => [
            type,
            status,
            reason,
          ]) as never,
      }),
    ],
  },
  {
    why: 'a job that ends well is complete',
    steps: [
      silently(post(jobs, job({}, 'exit 0'))),
      get(`${jobs}/j`, {
        until: (body) => JSON.stringify(body).includes('"Complete"'),
        shown: (body) =>
          [
            conditions(body),
            (body.status as JsonObject).succeeded ?? 0,
            (body.status as JsonObject).ready ?? 0,
          ] as never,
      }),
    ],
  },
  {
    why: 'a job that fails has failed',
    steps: [
      silently(post(jobs, job({}, 'exit 3'))),
      get(`${jobs}/j`, {
        until: (body) => JSON.stringify(body).includes('"Failed"'),
        shown: (body) => [conditions(body), (body.status as JsonObject).failed ?? 0] as never,
      }),
    ],
  },
  {
    why: 'a claim of a class that is not there is pending',
    steps: [
      silently(
        post(claims, {
          metadata: { name: 'c' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: 'none-such',
            resources: { requests: { storage: '1Gi' } },
          },
        }),
      ),
      get(`${claims}/c`, { only: ['status', 'spec.volumeMode', 'metadata.finalizers'] }),
    ],
  },
  {
    why: 'a pod that no node takes says why',
    steps: [
      silently(post(core('pods'), { metadata: { name: 'p' }, spec: parked })),
      get(core('pods', 'p'), {
        until: (body) => JSON.stringify(body).includes('Unschedulable'),
        only: [
          'status.phase',
          'status.qosClass',
          'spec.tolerations',
          'spec.priority',
          'spec.preemptionPolicy',
        ],
      }),
    ],
  },
  {
    why: 'a namespace has its account and the root certificate',
    steps: [
      get(core('serviceaccounts', 'default'), { only: ['kind', 'secrets', 'imagePullSecrets'] }),
      get(core('configmaps', 'kube-root-ca.crt'), {
        until: (_body, status) => status === 200,
        shown: (body) =>
          [
            Object.keys(body.data as JsonObject),
            (body.metadata as JsonObject).annotations ?? {},
          ] as never,
      }),
    ],
  },
  {
    why: 'the default account comes back',
    steps: [
      silently(remove(core('serviceaccounts', 'default'))),
      get(core('serviceaccounts', 'default'), {
        until: (_body, status) => status === 200,
        only: ['kind'],
      }),
    ],
  },
  {
    why: 'a pod needs its account to be there',
    steps: [
      post(core('pods'), {
        metadata: { name: 'p' },
        spec: { ...parked, serviceAccountName: 'nobody' },
      }),
    ],
  },
  {
    why: 'a pod is given a token volume, tolerations and defaults',
    steps: [
      post(
        core('pods'),
        { metadata: { name: 'p' }, spec: parked },
        {
          shown: (body) =>
            JSON.parse(
              JSON.stringify(body.spec).replace(/kube-api-access-\w{5}/g, 'kube-api-access-X'),
            ),
        },
      ),
    ],
  },
];

export const controllers: Group = {
  name: 'controllers',
  rows: [...networks, ...disruption, ...others],
};
