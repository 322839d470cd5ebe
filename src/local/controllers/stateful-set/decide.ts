/**
 * What a StatefulSet does next: makes missing pods, replaces finished ones, takes down what is too
 * much, and rolls to a new revision, as its policy orders it. In order of the real controller's
 * updateStatefulSet.
 * Never here: reading a cache (controller.ts).
 */
import type { Action, Decision } from '../frame/action';
import { isFinished, isTerminating, msUntilAvailable, PODS, type Pod } from '../objects/pod';
import { type ControllerRevision, STATEFUL_SETS, type StatefulSet } from '../objects/workload';
import { type ClaimByName, claimOwners, hasStaleClaim, missingClaims } from './claims';
import {
  draftPod,
  identityPatch,
  isRunningAndReady,
  isUnavailable,
  ordinalOf,
  podNameOf,
  rangeOf,
  revisionFor,
  revisionOf,
} from './pods';
import { planRevisions, type Revisions, truncate } from './revisions';
import { isChanged, statusOf } from './status';

export interface Observed {
  readonly set: StatefulSet;
  /** Its own, whatever their ordinal. */
  readonly pods: readonly Pod[];
  /** Its own, in order. */
  readonly history: readonly ControllerRevision[];
  readonly revisionNamed: (name: string) => ControllerRevision | undefined;
  readonly claimNamed: ClaimByName;
}

interface Turn extends Observed {
  readonly revisions: Revisions;
  readonly replicas: readonly Slot[];
  /** Beyond the range, highest ordinal first. */
  readonly condemned: readonly Member[];
  /** True: one pod after the other, each Ready before the next. */
  readonly order: 'OrderedReady' | 'Parallel';
  readonly minReadySeconds: number;
  readonly nowMs: number;
}

interface Member {
  readonly ordinal: number;
  readonly pod: Pod;
}
interface Slot {
  readonly ordinal: number;
  readonly pod: Pod | undefined;
}

/** `stop`: nothing that comes after may be done in this turn. */
interface Step {
  readonly actions: readonly Action[];
  readonly next: 'stop' | 'goOn';
}

const GO_ON: Step = { actions: [], next: 'goOn' };
const STOP: Step = { actions: [], next: 'stop' };

export function decideStatefulSet(observed: Observed, nowMs: number): Decision {
  const { set, pods, history } = observed;
  const revisions = planRevisions(set, history, observed.revisionNamed);
  const turn = turnOf(observed, revisions, nowMs);
  const work = set.metadata.deletionTimestamp === undefined ? workOf(turn) : GO_ON;
  const rolling = work.next === 'stop' ? [] : rollOf(turn);
  const status = statusOf(set, pods, revisions, rolling.length === 0 ? 0 : 1, nowMs);
  const live = new Set([
    ...[revisions.current.name, revisions.update.name],
    ...pods.map((pod) => revisionOf(pod) ?? ''),
  ]);
  const object = { ...set, status };
  return {
    actions: [
      ...revisions.actions,
      ...work.actions,
      ...rolling,
      ...(isChanged(set.status, status)
        ? [{ kind: 'status', of: STATEFUL_SETS, object } as const]
        : []),
      ...truncate(set, history, live),
    ],
    recheckAfterMs: untilAvailable(turn),
  };
}

function turnOf(observed: Observed, revisions: Revisions, nowMs: number): Turn {
  const { set, pods } = observed;
  const { start, end } = rangeOf(set.spec);
  const members = pods.flatMap((pod) => {
    const ordinal = ordinalOf(set, pod.metadata.name);
    return ordinal === undefined ? [] : [{ ordinal, pod }];
  });
  const replicas = Array.from({ length: Math.max(0, end - start) }, (_, index) => ({
    ordinal: start + index,
    pod: members.find(({ ordinal }) => ordinal === start + index)?.pod,
  }));
  return {
    ...observed,
    revisions,
    replicas,
    condemned: members
      .filter(({ ordinal }) => ordinal < start || ordinal >= end)
      .sort((a, b) => b.ordinal - a.ordinal),
    order: set.spec.podManagementPolicy ?? 'OrderedReady',
    minReadySeconds: set.spec.minReadySeconds ?? 0,
    nowMs,
  };
}

function workOf(turn: Turn): Step {
  const { replicas, condemned, set, claimNamed } = turn;
  const alive = forAll(turn, replicas, (slot) => processReplica(turn, slot));
  if (alive.next === 'stop') return alive;
  const owners = condemned.flatMap(({ pod, ordinal }) =>
    claimOwners(set, pod, ordinal, claimNamed),
  );
  const first = firstUnavailable(turn);
  const dead = forAll(turn, condemned, (member) => processCondemned(turn, member, first));
  return { actions: [...alive.actions, ...owners, ...dead.actions], next: dead.next };
}

