/**
 * The failover lane of one cluster: the engine's driver with Kubernetes as its world. It waits for
 * nothing of the reconcile lane.
 * Never here: a decision; what is written comes from the engine or from runtime/plan.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../kit/clock';
import { type Facts, GungnirError } from '../../kit/reasons';
import { rememberLast } from '../../kit/remember';
import type { Rng } from '../../kit/rng';
import { outlookOf } from '../../sentinel/core/outlook';
import type { Ready, Tell } from '../../sentinel/core/ready';
import type { State } from '../../sentinel/core/state';
import { createDriver, type Driver } from '../../sentinel/io/driver';
import type { Authority, Credentials, Leadership, Transport } from '../../sentinel/io/ports';
import type { ValkeyClusterSpec } from '../../spec/cluster';
import { resolve } from '../../spec/defaults';
import { ANNOTATIONS, namesOf, SECRET_KEYS, USERS } from '../../spec/naming';
import type { Failure } from '../kube/answer';
import type { KubeClient } from '../kube/client';
import type { EventRecorder } from '../ops/events';
import type { Instruments } from '../ops/instruments';
import type { Log } from '../ops/log';
import { type Announcement, announcementOf, untoldChange } from '../plan/announce';
import { engineConfig } from '../plan/engine-config';
import { podFactOf } from '../plan/pod-facts';
import type { Plan } from '../plan/reconcile';
import { leavingPods, type RolloutView } from '../plan/rollout';
import type { Trouble } from '../plan/status';
import { endingOf, ownsPods, wishesOf } from '../plan/wishes';
import { type Attempt, Campaign } from './campaign';
import { ClientRoute } from './client-route';
import { EngineHost } from './engine-host';
import { killPod } from './kill-pod';
import { OutlookWatch } from './outlook-watch';
import { Publisher } from './publisher';
import { type ClusterObject, RecordStore } from './record-store';
import type { RetryWorld } from './retry';
import { rolloutOf } from './rollout-view';
import { type SecretReader, secretText } from './secrets';
import type { View } from './view';
import { Volumes } from './volumes';

const NO_SPEC: ValkeyClusterSpec = {};
/** How long a primary that does not answer can keep a deleted cluster's lane. */
const RETIRE_MS = 3000;
const RETIRE_LOOK_MS = 5;
/** A flip that is not written by then is the next leader's. */
const ROUTE_FINISH_MS = 1000;

export interface FailoverLaneOptions {
  readonly client: KubeClient;
  readonly transport: Transport;
  readonly view: View;
  readonly secrets: SecretReader;
  readonly object: ClusterObject;
  readonly mayAct: () => 'granted' | 'denied';
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly events: EventRecorder;
  readonly instruments: Instruments;
  readonly plan: () => Plan;
  /** What users have to hear of beside the engine's own words. */
  readonly troubles: () => readonly Trouble[];
  /** Sees each word of the engine after its orders went out (failpoints). */
  readonly onStep: (told: Tell) => void;
  /** The reconcile lane may have something to do now. */
  readonly onChange: () => void;
}

export class FailoverLane {
  private object: ClusterObject;
  private announced: readonly string[] = [];
  private tellLeadership: (leadership: Leadership) => void = () => {};
  private readonly namespace: string;
  private readonly killing = new Set<string>();
  private readonly volumes = new Volumes();
  private readonly names: ReturnType<typeof namesOf>;
  private readonly retries: RetryWorld;
  private readonly store: RecordStore;
  private readonly route: ClientRoute;
  private readonly publisher: Publisher;
  private readonly campaign: Campaign;
  private readonly engine: EngineHost;
  private readonly outlook: OutlookWatch;
  private readonly config = rememberLast(engineConfig);
  private life: 'here' | 'gone' = 'here';
  private pods: 'owned' | 'notSeen' = 'notSeen';

  constructor(private readonly options: FailoverLaneOptions) {
    const { client, view, mayAct } = options;
    this.object = options.object;
    const { uid, name, namespace = '' } = options.object.metadata;
    this.namespace = namespace;
    this.names = namesOf(name);
    const { rng, log, instruments } = options;
    this.retries = { rng, log, instruments, labels: { namespace, cluster: name } };
    const { retries } = this;
    this.store = new RecordStore({ client, name: { namespace, name }, uid, mayAct, retries });
    const service = (): ReturnType<View['service']> => view.service(namespace, this.names.client);
    this.route = new ClientRoute({ client, namespace, cluster: name, mayAct, retries, service });
    this.campaign = this.createCampaign();
    this.engine = new EngineHost({
      clock: options.clock,
      create: (onBroken) => this.createDriver(onBroken),
      onFault: (error) => this.onFault(error),
      onAnew: () => this.anew(),
    });
    this.publisher = this.createPublisher();
    this.outlook = new OutlookWatch({
      clock: options.clock,
      onLasting: ({ reason, facts }) => this.alarm(new GungnirError(reason, this.named(facts))),
      onRecheck: (afterMs) => this.publisher.check(afterMs),
    });
    this.engine.current().start();
    this.feed();
  }

