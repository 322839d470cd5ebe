/**
 * What users see of a cluster: phase, nodes, conditions, all from the engine's state and the pods.
 * Volatile numbers (offsets, last pings) are written with any other change, else once a minute.
 * Never here: the record; the engine writes that by itself.
 */
import { describe, type Facts, type Reason } from '../../kit/reasons';
import { wantedM } from '../../sentinel/core/config';
import { follows } from '../../sentinel/core/process';
import type { NodeState, State } from '../../sentinel/core/state';
import type { ValkeyClusterSpec } from '../../spec/cluster';
import { resolve } from '../../spec/defaults';
import type {
  ConditionStatus,
  LastFailoverStatus,
  NodeStatus,
  ValkeyClusterStatus,
} from '../../spec/status';
import { engineConfig } from './engine-config';
import type { Plan } from './reconcile';

export interface StatusInput {
  readonly spec: ValkeyClusterSpec;
  readonly generation: number;
  readonly state: State;
  readonly troubles: readonly Trouble[];
  readonly plan: Plan;
  readonly readyPods: readonly string[];
  /** Why pods do not run (pod-hindrances.ts). */
  readonly hindrances: string | undefined;
  readonly before: ValkeyClusterStatus | undefined;
  /** RFC 3339, for lastReconcileTime and transitions. */
  readonly nowText: string;
  /** Wall clock minus the engine's clock, ms. */
  readonly wallOffsetMs: number;
  readonly selector: string;
}

/** What the lanes met that the engine knows nothing of. The first of each type is told. */
export interface Trouble {
  readonly type: 'Degraded' | 'ConfigurationWarning' | 'DataAtRisk';
  readonly reason: Reason;
  readonly facts: Facts;
}

type Condition = Omit<ConditionStatus, 'lastTransitionTime' | 'observedGeneration'>;

/** How long a new leader may leave the status as its predecessor wrote it. */
const UNREAD_MOST_MS = 1_000;

/**
 * Whether it is known by now who serves: a new leader has asked nobody yet, and that is no outage.
 * @param nowMs of the engine's clock; an engine that stands still keeps its own at an earlier time.
 */
export function isRead({ work, record, nodes }: State, nowMs: number): boolean {
  if (work.kind === 'taking') return false;
  if (work.kind !== 'resume' || nowMs - work.sinceAtMs >= UNREAD_MOST_MS) return true;
  const primary = nodes.find(({ fact }) => fact.podUid === record?.primary?.podUid);
  return primary === undefined || primary.claim.kind === 'held';
}

export function statusOf(input: StatusInput): ValkeyClusterStatus {
  const { state, before } = input;
  const primary = servingPrimary(state);
  const address = primary === undefined ? undefined : `${primary.fact.ip}:${primary.fact.port}`;
  return {
    phase: phaseOf(input, primary),
    masterPod: primary?.fact.pod ?? '',
    currentMaster: address ?? '',
    replicas: livePods(state).length,
    readyReplicas: input.readyPods.length,
    observedGeneration: input.generation,
    selector: input.selector,
    nodeStatuses: livePods(state).map((node) => nodeStatus(input, node)),
    failovers: failoversOf(input),
    conditions: conditionsOf(input, primary).map((condition) => dated(condition, before, input)),
    lastReconcileTime: input.nowText,
  };
}

/** Fields that change by themselves all the time; they alone are no reason to write. */
export function withoutVolatile(status: ValkeyClusterStatus): ValkeyClusterStatus {
  const { lastReconcileTime: _time, ...rest } = status;
  const nodeStatuses = status.nodeStatuses?.map(({ podName, role, healthy }) => ({
    podName,
    role,
    healthy,
  }));
  return { ...rest, ...(nodeStatuses === undefined ? {} : { nodeStatuses }) };
}

function livePods(state: State): readonly NodeState[] {
  return state.nodes.filter(({ fact }) => fact.lifecycle !== 'gone');
}