/** In order, the first that stops ends it; in parallel, each has its turn. */
function forAll<Entry>({ order }: Turn, entries: readonly Entry[], step: (e: Entry) => Step): Step {
  const actions: Action[] = [];
  for (const entry of entries) {
    const done = step(entry);
    actions.push(...done.actions);
    if (done.next === 'stop' && order === 'OrderedReady') return { actions, next: 'stop' };
  }
  return { actions, next: 'goOn' };
}

function processReplica(turn: Turn, { pod, ordinal }: Slot): Step {
  const { set, claimNamed, order, minReadySeconds, nowMs } = turn;
  if (pod === undefined) return createPod(turn, ordinal);
  if (isFinished(pod))
    return isTerminating(pod) ? STOP : { actions: deletePod(set, pod), next: 'stop' };
  const isPending = pod.status?.phase === 'Pending';
  const missing = isPending ? missingClaims(set, ordinal, claimNamed) : undefined;
  const actions = [...(missing?.actions ?? [])];
  if (order === 'OrderedReady' && isTerminating(pod)) return { actions, next: 'stop' };
  if (order === 'OrderedReady' && isUnavailable(pod, minReadySeconds, nowMs))
    return { actions, next: 'stop' };
  const patch = identityPatch(pod, ordinal);
  if (patch !== undefined)
    actions.push({ kind: 'patch', of: PODS, object: pod, patch: { ...patch } });
  return { actions: [...actions, ...claimOwners(set, pod, ordinal, claimNamed)], next: 'goOn' };
}

function createPod({ set, revisions, claimNamed, order }: Turn, ordinal: number): Step {
  if (hasStaleClaim(set, ordinal, claimNamed)) return STOP;
  const name = podNameOf(set, ordinal);
  const told = `create Pod ${name} in StatefulSet ${set.metadata.name}`;
  const refused = { about: set, reason: 'FailedCreate', message: `${told} failed error: ` };
  const { actions, blocked } = missingClaims(set, ordinal, claimNamed);
  if (blocked.length > 0) {
    const message = `${refused.message}${blocked.map((claim) => `pvc ${claim} is being deleted`)}`;
    const tale = { ...refused, kind: 'tell', type: 'Warning', message } as const;
    return { actions: [...actions, tale, { kind: 'giveUp' }], next: 'stop' };
  }
  const revision = revisionFor(set, ordinal, revisions.current, revisions.update);
  const object = draftPod(set, ordinal, revision);
  return {
    actions: [
      ...actions,
      { kind: 'create', of: PODS, object, onRefusal: refused },
      { kind: 'tell', about: set, reason: 'SuccessfulCreate', message: `${told} successful` },
    ],
    next: order === 'OrderedReady' ? 'stop' : 'goOn',
  };
}

function processCondemned(turn: Turn, { pod }: Member, first: Pod | undefined): Step {
  const { set, order, minReadySeconds, nowMs } = turn;
  if (isTerminating(pod)) return order === 'OrderedReady' ? STOP : GO_ON;
  const isHealthy = isRunningAndReady(pod) && !isUnavailable(pod, minReadySeconds, nowMs);
  if (order === 'OrderedReady' && !isHealthy && pod !== first) return STOP;
  return { actions: deletePod(set, pod), next: 'stop' };
}

/** Of all that should be there, the lowest; else of those too many. */
function firstUnavailable({ replicas, condemned, minReadySeconds, nowMs }: Turn): Pod | undefined {
  const pods = [...replicas, ...[...condemned].reverse()].map(({ pod }) => pod);
  return pods.find((pod) => pod !== undefined && isUnavailable(pod, minReadySeconds, nowMs));
}

/** The highest ordinal that is not at the update revision goes, if all above it are available. */
function rollOf(turn: Turn): readonly Action[] {
  const { set, replicas, revisions, minReadySeconds, nowMs } = turn;
  const { type = 'RollingUpdate', rollingUpdate } = set.spec.updateStrategy ?? {};
  if (type === 'OnDelete' || set.metadata.deletionTimestamp !== undefined) return [];
  for (const { pod } of replicas.slice(rollingUpdate?.partition ?? 0).reverse()) {
    if (pod === undefined) return [];
    if (revisionOf(pod) !== revisions.update.name && !isTerminating(pod))
      return deletePod(set, pod);
    if (isUnavailable(pod, minReadySeconds, nowMs)) return [];
  }
  return [];
}

function deletePod(set: StatefulSet, pod: Pod): readonly Action[] {
  const told = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
  const failed = { about: set, reason: 'FailedDelete', message: `${told} failed error: ` };
  return [
    { kind: 'delete', of: PODS, object: pod, onRefusal: failed },
    { kind: 'tell', about: set, reason: 'SuccessfulDelete', message: `${told} successful` },
  ];
}

/** Time alone makes a ready pod available; no event tells it. */
function untilAvailable({ pods, minReadySeconds, nowMs }: Turn): number | undefined {
  const waits = pods
    .map((pod) => msUntilAvailable(pod, minReadySeconds, nowMs) ?? 0)
    .filter((ms) => ms > 0);
  return waits.length === 0 ? undefined : Math.min(...waits);
}
