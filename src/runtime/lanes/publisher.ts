/**
 * What users see of one cluster: status, role labels, metrics. Written when something changed, and
 * once a minute for the numbers that always change.
 * Never here: what the status says (plan/status.ts), the record.
 */
import { millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';
import type { State } from '../../sentinel/core/state';
import { podSelector } from '../../spec/naming';
import type { ValkeyClusterStatus } from '../../spec/status';
import type { Failure } from '../kube/answer';
import type { KubeClient } from '../kube/client';
import { type Pod, resources } from '../kube/types';
import type { Instruments } from '../ops/instruments';
import { type LabelPatch, labelPatches, ROLE_LABEL } from '../plan/labels';
import { hindrancesOf } from '../plan/pod-hindrances';
import type { Plan } from '../plan/reconcile';
import { isRead, servingPrimary, statusOf, type Trouble, withoutVolatile } from '../plan/status';
import type { ClusterObject, RecordStore } from './record-store';
import { Retry, type RetryWorld } from './retry';

/** Statuses are gathered for this long, so that one change of many fields is one write. */
const PUBLISH_AFTER_MS = 50;
const PUBLISH_EVERY_MS = 60_000;
/** Labels change the read Service, which would delay the client Service's flip (kube-proxy, 1 s). */
const LABELS_AFTER_FLIP_MS = 1100;

const LABELS_BACKOFF = { baseMs: millis(200), capMs: millis(30_000) } as const;

export interface PublisherOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly store: RecordStore;
  readonly instruments: Instruments;
  readonly object: () => ClusterObject;
  readonly state: () => State;
  /** What the lanes themselves have to tell users. */
  readonly troubles: () => readonly Trouble[];
  readonly plan: () => Plan;
  readonly pods: () => readonly Pod[];
  readonly mayAct: () => 'granted' | 'denied';
  readonly retries: RetryWorld;
  /** It contradicted itself; the next change is published again. */
  readonly onFault: (error: unknown) => void;
}

export class Publisher {
  private timer: NodeJS.Timeout | undefined;
  private checking: NodeJS.Timeout | undefined;
  private phase: 'idle' | 'writing' | 'stopped' = 'idle';
  private published:
    | { readonly text: string; readonly atMs: number; readonly status: ValkeyClusterStatus }
    | undefined;
  private readonly labels: Readonly<Record<string, string>>;
  /** Before this nothing is tried, however much changes. */
  private restUntilMs = 0;
  private readonly labelRetry: Retry;
  private readonly periodic = setInterval(() => this.soon(), PUBLISH_EVERY_MS).unref();

  constructor(private readonly options: PublisherOptions) {
    const { name, namespace = '' } = options.object().metadata;
    this.labels = { namespace, cluster: name };
    this.labelRetry = new Retry(options.retries, 'labels', LABELS_BACKOFF);
  }