  /** The lease was won or lost. */
  setLeadership(kind: 'led' | 'lost'): void {
    if (kind === 'led') {
      this.campaign.begin();
      return;
    }
    this.campaign.end();
    this.route.forget();
    this.publisher.forget();
    this.tellLeadership({ kind: 'lost' });
  }

  /** The watch showed something of this cluster. */
  refresh(object: ClusterObject): void {
    this.object = object;
    this.store.seen(object);
    this.feed();
    this.publisher.soon();
  }

  publishSoon(): void {
    this.publisher.soon();
  }

  rollout(): RolloutView {
    return rolloutOf(this.options.view, this.object, this.state(), this.announced);
  }

  state(): State {
    return this.engine.current().state();
  }

  /**
   * The object is gone: its pods, if they go with it, must not wait for a heir.
   * @param last as it was seen last.
   */
  async retire(last: ClusterObject = this.object): Promise<void> {
    const { clock } = this.options;
    this.object = last;
    // A cache may lose an object that is there: only the server itself says that it is gone.
    const isGone = (await this.store.read()).kind === 'gone';
    if (isGone) this.life = 'gone';
    this.feed();
    const endMs = clock.monotonicMs() + RETIRE_MS;
    const leads = (): boolean => this.state().nodes.some((node) => node.leads === 'yes');
    while (this.ending() !== undefined && leads() && clock.monotonicMs() < endMs)
      await delay(RETIRE_LOOK_MS);
    await this.stop();
    this.options.log.info('cluster gone');
  }

  /** The StatefulSet may be seen to go before the cluster is: once seen as ours it counts as ours. */
  private ending(): ReturnType<typeof endingOf> {
    const statefulSet = this.options.view.statefulSet(this.namespace, this.names.statefulSet);
    if (ownsPods(this.object, statefulSet)) this.pods = 'owned';
    return this.pods === 'owned' ? endingOf(this.object, this.life) : undefined;
  }

  /** A change of primary and orders under way end first, and clients are sent where they belong. */
  async stop(): Promise<void> {
    this.campaign.end();
    await this.engine.stop();
    await this.route.finish(ROUTE_FINISH_MS);
    this.publisher.stop();
  }

  private createCampaign(): Campaign {
    const { clock, mayAct, view } = this.options;
    return new Campaign({
      clock,
      mayAct,
      attempt: () => this.attempt(),
      onLed: (record) => {
        const { metadata, status } = this.store.newest() ?? this.object;
        const labelled = view.labelledPrimaries(this.namespace, metadata.name);
        const untold = untoldChange(record, status?.masterPod, labelled);
        if (untold !== undefined) this.announce(untold);
        this.tellLeadership({ kind: 'led', record });
        this.feed();
      },
    });
  }

  private createDriver(onBroken: (error: unknown) => void): Driver {
    const { clock, transport } = this.options;
    return createDriver({
      config: () => this.config(this.object.spec ?? NO_SPEC),
      base: this.baseUser(),
      transport,
      authority: this.authority(),
      router: this.route,
      killPort: { kill: (target) => this.kill(target) },
      clock,
      makeSecret: () => randomBytes(24).toString('base64url'),
      onTell: (told) => this.tell(told),
      onBroken,
      recorder: (_config, event) => {
        if (event.kind !== 'tick' && event.kind !== 'probed') this.publisher?.soon();
      },
    });
  }

  /** Only this cluster stands still. */
  private onFault(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    this.alarm(new GungnirError('EngineFault', this.named({ problem }), error));
    this.options.instruments.engineFaults.add(this.labels());
    this.campaign.end();
    this.route.forget();
    this.publisher.soon();
  }

  private anew(): void {
    this.feed();
    if (this.options.mayAct() === 'granted') this.campaign.begin();
  }

  private createPublisher(): Publisher {
    const { client, clock, instruments, mayAct, plan, view } = this.options;
    const { name } = this.object.metadata;
    return new Publisher({
      client,
      clock,
      instruments,
      mayAct,
      plan,
      retries: this.retries,
      onFault: (error) => this.options.log.error('publishing failed', { problem: String(error) }),
      store: this.store,
      object: () => this.object,
      state: () => this.state(),
      troubles: () => this.troubles(),
      pods: () => view.pods(this.namespace, name),
    });
  }

  /** Read at each login, so that a rotated password needs no restart. */
  private baseUser(): Credentials {
    const { secrets } = this.options;
    const { namespace, names } = this;
    return {
      username: USERS.base,
      get password() {
        return secretText(secrets, namespace, names.secret, SECRET_KEYS.operatorPassword);
      },
    };
  }

