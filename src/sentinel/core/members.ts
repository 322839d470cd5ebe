/**
 * Who is a member (failover.md section 2): entered by CAS before REPLICAOF, left by CAS once the
 * others provably hold all that the dead one acknowledged; and consumers that are no members.
 * Never here: the REPLICAOF itself.
 */
import type { Offset } from '../../kit/brands';
import { attachability } from './attach';
import { consents, isAttachable } from './attach-replicas';
import { deadBy } from './evidence';
import { isMember, isRun, processOf } from './process';
import { type ClusterRecord, type Process, servedEpoch } from './record';
import { type NodeState, nodeOf, type Steady } from './state';
import { block, canPersist, persist, type Turn, tell, withWork } from './turn';

/** One CAS at most: newcomers first, then foreign consumers, then those who are dead for good. */
export function advanceMembers(turn: Turn, work: Steady, primary: NodeState): Turn {
  const { record } = turn.state;
  if (record === undefined || !canPersist(turn)) return turn;
  const entering = newcomers(turn, record, primary);
  if (entering.length > 0) return enter(turn, record, entering);
  const attached = (primary.facts?.attached.length ?? 0) > 0;
  if (attached && !record.everAttached) return persist(turn, { ...record, everAttached: true });
  const learnt = withContainers(turn, record);
  if (learnt !== record) return persist(turn, learnt);
  const foreign = feedsForeigners(turn, record, primary);
  if (foreign !== record.foreign)
    return persist(foreign ? tell(turn, '+foreign', {}, 'ForeignReplica') : turn, {
      ...record,
      foreign,
    });
  return advanceLeaving(turn, work, primary, record);
}

function newcomers(turn: Turn, record: ClusterRecord, primary: NodeState): readonly Process[] {
  return turn.state.nodes.flatMap((node) => {
    if (node.fact.podUid === primary.fact.podUid || !isAttachable(node) || isMember(record, node))
      return [];
    const judged = attachability(record, node, primary.facts);
    return judged.kind === 'foreign' && !consents(turn, node) ? [] : (processOf(node) ?? []);
  });
}

/** Unknown data that stays apart is said, once, with what would answer it. */
export function tellForeign(turn: Turn, primary: NodeState): Turn {
  const { record } = turn.state;
  if (record === undefined) return turn;
  const stranger = turn.state.nodes.find(
    (node) =>
      node !== primary &&
      isAttachable(node) &&
      !isMember(record, node) &&
      !consents(turn, node) &&
      attachability(record, node, primary.facts).kind === 'foreign',
  );
  const facts = { pod: stranger?.fact.pod, primary: primary.fact.pod, epoch: servedEpoch(record) };
  return stranger === undefined ? turn : block(turn, 'ForeignHistory', facts);
}

/** Another run at the same pod does not replace the earlier one: that leaves by its own rule. */
function enter(turn: Turn, record: ClusterRecord, entering: readonly Process[]): Turn {
  return persist(turn, {
    ...record,
    members: [...record.members, ...entering],
  });
}

/** The container of a run that was claimed before the watch showed it; E1(b) and E1(e) need it. */
function withContainers({ state }: Turn, record: ClusterRecord): ClusterRecord {
  const learn = (process: Process): Process => {
    const seen = state.nodes.find((node) => isRun(node, process));
    const known = seen === undefined ? undefined : processOf(seen)?.containerId;
    return known === undefined || known === '' || known === process.containerId
      ? process
      : { ...process, containerId: known };
  };
  const members = record.members.map(learn);
  const primary = record.primary === undefined ? undefined : learn(record.primary);
  const same =
    primary === record.primary &&
    members.every((member, index) => member === record.members[index]);
  return same ? record : { ...record, primary, members };
}

/** A consumer that is no member counts as a good replica, so starvation proves nothing (E3). */
function feedsForeigners({ state }: Turn, record: ClusterRecord, primary: NodeState): boolean {
  return (primary.facts?.attached ?? []).some((attached) => {
    const node = state.nodes.find(
      ({ fact }) => fact.ip === attached.host && fact.port === attached.port,
    );
    if (node === undefined) return true;
    const unread = node.facts === undefined;
    const expected = record.members.some(({ podUid }) => podUid === node.fact.podUid);
    return !isMember(record, node) && !(unread && expected);
  });
}

function advanceLeaving(turn: Turn, work: Steady, primary: NodeState, record: ClusterRecord): Turn {
  const { config, state } = turn;
  const dead = record.members.filter((member) => deadBy(config, state, member) !== undefined);
  const [first] = dead;
  if (first === undefined || primary.facts === undefined) return turn;
  const staying = record.members.filter((member) => !dead.includes(member));
  if (staying.length < Math.max(1, record.m)) return turn;
  const key = `${first.podUid}/${first.runId}`;
  if (work.leaveMark?.podUid !== key)
    return isReadAfter(turn, primary, first) ? mark(turn, work, key, primary.facts.offset) : turn;
  const { offset } = work.leaveMark;
  if (!staying.every((member) => hasPassed(state.nodes, member, offset))) return turn;
  const left = tell(turn, '-member', { pod: first.pod });
  return persist(withWork(left, { ...work, leaveMark: undefined }), {
    ...record,
    members: record.members.filter((member) => member !== first),
  });
}

function isReadAfter({ state }: Turn, primary: NodeState, dead: Process): boolean {
  const { deaths } = nodeOf(state, dead.podUid) ?? { deaths: [] };
  const death = deaths.find(({ runId }) => runId === dead.runId);
  return death !== undefined && (primary.facts?.atMs ?? 0) > death.deadAtMs;
}

/** Read after the death was known: whoever passes this offset holds all that the dead one confirmed. */
function mark(turn: Turn, work: Steady, podUid: string, offset: Offset): Turn {
  return withWork(turn, { ...work, leaveMark: { podUid, offset } });
}

function hasPassed(nodes: readonly NodeState[], member: Process, offset: Offset): boolean {
  const node = nodes.find(({ fact }) => fact.podUid === member.podUid);
  return (
    node?.facts?.runId === member.runId &&
    node.claim.kind === 'held' &&
    node.facts.link === 'up' &&
    node.facts.offset >= offset
  );
}
