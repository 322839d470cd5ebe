/**
 * The record in `status.record` of one ValkeyCluster, by compare-and-swap on resourceVersion. A change
 * of the object that left the record alone (a user's edit, a status) is no conflict: read, try again.
 * A write whose answer was lost is in doubt until the object was read again.
 * Never here: what is recorded. Statuses go the same way, one write at a time, and the record first.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Millis, millis } from '../../kit/brands';
import type { SwapOutcome } from '../../sentinel/core/event';
import type { ClusterRecord } from '../../sentinel/core/record';
import type { ValkeyClusterSpec } from '../../spec/cluster';
import type { ValkeyClusterStatus } from '../../spec/status';
import type { Failure } from '../kube/answer';
import type { KubeClient } from '../kube/client';
import { type KubeObject, type ObjectName, valkeyClustersOf } from '../kube/types';
import {
  type ParsedRecord,
  recordOf,
  recordPatch,
  sameRecord,
  statusPatch,
} from '../plan/record-status';
import { Retry, type RetryWorld } from './retry';
import { Turns } from './turns';

export type ClusterObject = KubeObject<ValkeyClusterSpec, ValkeyClusterStatus>;

export const clusters = valkeyClustersOf<ValkeyClusterSpec, ValkeyClusterStatus>();

/** A failover waits for the record, so nothing rests for long. */
const RECORD_BACKOFF = { baseMs: millis(50), capMs: millis(1000) } as const;
/** Nobody waits for a status but people. */
const STATUS_BACKOFF = { baseMs: millis(100), capMs: millis(30_000) } as const;
/** After a refusal for good (no right, no such field): the engine begins again, and not at full speed. */
const REFUSED_MS = 1000;

/**
 * A status that hangs must not hold up the record of a failover for longer; twice as long after each that
 * was late, or a server that needs 3 s for each answer would never take one.
 */
const STATUS_TIMEOUT_MS = { first: 1000, most: 4000 } as const;

const failoverLane = { lane: 'failover' } as const;

export interface RecordStoreOptions {
  readonly client: KubeClient;
  readonly name: ObjectName;
  readonly uid: string;
  readonly mayAct: () => 'granted' | 'denied';
  readonly retries: RetryWorld;
}

/** `conflict`: the object has changed; a failure is told by its answer. */
type Patched = 'ok' | 'conflict' | Failure;

export type StatusOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'later'; readonly afterMs: Millis }
  /** Without the lease, or the object is gone. */
  | { readonly kind: 'denied' };

type Live = ClusterObject | 'gone' | 'denied';

export class RecordStore {
  private known: ClusterObject | undefined;
  /** One write at a time, or our own status would conflict with our own record. */
  private readonly turns = new Turns();
  private readonly recordRetry: Retry;
  private readonly statusRetry: Retry;
  private statusTimeoutMs: number = STATUS_TIMEOUT_MS.first;

  constructor(private readonly options: RecordStoreOptions) {
    this.recordRetry = new Retry(options.retries, 'record', RECORD_BACKOFF);
    this.statusRetry = new Retry(options.retries, 'status', STATUS_BACKOFF);
  }

  /** Live, and again until it is read or the lease is gone (`denied`). */
  async read(): Promise<ParsedRecord | { readonly kind: 'denied' } | { readonly kind: 'gone' }> {
    const object = await this.turns.first(() => this.readUntil());
    if (object === 'denied' || object === 'gone') return { kind: object };
    return recordOf(object.status?.record);
  }

  swap(expected: ClusterRecord | undefined, next: ClusterRecord): Promise<SwapOutcome> {
    return this.turns.first(() => this.trySwap(expected, next));
  }

  /** Everything but the record. */
  writeStatus(status: ValkeyClusterStatus): Promise<StatusOutcome> {
    return this.turns.last(async () => {
      if (this.options.mayAct() !== 'granted') return { kind: 'denied' };
      if (this.known === undefined) {
        const read = await this.readOnce(millis(this.statusTimeoutMs));
        if (read === 'gone') return { kind: 'denied' };
        if (!('metadata' in read)) return this.later(read);
      }
      const patched = await this.patch(statusPatch(status), millis(this.statusTimeoutMs));
      if (patched !== 'ok') {
        if (patched === 'conflict' || !isRefusal(patched)) this.known = undefined;
        return this.later(patched);
      }
      this.statusRetry.worked();
      this.statusTimeoutMs = STATUS_TIMEOUT_MS.first;
      return { kind: 'written' };
    });
  }

