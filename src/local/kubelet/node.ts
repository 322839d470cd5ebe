/**
 * The nodes as objects: what they have, that they are alive, and the lease that says so.
 * Never here: what a node's silence leads to (controllers), pods.
 */
import { cpus, totalmem } from 'node:os';
import type { ApiObject, LocalApi, User } from '../api/port';
import { kindOf } from '../controllers/frame/kind';
import type { Timers } from '../controllers/frame/timers';
import { microTimestamp, timestamp } from '../controllers/objects/time';
import { isFine, type NodePlace } from './host';
import type { Programs } from './images';
import type { Amounts } from './pod';

const NODES = kindOf('v1', 'Node', 'nodes', 'Cluster');
const LEASES = kindOf('coordination.k8s.io/v1', 'Lease', 'leases');
const LEASE_NAMESPACE = 'kube-node-lease';
/** As a real kubelet: the lease lasts 40 s and is renewed four times in that time. */
const LEASE_SECONDS = 40;
const RENEW_MS = 10_000;
/** The version that the local cluster speaks. */
const VERSION = 'v1.34.0';

export interface NodeObjects {
  /** Makes the node if it is not there, and says that it is ready. */
  register(): void;
  /** Says so again and again, as long as the node has its link. @returns ends it. */
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
    const found = api.handle({ ...at, verb: 'get', resource: NODES });
    if (!isFine(found)) return;
    const present = found.value as ApiObject<unknown, { conditions?: readonly Condition[] }>;
    const status = {
      ...present.status,
      ...statusOf(facts, present.status?.conditions ?? [], nowMs()),
    };
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
        if (place.link === 'up') renew();
        cancel = timers.after(RENEW_MS, beat);
      };
      beat();
      return () => cancel();
    },
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime: string;
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

function statusOf(
  { place, programs }: NodeFacts,
  before: readonly Condition[],
  nowMs: number,
): object {
  const now = timestamp(nowMs);
  const conditions = CONDITIONS.map(([type, status, reason, message]) => {
    const last = before.find((condition) => condition.type === type);
    const lastTransitionTime = last?.status === status ? last.lastTransitionTime : now;
    return { type, status, reason, message, lastHeartbeatTime: now, lastTransitionTime };
  });
  return {
    addresses: [
      { type: 'InternalIP', address: place.ip },
      { type: 'Hostname', address: place.name },
    ],
    capacity: place.allocatable,
    allocatable: place.allocatable,
    conditions,
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    images: imagesOf(programs),
    nodeInfo: {
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      bootID: '',
      containerRuntimeVersion: 'local://1',
      kernelVersion: '',
      kubeProxyVersion: '',
      kubeletVersion: VERSION,
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
