/**
 * The shared watches of the operator, and what of them concerns one cluster. Everything that is ours
 * carries the label of its cluster, so one watch for each kind serves all clusters.
 * Never here: requests that change something.
 */
import type { Millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';
import type { Rng } from '../../kit/rng';
import { LABELS, ROLES } from '../../spec/naming';
import type { KubeClient } from '../kube/client';
import { type Reflector, startReflector, type Trouble } from '../kube/reflector';
import {
  type ConfigMap,
  type EndpointSlice,
  type KubeObject,
  type Node,
  type PersistentVolumeClaim,
  type Pod,
  type Resource,
  resources,
  type Service,
  type StatefulSet,
} from '../kube/types';
import { type ClusterObject, clusters } from './record-store';

const SLICE_SERVICE = 'kubernetes.io/service-name';

export interface ViewOptions {
  readonly client: KubeClient;
  /** Empty: every namespace. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly onCluster: (object: ClusterObject, change: 'here' | 'gone') => void;
  /** An object of this cluster changed: `kind` tells whose business it is. */
  readonly onPart: (namespace: string, cluster: string, kind: string) => void;
  /** A Node changed: it may concern every cluster. */
  readonly onNode: () => void;
  readonly onTrouble: (resource: string, trouble: Trouble) => void;
}

export class View {
  private readonly everything: Reflector<KubeObject>[] = [];
  private readonly owners: Reflector<ClusterObject>;
  private readonly nodes: Reflector<Node>;
  private readonly services: Reflector<Service>;
  private readonly endpointSlices: Reflector<EndpointSlice>;
  private readonly allPods: Reflector<Pod>;
  private readonly claims: Reflector<PersistentVolumeClaim>;
  private readonly configMaps: Reflector<ConfigMap>;
  private readonly statefulSets: Reflector<StatefulSet>;
  private readonly budgets: Reflector<KubeObject>;

  constructor(private readonly options: ViewOptions) {
    this.owners = this.watch(clusters, 'all', options.onCluster);
    this.nodes = this.watch(resources.nodes, 'all', options.onNode);
    this.services = this.part(resources.services);
    this.endpointSlices = this.part(resources.endpointSlices);
    this.allPods = this.part(resources.pods);
    this.claims = this.part(resources.persistentVolumeClaims);
    this.configMaps = this.part(resources.configMaps);
    this.statefulSets = this.part(resources.statefulSets);
    this.budgets = this.part(resources.podDisruptionBudgets);
  }

  cluster(namespace: string, name: string): ClusterObject | undefined {
    return this.owners.get(namespace, name);
  }

  clusters(): readonly ClusterObject[] {
    return this.owners.all();
  }

  service(namespace: string, name: string): Service | undefined {
    return this.services.get(namespace, name);
  }

  /** Of one Service of a cluster. */
  slices(namespace: string, cluster: string, service: string): readonly EndpointSlice[] {
    return this.endpointSlices
      .group(groupName(namespace, cluster))
      .filter(({ metadata }) => metadata.labels?.[SLICE_SERVICE] === service);
  }

  pods(namespace: string, cluster: string): readonly Pod[] {
    return this.allPods
      .group(groupName(namespace, cluster))
      .filter(({ metadata }) => metadata.labels?.[LABELS.app] === 'valkey');
  }

  /** Names of the pods whose label says that they are the primary. */
  labelledPrimaries(namespace: string, cluster: string): readonly string[] {
    return this.pods(namespace, cluster)
      .filter(({ metadata }) => metadata.labels?.[LABELS.role] === ROLES.primary)
      .map(({ metadata }) => metadata.name);
  }

  /** Changes with everything of one cluster that kube-proxy has to apply. */
  proxyStamp(namespace: string, cluster: string): string {
    const group = groupName(namespace, cluster);
    const all: readonly KubeObject[] = [
      ...this.services.group(group),
      ...this.endpointSlices.group(group),
    ];
    return all
      .map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`)
      .sort()
      .join();
  }

  /** The volumes of one cluster's data pods, those of removed pods too. */
  claimsOf(namespace: string, cluster: string): readonly PersistentVolumeClaim[] {
    return this.claims.group(groupName(namespace, cluster));
  }

  claim(namespace: string, name: string): PersistentVolumeClaim | undefined {
    return this.claims.get(namespace, name);
  }

  node(name: string | undefined): Node | undefined {
    return name === undefined ? undefined : this.nodes.get(undefined, name);
  }

  statefulSet(namespace: string, name: string): StatefulSet | undefined {
    return this.statefulSets.get(namespace, name);
  }

  /** A sub-resource by kind and name; Secrets are read by name instead (secrets.ts). */
  subResource(kind: string, namespace: string, name: string): KubeObject | undefined {
    switch (kind) {
      case 'Service':
        return this.service(namespace, name);
      case 'ConfigMap':
        return this.configMaps.get(namespace, name);
      case 'StatefulSet':
        return this.statefulSet(namespace, name);
      case 'PodDisruptionBudget':
        return this.budgets.get(namespace, name);
      default:
        return undefined;
    }
  }

  /** The longest time since a watch heard from the server, in ms; undefined before all have. */
  silentMs(now: Millis): number | undefined {
    const contacts = this.everything.map((reflector) => reflector.facts().lastContactMs);
    if (contacts.some((contact) => contact === undefined)) return undefined;
    return Math.max(...contacts.map((contact) => now - (contact ?? now)));
  }

  /** Resolved once the first list of each kind was told whole. */
  async synced(): Promise<void> {
    await Promise.all(this.everything.map((reflector) => reflector.synced));
  }

  async stop(): Promise<void> {
    await Promise.all(this.everything.map((reflector) => reflector.stop()));
  }

  private part<T extends KubeObject>(resource: Resource<T>): Reflector<T> {
    return this.watch(resource, 'ours', ({ metadata }) => {
      this.options.onPart(
        metadata.namespace ?? '',
        metadata.labels?.[LABELS.cluster] ?? '',
        resource.kind,
      );
    });
  }

  private watch<T extends KubeObject>(
    resource: Resource<T>,
    whose: 'ours' | 'all',
    onChange: (object: T, change: 'here' | 'gone') => void,
  ): Reflector<T> {
    const { client, clock, rng, namespace, onTrouble } = this.options;
    const everywhere = resource.scope === 'cluster' || namespace === '';
    const reflector = startReflector<T>({
      client,
      clock,
      rng,
      resource,
      scope: {
        namespace: everywhere ? undefined : namespace,
        labelSelector: whose === 'ours' ? LABELS.cluster : undefined,
      },
      ...(whose === 'ours' ? { groupOf } : {}),
      onChange: (change) =>
        change.kind === 'deleted' ? onChange(change.last, 'gone') : onChange(change.object, 'here'),
      onTrouble: (trouble) => onTrouble(resource.plural, trouble),
    });
    this.everything.push(reflector as Reflector<KubeObject>);
    return reflector;
  }
}

function groupName(namespace: string | undefined, cluster: string): string {
  return `${namespace ?? ''}/${cluster}`;
}

/** The cluster that an object of ours belongs to. */
function groupOf({ metadata }: KubeObject): string | undefined {
  const cluster = metadata.labels?.[LABELS.cluster];
  return cluster === undefined ? undefined : groupName(metadata.namespace, cluster);
}
