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
import { Turns } from './turns';

export type ClusterObject = KubeObject<ValkeyClusterSpec, ValkeyClusterStatus>;

export const clusters = valkeyClustersOf<ValkeyClusterSpec, ValkeyClusterStatus>();

/** Between two reads of an object whose state is in doubt. */
const AGAIN_MS = 100;
/** After a refusal for good (no right, no such field): the engine begins again, and not at full speed. */
const REFUSED_MS = 1000;

/** A status that hangs must not hold up the record of a failover for longer. */
const STATUS_TIMEOUT_MS = millis(1000);

const failoverLane = { lane: 'failover' } as const;

export interface RecordStoreOptions {
  readonly client: KubeClient;
  readonly name: ObjectName;
  readonly uid: string;
  readonly mayAct: () => 'granted' | 'denied';
  readonly onTrouble: (failure: Failure) => void;
}

type Live = ClusterObject | 'gone' | 'denied';

export class RecordStore {
  private known: ClusterObject | undefined;
  /** One write at a time, or our own status would conflict with our own record. */
  private readonly turns = new Turns();

  constructor(private readonly options: RecordStoreOptions) {}

  /** Live, and again until it is read or the lease is gone (`denied`). */
  async read(): Promise<ParsedRecord | { readonly kind: 'denied' } | { readonly kind: 'gone' }> {
    const object = await this.turns.first(() => this.readUntil());
    if (object === 'denied' || object === 'gone') return { kind: object };
    return recordOf(object.status?.record);
  }

  swap(expected: ClusterRecord | undefined, next: ClusterRecord): Promise<SwapOutcome> {
    return this.turns.first(() => this.trySwap(expected, next));
  }

  /** Everything but the record. `not written` is no reason to try again at once. */
  writeStatus(status: ValkeyClusterStatus): Promise<'written' | 'not written'> {
    return this.turns.last(async () => {
      if (this.options.mayAct() !== 'granted') return 'not written';
      if (this.known === undefined && typeof (await this.readOnce(STATUS_TIMEOUT_MS)) !== 'object')
        return 'not written';
      const outcome = await this.patch(statusPatch(status), STATUS_TIMEOUT_MS);
      if (outcome === 'doubt') this.known = undefined;
      return outcome === 'ok' ? 'written' : 'not written';
    });
  }

  /** A newer version as the watch shows it saves a conflict. */
  seen(object: ClusterObject): void {
    if (object.metadata.uid !== this.options.uid) return;
    if (this.known === undefined || isNewer(object, this.known)) this.known = object;
  }

  private async readOnce(timeoutMs?: Millis): Promise<ClusterObject | 'gone' | undefined> {
    const { client, name, uid, onTrouble } = this.options;
    const answer = await client.get(clusters, name, { ...failoverLane, timeoutMs });
    if (answer.kind === 'ok') {
      this.known = answer.value;
      return answer.value.metadata.uid === uid ? answer.value : 'gone';
    }
    if (answer.kind === 'notFound') return 'gone';
    onTrouble(answer);
    return undefined;
  }

  private async readUntil(): Promise<Live> {
    while (this.options.mayAct() === 'granted') {
      const object = await this.readOnce();
      if (object !== undefined) return object;
      await delay(AGAIN_MS);
    }
    return 'denied';
  }

  private async patch(status: object, timeoutMs?: Millis): Promise<'ok' | 'doubt' | 'refused'> {
    const { client, name, uid, onTrouble } = this.options;
    const resourceVersion = this.known?.metadata.resourceVersion;
    const body = { metadata: { resourceVersion, uid }, status };
    const call = { ...failoverLane, subresource: 'status', timeoutMs } as const;
    const answer = await client.mergePatch<ClusterObject>(clusters, name, body, call);
    if (answer.kind === 'ok') {
      this.known = answer.value;
      return 'ok';
    }
    if (answer.kind === 'conflict') return 'doubt';
    onTrouble(answer);
    const certain = 'status' in answer && answer.kind !== 'failed' && answer.kind !== 'throttled';
    return certain ? 'refused' : 'doubt';
  }

  private async trySwap(
    expected: ClusterRecord | undefined,
    next: ClusterRecord,
  ): Promise<SwapOutcome> {
    let object: Live = this.known ?? (await this.readUntil());
    while (this.options.mayAct() === 'granted') {
      if (object === 'gone' || object === 'denied') return { kind: 'failed' };
      const actual = recordOf(object.status?.record);
      if (actual.kind === 'unreadable') return { kind: 'failed' };
      const record = actual.kind === 'record' ? actual.record : undefined;
      if (sameRecord(record, next)) return { kind: 'ok' };
      if (!sameRecord(record, expected)) return { kind: 'conflict', actual: record };
      const written = await this.patch({ record: recordPatch(next) });
      if (written === 'ok') return { kind: 'ok' };
      if (written === 'refused') {
        await delay(REFUSED_MS);
        return { kind: 'failed' };
      }
      object = await this.readUntil();
    }
    return { kind: 'failed' };
  }
}

/** Versions are opaque by contract and counters in fact; where they are not, the older one costs a conflict. */
function isNewer(left: ClusterObject, right: ClusterObject): boolean {
  const [one, other] = [left, right].map(({ metadata }) => metadata.resourceVersion);
  const counters = /^\d+$/;
  return (
    counters.test(one ?? '') && counters.test(other ?? '') && BigInt(one ?? 0) > BigInt(other ?? 0)
  );
}