  private later(failure: Failure | 'conflict'): StatusOutcome {
    if (typeof failure === 'object' && failure.kind === 'timedOut')
      this.statusTimeoutMs = Math.min(this.statusTimeoutMs * 2, STATUS_TIMEOUT_MS.most);
    return { kind: 'later', afterMs: this.statusRetry.failed(failure) };
  }

  /** As it was read, written or shown last. */
  newest(): ClusterObject | undefined {
    return this.known;
  }

  /** A newer version as the watch shows it saves a conflict. */
  seen(object: ClusterObject): void {
    if (object.metadata.uid !== this.options.uid) return;
    if (this.known === undefined || isNewer(object, this.known)) this.known = object;
  }

  private async readOnce(timeoutMs?: Millis): Promise<ClusterObject | 'gone' | Failure> {
    const { client, name, uid } = this.options;
    const answer = await client.get(clusters, name, { ...failoverLane, timeoutMs });
    if (answer.kind === 'notFound') return 'gone';
    if (answer.kind !== 'ok') return answer;
    this.known = answer.value;
    return answer.value.metadata.uid === uid ? answer.value : 'gone';
  }

  private async readUntil(): Promise<Live> {
    while (this.options.mayAct() === 'granted') {
      const read = await this.readOnce();
      if (read === 'gone' || 'metadata' in read) return read;
      await this.recordRetry.rest(read);
    }
    return 'denied';
  }

  private async patch(status: object, timeoutMs?: Millis): Promise<Patched> {
    const { client, name, uid } = this.options;
    const resourceVersion = this.known?.metadata.resourceVersion;
    const body = { metadata: { resourceVersion, uid }, status };
    const call = { ...failoverLane, subresource: 'status', timeoutMs } as const;
    const answer = await client.mergePatch<ClusterObject>(clusters, name, body, call);
    if (answer.kind === 'conflict') return 'conflict';
    if (answer.kind !== 'ok') return answer;
    this.known = answer.value;
    return 'ok';
  }

  private async trySwap(
    expected: ClusterRecord | undefined,
    next: ClusterRecord,
  ): Promise<SwapOutcome> {
    const { known } = this;
    let object: Live = known ?? (await this.readUntil());
    // What the watch showed may be older than our own last write: only a read tells a conflict.
    let source: 'shown' | 'read' = known === undefined ? 'read' : 'shown';
    for (let conflicts = 0; this.options.mayAct() === 'granted'; ) {
      if (object === 'gone' || object === 'denied') return { kind: 'failed' };
      const actual = recordOf(object.status?.record);
      if (actual.kind === 'unreadable') return { kind: 'failed' };
      const record = actual.kind === 'record' ? actual.record : undefined;
      if (sameRecord(record, next)) return { kind: 'ok' };
      if (!sameRecord(record, expected)) {
        if (source === 'read') return { kind: 'conflict', actual: record };
        object = await this.readUntil();
        source = 'read';
        continue;
      }
      const patched = await this.patch({ record: recordPatch(next) });
      if (patched === 'ok') {
        this.recordRetry.worked();
        return { kind: 'ok' };
      }
      if (patched !== 'conflict' && isRefusal(patched)) {
        this.recordRetry.failed(patched);
        await delay(REFUSED_MS);
        return { kind: 'failed' };
      }
      conflicts += patched === 'conflict' ? 1 : 0;
      // The first conflict is ordinary: somebody else wrote in between.
      if (patched !== 'conflict' || conflicts > 1) await this.recordRetry.rest(patched);
      object = await this.readUntil();
      source = 'read';
    }
    return { kind: 'failed' };
  }
}

/** For good: it was not carried out, and a read tells nothing new. */
function isRefusal(failure: Failure): boolean {
  return 'status' in failure && failure.kind !== 'failed' && failure.kind !== 'throttled';
}

/** Versions are opaque by contract and counters in fact; where they are not, the older one costs a conflict. */
function isNewer(left: ClusterObject, right: ClusterObject): boolean {
  const [one, other] = [left, right].map(({ metadata }) => metadata.resourceVersion);
  const counters = /^\d+$/;
  return (
    counters.test(one ?? '') && counters.test(other ?? '') && BigInt(one ?? 0) > BigInt(other ?? 0)
  );
}
