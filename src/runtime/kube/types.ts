/**
 * The Kubernetes objects that the operator reads, narrowed to the fields that it reads, and the
 * table of resources with their paths. A field that is absent here is kept by merge patch and apply.
 * Never here: what we render (resources/), nor the fields of a ValkeyCluster (spec/).
 */

/** Metadata of an object as the API server gives it. */
export interface ObjectMeta {
  readonly name: string;
  /** Absent for cluster-wide kinds. */
  readonly namespace?: string;
  /** Identity of this very object; a successor of the same name has another one. */
  readonly uid: string;
  /** Opaque; compared for equality only. */
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  /** Present while the object is being deleted. */
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** Any object as read. `Spec` and `Status` are what the reader declares to know of it. */
export interface KubeObject<Spec = unknown, Status = unknown> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: Spec;
  readonly status?: Status;
}

/** Any object as sent: the server fills in the rest. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name?: string;
    readonly generateName?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
  };
}

/** `name` inside `namespace`; no namespace for cluster-wide kinds. */
export interface ObjectName {
  readonly namespace?: string | undefined;
  readonly name: string;
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: {
    readonly containerID?: string;
    readonly exitCode: number;
    readonly reason?: string;
    readonly startedAt?: string;
    readonly finishedAt?: string;
  };
}

export interface ContainerStatus {
  readonly name: string;
  /** `containerd://<64 hex>`: one run of the container; empty before its first start. */
  readonly containerID?: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

export interface PodSpec {
  readonly nodeName?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly containers: readonly { readonly name: string; readonly image?: string }[];
  readonly initContainers?: readonly { readonly name: string; readonly restartPolicy?: string }[];
  readonly volumes?: readonly {
    readonly name: string;
    readonly persistentVolumeClaim?: { readonly claimName: string };
  }[];
}

export interface PodStatus {
  readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly reason?: string;
  readonly startTime?: string;
  readonly conditions?: readonly Condition[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
}

export type Pod = KubeObject<PodSpec, PodStatus>;

export interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  /** Absent: the Service has no endpoints of its own (closed). */
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly name?: string; readonly port: number }[];
  readonly publishNotReadyAddresses?: boolean;
}

export type Service = KubeObject<ServiceSpec>;

export interface EndpointSlice extends KubeObject {
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN';
  readonly endpoints?:
    | readonly {
        readonly addresses: readonly string[];
        readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean };
        readonly targetRef?: { readonly name?: string; readonly uid?: string };
        readonly nodeName?: string;
      }[]
    | null;
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[] | null;
}

export interface StatefulSetSpec {
  readonly replicas?: number;
  readonly serviceName?: string;
  readonly template?: { readonly metadata?: Partial<ObjectMeta>; readonly spec?: PodSpec };
}

export interface StatefulSetStatus {
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly updatedReplicas?: number;
  readonly currentRevision?: string;
  readonly updateRevision?: string;
  readonly observedGeneration?: number;
}

export type StatefulSet = KubeObject<StatefulSetSpec, StatefulSetStatus>;

/** Times are MicroTime: RFC 3339 with six digits. Every field may be absent in a lease made by hand. */
export interface LeaseSpec {
  readonly holderIdentity?: string | null;
  readonly leaseDurationSeconds?: number | null;
  readonly acquireTime?: string | null;
  readonly renewTime?: string | null;
  readonly leaseTransitions?: number | null;
}

export type Lease = KubeObject<LeaseSpec>;

export interface NodeSpec {
  readonly unschedulable?: boolean;
  readonly taints?: readonly {
    readonly key: string;
    readonly value?: string;
    readonly effect: string;
    readonly timeAdded?: string;
  }[];
}

export type Node = KubeObject<NodeSpec, { readonly conditions?: readonly Condition[] }>;

export interface PersistentVolumeClaimSpec {
  readonly storageClassName?: string;
  readonly volumeName?: string;
  readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
}

export interface PersistentVolumeClaimStatus {
  readonly phase?: 'Pending' | 'Bound' | 'Lost';
  readonly capacity?: Readonly<Record<string, string>>;
  readonly conditions?: readonly Condition[];
}

export type PersistentVolumeClaim = KubeObject<
  PersistentVolumeClaimSpec,
  PersistentVolumeClaimStatus
>;

export interface Secret extends KubeObject {
  readonly type?: string;
  /** Values in base64; never logged. */
  readonly data?: Readonly<Record<string, string>>;
}

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

export interface StorageClass extends KubeObject {
  readonly allowVolumeExpansion?: boolean;
}

declare const holds: unique symbol;

/** Where a kind lives. The type parameter says what a read of it gives. */
export interface Resource<T extends KubeObject = KubeObject> {
  readonly apiVersion: string;
  readonly kind: string;
  /** As in the path: lower case, plural. */
  readonly plural: string;
  readonly scope: 'namespaced' | 'cluster';
  readonly [holds]?: T;
}

function namespaced<T extends KubeObject = KubeObject>(
  apiVersion: string,
  kind: string,
  plural: string,
): Resource<T> {
  return { apiVersion, kind, plural, scope: 'namespaced' };
}

/** A cluster-wide kind. */
export function clusterWide<T extends KubeObject = KubeObject>(
  apiVersion: string,
  kind: string,
  plural: string,
): Resource<T> {
  return { apiVersion, kind, plural, scope: 'cluster' };
}

/** Every resource that the operator touches, hence also what its ClusterRole must name. */
export const resources = {
  pods: namespaced<Pod>('v1', 'Pod', 'pods'),
  services: namespaced<Service>('v1', 'Service', 'services'),
  secrets: namespaced<Secret>('v1', 'Secret', 'secrets'),
  configMaps: namespaced<ConfigMap>('v1', 'ConfigMap', 'configmaps'),
  persistentVolumeClaims: namespaced<PersistentVolumeClaim>(
    'v1',
    'PersistentVolumeClaim',
    'persistentvolumeclaims',
  ),
  nodes: clusterWide<Node>('v1', 'Node', 'nodes'),
  endpointSlices: namespaced<EndpointSlice>(
    'discovery.k8s.io/v1',
    'EndpointSlice',
    'endpointslices',
  ),
  statefulSets: namespaced<StatefulSet>('apps/v1', 'StatefulSet', 'statefulsets'),
  podDisruptionBudgets: namespaced('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  leases: namespaced<Lease>('coordination.k8s.io/v1', 'Lease', 'leases'),
  events: namespaced('events.k8s.io/v1', 'Event', 'events'),
  storageClasses: clusterWide<StorageClass>('storage.k8s.io/v1', 'StorageClass', 'storageclasses'),
  valkeyClusters: namespaced('valkey.verilean.io/v1', 'ValkeyCluster', 'valkeyclusters'),
} as const;

/** @returns undefined for a kind that the operator does not touch. */
export function resourceOf(object: {
  readonly apiVersion: string;
  readonly kind: string;
}): Resource | undefined {
  return Object.values<Resource>(resources).find(
    (resource) => resource.apiVersion === object.apiVersion && resource.kind === object.kind,
  );
}

/** The ValkeyCluster resource, read as the caller's own spec and status types. */
export function valkeyClustersOf<Spec, Status>(): Resource<KubeObject<Spec, Status>> {
  const { apiVersion, kind, plural, scope } = resources.valkeyClusters;
  return { apiVersion, kind, plural, scope };
}
