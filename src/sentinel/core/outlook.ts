/**
 * What would become of a failover if the primary failed now: whether enough members could be heard, and
 * whether starvation could ever prove that it stopped writing.
 * Never here: the failover itself; what is done about it is a user's business.
 */
import type { Facts, Reason } from '../../kit/reasons';
import { heardNeeded } from './choose-replica';
import type { Config } from './config';
import { deadBy } from './evidence';
import { claimedNode, follows } from './process';
import { type ClusterRecord, type Process, servedEpoch } from './record';
import type { NodeState, State } from './state';

export interface Outlook {
  readonly reason: Reason;
  readonly facts: Facts;
}

/** @returns undefined while a failover could go its way, or while there is no primary to fail. */
export function outlookOf(config: Config, state: State): Outlook | undefined {
  const { record } = state;
  const primary = claimedNode(state, record?.primary);
  if (record === undefined || primary?.leads !== 'yes' || record.members.length === 0)
    return undefined;
  const living = record.members.filter((member) => isLiving(state, member, primary));
  const missing = record.members.filter((member) => !living.includes(member));
  const facts: Facts = {
    members: record.members.length,
    living: living.length,
    missing: missing.map(({ pod }) => pod).join(','),
    epoch: servedEpoch(record),
  };
  const needed = heardNeeded(config, record.members.length);
  if (living.length < needed)
    return { reason: 'FailoverNeedsMembers', facts: { ...facts, needed } };
  return isFenceable(config, state, record, missing)
    ? undefined
    : { reason: 'FenceNeedsMembers', facts: { ...facts, m: record.m } };
}

/** This very run follows the primary, so it could be held and read. */
function isLiving(state: State, member: Process, primary: NodeState): boolean {
  const node = claimedNode(state, member);
  return node !== undefined && follows(node, primary) && node.facts?.link === 'up';
}

/** E3: those that can be held, and those proven dead, must be more than |members| - m. */
function isFenceable(
  config: Config,
  state: State,
  record: ClusterRecord,
  missing: readonly Process[],
): boolean {
  if (record.m < 1 || config.policy === 'Available') return true;
  const loose = missing.filter((member) => deadBy(config, state, member) === undefined);
  return loose.length < record.m;
}
