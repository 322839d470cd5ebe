/**
 * The reconcile lane's plan: what is there and what is wanted -> one request, a wait with its reason,
 * or settled. It ends, is idempotent from any point, and never acts on what it could not read.
 * Never here: roles, routing, the record; those are the engine's.
 */
import type { Facts, Reason } from '../../kit/reasons';
import type { JsonMap, KubeObject } from '../../resources/kube-object';
import { SECRET_KEYS } from '../../spec/naming';
import { amountOf } from '../../spec/quantity';
import { covers } from './covers';
import { nextRestart, type RolloutView } from './rollout';

/** A live object, as far as it is compared. */
export interface LiveObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly { readonly uid: string; readonly controller?: boolean }[];
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

export interface Observed {
  /** What the renderer wants, in the order in which it is made. */
  readonly wanted: readonly KubeObject[];
  /** undefined: the object is not there. */
  readonly live: (kind: string, name: string) => LiveObject | undefined;
  /** Versions that our own apply left: what differs still is the server's spelling, not a drift. */
  readonly applied: ReadonlyMap<string, string>;
  /** The clients' password as the user's own Secret has it, base64; undefined: none is named or readable. */
  readonly clientPassword: string | undefined;
  /**
   * `kept`: this process has those in force. `unread`: no server has read any yet. `lost`: servers run with
   * passwords that nobody here has seen.
   */
  readonly passwords: 'kept' | 'unread' | 'lost';
  /** Keys that the Secret must have before pods can start. */
  readonly secretKeys: readonly string[];
  readonly clusterUid: string;
  /**
   * `ending`: the ValkeyCluster is being deleted, and its parts go with it. `invalid`: its definition
   * breaks a rule, and no earlier one is known.
   */
  readonly mode: 'managed' | 'paused' | 'gitops' | 'ending' | 'invalid';
  /** Pods beyond the wanted number must not be removed while one of them is the primary. */
  readonly rollout: RolloutView;
  /** The claims of the data pods, and the size that the definition wants; undefined without volumes. */
  readonly claims: readonly ClaimView[];
  readonly wantedSize: string | undefined;
}

export interface ClaimView {
  readonly name: string;
  /** What it asks for by now. */
  readonly size: string;
}

export type Request =
  | { readonly kind: 'apply'; readonly manifest: KubeObject }
  | { readonly kind: 'writeSecret'; readonly name: string; readonly missing: readonly string[] }
  | { readonly kind: 'rotate'; readonly name: string }
  | { readonly kind: 'expand'; readonly name: string; readonly size: string }
  | { readonly kind: 'restart'; readonly pod: string; readonly podUid: string };

export type Plan =
  | { readonly kind: 'act'; readonly request: Request; readonly why: string }
  | {
      readonly kind: 'wait';
      readonly on: Reason;
      readonly facts: Facts;
      readonly recheckAfterMs: number;
    }
  | { readonly kind: 'settled' };

/** Only another definition helps, and its coming is seen. */
const INVALID_RECHECK_MS = 60_000;

export function objectKey(kind: string, name: string): string {
  return `${kind}/${name}`;
}

export function plan(observed: Observed): Plan {
  if (observed.mode === 'paused' || observed.mode === 'ending') return { kind: 'settled' };
  if (observed.mode === 'invalid')
    return { kind: 'wait', on: 'InvalidDefinition', facts: {}, recheckAfterMs: INVALID_RECHECK_MS };
  for (const manifest of observed.wanted) {
    const next = planObject(observed, manifest);
    if (next !== undefined) return next;
  }
  return planExpansion(observed) ?? planRollout(observed);
}

/** Volumes grow in place; where the class does not allow it the API server says so, and nothing is lost. */
function planExpansion({ claims, wantedSize, mode }: Observed): Plan | undefined {
  if (wantedSize === undefined || mode !== 'managed') return undefined;
  const small = claims.find(({ size }) => (amountOf(size) ?? 0) < (amountOf(wantedSize) ?? 0));
  if (small === undefined) return undefined;
  const request = { kind: 'expand', name: small.name, size: wantedSize } as const;
  return { kind: 'act', request, why: `grows from ${small.size}` };
}

function planObject(observed: Observed, manifest: KubeObject): Plan | undefined {
  const { kind, metadata } = manifest;
  const live = observed.live(kind, metadata.name);
  if (live?.metadata.deletionTimestamp !== undefined)
    return wait('ObjectEnding', { kind, name: metadata.name });
  if (live !== undefined && isForeign(observed, live))
    return wait('ObjectOwnedElsewhere', { kind, name: metadata.name });
  if (live === undefined && observed.mode === 'gitops')
    return wait('GitOwnsObject', { kind, name: metadata.name });
  if (kind === 'Secret' && observed.passwords === 'lost' && keysIn(observed, live) === 0)
    return wait('SecretLost', { name: metadata.name });
  if (observed.mode === 'managed' && needsApply(observed, held(observed, manifest, live), live)) {
    return {
      kind: 'act',
      request: { kind: 'apply', manifest: held(observed, manifest, live) },
      why: live === undefined ? 'missing' : 'drift',
    };
  }
  return kind === 'Secret' ? planSecret(observed, metadata.name, live) : undefined;
}