/** The recorded primary while its own ROLE says so. */
export function servingPrimary(state: State): NodeState | undefined {
  const primary = state.record?.primary;
  return state.nodes.find(
    (node) =>
      node.fact.podUid === primary?.podUid &&
      node.facts?.runId === primary.runId &&
      node.leads === 'yes' &&
      node.claim.kind === 'held',
  );
}

function phaseOf(
  { state, spec, plan, readyPods, before }: StatusInput,
  primary: NodeState | undefined,
): string {
  if (primary === undefined) {
    if (state.record?.primary === undefined) return 'Creating';
    return state.blocked !== undefined && state.work.kind !== 'resume' ? 'Failed' : 'Failing';
  }
  const { replicas } = resolve(spec);
  const settled = plan.kind === 'settled' && readyPods.length >= replicas;
  if (settled) return 'Running';
  return before?.phase === 'Creating' || before?.phase === undefined ? 'Creating' : 'Updating';
}

function roleOf(node: NodeState): NodeStatus['role'] {
  if (node.claim.kind !== 'held' || node.leads === 'unknown') return 'Unknown';
  return node.leads === 'yes' ? 'Master' : 'Replica';
}

/** A replica that is known to follow the primary over a link that is up. */
function isAttached(node: NodeState, primary: NodeState | undefined): boolean {
  return (
    primary !== undefined &&
    roleOf(node) === 'Replica' &&
    follows(node, primary) &&
    node.facts?.link === 'up'
  );
}

function nodeStatus({ state, wallOffsetMs }: StatusInput, node: NodeState): NodeStatus {
  const overdueMs =
    node.probe.unansweredAtMs === undefined ? 0 : state.nowMs - node.probe.unansweredAtMs;
  const primary = servingPrimary(state);
  const base = {
    podName: node.fact.pod,
    role: roleOf(node),
    healthy: node === primary || isAttached(node, primary),
    lastPingSuccess: Math.max(0, Math.round(node.probe.aliveAtMs + wallOffsetMs)),
    consecutivePingFailures: overdueMs === 0 ? 0 : Math.max(1, Math.floor(overdueMs / 1000)),
  };
  return node.facts === undefined ? base : { ...base, replOffset: node.facts.offset };
}

function failoversOf({
  state,
  before,
}: StatusInput): NonNullable<ValkeyClusterStatus['failovers']> {
  const { count = 0, last: kept } = before?.failovers ?? {};
  const last = lastFailoverOf(state);
  if (last === undefined) return kept === undefined ? { count } : { count, last: kept };
  return { count: isSameFailover(last, kept) ? count : count + 1, last };
}

/** A first primary replaces nobody, and a switchover that was given up never comes here. */
function lastFailoverOf({ lastFailover }: State): LastFailoverStatus | undefined {
  if (lastFailover === undefined || lastFailover.from === '') return undefined;
  const { reason, from, to, durationMs, lostBytes } = lastFailover;
  const known = lostBytes === undefined ? {} : { lostBytes };
  return { reason, from, to, durationMs: Math.round(durationMs), ...known };
}

/** Lost bytes may become known later. */
function isSameFailover(last: LastFailoverStatus, kept: LastFailoverStatus | undefined): boolean {
  const fields = ['reason', 'from', 'to', 'durationMs'] as const;
  return kept !== undefined && fields.every((field) => last[field] === kept[field]);
}

