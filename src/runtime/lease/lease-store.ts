/**
 * Compare-and-swap on one Lease of Kubernetes: its spec is the lease, an annotation is the record, and
 * its resourceVersion is the version. What others wrote into labels and annotations stays.
 * Never here: who leads (sentinel/io/leased-authority.ts).
 */
import { millis } from '../../kit/brands';
import { type Kept, type LeaseStore, leaseOf, type StoreWrite } from '../../sentinel/index';
import type { Answer } from '../kube/answer';
import type { Call, KubeClient } from '../kube/client';
import { type Lease, type ObjectMeta, resources } from '../kube/types';

/** The record as JSON. Annotations of one object may take 256 KiB; a record takes some 4 KiB. */
export const RECORD_ANNOTATION = 'valkey.verilean.io/record';

/** Where it is; a Lease always has a namespace. */
export interface LeaseName {
  readonly namespace: string;
  readonly name: string;
}

export function createLeaseStore(
  client: KubeClient,
  name: LeaseName,
  timeoutMs: number,
): LeaseStore {
  const call: Call = { lane: 'failover', timeoutMs: millis(timeoutMs) };
  /** As last seen: a replacement must carry what is not ours. */
  let metadata: ObjectMeta | undefined;
  const note = (answer: Answer<Lease>): void => {
    if (answer.kind === 'ok') metadata = answer.value.metadata;
  };
  return {
    async read() {
      const answer = await client.get(resources.leases, name, call);
      note(answer);
      if (answer.kind === 'ok')
        return {
          kind: 'kept',
          kept: keptIn(answer.value),
          version: answer.value.metadata.resourceVersion,
        };
      return answer.kind === 'notFound'
        ? { kind: 'absent' }
        : { kind: 'failed', cause: why(answer) };
    },
    async write(next, version) {
      const answer =
        version === undefined
          ? await client.create(resources.leases, manifestOf(name, undefined, next), call)
          : await client.update(
              resources.leases,
              manifestOf({ ...name, resourceVersion: version }, metadata, next),
              call,
            );
      note(answer);
      return written(answer);
    },
  };
}

function keptIn({ metadata, spec = {} }: Lease): Kept {
  return {
    lease: leaseOf({
      holder: spec.holderIdentity,
      durationMs: (spec.leaseDurationSeconds ?? 0) * 1000,
      acquireTime: spec.acquireTime,
      renewTime: spec.renewTime,
      transitions: spec.leaseTransitions,
    }),
    record: metadata.annotations?.[RECORD_ANNOTATION] ?? '',
  };
}

function manifestOf(
  at: LeaseName & { readonly resourceVersion?: string },
  before: ObjectMeta | undefined,
  { lease, record }: Kept,
) {
  const annotations = record === '' ? {} : { [RECORD_ANNOTATION]: record };
  return {
    apiVersion: resources.leases.apiVersion,
    kind: resources.leases.kind,
    metadata: {
      ...at,
      ...(before?.labels === undefined ? {} : { labels: before.labels }),
      annotations: { ...before?.annotations, ...annotations },
    },
    spec: {
      holderIdentity: lease.holder,
      leaseDurationSeconds: lease.durationMs / 1000,
      acquireTime: lease.acquireTime,
      renewTime: lease.renewTime,
      leaseTransitions: lease.transitions,
    },
  };
}

function written(answer: Answer<Lease>): StoreWrite {
  switch (answer.kind) {
    case 'ok':
      return { kind: 'written', version: answer.value.metadata.resourceVersion };
    case 'conflict':
    case 'alreadyExists':
      return { kind: 'conflict' };
    case 'notFound':
      return { kind: 'absent' };
    default:
      return { kind: 'failed', cause: why(answer) };
  }
}

function why(answer: Exclude<Answer<Lease>, { readonly kind: 'ok' }>): Error {
  const message = 'status' in answer ? answer.status.message : '';
  return new Error(`${answer.kind} ${message}`.trim());
}
