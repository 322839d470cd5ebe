/**
 * Starts the controllers, the scheduler among them, over one set of caches. What they know they find
 * again by listing, so they may be stopped and started at any time.
 * Never here: a decision.
 */
import type { Clock } from '../../kit/clock';
import type { ApiObject, LocalApi } from '../api/port';
import { KUBERNETES_VERSION } from '../version';
import { deploymentController } from './deployment/controller';
import { disruptionController } from './disruption-budget/controller';
import {
  endpointSliceController,
  endpointsController,
  mirroringController,
} from './endpoints/controllers';
import { type Caches, cachesOver } from './frame/cache';
import { type Controller, run } from './frame/controller';
import { recorderOver } from './frame/events';
import { type Identity, shellOver } from './frame/execute';
import { idOf, type Kind, kindOf } from './frame/kind';
import type { Timers } from './frame/timers';
import { garbageCollector } from './garbage-collector/controller';
import { jobController } from './job/controller';
import { namespaceController } from './namespaces/controller';
import {
  nodeHealthController,
  podSweepController,
  taintEvictionController,
} from './nodes/controllers';
import { NODE_SETTINGS, type NodeSettings } from './nodes/settings';
import { STORAGE_CLASSES } from './objects/storage';
import { replicaSetController } from './replica-set/controller';
import { roleAggregationController } from './role-aggregation/controller';
import { scheduler } from './scheduler/controller';
import { statefulSetController } from './stateful-set/controller';
import { claimController, volumeController } from './volumes/controllers';
import { LOCAL_CLASS } from './volumes/provision';

export interface ControllersOptions {
  readonly api: LocalApi;
  readonly clock: Clock;
  readonly timers: Timers;
  /** PEM of the server's CA, for the ConfigMap of each namespace. */
  readonly rootCa: string;
  /** Kinds that can be listed, watched and deleted, at this moment: built-in ones and those of CRDs. */
  readonly served: () => readonly Kind[];
  /** One sentence, when a controller throws; it is tried again. */
  readonly onProblem: (sentence: string) => void;
  /** Default NODE_SETTINGS. */
  readonly nodes?: Partial<NodeSettings>;
}

export interface Controllers {
  stop(): void;
}

const MANAGER: Identity = {
  user: { name: 'system:kube-controller-manager', groups: ['system:authenticated'] },
  userAgent: `kube-controller-manager/${KUBERNETES_VERSION}`,
};
const SCHEDULER: Identity = {
  user: { name: 'system:kube-scheduler', groups: ['system:authenticated'] },
  userAgent: `kube-scheduler/${KUBERNETES_VERSION}`,
};

const DEFINITIONS = kindOf<ApiObject>(
  'apiextensions.k8s.io/v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  'Cluster',
);
/** Written with every step of everything, owned by nobody, and gone after an hour. */
const NOT_FOLLOWED = new Set(['events', 'events.events.k8s.io']);

export function startControllers(options: ControllersOptions): Controllers {
  const { api, clock, timers, served, onProblem } = options;
  const nowMs = (): number => clock.wallMs();
  const caches = cachesOver(api, MANAGER.user, timers);
  const stops = controllersOf(options).map((controller) => {
    const identity = controller === scheduler ? SCHEDULER : MANAGER;
    const record = recorderOver(api, identity, nowMs);
    const shell = shellOver(api, identity, caches, nowMs, record);
    return run(controller, caches, shell, timers, onProblem);
  });
  const follow = followerOf(caches, served);
  follow();
  caches.onChange(({ kind }) => {
    if (idOf(kind) === idOf(DEFINITIONS)) follow();
  });
  furnishCluster(options);
  return {
    stop() {
      for (const stop of stops) stop();
      caches.stop();
    },
  };
}

function controllersOf({
  rootCa,
  served,
  clock,
  nodes,
}: ControllersOptions): readonly Controller[] {
  const settings = { ...NODE_SETTINGS, ...nodes };
  return [
    namespaceController({ rootCa, served }),
    garbageCollector(),
    claimController,
    volumeController,
    statefulSetController,
    replicaSetController,
    deploymentController,
    jobController,
    endpointSliceController,
    endpointsController,
    mirroringController,
    scheduler,
    disruptionController,
    nodeHealthController(settings, clock.wallMs()),
    taintEvictionController(),
    podSweepController(settings),
    roleAggregationController,
  ];
}

/** A CRD that comes or goes brings or takes its kinds. */
function followerOf(caches: Caches, served: () => readonly Kind[]): () => void {
  let followed: readonly Kind[] = [];
  // A definition that is there without a version that is served keeps its objects.
  const fateOf = (kind: Kind): 'gone' | 'hidden' =>
    caches.fresh(DEFINITIONS, undefined, idOf(kind)) === undefined ? 'gone' : 'hidden';
  return () => {
    caches.follow(DEFINITIONS);
    const wanted = served().filter((kind) => !NOT_FOLLOWED.has(idOf(kind)));
    const ids = new Set(wanted.map(idOf));
    for (const kind of followed) if (!ids.has(idOf(kind))) caches.unfollow(kind, fateOf(kind));
    for (const kind of wanted) caches.follow(kind);
    followed = wanted;
  };
}

function furnishCluster({ api }: ControllersOptions): void {
  const { apiVersion, kind } = STORAGE_CLASSES;
  const body = { apiVersion, kind, ...LOCAL_CLASS };
  api.handle({ verb: 'create', resource: STORAGE_CLASSES, body, ...MANAGER });
}
