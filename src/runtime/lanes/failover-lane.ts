/**
 * The failover lane of one cluster: the engine's driver with Kubernetes as its world, and the only
 * writer of the status. It waits for nothing of the reconcile lane.
 * Never here: a decision; what is written comes from the engine or from runtime/plan.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kit/clock';
import { GungnirError } from '../../kit/reasons';
import { follows } from '../../sentinel/core/process';
import type { Tell } from '../../sentinel/core/ready';
import type { State } from '../../sentinel/core/state';
import { createDriver, type Driver } from '../../sentinel/io/driver';
import type { Authority, Leadership, Transport } from '../../sentinel/io/ports';
import { resolve } from '../../spec/defaults';
import { namesOf, podSelector, SECRET_KEYS, USERS } from '../../spec/naming';
import type { Failure } from '../kube/answer';
import type { KubeClient } from '../kube/client';
import { type Pod, resources } from '../kube/types';
import type { EventRecorder } from '../ops/events';
import type { Instruments } from '../ops/instruments';
import type { Log } from '../ops/log';
import { announcementOf } from '../plan/announce';
import { engineConfig } from '../plan/engine-config';
import { labelPatches, ROLE_LABEL } from '../plan/labels';
import { podFactOf } from '../plan/pod-facts';
import type { Plan } from '../plan/reconcile';
import { leavingPods, type RolloutView } from '../plan/rollout';
import { servingPrimary, statusOf, withoutVolatile } from '../plan/status';
import { wishesOf } from '../plan/wishes';
import { createClientRoute } from './client-route';
import { type ClusterObject, createRecordStore } from './record-store';
import type { SecretReader } from './secrets';
import type { View } from './view';

/** Statuses are gathered for this long, so that one change of many fields is one write. */
const PUBLISH_AFTER_MS = 50;
const PUBLISH_EVERY_MS = 60_000;
/** Labels change the read Service, which would delay the client Service's flip (kube-proxy, 1 s). */
const LABELS_AFTER_FLIP_MS = 1100;

export interface FailoverLaneOptions {
  readonly client: KubeClient;
  readonly transport: Transport;
  readonly view: View;
  readonly secrets: SecretReader;
  readonly object: ClusterObject;
  readonly mayAct: () => 'granted' | 'denied';
  readonly clock: Clock;
  readonly log: Log;
  readonly events: EventRecorder;
  readonly instruments: Instruments;
  readonly plan: () => Plan;
  /** The reconcile lane may have something to do now. */
  readonly onChange: () => void;
}

export interface FailoverLane {
  /** The lease was won or lost; the record is read before the engine hears of it. */
  setLeadership(kind: 'led' | 'lost'): void;
  /** The watch showed something of this cluster. */
  refresh(object: ClusterObject): void;
  publishSoon(): void;
  rollout(): RolloutView;
  state(): State;
  stop(): Promise<void>;
}

