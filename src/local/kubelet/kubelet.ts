/**
 * The kubelets of all virtual nodes: pods that are bound to one of them run as processes of this machine.
 * Also the faults that a test wants of a node or a pod.
 * Never here: one pod (worker.ts), where a pod is bound (controllers).
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeAgent } from '../api/node-agent';
import type { LocalApi, User } from '../api/port';
import { type Change, cachesOver } from '../controllers/frame/cache';
import { idOf } from '../controllers/frame/kind';
import type { Timers } from '../controllers/frame/timers';
import { type PersistentVolume, VOLUMES } from '../controllers/objects/storage';
import type { AddressRange } from '../range';
import { addressesOf } from './addresses';
import { agentOf } from './agent';
import { BACK_OFF } from './back-off';
import type { ApiAddress } from './environment';
import { eventsOf } from './events';
import { type Host, type KubeletSettings, type NodePlace, podNow } from './host';
import type { Programs } from './images';
import { machineAmounts, type NodeObjects, nodeObjects } from './node';
import { CLAIMS, CONFIG_MAPS, PODS, type Pod, SECRETS, SERVICES, specOf } from './pod';
import { claimFolder } from './pod-folder';
import { openProcesses } from './processes';
import { uses } from './volume-files';
import { type PodWorker, startPodWorker } from './worker';

export interface KubeletOptions {
  readonly api: LocalApi;
  readonly timers: Timers;
  /** Wall time. */
  readonly nowMs: () => number;
  readonly range: AddressRange;
  /** 1..5; the names of the nodes. */
  readonly nodes: readonly string[];
  /** Everything that the kubelet keeps on disk is below it. Absolute, without blanks and colons. */
  readonly folder: string;
  readonly programs: Programs;
  /** Where pods find the API server. */
  readonly server: ApiAddress;
  /** Default as a real kubelet, but for what is quicker and harmless. */
  readonly settings?: Partial<KubeletSettings>;
}

export interface PodRef {
  readonly namespace: string;
  readonly pod: string;
}

export interface Kubelet {
  readonly agent: NodeAgent;
  /** What a test may do to pods and nodes. */
  readonly faults: KubeletFaults;
  /**
   * Ends every process; writes nothing any more.
   * @param graceMs how long processes may take to end by themselves; 0: they are killed.
   */
  stop(graceMs: number): Promise<void>;
}

export interface KubeletFaults {
  /** SIGSTOP hangs a pod; SIGCONT lets it go on; SIGKILL ends its processes as a crash does. */
  signal(pod: PodRef, signal: NodeJS.Signals, container?: string): void;
  /** First process of the container. */
  pid(pod: PodRef, container: string): number | undefined;
  /** `down`: the node renews nothing, hears nothing and tells nothing; its pods run on. */
  link(node: string, link: 'up' | 'down'): void;
  /** A machine that loses power: no link, and every process of it is gone. */
  powerOff(node: string): void;
  /** Whether the address that was freed last is the next one. */
  reuseAddresses(when: 'late' | 'at once'): void;
  /** No pod has it, not even one that is about to end. */
  isFree(address: string): boolean;
  /** `live on`: a pod deleted by force keeps its processes, as on a node that cannot be reached. */
  forceDeleted(then: 'end' | 'live on'): void;
}

const USER: User = { name: 'system:node:local', groups: ['system:nodes', 'system:masters'] };

const SETTINGS: KubeletSettings = {
  backOff: BACK_OFF,
  restartDelayMs: 500,
  firstProbeMs: 500,
  resyncMs: 10_000,
  forceDeleted: 'end',
};

/** @returns once its nodes are registered; pods that are there already are started in later turns. */
export function startKubelet(options: KubeletOptions): Kubelet {
  const { api, timers, nowMs, programs, folder } = options;
  const caches = cachesOver(api, USER, timers);
  const addresses = addressesOf(options.range);
  const tell = eventsOf(api, USER, nowMs);
  const host: Omit<Host, 'tell'> = {
    api,
    user: USER,
    caches,
    timers,
    nowMs,
    addresses,
    folder,
    programs,
    processes: openProcesses(join(folder, 'processes'), folder, join(folder, 'pods/')),
    server: options.server,
    settings: { ...SETTINGS, ...options.settings },
  };
  const nodes = new Map(
    options.nodes.map((name, index) => [name, nodeOf(options, name, index)] as const),
  );
  const workers = workersOf((node) => ({ ...host, tell: tellOf(node, tell(node.name)) }), nodes);
  caches.onChange((change) => onChange(change, workers, nodes, folder));
  for (const { objects } of nodes.values()) objects.register();
  const beats = [...nodes.values()].map(({ objects }) => objects.keepAlive());
  for (const kind of [CONFIG_MAPS, SECRETS, SERVICES, CLAIMS, VOLUMES, PODS]) caches.follow(kind);
  return {
    agent: agentOf((uid) => workers.get(uid), nowMs),
    faults: faultsOf(host, nodes, workers),
    async stop(graceMs) {
      for (const end of beats) end();
      caches.stop();
      for (const worker of workers.all()) worker.stop();
      await host.processes.endAll(graceMs);
    },
  };
}

interface Node {
  readonly place: NodePlace;
  readonly objects: NodeObjects;
}

