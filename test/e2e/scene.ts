/**
 * One ValkeyCluster under a writer in a world, and what is measured of it: each fault is done, waited
 * out until the cluster is whole again, and judged over the whole history.
 * Never here: which faults, and what may be lost; see kubernetes.test.ts.
 */
import type { ValkeyClusterStatus } from '../../src/spec/status';
import { judge, type Verdict } from '../kit/judge';
import { until } from '../kit/until';
import type { PodName, World } from '../kit/world';
import { isAck } from '../kit/writer';
import { startWriterPod, type WriterPod, type WriterPodOptions } from '../kit/writer-pod';

export const SYSTEM = 'gungnir-system';
export const SHOP = 'shop';
export const CART = 'cart';

export interface ClusterObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation: number;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly replicas: number };
  readonly status?: ValkeyClusterStatus;
}

export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly status: { readonly containerStatuses?: readonly { readonly restartCount: number }[] };
}

/** What happened in one fault; a line of the table. */
export interface Row extends Verdict {
  readonly name: string;
  /** From the act to the first acknowledged write of the new state, as the writer saw it. */
  readonly wholeMs: number;
  readonly failover: string;
}

/** Which cluster, and where its operators are. */
export interface Place {
  readonly namespace: string;
  readonly cluster: string;
  readonly system: string;
}

const shop: Place = { namespace: SHOP, cluster: CART, system: SYSTEM };
/** Long enough for a lease to run out and a pod to be made anew; no expectation on speed. */
const WHOLE_MS = 90_000;

export class Scene {
  readonly rows: Row[] = [];
  private writer: WriterPod | undefined;

  constructor(
    readonly world: World,
    readonly place: Place = shop,
  ) {}

  async startWriter(options: WriterPodOptions = {}): Promise<WriterPod> {
    const { namespace, cluster } = this.place;
    this.writer = await startWriterPod(this.world, namespace, cluster, options);
    await this.ackAfter(Date.now());
    return this.writer;
  }

  /** Of the writer: what it could not do lately. */
  troubles(): readonly string[] {
    return this.writer?.troubles.slice(-10) ?? [];
  }

  async cluster(): Promise<ClusterObject> {
    const found = await this.world.get<ClusterObject>({
      kind: 'valkeycluster',
      namespace: this.place.namespace,
      name: this.place.cluster,
    });
    if (found === undefined) throw new Error('the ValkeyCluster is gone');
    return found;
  }

  async status(): Promise<ValkeyClusterStatus> {
    return (await this.cluster()).status ?? {};
  }

  /** The one that the status names; a leader that has just taken over may name none for a moment. */
  async primary(): Promise<PodName> {
    const { status } = await this.until('a primary is named', (seen) => !!seen.status?.masterPod);
    return { namespace: this.place.namespace, pod: status?.masterPod ?? '' };
  }

  /**
   * All pods that the definition asks for serve, and the operator wants nothing more. The record is
   * written first, what is seen of the cluster after it: only where both name one primary is it settled.
   */
  settled(withinMs = WHOLE_MS): Promise<ClusterObject> {
    return this.until(
      'the cluster is whole',
      ({ metadata, spec, status }) =>
        status?.phase === 'Running' &&
        status.record?.phase === 'Steady' &&
        status.record.primary?.pod === status.masterPod &&
        status.observedGeneration === metadata.generation &&
        status.nodeStatuses?.length === spec.replicas &&
        status.nodeStatuses.every(({ healthy }) => healthy === true) &&
        conditionOf(status, 'Ready') === 'True',
      withinMs,
    );
  }

  /** @throws with the status last seen and what the writer could not do. */
  async until(
    what: string,
    fits: (object: ClusterObject) => boolean,
    withinMs = WHOLE_MS,
  ): Promise<ClusterObject> {
    let last: ClusterObject | undefined;
    try {
      const look = async (): Promise<ClusterObject | undefined> => {
        last = await this.cluster();
        return fits(last) ? last : undefined;
      };
      return await until(what, look, withinMs, 50);
    } catch (error) {
      const seen = { status: last?.status, writer: this.troubles() };
      throw new Error(`${String(error)}\nlast seen: ${JSON.stringify(seen, null, 1)}`);
    }
  }

