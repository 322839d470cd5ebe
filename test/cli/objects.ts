/**
 * ValkeyClusters as an operator leaves them, one for each state that a person may find at night.
 * Never here: a status that no operator would write; the sentences come from the table of reasons.
 */
import { describe as sentence } from '../../src/kit/reasons';
import type { ConditionStatus, RecordStatus, ValkeyClusterStatus } from '../../src/spec/status';

/** Two minutes before NOW_MS of api.ts. */
const SINCE = '2026-11-21T03:00:00Z';
const SEEN = '2026-11-21T03:01:48Z';

const processOf = (pod: string) => ({ pod, podUid: `uid-${pod}`, runId: '0'.repeat(40) });

function record(phase: string, target?: string): RecordStatus {
  return {
    term: 4,
    epoch: 17,
    primary: processOf('cart-0'),
    members: [processOf('cart-1'), processOf('cart-2')],
    everAttached: true,
    foreign: false,
    lineage: [{ epoch: 17, replid: 'a'.repeat(40), fromOffset: 1, cut: 'Joined' }],
    phase,
    ...(target === undefined ? {} : { target: processOf(target) }),
    m: 1,
    L: 2,
    offset: 70,
    keys: 2,
    at: 1,
  };
}

const node = (podName: string, role: string, healthy: boolean) => ({
  podName,
  role,
  healthy,
  replOffset: 19_306,
});

const condition = (type: string, status: string, reason: string, message: string) =>
  ({ type, status, reason, message, lastTransitionTime: SINCE }) satisfies ConditionStatus;

const running: ValkeyClusterStatus = {
  phase: 'Running',
  masterPod: 'cart-0',
  currentMaster: '10.244.3.2:6379',
  replicas: 3,
  readyReplicas: 3,
  lastReconcileTime: SEEN,
  nodeStatuses: [
    node('cart-0', 'Master', true),
    node('cart-1', 'Replica', true),
    node('cart-2', 'Replica', true),
  ],
  record: record('Steady'),
  failovers: {
    count: 2,
    last: { reason: 'socketClosed', from: 'cart-1', to: 'cart-0', durationMs: 93 },
  },
  conditions: [
    condition('Ready', 'True', 'AllReady', '3 of 3 nodes serve'),
    condition('Degraded', 'False', 'NothingBlocks', 'nothing stands in the way'),
    condition('PrimaryAvailable', 'True', 'PrimaryServes', 'cart-0 takes writes'),
    condition('DataAtRisk', 'False', 'WritesReplicated', 'writes wait for the replicas'),
  ],
};

const asks = sentence('PrimaryNotFenced', { primary: 'cart-0', epoch: 17 });

/** The primary hangs on a lost node, and the engine asks. */
const failing: ValkeyClusterStatus = {
  ...running,
  phase: 'Failed',
  masterPod: '',
  currentMaster: '',
  readyReplicas: 2,
  nodeStatuses: [
    node('cart-0', 'Unknown', false),
    node('cart-1', 'Replica', false),
    node('cart-2', 'Replica', false),
  ],
  // One number ahead of the epoch in force: a change was begun and given up.
  record: { ...record('Failover', 'cart-1'), epoch: 18 },
  conditions: [
    condition('Ready', 'False', 'PrimaryNotFenced', '2 of 3 pods ready, 0 replicas attached'),
    condition('Degraded', 'True', 'PrimaryNotFenced', asks),
    condition('PrimaryAvailable', 'False', 'PrimaryNotFenced', 'no primary serves at the moment'),
  ],
};

function cluster(status: ValkeyClusterStatus | undefined, metadata: object = {}, spec = {}) {
  return {
    apiVersion: 'valkey.verilean.io/v1',
    kind: 'ValkeyCluster',
    metadata: { name: 'cart', namespace: 'shop', uid: 'u1', resourceVersion: '1', ...metadata },
    spec: { replicas: 3, ...spec },
    ...(status === undefined ? {} : { status }),
  };
}

const lagging = running.nodeStatuses?.map((one) =>
  one.podName === 'cart-2' ? { ...one, healthy: false } : one,
);

export const objects = {
  running: cluster(running),
  unseen: cluster(undefined),
  starting: cluster({
    phase: 'Creating',
    masterPod: '',
    lastReconcileTime: SEEN,
    conditions: [
      condition(
        'Degraded',
        'True',
        'WaitingForFirstBoot',
        sentence('WaitingForFirstBoot', { pods: 'cart-0' }),
      ),
    ],
  }),
  paused: cluster(running, {}, { paused: true }),
  failing: cluster(failing),
  failingAnswered: cluster(failing, {
    annotations: { 'valkey.verilean.io/accept': 'cart-1@17' },
  }),
  stale: cluster({ ...running, lastReconcileTime: '2026-11-21T01:00:00Z' }),
  // Its earlier process stays a member until the others have passed it.
  lagging: cluster({
    ...running,
    ...(lagging === undefined ? {} : { nodeStatuses: lagging }),
    record: {
      ...record('Steady'),
      members: [processOf('cart-1'), processOf('cart-2'), processOf('cart-2')],
    },
  }),
  moving: cluster({ ...running, record: record('Switchover', 'cart-2') }),
  deleting: cluster(running, { deletionTimestamp: SINCE }),
  elsewhere: cluster(running, { name: 'orders', namespace: 'billing', uid: 'u2' }),
  longName: cluster(running, { name: 'sessions-of-all-customers-in-europe-and-beyond', uid: 'u3' }),
};

/** The status after the primary was moved, as an operator writes it. */
export function moved(to: string): ValkeyClusterStatus {
  return {
    ...running,
    masterPod: to,
    record: { ...record('Steady'), epoch: 18, primary: processOf(to) },
    failovers: { count: 3, last: { reason: 'asked', from: 'cart-0', to, durationMs: 41 } },
  };
}

/** The status after a switchover that was given up: only the epoch's number has risen. */
export const gaveUp: ValkeyClusterStatus = {
  ...running,
  record: { ...record('Steady'), epoch: 18 },
};