  private authority(): Authority {
    return {
      start: (onChange) => {
        this.tellLeadership = onChange;
      },
      mayAct: this.options.mayAct,
      swap: (expected, next) => this.store.swap(expected, next),
      stop: async () => {
        this.tellLeadership = () => {};
      },
    };
  }

  /** One E4 at a time for each pod; the engine asks again as long as it needs it. */
  private kill(target: NonNullable<Ready['kill']>): void {
    const { client, mayAct } = this.options;
    if (this.killing.has(target.podUid)) return;
    this.killing.add(target.podUid);
    const onTrouble = (failure: Failure): void => this.trouble(failure);
    const options = { client, namespace: this.namespace, mayAct, onTrouble };
    void killPod(options, target).finally(() => this.killing.delete(target.podUid));
  }

  private trouble(failure: Failure): void {
    const said = 'status' in failure ? failure.status.message : undefined;
    this.options.log.warn('request failed', { answer: failure.kind, said });
  }

  private tell(told: Tell): void {
    const { log, onChange } = this.options;
    log.info(told.event, { ...told.facts, reason: told.reason });
    this.options.onStep(told);
    if (told.event === '+switch-master') this.countFailover(told);
    if (told.event === '+outrun') this.campaign.again();
    const { name, annotations } = this.object.metadata;
    const accept = annotations?.[ANNOTATIONS.accept];
    const announcement = announcementOf(told, name, this.namespace, accept);
    if (announcement === undefined) return;
    this.announce(announcement);
    onChange();
  }

  private countFailover({ facts }: Tell): void {
    const { instruments } = this.options;
    const labels = { ...this.labels(), reason: String(facts.why ?? '') };
    instruments.failovers.add(labels);
    const last = this.state().lastFailover;
    if (last !== undefined) instruments.failoverSeconds.observe(last.durationMs / 1000, labels);
  }

  private labels(): { readonly namespace: string; readonly cluster: string } {
    return { namespace: this.namespace, cluster: this.object.metadata.name };
  }

  private troubles(): readonly Trouble[] {
    const told = [...this.options.troubles(), ...this.risks()];
    const problem = this.engine.faultNow();
    if (problem === undefined) return told;
    return [{ type: 'Degraded', reason: 'EngineFault', facts: this.named({ problem }) }, ...told];
  }

  private risks(): readonly Trouble[] {
    const outlook = outlookOf(engineConfig(this.object.spec ?? {}), this.state());
    const lasting = this.outlook.lasting(outlook);
    return lasting === undefined ? [] : [{ type: 'DataAtRisk', ...lasting }];
  }

  /** Level by level: everything the watches show is told again, and the engine compares. */
  private feed(): void {
    this.engine.guard(() => this.feedAll());
  }

  private feedAll(): void {
    const { view } = this.options;
    const { metadata, spec = {} } = this.object;
    const { port } = resolve(spec);
    const clusterCreatedAt = metadata.creationTimestamp ?? '';
    const pods = view.pods(this.namespace, metadata.name);
    this.volumes.refresh(pods, (name) => view.claim(this.namespace, name));
    const facts = pods.flatMap((pod) => {
      const node = view.node(pod.spec?.nodeName);
      const volume = this.volumes.of(pod);
      return podFactOf(pod, { port, node, volume, clusterCreatedAt, parseTime: Date.parse }) ?? [];
    });
    const driver = this.engine.current();
    driver.setPods(facts);
    this.announced = leavingPods(this.rollout());
    driver.setWishes(wishesOf(metadata.annotations, this.announced, this.ending()));
    this.route.show(
      view.service(this.namespace, this.names.client),
      view.slices(this.namespace, metadata.name, this.names.client),
      view.proxyStamp(this.namespace, metadata.name),
    );
  }

  /** Secret and record are read before the engine hears of a win. */
  private async attempt(): Promise<Attempt> {
    await this.options.secrets.read(this.namespace, this.names.secret);
    const read = await this.store.read();
    if (read.kind === 'gone') return { kind: 'over' };
    if (read.kind === 'denied') return { kind: 'again' };
    if (read.kind === 'unreadable') {
      this.alarm(new GungnirError('RecordUnreadable', this.named({ problem: read.problem })));
      return { kind: 'again' };
    }
    return { kind: 'led', record: read.kind === 'record' ? read.record : undefined };
  }

  private named(facts: Facts): Facts {
    return { cluster: this.object.metadata.name, ...facts };
  }

  /** In the log, and as an Event on the cluster. */
  alarm({ reason, message }: GungnirError): void {
    this.options.log.error(message);
    const note = message;
    this.announce({ type: 'Warning', reason, action: 'Failover', note });
  }

  private announce(announcement: Announcement): void {
    const { apiVersion, kind, metadata } = this.object;
    const { name, uid } = metadata;
    const regarding = { apiVersion, kind, namespace: this.namespace, name, uid };
    this.options.events.record({ ...announcement, regarding });
  }
}
