/**
 * Which node is promoted (failover.md section 6): a filter, a strict total order, and the answers
 * `wait` and `ask` where taking the best of what is here could lose what is elsewhere.
 * Never here: key counts, uptime or pod age as a preference; the promotion itself.
 */
import { type Millis, millis } from '../../kit/brands';
import type { Facts, Reason } from '../../kit/reasons';
import { type Config, wantedM } from './config';
import { deadBy, isReadOnly, recordedProcesses } from './evidence';
import { hear } from './heard';
import { compareRank, type Rank, rankOf } from './lineage';
import { type ClusterRecord, newestHistory, type Process } from './record';
import { type NodeState, nodeOf, type State } from './state';

export interface Candidate {
  readonly node: NodeState;
  readonly rank: Rank;
}

export type Choice =
  | {
      readonly kind: 'take';
      readonly node: NodeState;
      readonly rule: 'failover' | 'reopen';
      /** Of a reopening: how far the record had come beyond this node; undefined when not known. */
      readonly behindBytes: number | undefined;
    }
  | {
      readonly kind: 'wait';
      readonly reason: Reason;
      readonly facts: Facts;
      readonly untilAtMs: Millis;
    }
  | { readonly kind: 'ask'; readonly reason: Reason; readonly facts: Facts };

/** @param sinceAtMs when this failover began. */
export interface ChoiceInput {
  readonly sinceAtMs: Millis;
}

export function choose(settings: Config, state: State, input: ChoiceInput): Choice {
  const { record } = state;
  if (record === undefined) return ask('NoPromotableReplica', { why: 'no record' });
  const reopening = isReopening(settings, state, record);
  // A reopening takes the best data there is; a priority is no reason to lose some.
  const config: Config = reopening ? { ...settings, prefer: 'Offset' } : settings;
  const ranked = rankedNodes(record, state.nodes, reopening);
  const best = bestOf(config, state, record, ranked);
  const missing = missingHere(config, state, record, input, reopening, best);
  if (missing !== undefined) return missing;
  if (best === undefined) return nobody(config, state, record, ranked);
  const better = filteredAbove(config, ranked, best);
  if (better !== undefined)
    return ask('BestReplicaFiltered', { pod: better.node.fact.pod, best: best.node.fact.pod });
  if (!reopening) {
    const heard = tooFewHeard(config, state, record, input, best);
    return heard ?? { kind: 'take', node: best.node, rule: 'failover', behindBytes: undefined };
  }
  const joined = best.node.facts !== undefined && rankOf(record, best.node.facts) !== undefined;
  const behindBytes = joined ? Math.max(0, record.offset - best.rank.offset) : undefined;
  return { kind: 'take', node: best.node, rule: 'reopen', behindBytes };
}

function ask(reason: Reason, facts: Facts): Choice {
  return { kind: 'ask', reason, facts };
}

/** Whether every recorded process is dead or was born again: then memory proves nothing any more. */
export function isReopening(config: Config, state: State, record: ClusterRecord): boolean {
  return recordedProcesses(record).every((process) => deadBy(config, state, process) !== undefined);
}

/** Held nodes read after the last hold, with the rank of what they contain. */
export function rankedNodes(
  record: ClusterRecord,
  nodes: readonly NodeState[],
  reopening: boolean,
): readonly Candidate[] {
  return nodes.flatMap((node) => {
    if (node.claim.kind !== 'held' || node.sight !== 'fresh' || node.facts === undefined) return [];
    const rank = rankOf(record, node.facts) ?? (reopening ? rankByVolume(record, node) : undefined);
    return rank === undefined ? [] : [{ node, rank }];
  });
}

/** A node without identity (AOF) is the recorded primary's if it carries that volume and its keys. */
function rankByVolume(record: ClusterRecord, node: NodeState): Rank | undefined {
  const newest = newestHistory(record);
  const { facts, fact } = node;
  if (newest === undefined || facts?.activity !== 'ready' || facts.replid2 !== undefined)
    return undefined;
  if (record.primary === undefined || fact.pvcUid !== record.primary.pvcUid) return undefined;
  return facts.keys > 0 || record.keys === 0
    ? { epoch: newest.epoch, offset: record.offset }
    : undefined;
}

/** Negative when `left` is the better candidate: a strict total order. */
export function compareCandidates(
  prefer: Config['prefer'],
  left: Candidate,
  right: Candidate,
): number {
  const byEpoch = right.rank.epoch - left.rank.epoch;
  const byOffset = right.rank.offset - left.rank.offset;
  const byPriority = priorityOf(left) - priorityOf(right);
  const byData = prefer === 'Offset' ? byOffset || byPriority : byPriority || byOffset;
  return byEpoch || byData || compareText(runIdOf(left), runIdOf(right));
}

function priorityOf({ node }: Candidate): number {
  return node.facts?.priority ?? 0;
}

