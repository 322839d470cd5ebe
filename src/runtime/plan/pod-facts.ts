/**
 * What the engine may believe of a pod, from the objects as the watch shows them (failover.md
 * section 4). Only what is proven becomes a fact: NotReady, a deletion or a gone Node prove nothing.
 * Never here: verdicts.
 */
import type { PodFact } from '../../sentinel/core/facts';

/** The fields of a pod that are read. */
export interface PodView {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers: readonly { readonly name: string }[];
    readonly initContainers?: readonly { readonly name: string; readonly restartPolicy?: string }[];
    readonly volumes?: readonly {
      readonly name: string;
      readonly persistentVolumeClaim?: { readonly claimName: string };
    }[];
  };
  readonly status?: {
    readonly podIP?: string;
    readonly containerStatuses?: readonly ContainerView[];
  };
}

interface ContainerView {
  readonly name: string;
  readonly containerID?: string;
  readonly state?: StateView;
  readonly lastState?: StateView;
}

interface StateView {
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: { readonly containerID?: string; readonly reason?: string };
}

export interface NodeView {
  readonly spec?: { readonly taints?: readonly { readonly key: string }[] };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export interface VolumeView {
  readonly metadata: { readonly uid: string; readonly creationTimestamp?: string };
}

/** The container that runs valkey-server. */
export const SERVER_CONTAINER = 'valkey';
const DATA_VOLUME = 'data';
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';
/** Written by the kubelet where it does not know how the container ended. */
const UNKNOWN_END = 'ContainerStatusUnknown';
/** Sidecars by these names take the pod's traffic (service meshes). */
const MESH_CONTAINERS = ['istio-proxy', 'linkerd-proxy', 'kuma-sidecar', 'consul-dataplane'];

export interface Surroundings {
  readonly port: number;
  readonly node: NodeView | undefined;
  /** The claim that the pod names, as last seen. */
  readonly volume: VolumeView | undefined;
  /** creationTimestamp of the ValkeyCluster. */
  readonly clusterCreatedAt: string;
  /** RFC 3339 to ms since 1970; this folder reads no Date. */
  readonly parseTime: (text: string) => number;
}

/** The claim that holds its data; undefined where the data lives and dies with the pod. */
export function claimNameOf(pod: PodView): string | undefined {
  return pod.spec?.volumes?.find(({ name }) => name === DATA_VOLUME)?.persistentVolumeClaim
    ?.claimName;
}

/**
 * @returns undefined while the pod names a claim that was not seen: whether its volume is ours or
 *   kept from an earlier cluster decides the first boot, and a guess could lose data.
 */
export function podFactOf(pod: PodView, around: Surroundings): PodFact | undefined {
  if (claimNameOf(pod) !== undefined && around.volume === undefined) return undefined;
  const server = pod.status?.containerStatuses?.find(({ name }) => name === SERVER_CONTAINER);
  const startedAt = server?.state?.running?.startedAt;
  return {
    pod: pod.metadata.name,
    podUid: pod.metadata.uid,
    ordinal: ordinalOf(pod.metadata.name),
    ip: pod.status?.podIP,
    port: around.port,
    containerId: server?.state?.running === undefined ? '' : (server.containerID ?? ''),
    containerStartedAtMs: startedAt === undefined ? undefined : around.parseTime(startedAt),
    terminatedIds: [server?.state, server?.lastState].flatMap((state) => endedId(state)),
    lifecycle: pod.metadata.deletionTimestamp === undefined ? 'live' : 'deleting',
    node: nodeFact(pod, around.node),
    traffic: isIntercepted(pod) ? 'intercepted' : 'direct',
    pvcUid: around.volume?.metadata.uid ?? `emptyDir ${pod.metadata.uid}`,
    volume: isOlder(around) ? 'older' : 'ours',
  };
}

/** The number at the end of a StatefulSet pod's name; -1 for a name without one. */
export function ordinalOf(name: string): number {
  const digits = /-(\d+)$/.exec(name)?.[1];
  return digits === undefined ? -1 : Number(digits);
}

function endedId(state: StateView | undefined): readonly string[] {
  const ended = state?.terminated;
  const known = ended?.containerID !== undefined && ended.reason !== UNKNOWN_END;
  return known && ended?.containerID !== undefined ? [ended.containerID] : [];
}

function nodeFact(pod: PodView, node: NodeView | undefined): PodFact['node'] {
  if (node === undefined) return pod.spec?.nodeName === undefined ? 'ready' : 'lost';
  if (node.spec?.taints?.some(({ key }) => key === OUT_OF_SERVICE)) return 'outOfService';
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  return ready === 'True' ? 'ready' : 'lost';
}

function isIntercepted(pod: PodView): boolean {
  const names = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].map(
    ({ name }) => name,
  );
  return names.some((name) => MESH_CONTAINERS.includes(name));
}

/** RFC 3339 in UTC with whole seconds, as the API server writes it, compares as text. */
function isOlder({ volume, clusterCreatedAt }: Surroundings): boolean {
  const createdAt = volume?.metadata.creationTimestamp;
  return createdAt !== undefined && createdAt < clusterCreatedAt;
}
