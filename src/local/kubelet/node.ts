/**
 * The nodes as objects: what they have, that they are alive, and the lease that says so.
 * Never here: what a node's silence leads to (controllers), pods.
 */
import { cpus, totalmem } from 'node:os';
import type { LocalApi, User } from '../api/port';
import type { Timers } from '../controllers/frame/timers';
import { type Condition, conditionOf } from '../controllers/objects/condition';
import { LEASE_NAMESPACE, LEASES, NODES, type Node } from '../controllers/objects/node';
import { microTimestamp, timestamp } from '../controllers/objects/time';
import { KUBERNETES_VERSION } from '../version';
import { isFine, type NodePlace } from './host';
import type { Programs } from './images';
import type { Amounts } from './pod';

/** As a real kubelet: the lease lasts 40 s and is renewed four times in that time. */
const LEASE_SECONDS = 40;
const RENEW_MS = 10_000;
/** A real kubelet looks at its status as often as it renews, and writes it this often at least. */
const HEARTBEAT_MS = 300_000;

export interface NodeObjects {
  /** Makes the node if it is not there, and says that it is ready. */
  register(): void;
  /**
   * Renews the lease again and again as long as the node has its link, and writes its status where
   * somebody said otherwise or it is old. A node that is gone is not made again.
   * @returns ends it.
   */
  keepAlive(): () => void;
}

export interface NodeFacts {
  readonly place: NodePlace;
  readonly zone: string;
  readonly programs: Programs;
}

export function nodeObjects(
  api: LocalApi,
  user: User,
  timers: Timers,
  nowMs: () => number,
  facts: NodeFacts,
): NodeObjects {
  const { place } = facts;
  const at = { user, userAgent: 'kubelet', name: place.name };
  const register = (): void => {
    const labels = labelsOf(place.name, facts.zone);
    const metadata = { name: place.name, labels };
    const body = { apiVersion: 'v1', kind: 'Node', metadata, spec: {} };
    api.handle({ verb: 'create', resource: NODES, user, userAgent: 'kubelet', body });
    tellStatus('at once');
  };
  const tellStatus = (when: 'at once' | 'when it is due'): void => {
    const found = api.handle({ ...at, verb: 'get', resource: NODES });
    if (!isFine(found)) return;
    const present = found.value as Node;
    const before = present.status?.conditions ?? [];
    if (when === 'when it is due' && !isDue(before, nowMs())) return;
    const status = { ...present.status, ...statusOf(facts, before, nowMs()) };
    const whole = { ...present, apiVersion: 'v1', kind: 'Node', status };
    api.handle({ ...at, verb: 'update', resource: NODES, subresource: 'status', body: whole });
  };
  const renew = (): void => {
    const spec = {
      holderIdentity: place.name,
      leaseDurationSeconds: LEASE_SECONDS,
      renewTime: microTimestamp(nowMs()),
    };
    const there = { ...at, resource: LEASES, namespace: LEASE_NAMESPACE };
    const body = { spec };
    const patched = api.handle({ ...there, verb: 'patch', patch: 'merge', body });
    if (isFine(patched)) return;
    const metadata = { name: place.name, namespace: LEASE_NAMESPACE };
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
    const { name: _, ...all } = there;
    api.handle({ ...all, verb: 'create', body: lease });
  };
  return {
    register,
    keepAlive() {
      let cancel = (): void => {};
      const beat = (): void => {
        if (place.link === 'up') {
          renew();
          tellStatus('when it is due');
        }
        cancel = timers.after(RENEW_MS, beat);
      };
      beat();
      return () => cancel();
    },
  };
}

const CONDITIONS = [
  [
    'MemoryPressure',
    'False',
    'KubeletHasSufficientMemory',
    'kubelet has sufficient memory available',
  ],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

/** Whether somebody says otherwise, or nobody has said it for long. */
function isDue(before: readonly Condition[], nowMs: number): boolean {
  return CONDITIONS.some(([type, status]) => {
    const last = conditionOf(before, type);
    const heartbeatMs = Date.parse(last?.lastHeartbeatTime ?? '');
    return last?.status !== status || !(nowMs - heartbeatMs < HEARTBEAT_MS);
  });
}

function statusOf(
  { place, programs }: NodeFacts,
  before: readonly Condition[],
  nowMs: number,
): object {
  const now = timestamp(nowMs);
  const conditions = CONDITIONS.map(([type, status, reason, message]) => {
    const last = conditionOf(before, type);
    const lastTransitionTime = last?.status === status ? last.lastTransitionTime : now;
    return { type, status, reason, message, lastHeartbeatTime: now, lastTransitionTime };
  });
  const foreign = before.filter(({ type }) => !CONDITIONS.some(([own]) => own === type));
  return {
    addresses: [
      { type: 'InternalIP', address: place.ip },
      { type: 'Hostname', address: place.name },
    ],
    capacity: place.allocatable,
    allocatable: place.allocatable,
    conditions: [...foreign, ...conditions],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    images: imagesOf(programs),
    nodeInfo: {
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      bootID: '',
      containerRuntimeVersion: 'local://1',
      kernelVersion: '',
      kubeProxyVersion: '',
      kubeletVersion: KUBERNETES_VERSION,
      machineID: place.name,
      operatingSystem: 'linux',
      osImage: 'processes of this machine',
      systemUUID: place.name,
    },
  };
}

function imagesOf({ servers }: Programs): readonly object[] {
  const names = servers.map(({ version }) => `docker.io/valkey/valkey:${version}`);
  return [...names, 'docker.io/library/node:24'].map((name) => ({ names: [name], sizeBytes: 0 }));
}

function labelsOf(name: string, zone: string): Readonly<Record<string, string>> {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  return {
    'kubernetes.io/arch': architecture,
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'topology.kubernetes.io/zone': zone,
  };
}

/** Each node shows the whole machine: nothing here holds a pod to its share. */
export function machineAmounts(): Amounts {
  return {
    cpu: String(cpus().length),
    'ephemeral-storage': '100Gi',
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    pods: '110',
  };
}