function runIdOf({ node }: Candidate): string {
  return node.facts?.runId ?? '';
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function bestOf(
  config: Config,
  state: State,
  record: ClusterRecord,
  ranked: readonly Candidate[],
): Candidate | undefined {
  const judged = ranked.map((candidate) => ({
    candidate,
    refusal: refusalOf(config, state, record, candidate),
  }));
  const order = (left: Candidate, right: Candidate): number =>
    compareCandidates(config.prefer, left, right);
  const refusedFor = (refusal: Reason | undefined): readonly Candidate[] =>
    judged.filter((one) => one.refusal === refusal).map(({ candidate }) => candidate);
  const [best] = [...refusedFor(undefined)].sort(order);
  if (best === undefined) return undefined;
  // How long a link was down says something of a node's data only while that is not known better.
  const fuller = refusedFor('LinkDownTooLong').filter(
    ({ rank }) => compareRank(rank, best.rank) < 0,
  );
  return [...fuller].sort((left, right) => compareCandidates('Offset', left, right))[0] ?? best;
}

/** Whether this node could take over now, as far as its last look tells: a kill needs an heir. */
export function isEligible(config: Config, state: State, node: NodeState): boolean {
  const { record } = state;
  if (record === undefined || node.claim.kind !== 'held' || node.leads !== 'no') return false;
  const rank = node.facts === undefined ? undefined : rankOf(record, node.facts);
  return rank !== undefined && refusalOf(config, state, record, { node, rank }) === undefined;
}

/** Why a node may not be taken; undefined when it may. */
export function refusalOf(
  config: Config,
  state: State,
  record: ClusterRecord,
  { node, rank }: Candidate,
): Reason | undefined {
  const { facts } = node;
  if (facts === undefined || facts.activity !== 'ready') return 'ReplicaLoading';
  if (facts.priority === 0) return 'PriorityZero';
  if (record.keys > 0 && facts.keys === 0 && rank.offset <= record.offset) return 'ReplicaEmpty';
  if (node.fact.lifecycle === 'gone') return 'ReplicaUnreachable';
  if (config.prefer === 'Priority' && linkDownTooLong(config, state, record, node))
    return 'LinkDownTooLong';
  return undefined;
}

/** Longer than ten times downAfterMs before the primary itself went down. */
function linkDownTooLong(
  config: Config,
  state: State,
  record: ClusterRecord,
  node: NodeState,
): boolean {
  if (node.upstream.kind !== 'since') return false;
  const limitMs = config.downAfterMs * 10 + (state.nowMs - lastWellAtMs(state, record));
  return state.nowMs - node.upstream.sinceAtMs > limitMs;
}

/**
 * When the primary was last well: as this leader saw that very run, else as long as any replica had a
 * link. What answers at its pod by now may be another run, and a takeover is no death: counted from
 * either, every replica looks too old and the restarted primary's dump wins.
 */
function lastWellAtMs(state: State, { primary }: ClusterRecord): Millis {
  const node = nodeOf(state, primary?.podUid);
  if (node?.closed !== undefined && node.closed.runId === primary?.runId) return node.closed.atMs;
  if (node?.probe.runId !== undefined && node.probe.runId === primary?.runId)
    return node.probe.aliveAtMs;
  const ends = state.nodes.flatMap(({ upstream }) =>
    upstream.kind === 'since' ? [upstream.sinceAtMs] : [],
  );
  return ends.length === 0 ? state.nowMs : millis(Math.max(...ends));
}

/** Under `Offset` a node with more data that a filter removed is never passed over silently. */
function filteredAbove(
  config: Config,
  ranked: readonly Candidate[],
  best: Candidate,
): Candidate | undefined {
  if (config.prefer !== 'Offset') return undefined;
  return ranked.find(
    ({ rank, node }) => node.facts?.priority === 0 && compareRank(rank, best.rank) < 0,
  );
}

/** Data that is known to exist and is not here now: wait for it, for a bounded time. */
function missingHere(
  config: Config,
  state: State,
  record: ClusterRecord,
  input: ChoiceInput,
  reopening: boolean,
  best: Candidate | undefined,
): Choice | undefined {
  if (reopening) return missingVolume(config, state, record, input);
  if (best === undefined) return undefined;
  const higher = state.nodes.find((node) => isHigherElsewhere(config, state, record, node, best));
  const untilAtMs = millis(input.sinceAtMs + config.waitForBestMs);
  if (higher !== undefined && state.nowMs < untilAtMs) {
    return { kind: 'wait', reason: 'WaitingForBest', facts: { pod: higher.fact.pod }, untilAtMs };
  }
  return missingPrimary(config, state, record, input, best);
}

function isHigherElsewhere(
  config: Config,
  state: State,
  record: ClusterRecord,
  node: NodeState,
  best: Candidate,
): boolean {
  if (node.claim.kind === 'held' || node.facts === undefined) return false;
  const process = recordedProcesses(record).find(({ podUid }) => podUid === node.fact.podUid);
  if (process !== undefined && deadBy(config, state, process) !== undefined) return false;
  const rank = rankOf(record, node.facts);
  return rank !== undefined && compareRank(rank, best.rank) < 0;
}

/** While m is 0 the primary alone may hold what nobody else was asked to hold. */
function missingPrimary(
  config: Config,
  state: State,
  record: ClusterRecord,
  input: ChoiceInput,
  best: Candidate,
): Choice | undefined {
  const { primary } = record;
  const untilAtMs = millis(input.sinceAtMs + config.failoverTimeoutMs);
  if (primary === undefined || record.m !== 0 || best.rank.offset >= record.offset)
    return undefined;
  if (nodeOf(state, primary.podUid)?.claim.kind === 'held' || state.nowMs >= untilAtMs)
    return undefined;
  return { kind: 'wait', reason: 'WaitingForPrimary', facts: { pod: primary.pod }, untilAtMs };
}

/** Every volume of the record must have answered before memory is given up; then the user decides. */
function missingVolume(
  config: Config,
  state: State,
  record: ClusterRecord,
  input: ChoiceInput,
): Choice | undefined {
  const missing = recordedProcesses(record).filter((process) => !volumeAnswered(state, process));
  const first = missing[0];
  if (first === undefined) return undefined;
  const untilAtMs = millis(input.sinceAtMs + config.failoverTimeoutMs);
  const facts = { missing: missing.map(({ pod }) => pod).join(',') };
  if (state.nowMs < untilAtMs)
    return { kind: 'wait', reason: 'WaitingForVolumes', facts, untilAtMs };
  return config.dataLossPolicy === 'Accept' ? undefined : ask('VolumesMissing', facts);
}

function volumeAnswered(state: State, process: Process): boolean {
  return state.nodes.some(
    ({ fact, claim, facts }) =>
      fact.pvcUid === process.pvcUid &&
      claim.kind === 'held' &&
      facts?.activity === 'ready' &&
      fact.lifecycle !== 'gone',
  );
}

/** How many must be heard for no safe write to be lost, of those that could confirm one. */
export function heardNeeded(config: Config, confirmers: number): number {
  const k = Math.max(1, wantedM(config));
  return config.policy === 'Durable' ? Math.max(1, confirmers - k + 1) : 1;
}

/**
 * Under Durable fewer than |confirmers| - k + 1 are refused. Under the others one suffices; with none,
 * what is here was born again while a recorded process lives on elsewhere: wait for it, then ask.
 */
function tooFewHeard(
  config: Config,
  state: State,
  record: ClusterRecord,
  input: ChoiceInput,
  best: Candidate,
): Choice | undefined {
  if (primaryIsHere(state, record) || record.members.length === 0) return undefined;
  const { heard, confirmers } = hear(state, record);
  const newest = newestHistory(record)?.epoch ?? 0;
  // Nobody could confirm anything of the newest history, and all of the older ones is here.
  if (confirmers === 0 && best.rank.epoch >= newest) return undefined;
  const needed = heardNeeded(config, confirmers);
  if (heard >= needed) return undefined;
  const facts = { heard, needed, members: record.members.length };
  const untilAtMs = millis(input.sinceAtMs + config.failoverTimeoutMs);
  if (state.nowMs < untilAtMs)
    return { kind: 'wait', reason: 'TooFewReplicasHeard', facts, untilAtMs };
  if (heard === 0 && config.policy !== 'Durable' && config.dataLossPolicy === 'Accept')
    return undefined;
  return ask('TooFewReplicasHeard', facts);
}

/** The demoted primary itself answers: nobody can hold more than it. */
function primaryIsHere(state: State, record: ClusterRecord): boolean {
  const { primary } = record;
  const node = nodeOf(state, primary?.podUid);
  return (
    primary !== undefined &&
    node?.claim.kind === 'held' &&
    isReadOnly(state, primary) &&
    node.sight === 'fresh'
  );
}

function nobody(
  config: Config,
  state: State,
  record: ClusterRecord,
  ranked: readonly Candidate[],
): Choice {
  const empty = state.nodes.filter(
    ({ claim, facts }) => claim.kind === 'held' && facts?.keys === 0,
  );
  const all = state.nodes.filter(({ fact }) => fact.lifecycle !== 'gone');
  if (record.keys > 0 && all.length > 0 && empty.length === all.length) {
    const first = all[0];
    if (config.dataLossPolicy === 'Accept' && first !== undefined)
      return { kind: 'take', node: first, rule: 'reopen', behindBytes: undefined };
    return ask('AllEmpty', { keys: record.keys });
  }
  const why = state.nodes.map(
    (node) => `${node.fact.pod}:${whyNot(config, state, record, ranked, node)}`,
  );
  return ask('NoPromotableReplica', { nodes: why.join(',') });
}

function whyNot(
  config: Config,
  state: State,
  record: ClusterRecord,
  ranked: readonly Candidate[],
  node: NodeState,
): string {
  if (node.claim.kind !== 'held') return 'ReplicaUnreachable';
  if (node.facts?.activity !== 'ready') return 'ReplicaLoading';
  const candidate = ranked.find((other) => other.node === node);
  if (candidate === undefined) return 'ForeignHistory';
  return refusalOf(config, state, record, candidate) ?? 'Eligible';
}