export function startFailoverLane(options: FailoverLaneOptions): FailoverLane {
  const { client, view, mayAct, log, clock, events, instruments } = options;
  let object = options.object;
  const { uid, name, namespace = '' } = object.metadata;
  const names = namesOf(name);
  const labels = { namespace, cluster: name };
  let tellLeadership: (leadership: Leadership) => void = () => {};
  let announced: readonly string[] = [];
  let publishTimer: NodeJS.Timeout | undefined;
  let publishAtMs = 0;
  let stopped = false;
  let publishing = false;

  const onTrouble = (failure: Failure): void => {
    log.warn('request failed', {
      answer: failure.kind,
      said: 'status' in failure ? failure.status.message : undefined,
    });
  };
  const store = createRecordStore({ client, name: { namespace, name }, uid, mayAct, onTrouble });
  const route = createClientRoute({
    client,
    namespace,
    cluster: name,
    mayAct,
    onTrouble,
    service: () => view.service(namespace, names.client),
  });

  const authority: Authority = {
    start(onChange) {
      tellLeadership = onChange;
    },
    mayAct,
    swap: (expected, next) => store.swap(expected, next),
    async stop() {
      tellLeadership = () => {};
    },
  };

  const driver: Driver = createDriver({
    config: () => engineConfig(object.spec ?? {}),
    base: {
      username: USERS.base,
      get password() {
        return operatorPassword(options.secrets, namespace, names.secret);
      },
    },
    transport: options.transport,
    authority,
    router: route,
    killPort: {
      kill: ({ pod, podUid }) =>
        void client.remove(
          resources.pods,
          { namespace, name: pod },
          { uid: podUid, gracePeriodSeconds: 1 },
        ),
    },
    clock,
    makeSecret: () => randomBytes(24).toString('base64url'),
    onTell: tell,
    recorder: (_config, event) => {
      if (event.kind !== 'tick' && event.kind !== 'probed') publishSoon();
    },
  });

  function tell(told: Tell): void {
    log.info(told.event, { ...told.facts, reason: told.reason });
    if (told.event === '+switch-master') countFailover(told);
    const announcement = announcementOf(told, name, namespace);
    if (announcement === undefined) return;
    events.record({
      ...announcement,
      regarding: { apiVersion: object.apiVersion, kind: object.kind, namespace, name, uid },
    });
    options.onChange();
  }

  function countFailover({ facts }: Tell): void {
    const reason = String(facts.why ?? '');
    instruments.failovers.add({ ...labels, reason });
    const last = driver.state().lastFailover;
    if (last !== undefined)
      instruments.failoverSeconds.observe(last.durationMs / 1000, { ...labels, reason });
  }

  function feed(): void {
    const { port } = resolve(object.spec ?? {});
    const pods = view.pods(namespace, name).map((pod) =>
      podFactOf(pod, {
        port,
        node: view.node(pod.spec?.nodeName),
        volume: claimOf(view, pod),
        clusterCreatedAt: object.metadata.creationTimestamp ?? '',
      }),
    );
    driver.setPods(pods);
    setWishes();
    route.show(view.service(namespace, names.client), view.slices(namespace, names.client));
  }

  function setWishes(): void {
    announced = leavingPods(rollout());
    driver.setWishes(wishesOf(object.metadata.annotations, announced));
  }

  function rollout(): RolloutView {
    return rolloutOf(view, object, driver.state(), announced);
  }

  async function campaign(): Promise<void> {
    await options.secrets.read(namespace, names.secret);
    const read = await store.read();
    if (read.kind === 'unreadable') {
      const error = new GungnirError('RecordUnreadable', { cluster: name, problem: read.problem });
      log.error(error.message);
      return;
    }
    if (read.kind === 'denied' || read.kind === 'gone' || stopped) return;
    tellLeadership({ kind: 'led', record: read.kind === 'record' ? read.record : undefined });
    feed();
  }

  function publishSoon(): void {
    if (publishTimer !== undefined || stopped) return;
    publishTimer = setTimeout(() => {
      publishTimer = undefined;
      void publish();
    }, PUBLISH_AFTER_MS);
  }

  async function publish(): Promise<void> {
    if (publishing || mayAct() === 'denied') return;
    publishing = true;
    const before = object.status;
    const status = statusOf({
      spec: object.spec ?? {},
      generation: object.metadata.generation ?? 0,
      state: driver.state(),
      plan: options.plan(),
      readyPods: view
        .pods(namespace, name)
        .filter(isReady)
        .map(({ metadata }) => metadata.name),
      before,
      nowText: new Date(clock.wallMs()).toISOString().replace(/\.\d+Z$/, 'Z'),
      wallOffsetMs: clock.wallMs() - clock.monotonicMs(),
      selector: Object.entries(podSelector(name))
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
    });
    const changed = JSON.stringify(withoutVolatile(status)) !== JSON.stringify(lastPublished);
    if (changed || clock.monotonicMs() - publishAtMs >= PUBLISH_EVERY_MS) await write(status);
    await patchLabels();
    measure();
    setWishes();
    publishing = false;
  }

  let lastPublished: unknown;

  async function write(status: NonNullable<ClusterObject['status']>): Promise<void> {
    if ((await store.writeStatus(status)) !== 'written') return publishSoon();
    lastPublished = withoutVolatile(status);
    publishAtMs = clock.monotonicMs();
    object = { ...object, status: { ...object.status, ...status } };
  }

  async function patchLabels(): Promise<void> {
    const state = driver.state();
    const dueMs = state.service.changedAtMs + LABELS_AFTER_FLIP_MS - clock.monotonicMs();
    const current = new Map(
      view
        .pods(namespace, name)
        .map(({ metadata }) => [metadata.uid, metadata.labels?.[ROLE_LABEL]]),
    );
    const patches = labelPatches(state, current);
    if (patches.length === 0) return;
    if (dueMs > 0) {
      setTimeout(publishSoon, dueMs).unref();
      return;
    }
    for (const { pod, podUid, role } of patches) {
      if (mayAct() === 'denied') return;
      const answer = await client.mergePatch(
        resources.pods,
        { namespace, name: pod },
        { metadata: { uid: podUid, labels: { [ROLE_LABEL]: role } } },
      );
      if (answer.kind !== 'ok' && answer.kind !== 'notFound' && answer.kind !== 'conflict')
        onTrouble(answer);
    }
  }

  function measure(): void {
    const state = driver.state();
    instruments.primaryAvailable.set(servingPrimary(state) === undefined ? 0 : 1, labels);
    instruments.epoch.set(state.record?.epoch ?? 0, labels);
    instruments.term.set(state.record?.term ?? 0, labels);
    for (const node of state.nodes) {
      const pod = { ...labels, pod: node.fact.pod };
      instruments.up.set(node.probe.last === 'alive' ? 1 : 0, pod);
      if (node.facts === undefined) continue;
      instruments.replicationOffset.set(node.facts.offset, pod);
      instruments.connectedReplicas.set(node.facts.attached.length, pod);
    }
  }

  const periodic = setInterval(publishSoon, PUBLISH_EVERY_MS);
  periodic.unref();
  driver.start();
  feed();

  return {
    setLeadership(kind) {
      if (kind === 'led') void campaign();
      else tellLeadership({ kind: 'lost' });
    },
    refresh(next) {
      object = next;
      store.seen(next);
      feed();
      publishSoon();
    },
    publishSoon,
    rollout,
    state: () => driver.state(),
    async stop() {
      stopped = true;
      clearTimeout(publishTimer);
      clearInterval(periodic);
      route.stop();
      await driver.stop();
      for (const metric of [
        instruments.up,
        instruments.primaryAvailable,
        instruments.epoch,
        instruments.term,
        instruments.replicationOffset,
        instruments.connectedReplicas,
      ])
        metric.forget(labels);
    },
  };
}

