/**
 * The record in `status.record` of one ValkeyCluster, by compare-and-swap on resourceVersion. A change
 * of the object that left the record alone (a user's edit, a status) is no conflict: read, try again.
 * A write whose answer was lost is in doubt until the object was read again.
 * Never here: what is recorded. Statuses go the same way, one write at a time.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { SwapOutcome } from '../../sentinel/core/event';
import type { ClusterRecord } from '../../sentinel/core/record';
import type { ValkeyClusterSpec } from '../../spec/cluster';
import type { ValkeyClusterStatus } from '../../spec/status';
import type { Failure } from '../kube/answer';
import type { KubeClient } from '../kube/client';
import { type KubeObject, type ObjectName, valkeyClustersOf } from '../kube/types';
import { type ParsedRecord, recordOf, recordPatch, sameRecord } from '../plan/record-status';

export type ClusterObject = KubeObject<ValkeyClusterSpec, ValkeyClusterStatus>;

export const clusters = valkeyClustersOf<ValkeyClusterSpec, ValkeyClusterStatus>();

/** Between two reads of an object whose state is in doubt. */
const AGAIN_MS = 100;
/** After a refusal for good (no right, no such field): the engine begins again, and not at full speed. */
const REFUSED_MS = 1000;

export interface RecordStoreOptions {
  readonly client: KubeClient;
  readonly name: ObjectName;
  readonly uid: string;
  readonly mayAct: () => 'granted' | 'denied';
  readonly onTrouble: (failure: Failure) => void;
}

export interface RecordStore {
  /** Live, and again until it is read or the lease is gone (`denied`). */
  read(): Promise<ParsedRecord | { readonly kind: 'denied' } | { readonly kind: 'gone' }>;
  swap(expected: ClusterRecord | undefined, next: ClusterRecord): Promise<SwapOutcome>;
  /** Everything but the record. @returns whether it stands now; false is no reason to try at once. */
  writeStatus(status: ValkeyClusterStatus): Promise<'written' | 'not written'>;
  /** A newer version as the watch shows it saves a conflict. */
  seen(object: ClusterObject): void;
}

export function createRecordStore(options: RecordStoreOptions): RecordStore {
  const { client, name, uid, mayAct, onTrouble } = options;
  const call = { lane: 'failover' } as const;
  let known: ClusterObject | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  /** One write at a time, or our own status would conflict with our own record. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = queue.then(work, work);
    queue = next;
    return next;
  }

  async function readOnce(): Promise<ClusterObject | 'gone' | undefined> {
    const answer = await client.get(clusters, name, call);
    if (answer.kind === 'ok') {
      known = answer.value;
      return answer.value.metadata.uid === uid ? answer.value : 'gone';
    }
    if (answer.kind === 'notFound') return 'gone';
    onTrouble(answer);
    return undefined;
  }

  async function readUntil(): Promise<ClusterObject | 'gone' | 'denied'> {
    while (mayAct() === 'granted') {
      const object = await readOnce();
      if (object !== undefined) return object;
      await delay(AGAIN_MS);
    }
    return 'denied';
  }

  async function patch(status: object): Promise<'ok' | 'doubt' | 'refused'> {
    const answer = await client.mergePatch(
      clusters,
      name,
      { metadata: { resourceVersion: known?.metadata.resourceVersion, uid }, status },
      { ...call, subresource: 'status' },
    );
    if (answer.kind === 'ok') {
      known = answer.value as ClusterObject;
      return 'ok';
    }
    if (answer.kind === 'conflict') return 'doubt';
    onTrouble(answer);
    const certain = 'status' in answer && answer.kind !== 'failed' && answer.kind !== 'throttled';
    return certain ? 'refused' : 'doubt';
  }

  async function trySwap(
    expected: ClusterRecord | undefined,
    next: ClusterRecord,
  ): Promise<SwapOutcome> {
    let object: ClusterObject | 'gone' | 'denied' = known ?? (await readUntil());
    while (mayAct() === 'granted') {
      if (object === 'gone' || object === 'denied') return { kind: 'failed' };
      const actual = recordOf(object.status?.record);
      if (actual.kind === 'unreadable') return { kind: 'failed' };
      const record = actual.kind === 'record' ? actual.record : undefined;
      if (sameRecord(record, next)) return { kind: 'ok' };
      if (!sameRecord(record, expected)) return { kind: 'conflict', actual: record };
      const written = await patch({ record: recordPatch(next) });
      if (written === 'ok') return { kind: 'ok' };
      if (written === 'refused') {
        await delay(REFUSED_MS);
        return { kind: 'failed' };
      }
      object = await readUntil();
    }
    return { kind: 'failed' };
  }

  return {
    async read() {
      const object = await inTurn(readUntil);
      if (object === 'denied' || object === 'gone') return { kind: object };
      return recordOf(object.status?.record);
    },
    swap: (expected, next) => inTurn(() => trySwap(expected, next)),
    writeStatus: (status) =>
      inTurn(async () => {
        if (mayAct() !== 'granted') return 'not written';
        const { record: _record, ...view } = status;
        const outcome = await patch(view);
        if (outcome === 'doubt') await readOnce();
        return outcome === 'ok' ? 'written' : 'not written';
      }),
    seen(object) {
      if (object.metadata.uid !== uid) return;
      if (known === undefined || isNewer(object, known)) known = object;
    },
  };
}

/** Versions are opaque by contract and counters in fact; where they are not, the older one costs a conflict. */
function isNewer(left: ClusterObject, right: ClusterObject): boolean {
  const [one, other] = [left, right].map(({ metadata }) => metadata.resourceVersion);
  const counters = /^\d+$/;
  return (
    counters.test(one ?? '') && counters.test(other ?? '') && BigInt(one ?? 0) > BigInt(other ?? 0)
  );
}