  /** A write that was sent after this moment was acknowledged, and its line has arrived. */
  async ackAfter(atMs: number): Promise<number> {
    const look = (): number | undefined => {
      const history = this.writer?.history ?? [];
      const after = history.slice(-2000).find((write) => write.sentMs > atMs && isAck(write));
      return after?.endedMs;
    };
    return until(`a write after ${new Date(atMs).toISOString()}`, look, WHOLE_MS, 10);
  }

  /** Does it, waits until `happened` and the cluster is whole, judges everything written so far. */
  async fault(
    name: string,
    act: () => Promise<void>,
    happened: (object: ClusterObject) => boolean,
  ): Promise<Row> {
    await this.settled();
    await this.ackAfter(Date.now());
    const fromMs = Date.now();
    await act();
    await this.until(`${name}: it happened`, happened);
    await this.settled();
    const wholeMs = Date.now() - fromMs;
    await this.ackAfter(Date.now());
    const row = { name, wholeMs, ...(await this.judged(fromMs)), ...(await this.lastFailover()) };
    this.rows.push(row);
    return row;
  }

  private async judged(fromMs: number): Promise<Verdict> {
    const toMs = Date.now();
    const present = await this.keys(await this.primary());
    return judge(this.writer?.history ?? [], present, { fromMs, toMs });
  }

  /** Read from the very pod: whom the Service selects is no matter here. */
  async keys(primary: PodName): Promise<ReadonlySet<string>> {
    const scan = ['valkey-cli', '--scan', '--pattern', 'w:*', '--count', '5000'];
    const ran = await this.world.exec(primary, ...scan);
    if (ran.code !== 0) throw new Error(`cannot read the keys of ${primary.pod}: ${ran.err}`);
    return new Set(ran.out.split('\n'));
  }

  private async lastFailover(): Promise<{ readonly failover: string }> {
    const last = (await this.status()).failovers?.last;
    if (last === undefined) return { failover: '' };
    return { failover: `${last.reason} ${last.from} to ${last.to} in ${last.durationMs} ms` };
  }

  pods(): Promise<readonly Pod[]> {
    const { namespace, cluster } = this.place;
    return this.world.list<Pod>('pod', namespace, `valkey.verilean.io/cluster=${cluster}`);
  }

  /** The pod whose operator holds the lease. */
  async leader(): Promise<PodName> {
    const ref = { kind: 'lease', namespace: this.place.system, name: 'gungnir-operator-lease' };
    const lease = await this.world.get<{ readonly spec: { readonly holderIdentity?: string } }>(
      ref,
    );
    return {
      namespace: this.place.system,
      pod: lease?.spec.holderIdentity?.replace(/_[^_]*$/, '') ?? '',
    };
  }

  stop(): void {
    this.writer?.stop();
  }
}

export function conditionOf(status: ValkeyClusterStatus | undefined, type: string): string {
  return status?.conditions?.find((condition) => condition.type === type)?.status ?? 'Unknown';
}

export function reasonOf(status: ValkeyClusterStatus | undefined, type: string): string {
  return status?.conditions?.find((condition) => condition.type === type)?.reason ?? '';
}

/** The table at the end, aligned for people. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['fault', 'gap ms', 'whole ms', 'acked', 'lost', 'WAIT-safe', 'lost', 'failover'];
  const lines = rows.map((row) => [
    row.name,
    row.gapMs.toFixed(0),
    row.wholeMs.toFixed(0),
    String(row.acked),
    String(row.ackedLost.length),
    String(row.safe),
    String(row.safeLost.length),
    row.failover,
  ]);
  const all = [head, ...lines];
  const width = (column: number): number =>
    Math.max(...all.map((line) => line[column]?.length ?? 0));
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(width(column)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