  soon(afterMs: number = PUBLISH_AFTER_MS): void {
    if (this.timer !== undefined || this.phase === 'stopped') return;
    const restMs = this.restUntilMs - this.options.clock.monotonicMs();
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        void this.publish();
      },
      Math.max(afterMs, restMs),
    );
  }

  /** Looks again after this long, whatever happens before. */
  check(afterMs: number): void {
    clearTimeout(this.checking);
    this.checking = setTimeout(() => this.soon(0), afterMs).unref();
  }

  private rest(forMs: number): void {
    const untilMs = this.options.clock.monotonicMs() + forMs;
    this.restUntilMs = Math.max(this.restUntilMs, untilMs);
    this.soon();
  }

  /** Leadership was lost: another leader writes the status, and counts from there. */
  forget(): void {
    this.published = undefined;
  }

  stop(): void {
    this.phase = 'stopped';
    clearTimeout(this.timer);
    clearTimeout(this.checking);
    clearInterval(this.periodic);
    const { up, primaryAvailable, epoch, term, replicationOffset, connectedReplicas } =
      this.options.instruments;
    const metrics = [up, primaryAvailable, epoch, term, replicationOffset, connectedReplicas];
    for (const metric of metrics) metric.forget(this.labels);
  }

  private async publish(): Promise<void> {
    if (this.options.mayAct() === 'denied' || this.phase === 'stopped') return;
    if (this.phase === 'writing') return this.soon();
    this.phase = 'writing';
    try {
      await this.writeStatus();
      await this.writeLabels();
      this.measure();
    } catch (error) {
      this.options.onFault(error);
    } finally {
      if (this.phase === 'writing') this.phase = 'idle';
    }
  }

  private async writeStatus(): Promise<void> {
    const { clock, state, store, troubles } = this.options;
    if (troubles().length === 0 && !isRead(state(), clock.monotonicMs())) return this.soon();
    const status = this.status();
    const text = JSON.stringify(withoutVolatile(status));
    const isDue = clock.monotonicMs() - (this.published?.atMs ?? 0) >= PUBLISH_EVERY_MS;
    if (text === this.published?.text && !isDue) return;
    const outcome = await store.writeStatus(status);
    if (outcome.kind === 'later') this.rest(outcome.afterMs);
    if (outcome.kind !== 'written') return;
    this.published = { text, atMs: clock.monotonicMs(), status };
  }

  private status(): ValkeyClusterStatus {
    const { clock, object, state, troubles, plan, pods } = this.options;
    const { metadata, spec = {}, status } = object();
    return statusOf({
      spec,
      generation: metadata.generation ?? 0,
      state: state(),
      troubles: troubles(),
      plan: plan(),
      readyPods: pods()
        .filter(isReady)
        .map((pod) => pod.metadata.name),
      hindrances: hindrancesOf(pods()),
      before: this.published?.status ?? status,
      nowText: new Date(clock.wallMs()).toISOString().replace(/\.\d+Z$/, 'Z'),
      wallOffsetMs: clock.wallMs() - clock.monotonicMs(),
      selector: Object.entries(podSelector(metadata.name))
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
    });
  }

  private async writeLabels(): Promise<void> {
    const { clock, mayAct } = this.options;
    const state = this.options.state();
    const current = new Map(
      this.options.pods().map(({ metadata }) => [metadata.uid, metadata.labels?.[ROLE_LABEL]]),
    );
    const patches = labelPatches(state, current);
    const dueMs = state.service.changedAtMs + LABELS_AFTER_FLIP_MS - clock.monotonicMs();
    if (patches.length > 0 && dueMs > 0) return this.soon(dueMs);
    for (const patch of patches) {
      if (mayAct() === 'denied') return;
      const failure = await this.writeLabel(patch);
      // What fails for one pod fails for the others.
      if (failure !== undefined) return this.rest(this.labelRetry.failed(failure));
    }
    if (patches.length > 0) this.labelRetry.worked();
  }

  private async writeLabel({ pod, podUid, role }: LabelPatch): Promise<Failure | undefined> {
    const { client, object } = this.options;
    const { namespace } = object().metadata;
    const patch = { metadata: { uid: podUid, labels: { [ROLE_LABEL]: role } } };
    const answer = await client.mergePatch(resources.pods, { namespace, name: pod }, patch);
    if (answer.kind === 'ok' || answer.kind === 'notFound' || answer.kind === 'conflict') return;
    return answer;
  }

  private measure(): void {
    const { instruments } = this.options;
    const state = this.options.state();
    instruments.primaryAvailable.set(servingPrimary(state) === undefined ? 0 : 1, this.labels);
    instruments.epoch.set(state.record?.epoch ?? 0, this.labels);
    instruments.term.set(state.record?.term ?? 0, this.labels);
    for (const { fact, probe, facts } of state.nodes) {
      const pod = { ...this.labels, pod: fact.pod };
      instruments.up.set(probe.last === 'alive' ? 1 : 0, pod);
      if (facts === undefined) continue;
      instruments.replicationOffset.set(facts.offset, pod);
      instruments.connectedReplicas.set(facts.attached.length, pod);
    }
  }
}

function isReady(pod: Pod): boolean {
  return (
    pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ??
    false
  );
}
