/**
 * The shared watches of the operator, and what of them concerns one cluster. Everything that is ours
 * carries the label of its cluster, so one watch for each kind serves all clusters.
 * Never here: requests that change something.
 */
import type { Millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';
import type { Rng } from '../../kit/rng';
import { LABELS } from '../../spec/naming';
import type { KubeClient } from '../kube/client';
import { type Reflector, startReflector, type Trouble } from '../kube/reflector';
import {
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

export interface View {
  readonly synced: Promise<unknown>;
  cluster(namespace: string, name: string): ClusterObject | undefined;
  clusters(): readonly ClusterObject[];
  service(namespace: string, name: string): Service | undefined;
  slices(namespace: string, service: string): readonly EndpointSlice[];
  pods(namespace: string, cluster: string): readonly Pod[];
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  node(name: string | undefined): Node | undefined;
  statefulSet(namespace: string, name: string): StatefulSet | undefined;
  /** Any sub-resource by kind and name. */
  part(kind: string, namespace: string, name: string): KubeObject | undefined;
  /** The longest time since a watch heard from the server, in ms; undefined before all have. */
  silentMs(now: Millis): number | undefined;
  stop(): Promise<void>;
}

export function startView(options: ViewOptions): View {
  const { client, clock, rng, namespace } = options;
  const everything: Reflector<KubeObject>[] = [];

  function watch<T extends KubeObject>(
    resource: Resource<T>,
    labelled: 'ours' | 'all',
    onChange: (object: T, change: 'here' | 'gone') => void,
  ): Reflector<T> {
    const scope = {
      namespace: resource.scope === 'cluster' || namespace === '' ? undefined : namespace,
      labelSelector: labelled === 'ours' ? LABELS.cluster : undefined,
    };
    const reflector = startReflector<T>({
      client,
      clock,
      rng,
      resource,
      scope,
      onChange: (change) =>
        onChange(
          change.kind === 'deleted' ? change.last : change.object,
          change.kind === 'deleted' ? 'gone' : 'here',
        ),
      onTrouble: (trouble) => options.onTrouble(resource.plural, trouble),
    });
    everything.push(reflector as Reflector<KubeObject>);
    return reflector;
  }

  function part<T extends KubeObject>(resource: Resource<T>): Reflector<T> {
    return watch(resource, 'ours', ({ metadata }) => {
      options.onPart(
        metadata.namespace ?? '',
        metadata.labels?.[LABELS.cluster] ?? '',
        resource.kind,
      );
    });
  }

  const owners = watch(clusters, 'all', options.onCluster);
  const services = part(resources.services);
  const slices = part(resources.endpointSlices);
  const pods = part(resources.pods);
  const claims = part(resources.persistentVolumeClaims);
  const configMaps = part(resources.configMaps);
  const statefulSets = part(resources.statefulSets);
  const budgets = part(resources.podDisruptionBudgets);
  const nodes = watch(resources.nodes, 'all', options.onNode);
  const byKind: Readonly<Record<string, Reflector<KubeObject>>> = {
    Service: services as Reflector<KubeObject>,
    ConfigMap: configMaps as Reflector<KubeObject>,
    StatefulSet: statefulSets as Reflector<KubeObject>,
    PodDisruptionBudget: budgets,
  };

  return {
    synced: Promise.all(everything.map((reflector) => reflector.synced)),
    cluster: (at, name) => owners.get(at, name),
    clusters: () => owners.all(),
    service: (at, name) => services.get(at, name),
    slices: (at, service) =>
      slices
        .all()
        .filter(
          ({ metadata }) =>
            metadata.namespace === at &&
            metadata.labels?.['kubernetes.io/service-name'] === service,
        ),
    pods: (at, cluster) =>
      pods
        .all()
        .filter(
          ({ metadata }) =>
            metadata.namespace === at &&
            metadata.labels?.[LABELS.cluster] === cluster &&
            metadata.labels.app === 'valkey',
        ),
    claim: (at, name) => claims.get(at, name),
    node: (name) => (name === undefined ? undefined : nodes.get(undefined, name)),
    statefulSet: (at, name) => statefulSets.get(at, name),
    part: (kind, at, name) => byKind[kind]?.get(at, name),
    silentMs(now) {
      const contacts = everything.map((reflector) => reflector.facts().lastContactMs);
      if (contacts.some((contact) => contact === undefined)) return undefined;
      return Math.max(...contacts.map((contact) => now - (contact ?? now)));
    },
    async stop() {
      await Promise.all(everything.map((reflector) => reflector.stop()));
    },
  };
}
