/**
 * The shared watches of the operator, and what of them concerns one cluster. Everything that is ours
 * carries the label of its cluster, so one watch for each kind serves all clusters of all namespaces, or of one.
 * Never here: requests that change something.
 */
import type { Millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';
import type { Rng } from '../../kit/rng';
import { LABELS, ROLES } from '../../spec/naming';
import type { KubeClient } from '../kube/client';
import { EVERYWHERE, type Joined, joinReflectors, placesOf } from '../kube/joined';
import { startReflector, type Trouble } from '../kube/reflector';
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
  readonly namespaces: readonly string[];
  readonly clock: Clock;
  readonly rng: Rng;
  readonly onCluster: (object: ClusterObject, change: 'here' | 'gone') => void;
  /** An object of this cluster changed: `kind` tells whose business it is. */
  readonly onPart: (namespace: string, cluster: string, kind: string) => void;
  /** A Node changed: it may concern every cluster. */
  readonly onNode: () => void;
  /** @param namespace EVERYWHERE: of a watch of all. */
  readonly onTrouble: (resource: string, namespace: string, trouble: Trouble) => void;
}

export class View {
  private readonly everything: Joined<KubeObject>[] = [];
  private readonly owners: Joined<ClusterObject>;
  private readonly nodes: Joined<Node>;
  private readonly services: Joined<Service>;
  private readonly endpointSlices: Joined<EndpointSlice>;
  private readonly allPods: Joined<Pod>;
  private readonly claims: Joined<PersistentVolumeClaim>;
  private readonly configMaps: Joined<ConfigMap>;
  private readonly statefulSets: Joined<StatefulSet>;
  private readonly budgets: Joined<KubeObject>;

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

  /**
   * The longest time since a watch that serves the namespace heard from the server, in ms; undefined before
   * all of them have.
   */
  silentMs(now: Millis, namespace: string): number | undefined {
    const contacts = this.everything.map((joined) => joined.facts(namespace).lastContactMs);
    if (contacts.some((contact) => contact === undefined)) return undefined;
    return Math.max(...contacts.map((contact) => now - (contact ?? now)));
  }

  /**
   * Resolved once the first list of each kind was told whole for that namespace, that of the nodes too. What
   * another namespace waits for is no matter: all that a cluster is made of is in its own.
   */
  async synced(namespace: string): Promise<void> {
    await Promise.all(this.everything.map((joined) => joined.synced(namespace)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.everything.map((joined) => joined.stop()));
  }

  private part<T extends KubeObject>(resource: Resource<T>): Joined<T> {
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
  ): Joined<T> {
    const { client, clock, rng, namespaces, onTrouble } = this.options;
    const start = (namespace: string) =>
      startReflector<T>({
        client,
        clock,
        rng,
        resource,
        scope: { namespace, labelSelector: whose === 'ours' ? LABELS.cluster : undefined },
        ...(whose === 'ours' ? { groupOf } : {}),
        onChange: (change) =>
          change.kind === 'deleted'
            ? onChange(change.last, 'gone')
            : onChange(change.object, 'here'),
        onTrouble: (trouble) => onTrouble(resource.plural, namespace, trouble),
      });
    const places = resource.scope === 'cluster' ? [EVERYWHERE] : placesOf(namespaces);
    const joined = joinReflectors(new Map(places.map((place) => [place, start(place)])));
    this.everything.push(joined as Joined<KubeObject>);
    return joined;
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
