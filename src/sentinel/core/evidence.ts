/**
 * Evidence E1, E2, E3 of failover.md section 4: whether a recorded process is proven dead, proven
 * read-only, or proven starved. Each answer names the clause that carries it.
 * Never here: what to do when nothing is proven (failover.ts).
 */
import { type Millis, millis } from '../../kit/brands';
import { type Config, starvedAfterMs } from './config';
import { type ClusterRecord, type Process, sameProcess } from './record';
import { type NodeState, nodeOf, type State } from './state';

export type Clause = 'socketClosed' | 'terminated' | 'outOfService' | 'replaced';

/** Two connects must be refused this soon after the socket's end, or another process may answer. */
const KNOCK_WITHIN_MS = 1000;
/** A link whose last byte is older than this many seconds witnesses nothing. */
const STALE_LINK_SECONDS = 2;

/** E1: the clause by which this process is dead, undefined while it may live. */
export function deadBy(config: Config, state: State, process: Process): Clause | undefined {
  const node = nodeOf(state, process.podUid);
  if (node === undefined) return undefined;
  if (process.containerId !== '' && node.fact.terminatedIds.includes(process.containerId))
    return 'terminated';
  if (node.fact.node === 'outOfService') return 'outOfService';
  if (isReplaced(node, process)) return 'replaced';
  return socketProvesDeath(config, state, node, process) ? 'socketClosed' : undefined;
}

/** E1(e): the same pod object runs another container, or another run answered a claim. */
function isReplaced(node: NodeState, process: Process): boolean {
  const { containerId } = node.fact;
  if (process.containerId !== '' && containerId !== '' && containerId !== process.containerId)
    return true;
  return node.facts !== undefined && node.facts.runId !== process.runId;
}

/** E1(a), all its clauses. */
function socketProvesDeath(
  config: Config,
  state: State,
  node: NodeState,
  process: Process,
): boolean {
  const { closed, fact } = node;
  if (closed === undefined || closed.runId !== process.runId || closed.knock !== 'bothRefused')
    return false;
  if (closed.knockedAtMs - closed.atMs > KNOCK_WITHIN_MS) return false;
  if (fact.traffic === 'intercepted' || fact.lifecycle === 'gone' || fact.ip === undefined)
    return false;
  if (
    state.nodes.some(
      (other) => other !== node && other.fact.ip === fact.ip && sharesPort(other, node),
    )
  )
    return false;
  const isMember =
    !sameProcess(process, state.record?.primary) && !sameProcess(process, state.record?.target);
  if (isMember) return config.addresses === 'exclusive';
  return membersSawTheEnd(config, state, node, closed.atMs);
}

function sharesPort(other: NodeState, node: NodeState): boolean {
  return other.fact.lifecycle !== 'gone' && other.fact.port === node.fact.port;
}

/** At least one member without a link to it, none with a live one, all read after the socket's end. */
function membersSawTheEnd(
  config: Config,
  state: State,
  node: NodeState,
  closedAtMs: Millis,
): boolean {
  const members = membersOf(state).filter(
    (member) => member !== node && member.claim.kind === 'held',
  );
  const read = members.filter(({ facts }) => facts !== undefined && facts.atMs >= closedAtMs);
  if (read.length < members.length) return false;
  const live = read.some(
    ({ facts }) => facts?.link === 'up' && facts.lastIoSeconds <= STALE_LINK_SECONDS,
  );
  return !live && read.some((member) => sawItsLinkEnd(config, member));
}

/** A link that our own hold ended says nothing, unless the address can be nobody else's. */
function sawItsLinkEnd(config: Config, { facts, hold }: NodeState): boolean {
  if (config.addresses === 'exclusive') return facts?.link === 'down' || hold.kind === 'held';
  if (hold.kind === 'held') return hold.before === 'down';
  return facts?.link === 'down' && facts.upstream !== undefined && facts.upstream.port !== 0;
}

/** Nodes that run a recorded member, by process. */
export function membersOf(state: State): readonly NodeState[] {
  const members = state.record?.members ?? [];
  return members.flatMap((member) => {
    const node = nodeOf(state, member.podUid);
    const same = node?.facts === undefined || node.facts.runId === member.runId;
    return node !== undefined && same ? [node] : [];
  });
}

/** E2: our claim saw this very run as a replica, or it acknowledged our demotion. */
export function isReadOnly(state: State, process: Process): boolean {
  const node = nodeOf(state, process.podUid);
  return node?.leads === 'no' && node.facts?.runId === process.runId;
}

/**
 * When E3 holds or will hold; undefined while its count is not reached or the record voids it.
 * @param sinceAtMs counts where nobody was ever attached, so that nobody can be the last to leave.
 */
export function starvedAtMs(config: Config, state: State, sinceAtMs: Millis): Millis | undefined {
  const { record } = state;
  if (record === undefined || record.m < 1 || record.foreign) return undefined;
  const detached = record.members.flatMap((member) => detachedAtMs(config, state, member) ?? []);
  const others = record.members.length - record.m;
  if (detached.length <= others) return undefined;
  detached.sort((left, right) => left - right);
  return millis((detached[others] ?? sinceAtMs) + starvedAfterMs(record.L));
}

/** By its own acknowledged hold after a claim of this term, or by its own E1. */
function detachedAtMs(config: Config, state: State, member: Process): Millis | undefined {
  const node = nodeOf(state, member.podUid);
  if (node === undefined) return undefined;
  if (node.hold.kind === 'held' && node.facts?.runId === member.runId) return node.hold.atMs;
  if (deadBy(config, state, member) === undefined) return undefined;
  return node.deaths.find(({ runId }) => runId === member.runId)?.deadAtMs ?? state.nowMs;
}

/** Every process of the record: those that may hold the data or take writes. */
export function recordedProcesses(record: ClusterRecord): readonly Process[] {
  const named = [record.primary, record.target].flatMap((process) => process ?? []);
  const others = record.members.filter(
    (member) => !named.some((process) => sameProcess(process, member)),
  );
  return [...named, ...others];
}

/** Whoever may be writable behind our back: the recorded primary, and a target not known to be held. */
export function suspectsOf(record: ClusterRecord): readonly Process[] {
  return [record.primary, record.target].flatMap((process) => process ?? []);
}
