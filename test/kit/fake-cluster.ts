/**
 * A Kubernetes with servers, in memory: the fake API, what its controllers and kubelets do with a
 * StatefulSet (pods, volumes, endpoints), and a fake valkey-server for each pod.
 * Never here: scheduling, probes, grace periods; the real cluster of test/e2e has those.
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject, Pod, Service, StatefulSet } from '../../src/runtime/kube/types';
import { LABELS } from '../../src/spec/naming';
import { type FakeApi, startFakeApi } from './fake-api';
import { createFakeNet, type FakeNet } from './fake-transport';
import { createFakeValkeys, type FakeServer, type FakeValkeys } from './fake-valkey';

const PORT = 6379;
/** How long a pod that is to end waits for its primary to move away. */
const PRE_STOP_MS = 3000;

export interface FakeCluster {
  readonly api: FakeApi;
  readonly net: FakeNet;
  readonly valkeys: FakeValkeys;
  /** Creates or changes a ValkeyCluster in the namespace `shop`. */
  define(name: string, spec?: object, metadata?: object): KubeObject;
  clusterPath(name: string): string;
  /**
   * Deletes the ValkeyCluster, and what it owns some ms later, as the garbage collector does.
   * @returns resolved when the last pod is gone. `orphan`: its parts live on.
   */
  delete(name: string, cascade: 'background' | 'foreground' | 'orphan'): Promise<void>;
  podPath(pod: string): string;
  pod(pod: string): Pod | undefined;
  /** The server that runs in that pod now. @throws when there is none. */
  server(pod: string): FakeServer;
  /** Whom clients of that cluster reach; undefined: nobody. */
  routed(name: string): string | undefined;
  close(): Promise<void>;
}

const NAMESPACE = '/namespaces/shop';
const PODS = `/api/v1${NAMESPACE}/pods`;
const CLAIMS = `/api/v1${NAMESPACE}/persistentvolumeclaims`;
const SERVICES = `/api/v1${NAMESPACE}/services`;
const SLICES = `/apis/discovery.k8s.io/v1${NAMESPACE}/endpointslices`;
const SETS = `/apis/apps/v1${NAMESPACE}/statefulsets`;
const CLUSTERS = `/apis/valkey.verilean.io/v1${NAMESPACE}/valkeyclusters`;

export async function startFakeCluster(): Promise<FakeCluster> {
  return new Cluster(await startFakeApi());
}

class Cluster implements FakeCluster {
  readonly net = createFakeNet();
  readonly valkeys = createFakeValkeys(this.net);
  private addresses = 0;
  private readonly disks = new Map<string, FakeServer>();

  constructor(readonly api: FakeApi) {
    api.onChange = (path, object, change) => this.seen(path, object, change);
    api.onDelete = (path, _object, graceSeconds) => {
      if (!path.startsWith(`${PODS}/`)) return 'gone';
      void this.endPod(path, graceSeconds);
      return 'ends';
    };
    api.put('/api/v1/nodes', {
      ...kindOf('v1', 'Node'),
      metadata: { name: 'n1' },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    });
  }

  define(name: string, spec: object = {}, metadata: object = {}): KubeObject {
    return this.api.put(CLUSTERS, {
      ...kindOf('valkey.verilean.io/v1', 'ValkeyCluster'),
      metadata: { name, namespace: 'shop', ...metadata },
      spec,
    });
  }

  async delete(name: string, cascade: 'background' | 'foreground' | 'orphan'): Promise<void> {
    const path = this.clusterPath(name);
    const finalizer = cascade === 'foreground' ? 'foregroundDeletion' : cascade;
    const metadata = { name, deletionTimestamp: '2026-01-02T00:00:00Z', finalizers: [finalizer] };
    if (cascade === 'background') this.api.remove(path);
    else this.api.put(CLUSTERS, { metadata });
    await delay(10);
    if (cascade !== 'orphan') {
      const pods = this.api
        .list<Pod>('Pod')
        .filter(({ metadata: one }) => one.name.startsWith(`${name}-`));
      this.api.remove(`${SETS}/${name}`);
      await Promise.all(
        pods.map(({ metadata: pod }) => this.endPod(this.podPath(pod.name), undefined)),
      );
    }
    this.api.remove(path);
  }

  clusterPath(name: string): string {
    return `${CLUSTERS}/${name}`;
  }

  podPath(pod: string): string {
    return `${PODS}/${pod}`;
  }

  pod(pod: string): Pod | undefined {
    return this.api.get<Pod>(`${PODS}/${pod}`);
  }

  server(pod: string): FakeServer {
    return this.valkeys.server({ host: this.pod(pod)?.status?.podIP ?? '', port: PORT });
  }

  routed(name: string): string | undefined {
    const service = this.api.get<Service>(`${SERVICES}/${name}-client`);
    const pod = service?.spec?.selector?.[LABELS.podName];
    return pod === undefined || pod === `${name}-none` ? undefined : pod;
  }

  close(): Promise<void> {
    return this.api.close();
  }

