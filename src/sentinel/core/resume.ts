/**
 * Section 9 of failover.md: after a takeover, a conflict or a surprise, the observed state decides
 * and the recorded intent is a hint. M is the set of claimed nodes whose ROLE says master.
 * Never here: the orders of a failover or switchover; this file only says which of them goes on.
 */
import type { Facts, Reason } from '../../kit/reasons';
import { acceptedNode } from './accept';
import { adopt } from './adopt';
import type { Config } from './config';
import { deadBy, isReadOnly } from './evidence';
import { beginFailover } from './failover';
import { firstBoot } from './first-boot';
import { livePods } from './on-pods';
import { isRun } from './process';
import { type ClusterRecord, type Process, sameProcess, servedEpoch } from './record';
import { beginRestore } from './restore';
import type { NodeState, State } from './state';
import { block, type Turn } from './turn';
import { type Verdict, verdictOn } from './verdict';

export type Resumption =
  /** {record.primary}: it goes on as it was. */
  | { readonly kind: 'restore'; readonly node: NodeState }
  /** {record.target}, or the only master of a cluster without a record. */
  | { readonly kind: 'adopt'; readonly node: NodeState }
  | { readonly kind: 'failover'; readonly why: string }
  | { readonly kind: 'boot' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'ask'; readonly reason: Reason; readonly facts: Facts };

export function advanceResume(turn: Turn): Turn {
  const seen = resume(turn.config, turn.state);
  const accepted = seen.kind === 'ask' && acceptedNode(turn.state) !== undefined;
  const resumption: Resumption = accepted ? { kind: 'failover', why: 'accepted' } : seen;
  switch (resumption.kind) {
    case 'restore':
      return beginRestore(turn, resumption.node);
    case 'adopt':
      return adopt(turn, resumption.node);
    case 'failover':
      return beginFailover(turn, resumption.why);
    case 'boot':
      return firstBoot(turn);
    case 'wait':
      return turn;
    case 'ask':
      return block(turn, resumption.reason, resumption.facts);
  }
}

/** The table, row by row. */
export function resume(config: Config, state: State): Resumption {
  const { record } = state;
  if (record === undefined) return { kind: 'wait' };
  const masters = state.nodes.filter((node) => node.claim.kind === 'held' && node.leads === 'yes');
  if (record.primary === undefined && record.target === undefined)
    return withoutRecord(config, state, masters);
  const target = openTarget(record);
  const unseen = target !== undefined && !isSettled(config, state, target);
  const promoted = masters.find((node) => target !== undefined && isRun(node, target));
  if (promoted !== undefined) return { kind: 'adopt', node: promoted };
  const primary = masters.find((node) => isRun(node, record.primary));
  // In a switchover nothing is promoted before the primary is demoted: while it leads, no target does.
  if (primary !== undefined && (!unseen || record.phase === 'Switchover'))
    return { kind: 'restore', node: primary };
  if (record.primary === undefined) return unseenBoot(config, state, masters, unseen);
  const verdict = verdictOn(config, state, record.primary);
  const why = failingBecause(verdict, isReadOnly(state, record.primary));
  if (why !== undefined) return strangers(masters, record) ?? { kind: 'failover', why };
  if (verdict.kind === 'misconfigured')
    return { kind: 'ask', reason: 'CredentialsRefused', facts: { pod: record.primary.pod } };
  if (verdict.kind === 'cutOff')
    return { kind: 'ask', reason: 'CutOffFromPrimary', facts: { pod: record.primary.pod } };
  if (primary !== undefined && target !== undefined && isDown(config, state, target))
    return { kind: 'failover', why: 'unseenTarget' };
  return { kind: 'wait' };
}

function failingBecause(verdict: Verdict, readOnly: boolean): string | undefined {
  if (verdict.kind === 'dead') return verdict.by;
  if (readOnly) return 'readOnly';
  return verdict.kind === 'down' ? verdict.how : undefined;
}

/** A target that is not the primary itself. */
function openTarget(record: ClusterRecord): Process | undefined {
  return sameProcess(record.target, record.primary) ? undefined : record.target;
}

/** Seen as a replica by a claim of this term, or proven dead. */
function isSettled(config: Config, state: State, process: Process): boolean {
  return deadBy(config, state, process) !== undefined || isReadOnly(state, process);
}

function isDown(config: Config, state: State, process: Process): boolean {
  return verdictOn(config, state, process).kind === 'down';
}

/** A master that nobody recorded, while the recorded one cannot be seen: a human did that. */
function strangers(masters: readonly NodeState[], record: ClusterRecord): Resumption | undefined {
  const stranger = masters.find(
    (node) => !isRun(node, record.primary) && !isRun(node, record.target),
  );
  if (stranger === undefined) return undefined;
  return {
    kind: 'ask',
    reason: 'UnknownPrimary',
    facts: { pod: stranger.fact.pod, epoch: servedEpoch(record) },
  };
}

/** The first promotion was recorded as intended, and did not get further. */
function unseenBoot(
  config: Config,
  state: State,
  masters: readonly NodeState[],
  unseen: boolean,
): Resumption {
  if (masters.length > 0) return unknownMasters(state, masters);
  const target = state.record?.target;
  if (!unseen) return { kind: 'boot' };
  return target !== undefined && isDown(config, state, target)
    ? { kind: 'failover', why: 'unseenTarget' }
    : { kind: 'wait' };
}

/** No record: everybody who may hold data must have answered. */
function withoutRecord(config: Config, state: State, masters: readonly NodeState[]): Resumption {
  const [only] = masters;
  if (only === undefined) return { kind: 'boot' };
  const pods = livePods(state);
  if (pods.length < config.replicas || pods.some((node) => node.claim.kind !== 'held'))
    return { kind: 'wait' };
  const attached = pods.every(
    (node) => node === only || node.facts?.upstream?.host === only.fact.ip,
  );
  return masters.length === 1 && attached
    ? { kind: 'adopt', node: only }
    : unknownMasters(state, masters);
}

function unknownMasters(state: State, masters: readonly NodeState[]): Resumption {
  const pods = masters.map(({ fact }) => fact.pod).join(',');
  return {
    kind: 'ask',
    reason: 'UnknownPrimary',
    facts: { pod: pods, epoch: servedEpoch(state.record) },
  };
}
