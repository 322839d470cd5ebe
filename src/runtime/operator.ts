/**
 * The operator as a whole: one client, one lease, one watch for each kind (and namespace, where some are named), two
 * lanes for each cluster. A stuck cluster holds up only itself, and a namespace that may not be watched only its
 * own clusters; the loser of the election goes on watching, warm.
 * Never here: what is done to a cluster (lanes/), process signals (main.ts).
 */
import { millis } from '../kit/brands';
import type { Clock } from '../kit/clock';
import type { Rng } from '../kit/rng';
import type { Tell } from '../sentinel/core/ready';
import type { Transport } from '../sentinel/io/ports';
import type { OperatorArgs } from './args';
import type { KubeAccess } from './kube/access';
import { explainFailure, type Failure } from './kube/answer';
import { createKubeClient, type KubeClient } from './kube/client';
import { type Elector, type Leadership, startElector } from './kube/elector';
import { EVERYWHERE, placesOf } from './kube/joined';
import { ClusterLanes } from './lanes/cluster-lanes';
import { Lead } from './lanes/lead';
import { type ClusterObject, clusters } from './lanes/record-store';
import { createSecretReader, type SecretReader } from './lanes/secrets';
import { View } from './lanes/view';
import { createRecorder, type EventRecorder } from './ops/events';
import { startOpsServer } from './ops/http';
import { addProcessMetrics, createInstruments, type Instruments } from './ops/instruments';
import type { Log } from './ops/log';
import { createRegistry } from './ops/metrics';

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
    await checkAccess(client, placesOf(args.namespaces), log);
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
    namespace: args.namespaces.join(',') || 'all',
    port: ops.port,
  });
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

/**
 * One sentence at the start instead of a watch that fails for ever. Where one of several namespaces can be
 * listed it starts, since the clusters of that one need it; the others are warned of and tried again.
 */
async function checkAccess(client: KubeClient, places: readonly string[], log: Log): Promise<void> {
  const looked = await Promise.all(
    places.map(async (place) => {
      const namespace = place === EVERYWHERE ? undefined : place;
      const answer = await client.list(clusters, { namespace });
      if (answer.kind === 'ok') return [];
      const resource = 'valkeyclusters.valkey.verilean.io';
      const asked = { verb: 'list', resource, namespace, server: client.server };
      return [{ namespace, error: explainFailure(answer, asked) }];
    }),
  );
  const refused = looked.flat();
  const [first] = refused;
  if (first !== undefined && refused.length === places.length) throw first.error;
  for (const { namespace, error } of refused)
    log.warn('namespace cannot be watched', { namespace, said: error.message });
}