  private seen(path: string, object: KubeObject, change: 'here' | 'gone'): void {
    if (path.startsWith(`${SETS}/`) && change === 'here') this.follow(object as StatefulSet);
    const isClientService = path.startsWith(`${SERVICES}/`) && path.endsWith('-client');
    if (isClientService && change === 'here') this.route(object as Service);
    if (!path.startsWith(`${PODS}/`) || change === 'here') return;
    const set = object.metadata.name.replace(/-\d+$/, '');
    setImmediate(() => {
      const owner = this.api.get<StatefulSet>(`${SETS}/${set}`);
      if (owner !== undefined) this.follow(owner);
    });
  }

  /** The disk outlives the pod; the process does not. */
  private startPod(set: StatefulSet, ordinal: number): void {
    const name = `${set.metadata.name}-${ordinal}`;
    if (this.pod(name) !== undefined) return;
    this.addresses += 1;
    const ip = `10.${Math.floor(this.addresses / 60_000)}.${Math.floor(this.addresses / 250) % 240}.${(this.addresses % 250) + 1}`;
    const labels = {
      ...set.spec?.template?.metadata?.labels,
      [LABELS.podName]: name,
      'controller-revision-hash': set.status?.updateRevision ?? '',
    };
    this.disks.set(name, this.valkeys.boot({ host: ip, port: PORT }, this.disks.get(name)));
    const claim = `data-${name}`;
    if (this.api.get(`${CLAIMS}/${claim}`) === undefined)
      this.api.put(CLAIMS, { ...kindOf('v1', 'PersistentVolumeClaim'), ...claimOf(claim, labels) });
    const pod = podOf(name, claim, ip, labels, this.addresses);
    this.api.put(PODS, { ...kindOf('v1', 'Pod'), ...pod });
  }

  /** As a kubelet does it: preStop, the process ends, which is told, and the object goes. */
  private async endPod(path: string, graceSeconds: number | undefined): Promise<void> {
    const found = this.api.get<Pod>(path);
    if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
    const { name } = found.metadata;
    this.api.put(PODS, { metadata: { name, deletionTimestamp: '2026-01-02T00:00:00Z' } });
    const server = this.server(name);
    const patient = graceSeconds === undefined || graceSeconds > 1;
    const isPrimary = (): boolean => server.role === 'master' && server.life === 'up';
    const endMs = Date.now() + PRE_STOP_MS;
    while (patient && isPrimary() && Date.now() < endMs) await delay(5);
    this.valkeys.kill(server.address);
    const [container] = this.pod(name)?.status?.containerStatuses ?? [];
    const ended = { ...container, state: { terminated: { containerID: container?.containerID } } };
    this.api.put(PODS, { metadata: { name }, status: { containerStatuses: [ended] } });
    this.api.remove(path);
  }

  private follow(set: StatefulSet): void {
    const { replicas = 0, template } = set.spec ?? {};
    const { name } = set.metadata;
    const hash = createHash('sha1').update(JSON.stringify(template)).digest('hex');
    const status = { updateRevision: hash, observedGeneration: set.metadata.generation };
    const seen =
      set.status?.updateRevision === hash &&
      set.status.observedGeneration === status.observedGeneration;
    if (!seen) {
      this.api.put(SETS, { metadata: set.metadata, status });
      return;
    }
    for (let ordinal = 0; ordinal < replicas; ordinal += 1) this.startPod(set, ordinal);
    for (let ordinal = replicas; this.pod(`${name}-${ordinal}`) !== undefined; ordinal += 1)
      void this.endPod(`${PODS}/${name}-${ordinal}`, undefined);
  }

  private route(service: Service): void {
    const pod = this.pod(service.spec?.selector?.[LABELS.podName] ?? '');
    const { name, labels } = service.metadata;
    const targetRef = { name: pod?.metadata.name, uid: pod?.metadata.uid };
    const endpoints = pod === undefined ? [] : [{ addresses: [pod.status?.podIP], targetRef }];
    this.api.put(SLICES, {
      ...kindOf('discovery.k8s.io/v1', 'EndpointSlice'),
      metadata: {
        name: `${name}-1`,
        namespace: 'shop',
        labels: { ...labels, 'kubernetes.io/service-name': name },
      },
      addressType: 'IPv4',
      endpoints,
    });
  }
}

function kindOf(apiVersion: string, kind: string) {
  return { apiVersion, kind };
}

function claimOf(name: string, labels: object) {
  return {
    metadata: { name, namespace: 'shop', labels },
    spec: { resources: { requests: { storage: '1Gi' } } },
  };
}

function podOf(name: string, claim: string, ip: string, labels: object, number: number) {
  return {
    metadata: { name, namespace: 'shop', labels },
    spec: {
      nodeName: 'n1',
      containers: [{ name: 'valkey' }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }],
    },
    status: {
      podIP: ip,
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [
        {
          name: 'valkey',
          containerID: `containerd://${number}`,
          ready: true,
          restartCount: 0,
          state: { running: {} },
        },
      ],
    },
  };
}
