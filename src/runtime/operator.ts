/**
 * The operator as a whole: one client, one lease, one watch for each kind, two lanes for each cluster.
 * A stuck cluster holds up only itself; the loser of the election goes on watching, warm.
 * Never here: what is done to a cluster (lanes/), process signals (main.ts).
 */
import { millis } from '../kit/brands';
import type { Clock } from '../kit/clock';
import type { Rng } from '../kit/rng';
import type { Tell } from '../sentinel/core/ready';
import type { Transport } from '../sentinel/io/ports';
import { validate } from '../spec/validate';
import type { OperatorArgs } from './args';
import type { KubeAccess } from './kube/access';
import { explainFailure, type Failure } from './kube/answer';
import { createKubeClient, type KubeClient } from './kube/client';
import { type Elector, type Leadership, startElector } from './kube/elector';
import { FailoverLane } from './lanes/failover-lane';
import { Lead } from './lanes/lead';
import { ReconcileLane } from './lanes/reconcile-lane';
import { type ClusterObject, clusters } from './lanes/record-store';
import { createSecretReader, type SecretReader } from './lanes/secrets';
import { View } from './lanes/view';
import { createRecorder, type EventRecorder } from './ops/events';
import { startOpsServer } from './ops/http';
import { addProcessMetrics, createInstruments, type Instruments } from './ops/instruments';
import type { Log } from './ops/log';
import { createRegistry } from './ops/metrics';
import { unreadableWishes } from './plan/wishes';

/** An idle connection of the failover lane would be closed by a proxy after a minute or so. */
const WARM_EVERY_MS = 20_000;
/** Longer silence of a watch than this makes us not ready. */
const SILENT_LIMIT_MS = 120_000;

export interface OperatorOptions {
  readonly args: OperatorArgs;
  readonly access: KubeAccess;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly transport: Transport;
  readonly log: Log;
  /** Random; names this process in the lease and in Events. */
  readonly identity: string;
  readonly makeId: () => string;
  readonly onStep: (told: Tell) => void;
}

export interface Operator {
  readonly port: number;
  leads(): boolean;
  /** Orders under way end, the lease is given back, then all connections end. */
  stop(): Promise<void>;
}

interface Lanes {
  readonly uid: string;
  readonly failover: FailoverLane;
  readonly reconcile: ReconcileLane;
}

/** @throws GungnirError when the API server cannot be used or the port is taken. */
export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const { args, access, log } = options;
  const registry = createRegistry();
  const instruments = createInstruments(registry);
  addProcessMetrics(registry);
  const client = createKubeClient({
    access,
    onRequest: ({ method, host, code }) => instruments.requests.add({ method, host, code }),
  });
  let run: Run | undefined;
  const ops = await startOpsServer({
    address: args.httpAddress,
    registry,
    health: [{ name: 'ping', run: () => 'passing' }],
    ready: [{ name: 'watches', run: () => run?.readiness() ?? { failing: 'it starts' } }],
  });
  try {
    await checkAccess(client, args.namespace);
  } catch (error) {
    client.close();
    await ops.close();
    throw error;
  }
  const running = new Run(options, client, instruments);
  run = running;
  const warming = setInterval(() => void client.warm(), WARM_EVERY_MS);
  warming.unref();
  log.info('started', {
    identity: options.identity,
    namespace: args.namespace === '' ? 'all' : args.namespace,
    port: ops.port,
  });
  void running
    .synced()
    .then(() => log.info('ready', { startMs: Math.round(process.uptime() * 1000) }));
  return {
    port: ops.port,
    leads: () => running.mayAct() === 'granted',
    async stop() {
      clearInterval(warming);
      await running.stop();
      await ops.close();
      client.close();
      log.info('stopped');
    },
  };
}

/** One sentence at the start instead of a watch that fails for ever. */
async function checkAccess(client: KubeClient, namespace: string): Promise<void> {
  const answer = await client.list(clusters, {
    namespace: namespace === '' ? undefined : namespace,
  });
  if (answer.kind === 'ok') return;
  throw explainFailure(answer, {
    verb: 'list',
    resource: 'valkeyclusters.valkey.verilean.io',
    namespace: namespace === '' ? undefined : namespace,
    server: client.server,
  });
}

/** The moving parts of one running operator. */
class Run {
  private readonly lanes = new Map<string, Lanes>();
  private readonly lead: Lead;
  private readonly view: View;
  private readonly elector: Elector;
  private readonly events: EventRecorder;
  private readonly secrets: SecretReader;
  private phase: 'running' | 'stopping' = 'running';
  /** Of deleted clusters: they hold the last primary. */
  private readonly retiring = new Set<FailoverLane>();

  constructor(
    private readonly options: OperatorOptions,
    private readonly client: KubeClient,
    private readonly instruments: Instruments,
  ) {
    const { args, clock, rng, log, identity, makeId } = options;
    this.events = createRecorder({
      client,
      clock,
      instance: identity,
      makeId,
      onDropped: (why) => instruments.eventsDropped.add({ why }),
    });
    this.secrets = createSecretReader(client);
    this.lead = new Lead(
      () => (this.elector?.holdsUntil() === undefined ? 'denied' : 'granted'),
      (kind) => this.tellLanes(kind),
    );
    this.view = new View({
      client,
      namespace: args.namespace,
      clock,
      rng,
      onCluster: (object, change) => this.onCluster(object, change),
      onPart: (namespace, cluster) => this.onPart(namespace, cluster),
      onNode: () => this.onNode(),
      onTrouble: (resource, { during, failure, failures }) => {
        instruments.watchTroubles.add({ resource, during });
        const fields = { resource, during, answer: failure.kind, failures, said: saidBy(failure) };
        if (failures > 2) log.warn('watch fails', fields);
        else log.debug('watch ended', fields);
      },
    });
    this.elector = startElector({
      client,
      clock,
      rng,
      lease: {
        namespace: args.leaseNamespace === '' ? client.namespace : args.leaseNamespace,
        name: args.leaseName,
      },
      config: {
        identity,
        leaseDurationMs: args.leaseDurationMs,
        renewDeadlineMs: args.renewDeadlineMs,
        retryMs: args.retryMs,
      },
      onChange: (leadership) => this.onLeadership(leadership),
      onTrouble: (failure) =>
        log.warn('lease request failed', { answer: failure.kind, said: saidBy(failure) }),
    });
    void this.view.synced().then(() => this.lead.listed());
  }