function nodeOf(options: KubeletOptions, name: string, index: number): Node {
  const { api, timers, nowMs, programs, range } = options;
  const allocatable = machineAmounts();
  const place: NodePlace = { name, ip: range.node(index), allocatable, link: 'up' };
  const zone = `zone-${index + 1}`;
  return { place, objects: nodeObjects(api, USER, timers, nowMs, { place, zone, programs }) };
}

function tellOf(place: NodePlace, tell: Host['tell']): Host['tell'] {
  return (...tale) => {
    if (place.link === 'up') tell(...tale);
  };
}

interface Workers {
  get(uid: string): PodWorker | undefined;
  all(): readonly PodWorker[];
  /** The pod is there, or has changed. */
  see(pod: Pod): void;
  gone(uid: string): void;
  /** Its processes are gone and nobody tells it; the node's return starts it again. */
  lose(worker: PodWorker): void;
  named(ref: PodRef): PodWorker | undefined;
}

function workersOf(hostOf: (node: NodePlace) => Host, nodes: ReadonlyMap<string, Node>): Workers {
  const workers = new Map<string, PodWorker>();
  return {
    get: (uid) => workers.get(uid),
    all: () => [...workers.values()],
    see(pod) {
      const { uid } = pod.metadata;
      const node = nodes.get(specOf(pod).nodeName ?? '');
      if (node === undefined || node.place.link === 'down') return;
      const known = workers.get(uid);
      if (known !== undefined) return known.update(pod);
      const host = hostOf(node.place);
      const newest = podNow(host, pod);
      if (newest === undefined) return;
      const onGone = (): void => void workers.delete(uid);
      workers.set(uid, startPodWorker(host, node.place, newest, onGone));
    },
    gone(uid) {
      const worker = workers.get(uid);
      if (worker === undefined || nodes.get(worker.node)?.place.link === 'down') return;
      worker.removed();
    },
    lose(worker) {
      worker.signal('SIGKILL');
      worker.stop();
      workers.delete(worker.pod().metadata.uid);
    },
    named: ({ namespace, pod }) =>
      [...workers.values()].reverse().find(({ pod: of }) => {
        const { metadata } = of();
        return metadata.name === pod && metadata.namespace === namespace;
      }),
  };
}

function onChange(
  { kind, before, after }: Change,
  workers: Workers,
  nodes: ReadonlyMap<string, Node>,
  folder: string,
): void {
  switch (idOf(kind)) {
    case idOf(PODS):
      if (before !== undefined && before.metadata.uid !== after?.metadata.uid) {
        workers.gone(before.metadata.uid);
      }
      if (after !== undefined) workers.see(after as Pod);
      return;
    case idOf(CONFIG_MAPS):
    case idOf(SECRETS):
    case idOf(CLAIMS):
      refresh(workers, nodes, kind.kind, before ?? after);
      return;
    case idOf(VOLUMES):
      if (after === undefined && before !== undefined) dropData(folder, before as PersistentVolume);
      return;
  }
}

/** `Retain` keeps the data without its volume, as on a real disk: somebody may want it yet. */
function dropData(folder: string, { metadata, spec }: PersistentVolume): void {
  if (spec?.persistentVolumeReclaimPolicy !== 'Delete') return;
  try {
    rmSync(claimFolder(folder, metadata.name), { recursive: true, force: true });
  } catch {
    // Somebody still writes there; it goes with the data folder.
  }
}

function refresh(
  workers: Workers,
  nodes: ReadonlyMap<string, Node>,
  kind: string,
  object: Change['after'],
): void {
  if (object === undefined) return;
  const { name, namespace } = object.metadata;
  for (const worker of workers.all()) {
    const pod = worker.pod();
    if (pod.metadata.namespace !== namespace) continue;
    if (nodes.get(worker.node)?.place.link === 'down') continue;
    const volumes = specOf(pod).volumes ?? [];
    const concerned = volumes.some((volume) =>
      kind === 'ConfigMap' || kind === 'Secret'
        ? uses(volume, kind, name)
        : volume.persistentVolumeClaim?.claimName === name,
    );
    if (concerned) worker.refreshVolumes();
  }
}

function faultsOf(
  host: Omit<Host, 'tell'>,
  nodes: ReadonlyMap<string, Node>,
  workers: Workers,
): KubeletFaults {
  const { caches, addresses, settings } = host;
  const ofNode = (node: string): readonly PodWorker[] =>
    workers.all().filter((worker) => worker.node === node);
  const link = (name: string, to: 'up' | 'down'): void => {
    const node = nodes.get(name);
    if (node === undefined) throw new Error(`no node ${name}; there are ${[...nodes.keys()]}`);
    const { place, objects } = node;
    if (place.link === to) return;
    place.link = to;
    if (to === 'down') return;
    objects.register();
    for (const pod of caches.list(PODS)) workers.see(pod);
    for (const worker of ofNode(name)) {
      const newest = podNow(host, worker.pod());
      if (newest === undefined) worker.removed();
      else {
        worker.update(newest);
        worker.wake();
      }
    }
  };
  return {
    signal: (ref, signal, container) => workers.named(ref)?.signal(signal, container),
    pid: (ref, container) => workers.named(ref)?.run(container, 0)?.pid,
    link,
    powerOff(node) {
      link(node, 'down');
      for (const worker of ofNode(node)) workers.lose(worker);
    },
    reuseAddresses: (when) => addresses.reuse(when),
    isFree: addresses.isFree,
    forceDeleted(then) {
      settings.forceDeleted = then;
    },
  };
}