/** Somebody else's controller: taking it over would make two operators fight. */
function isForeign({ clusterUid, mode }: Observed, live: LiveObject): boolean {
  if (mode === 'gitops') return false;
  const controller = live.metadata.ownerReferences?.find((owner) => owner.controller === true);
  return controller !== undefined && controller.uid !== clusterUid;
}

function needsApply(
  observed: Observed,
  manifest: KubeObject,
  live: LiveObject | undefined,
): boolean {
  if (live === undefined) return true;
  const { apiVersion: _version, ...wanted } = manifest;
  if (covers(live, wanted)) return false;
  return (
    observed.applied.get(objectKey(manifest.kind, manifest.metadata.name)) !==
    live.metadata.resourceVersion
  );
}

/** What may not change yet, or ever: a StatefulSet's claims, and its size while the primary would go. */
function held(observed: Observed, manifest: KubeObject, live: LiveObject | undefined): KubeObject {
  if (manifest.kind !== 'StatefulSet' || live === undefined) return manifest;
  const before = live.spec as {
    readonly replicas?: number;
    readonly volumeClaimTemplates?: readonly JsonMap[];
  };
  const wanted = Number(manifest.spec?.replicas ?? 0);
  const replicas = mayShrink(observed.rollout, wanted)
    ? wanted
    : Math.max(wanted, before.replicas ?? wanted);
  const claims = manifest.spec?.volumeClaimTemplates as readonly JsonMap[] | undefined;
  const kept = claims?.map((claim, index) =>
    withSizeOf(claim, before.volumeClaimTemplates?.[index]),
  );
  const spec: JsonMap = {
    ...manifest.spec,
    replicas,
    ...(kept === undefined ? {} : { volumeClaimTemplates: kept }),
  };
  return { ...manifest, spec };
}

/** Those that stay must hold the data before the others go, the primary among them. */
function mayShrink({ pods, primaryOrdinal }: RolloutView, wanted: number): boolean {
  if (primaryOrdinal < 0 || primaryOrdinal >= wanted) return false;
  const staying = pods.filter(({ ordinal }) => ordinal >= 0 && ordinal < wanted);
  const well = staying.filter(
    ({ health, lifecycle }) => health === 'synced' && lifecycle === 'live',
  );
  return well.length >= wanted;
}

/** Claims are immutable in a StatefulSet; their growth is the volumes' own business. */
function withSizeOf(claim: JsonMap, before: JsonMap | undefined): JsonMap {
  const spec = claim.spec as JsonMap;
  const old = (
    before?.spec as
      | { readonly resources?: { readonly requests?: { readonly storage?: string } } }
      | undefined
  )?.resources?.requests?.storage;
  return old === undefined
    ? claim
    : { ...claim, spec: { ...spec, resources: { requests: { storage: old } } } };
}

function keysIn({ secretKeys }: Observed, live: LiveObject | undefined): number {
  return secretKeys.filter((key) => live?.data?.[key] !== undefined).length;
}

function planSecret(
  observed: Observed,
  name: string,
  live: LiveObject | undefined,
): Plan | undefined {
  const missing = observed.secretKeys.filter((key) => live?.data?.[key] === undefined);
  if (live === undefined) return undefined;
  if (missing.length === 0) return planRotation(observed, name, live);
  // Only an untouched Secret is filled: half of one was written by somebody, and a new password would lock pods out.
  if (missing.length < observed.secretKeys.length)
    return wait('SecretIncomplete', { name, missing: missing.join(',') });
  return { kind: 'act', request: { kind: 'writeSecret', name, missing }, why: 'no passwords yet' };
}

function planRotation(
  { clientPassword }: Observed,
  name: string,
  { data }: LiveObject,
): Plan | undefined {
  if (clientPassword === undefined || clientPassword === data?.[SECRET_KEYS.clientPassword])
    return undefined;
  return { kind: 'act', request: { kind: 'rotate', name }, why: 'another clients password' };
}

function planRollout(observed: Observed): Plan {
  const step = nextRestart(observed.rollout);
  if (step.kind === 'settled') return { kind: 'settled' };
  if (step.kind === 'wait') return wait(step.on, step.facts);
  return {
    kind: 'act',
    request: { kind: 'restart', pod: step.pod, podUid: step.podUid },
    why: 'outdated template',
  };
}

function wait(on: Reason, facts: Facts): Plan {
  return { kind: 'wait', on, facts, recheckAfterMs: 2000 };
}