  mayAct(): 'granted' | 'denied' {
    return this.lead.mayAct();
  }

  /** Every first list is complete. */
  synced(): Promise<void> {
    return this.view.synced();
  }

  readiness(): 'passing' | { readonly failing: string } {
    const silentMs = this.view.silentMs(this.options.clock.monotonicMs());
    if (silentMs === undefined) return { failing: 'the first list is not complete' };
    return silentMs > SILENT_LIMIT_MS
      ? { failing: `no word from the API server for ${Math.round(silentMs / 1000)} s` }
      : 'passing';
  }

  private onLeadership(leadership: Leadership): void {
    const { log, args } = this.options;
    const led = leadership.kind === 'leader';
    log.info(
      led ? 'leading' : 'following',
      led ? { term: leadership.termHint } : { holder: leadership.holder },
    );
    this.instruments.leaderStatus.set(led ? 1 : 0, { name: args.leaseName });
    this.lead.changed(led ? 'led' : 'lost');
  }

  private tellLanes(kind: 'led' | 'lost'): void {
    for (const { failover, reconcile } of this.lanes.values()) {
      failover.setLeadership(kind);
      if (kind === 'led') reconcile.kick();
    }
  }

  private onCluster(object: ClusterObject, change: 'here' | 'gone'): void {
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    const known = this.lanes.get(key);
    if (known !== undefined && (change === 'gone' || known.uid !== object.metadata.uid)) {
      this.lanes.delete(key);
      known.reconcile.stop();
      this.retiring.add(known.failover);
      const last = change === 'gone' ? object : undefined;
      void known.failover.retire(last).finally(() => this.retiring.delete(known.failover));
    }
    if (change === 'gone' || this.phase === 'stopping') return;
    const lanes = this.lanes.get(key) ?? this.open(key, object);
    if (lanes === undefined) return;
    lanes.failover.refresh(object);
    lanes.reconcile.kick();
  }

  /** A definition that breaks a rule (an older CRD let it in) is told and left alone. */
  private open(key: string, object: ClusterObject): Lanes | undefined {
    const { log } = this.options;
    const { name, namespace = '', uid } = object.metadata;
    const laneLog = log.with({ namespace, cluster: name });
    const problems = validate({
      apiVersion: object.apiVersion,
      kind: object.kind,
      metadata: { name, namespace },
      spec: object.spec ?? {},
    });
    if (problems.length > 0) {
      laneLog.error('invalid definition', { problems });
      return undefined;
    }
    for (const wish of unreadableWishes(object.metadata.annotations))
      laneLog.warn('unreadable annotation', { wish, expected: 'POD@EPOCH' });
    const lanes = this.openLanes(key, object, uid, laneLog);
    this.lanes.set(key, lanes);
    if (this.mayAct() === 'granted') lanes.failover.setLeadership('led');
    return lanes;
  }

  private openLanes(key: string, object: ClusterObject, uid: string, log: Log): Lanes {
    const { client, view, events, instruments, secrets } = this;
    const { clock, transport, args, onStep } = this.options;
    const mayAct = (): 'granted' | 'denied' => this.mayAct();
    const { name, namespace = '' } = object.metadata;
    const failover = new FailoverLane({
      onStep,
      client,
      transport,
      view,
      secrets,
      object,
      mayAct,
      clock,
      log,
      events,
      instruments,
      plan: () => reconcile.plan(),
      onChange: () => this.lanes.get(key)?.reconcile.kick(),
    });
    const reconcile: ReconcileLane = new ReconcileLane({
      client,
      view,
      secrets,
      mayAct,
      log,
      instruments,
      cluster: () => view.cluster(namespace, name),
      rollout: () => failover.rollout(),
      intervalMs: args.reconcileIntervalMs,
      onPlan: () => failover.publishSoon(),
    });
    return { uid, failover, reconcile };
  }

  private onPart(namespace: string, cluster: string): void {
    const lanes = this.lanes.get(`${namespace}/${cluster}`);
    const object = this.view?.cluster(namespace, cluster);
    if (lanes === undefined || object === undefined) return;
    lanes.failover.refresh(object);
    lanes.reconcile.kick();
  }

  private onNode(): void {
    for (const object of this.view?.clusters() ?? [])
      this.onPart(object.metadata.namespace ?? '', object.metadata.name);
  }

  async stop(): Promise<void> {
    this.phase = 'stopping';
    for (const { reconcile } of this.lanes.values()) reconcile.stop();
    const lanes = [...this.lanes.values()].map(({ failover }) => failover);
    await Promise.all([...lanes, ...this.retiring].map((lane) => lane.stop()));
    await this.elector.stop(millis(3000));
    await this.events.stop(millis(1000));
    await this.view.stop();
  }
}

function saidBy(failure: Failure): string | undefined {
  return 'status' in failure ? failure.status.message : undefined;
}