function conditionsOf(input: StatusInput, primary: NodeState | undefined): readonly Condition[] {
  const { state, plan, spec, readyPods } = input;
  const { replicas } = resolve(spec);
  const available = primary !== undefined;
  const synced = livePods(state).filter((node) => isAttached(node, primary));
  const replicated = available && synced.length >= replicas - 1;
  const ready = available && readyPods.length >= replicas && replicated;
  return [
    condition(
      'Ready',
      ready,
      ready ? 'AllReady' : (state.blocked?.reason ?? 'NotAllReady'),
      ready
        ? `${replicas} of ${replicas} nodes serve`
        : `${readyPods.length} of ${replicas} pods ready, ${synced.length} replicas attached`,
    ),
    progressing(plan),
    troubled(input, 'Degraded') ?? blockedCondition(input),
    condition(
      'PrimaryAvailable',
      available,
      available ? 'PrimaryServes' : (state.blocked?.reason ?? 'NoPrimary'),
      available ? `${primary.fact.pod} takes writes` : 'no primary serves at the moment',
    ),
    condition(
      'ReplicationHealthy',
      replicated,
      replicated ? 'AllAttached' : 'ReplicasMissing',
      `${synced.length} of ${replicas - 1} replicas attached`,
    ),
    riskCondition(input, available),
    troubled(input, 'ConfigurationWarning') ?? warningCondition(spec),
  ];
}

/** Writes without replicas are the greater risk: they are there now. */
function riskCondition(input: StatusInput, available: boolean): Condition {
  const { state, spec } = input;
  const granted = available && (state.record?.m ?? 0) < wantedM(engineConfig(spec));
  if (granted)
    return condition(
      'DataAtRisk',
      true,
      'WritesWithoutReplicas',
      describe('WritesWithoutReplicas'),
    );
  const safe = 'writes wait for the replicas that the definition asks for';
  return troubled(input, 'DataAtRisk') ?? condition('DataAtRisk', false, 'WritesReplicated', safe);
}

function troubled({ troubles }: StatusInput, type: Trouble['type']): Condition | undefined {
  const trouble = troubles.find((one) => one.type === type);
  if (trouble === undefined) return undefined;
  return condition(type, true, trouble.reason, describe(trouble.reason, trouble.facts));
}

function condition(type: string, holds: boolean, reason: string, message: string): Condition {
  return { type, status: holds ? 'True' : 'False', reason, message };
}

function progressing(plan: Plan): Condition {
  if (plan.kind === 'settled')
    return condition('Progressing', false, 'Settled', 'all objects are as defined');
  if (plan.kind === 'act')
    return condition('Progressing', true, 'Applying', `${plan.request.kind}: ${plan.why}`);
  return condition('Progressing', true, plan.on, describe(plan.on, plan.facts));
}

/** A wait for pods is explained by what keeps these from running, where Kubernetes says it. */
function blockedCondition({ state: { blocked }, hindrances }: StatusInput): Condition {
  if (blocked === undefined)
    return condition('Degraded', false, 'NothingBlocks', 'nothing stands in the way');
  const facts = { ...blocked.facts, notRunning: hindrances };
  return condition('Degraded', true, blocked.reason, describe(blocked.reason, facts));
}

function warningCondition(spec: ValkeyClusterSpec): Condition {
  const { replicas, failover } = resolve(spec);
  if (replicas < 3)
    return condition(
      'ConfigurationWarning',
      true,
      'FewReplicas',
      `with ${replicas} pod${replicas === 1 ? '' : 's'} a crash stops writes until it is back; 3 are recommended`,
    );
  const lowered = failover.minReplicasToWrite > replicas - 1;
  if (lowered)
    return condition(
      'ConfigurationWarning',
      true,
      'LoweredMinReplicas',
      `minReplicasToWrite ${failover.minReplicasToWrite} is lowered to ${replicas - 1}`,
    );
  return condition('ConfigurationWarning', false, 'NoWarning', 'nothing to say');
}

/** The time of a condition is that of its last change of status. */
function dated(
  fresh: Condition,
  before: ValkeyClusterStatus | undefined,
  { nowText, generation }: StatusInput,
): ConditionStatus {
  const old = before?.conditions?.find(({ type }) => type === fresh.type);
  const lastTransitionTime = old?.status === fresh.status ? old.lastTransitionTime : nowText;
  return { ...fresh, lastTransitionTime, observedGeneration: generation };
}