/** The moving parts of one running operator. */
class Run {
  private readonly lanes = new Map<string, ClusterLanes>();
  /** One for each place that is watched: its clusters are led once it is listed. */
  private readonly leads: ReadonlyMap<string, Lead>;
  private readonly view: View;
  private readonly elector: Elector;
  private readonly events: EventRecorder;
  private readonly secrets: SecretReader;
  private phase: 'running' | 'stopping' = 'running';
  /** Of deleted clusters: they hold the last primary. */
  private readonly retiring = new Set<ClusterLanes>();

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
    const places = placesOf(args.namespaces);
    this.leads = new Map(places.map((place) => [place, this.leadIn(place)]));
    this.view = new View({
      client,
      namespaces: args.namespaces,
      clock,
      rng,
      onCluster: (object, change) => this.onCluster(object, change),
      onPart: (namespace, cluster) => this.onPart(namespace, cluster),
      onNode: () => this.onNode(),
      onTrouble: (resource, namespace, { during, failure, failures }) => {
        instruments.watchTroubles.add({ resource, namespace, during });
        const place = namespace === EVERYWHERE ? {} : { namespace };
        const what = { resource, ...place, during };
        const fields = { ...what, answer: failure.kind, failures, said: saidBy(failure) };
        if (isTold(failures)) log.warn('watch fails', fields);
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
    for (const [place, lead] of this.leads)
      void this.view.synced(place).then(() => this.listed(place, lead));
  }

  /** In that namespace; without one: in any. */
  mayAct(namespace?: string): 'granted' | 'denied' {
    const leads = [...this.leads].filter(
      ([place]) => namespace === undefined || place === EVERYWHERE || place === namespace,
    );
    return leads.some(([, lead]) => lead.mayAct() === 'granted') ? 'granted' : 'denied';
  }

  /**
   * Ready as soon as one of the namespaces is seen whole, and as long as one is heard of: a pod that is not ready
   * would hold up the rollout of all the others' operator for one whose rights are missing. That one is told
   * by the log and by gungnir_watch_troubles_total.
   */
  readiness(): 'passing' | { readonly failing: string } {
    const now = this.options.clock.monotonicMs();
    const known = [...this.leads.keys()].flatMap((place) => this.view.silentMs(now, place) ?? []);
    if (known.length === 0) return { failing: 'the first list is not complete' };
    const silentMs = Math.min(...known);
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
    for (const lead of this.leads.values()) lead.changed(led ? 'led' : 'lost');
  }

  private leadIn(place: string): Lead {
    return new Lead(
      () => (this.elector?.holdsUntil() === undefined ? 'denied' : 'granted'),
      (kind) => {
        for (const [key, lanes] of this.lanes)
          if (place === EVERYWHERE || key.startsWith(`${place}/`)) lanes.setLeadership(kind);
      },
    );
  }

  /** Every first list of the place is complete. */
  private listed(place: string, lead: Lead): void {
    const startMs = Math.round(process.uptime() * 1000);
    const where = place === EVERYWHERE ? {} : { namespace: place };
    this.options.log.info('ready', { startMs, ...where });
    lead.listed();
  }

  private onCluster(object: ClusterObject, change: 'here' | 'gone'): void {
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    const known = this.lanes.get(key);
    if (known !== undefined && (change === 'gone' || known.uid !== object.metadata.uid)) {
      this.lanes.delete(key);
      this.retiring.add(known);
      const last = change === 'gone' ? object : undefined;
      void known.retire(last).finally(() => this.retiring.delete(known));
    }
    if (change === 'gone' || this.phase === 'stopping') return;
    const lanes = this.lanes.get(key) ?? this.open(key, object);
    lanes.refresh(object);
  }

  private open(key: string, object: ClusterObject): ClusterLanes {
    const { client, view, events, instruments, secrets } = this;
    const { clock, rng, transport, args, onStep, log } = this.options;
    const { name, namespace = '' } = object.metadata;
    const options = {
      ...{ client, view, events, instruments, secrets, clock, rng, transport, onStep },
      log: log.with({ namespace, cluster: name }),
      mayAct: () => this.mayAct(namespace),
      intervalMs: args.reconcileIntervalMs,
    };
    const lanes = new ClusterLanes(options, object);
    this.lanes.set(key, lanes);
    if (this.mayAct(namespace) === 'granted') lanes.setLeadership('led');
    return lanes;
  }

  private onPart(namespace: string, cluster: string): void {
    const object = this.view?.cluster(namespace, cluster);
    if (object !== undefined) this.lanes.get(`${namespace}/${cluster}`)?.refresh(object);
  }

  private onNode(): void {
    for (const object of this.view?.clusters() ?? [])
      this.onPart(object.metadata.namespace ?? '', object.metadata.name);
  }

  async stop(): Promise<void> {
    this.phase = 'stopping';
    await Promise.all([...this.lanes.values(), ...this.retiring].map((lanes) => lanes.stop()));
    await this.elector.stop(millis(3000));
    await this.events.stop(millis(1000));
    await this.view.stop();
  }
}

/** One failure is nothing, and one that lasts is not told every five seconds, but every five minutes. */
function isTold(failures: number): boolean {
  return failures > 2 && (failures <= 10 || failures % 60 === 0);
}

function saidBy(failure: Failure): string | undefined {
  return 'status' in failure ? failure.status.message : undefined;
}
