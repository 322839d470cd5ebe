/**
 * The pods as the watch shows them become nodes: a new uid or container is a new node without a
 * past; a pod that is gone stays as long as the record names its process, with what was last seen.
 * Never here: what a missing pod means (evidence, verdict).
 */
import { type Millis, millis } from '../../kit/brands';
import { unclaimed } from './claim';
import type { Config } from './config';
import { recordedProcesses } from './evidence';
import type { PodFact } from './facts';
import type { Process } from './record';
import { type NodeState, nodeOf, type Probe, type State } from './state';
import { type Turn, withState } from './turn';

export function onPods(turn: Turn, pods: readonly PodFact[]): Turn {
  const { state } = turn;
  const seen = pods.map((fact) => refreshed(state, fact));
  const gone = state.nodes.filter(
    (node) => !pods.some(({ podUid }) => podUid === node.fact.podUid),
  );
  const kept = gone.filter((node) => isNamed(state, node)).map(asGone);
  const nodes = [...seen, ...kept].sort((left, right) => compareFacts(left.fact, right.fact));
  const unreached = [...gone, ...state.nodes.filter((node) => lostItsProcess(node, pods))];
  const disconnect = unreached.map(({ fact }) => fact.podUid);
  const disturbed = pods.some(
    ({ lifecycle, podUid }) =>
      lifecycle === 'deleting' && lifecycleOf(state, podUid) !== 'deleting',
  );
  const service = disturbed ? { ...state.service, changedAtMs: state.nowMs } : state.service;
  return withState(
    { ...turn, disconnect: [...turn.disconnect, ...disconnect] },
    { nodes, service },
  );
}

/** A recorded process whose pod was never seen in this term is absent, and absent counts as down. */
export function withAbsent(turn: Turn): Turn {
  const { state } = turn;
  const named = state.record === undefined ? [] : recordedProcesses(state.record);
  const absent = named.filter(
    (process, index) =>
      nodeOf(state, process.podUid) === undefined &&
      named.findIndex(({ podUid }) => podUid === process.podUid) === index,
  );
  const nodes = [
    ...state.nodes,
    ...absent.map((process) => newNode(state.nowMs, absentFact(process))),
  ];
  return withState(turn, {
    nodes: nodes.sort((left, right) => compareFacts(left.fact, right.fact)),
  });
}

function absentFact({ pod, podUid, containerId, pvcUid }: Process): PodFact {
  const ordinal = Number(/\d+$/.exec(pod)?.[0] ?? 0);
  return {
    pod,
    podUid,
    ordinal,
    ip: undefined,
    port: 0,
    containerId,
    terminatedIds: [],
    lifecycle: 'gone',
    node: 'lost',
    traffic: 'direct',
    pvcUid,
    volume: 'ours',
  };
}

function lifecycleOf(state: State, podUid: string): PodFact['lifecycle'] | undefined {
  return state.nodes.find((node) => node.fact.podUid === podUid)?.fact.lifecycle;
}

function compareFacts(left: PodFact, right: PodFact): number {
  return left.ordinal - right.ordinal || (left.podUid < right.podUid ? -1 : 1);
}

function isNamed({ record }: State, node: NodeState): boolean {
  if (record === undefined) return false;
  return recordedProcesses(record).some(({ podUid }) => podUid === node.fact.podUid);
}

function asGone(node: NodeState): NodeState {
  const fact: PodFact = { ...node.fact, lifecycle: 'gone' };
  return { ...node, fact, claim: unclaimed, pending: undefined, minSet: undefined, sight: 'old' };
}

/** Another container or another address: whatever was connected before was something else. */
function lostItsProcess(node: NodeState, pods: readonly PodFact[]): boolean {
  const fact = pods.find(({ podUid }) => podUid === node.fact.podUid);
  return fact !== undefined && isElsewhere(node, fact);
}

function isElsewhere({ fact }: NodeState, next: PodFact): boolean {
  const ended = fact.containerId !== '' && next.containerId !== fact.containerId;
  return ended || next.ip !== fact.ip || next.port !== fact.port;
}

/** Terminated containers are remembered: the API shows only the last one. */
function refreshed(state: State, fact: PodFact): NodeState {
  const before = state.nodes.find((node) => node.fact.podUid === fact.podUid);
  if (before === undefined) return newNode(state.nowMs, fact);
  const terminatedIds = [...new Set([...before.fact.terminatedIds, ...fact.terminatedIds])].slice(
    -4,
  );
  const merged = { ...fact, terminatedIds };
  if (!isElsewhere(before, fact)) return { ...before, fact: merged };
  return {
    ...newNode(state.nowMs, merged),
    closed: before.closed,
    deaths: heldDeaths(before),
    probe: { ...freshProbe(state.nowMs), aliveAtMs: before.probe.aliveAtMs },
  };
}

/** A member that acknowledged its hold was detached then, however late the watch tells of its end. */
function heldDeaths({ deaths, facts, hold }: NodeState): NodeState['deaths'] {
  const known = facts === undefined || deaths.some(({ runId }) => runId === facts.runId);
  return known || hold.kind === 'free'
    ? deaths
    : [...deaths, { runId: facts.runId, deadAtMs: hold.atMs }];
}

export function freshProbe(nowMs: Millis): Probe {
  return {
    last: 'none',
    lastAtMs: nowMs,
    aliveAtMs: nowMs,
    unansweredAtMs: undefined,
    pendingAtMs: undefined,
    nextAtMs: nowMs,
    runId: undefined,
  };
}

export function newNode(nowMs: Millis, fact: PodFact): NodeState {
  return {
    fact,
    claim: unclaimed,
    probe: freshProbe(nowMs),
    facts: undefined,
    container: 'current',
    sight: 'old',
    hold: { kind: 'free' },
    leads: 'unknown',
    deaths: [],
    upstream: { kind: 'unknown' },
    closed: undefined,
    witness: undefined,
    pending: undefined,
    refused: undefined,
    observeAtMs: millis(0),
    minSet: undefined,
    minAsked: undefined,
    configured: '',
    followAsked: undefined,
    sweep: undefined,
  };
}

/** The nodes that still exist as pods. */
export function livePods(state: State): readonly NodeState[] {
  return state.nodes.filter(({ fact }) => fact.lifecycle !== 'gone');
}

/** The pods that the definition asks for and that are here, by ordinal. */
export function expectedPods(config: Config, state: State): readonly NodeState[] {
  return livePods(state).filter(({ fact }) => fact.ordinal < config.replicas);
}