function operatorPassword(secrets: SecretReader, namespace: string, secret: string): string {
  const encoded = secrets.peek(namespace, secret)?.data?.[SECRET_KEYS.operatorPassword] ?? '';
  return Buffer.from(encoded, 'base64').toString('utf8');
}

function claimOf(
  view: View,
  pod: Pod,
): { metadata: { uid: string; creationTimestamp?: string } } | undefined {
  const name = pod.spec?.volumes?.find((volume) => volume.name === 'data')?.persistentVolumeClaim
    ?.claimName;
  return name === undefined ? undefined : view.claim(pod.metadata.namespace ?? '', name);
}

function isReady(pod: Pod): boolean {
  return (
    pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ??
    false
  );
}

function rolloutOf(
  view: View,
  object: ClusterObject,
  state: State,
  announced: readonly string[],
): RolloutView {
  const { namespace = '', name } = object.metadata;
  const { replicas, updateStrategy } = resolve(object.spec ?? {});
  const statefulSet = view.statefulSet(namespace, namesOf(name).statefulSet);
  const primary = servingPrimary(state);
  const seen =
    statefulSet !== undefined &&
    statefulSet.status?.observedGeneration === statefulSet.metadata.generation;
  const revision = statefulSet?.status?.updateRevision;
  return {
    pods: view.pods(namespace, name).map((pod) => {
      const node = state.nodes.find(({ fact }) => fact.podUid === pod.metadata.uid);
      const synced =
        node !== undefined &&
        (node === primary ||
          (primary !== undefined && follows(node, primary) && node.facts?.link === 'up'));
      return {
        pod: pod.metadata.name,
        podUid: pod.metadata.uid,
        ordinal: node?.fact.ordinal ?? -1,
        template:
          pod.metadata.labels?.['controller-revision-hash'] === revision ? 'current' : 'outdated',
        lifecycle: pod.metadata.deletionTimestamp === undefined ? 'live' : 'deleting',
        health: synced ? 'synced' : 'behind',
      } as const;
    }),
    wantedReplicas: replicas,
    primaryOrdinal: primary?.fact.ordinal ?? -1,
    statefulSet: seen ? 'seen' : 'unseen',
    announced,
    primaryUpdate: updateStrategy.primary,
  };
}
