/**
 * From nodes to the processes that the record names, and back.
 * Never here: decisions.
 */
import type { Address } from './facts';
import { type ClusterRecord, type Process, sameProcess } from './record';
import { type NodeState, nodeOf, type State } from './state';

/**
 * The run that was last seen on this node; undefined before the first claim. While the watch lags
 * behind a restart its container is not known: the end of the one shown is not the end of this run.
 */
export function processOf(node: NodeState): Process | undefined {
  if (node.facts === undefined) return undefined;
  const { pod, podUid, pvcUid } = node.fact;
  const containerId = node.container === 'current' ? node.fact.containerId : '';
  return { pod, podUid, containerId, runId: node.facts.runId, pvcUid };
}

export function addressOf(node: NodeState): Address | undefined {
  return node.fact.ip === undefined ? undefined : { host: node.fact.ip, port: node.fact.port };
}

/** The node on which this very run is claimed. */
export function claimedNode(state: State, process: Process | undefined): NodeState | undefined {
  const node = nodeOf(state, process?.podUid);
  return node?.claim.kind === 'held' && node.facts?.runId === process?.runId ? node : undefined;
}

export function isRun(node: NodeState, process: Process | undefined): boolean {
  return sameProcess(processOf(node), process);
}

export function isMember(record: ClusterRecord, node: NodeState): boolean {
  return record.members.some((member) => isRun(node, member));
}

/** Attached to nobody: by our acknowledged hold, or fenced since its boot. */
export function standsAlone(node: NodeState): boolean {
  if (node.hold.kind === 'held') return true;
  return node.facts?.role === 'replica' && node.facts.upstream?.port === 0;
}

export function follows(node: NodeState, primary: NodeState): boolean {
  const upstream = node.facts?.upstream;
  return (
    upstream !== undefined &&
    upstream.host === primary.fact.ip &&
    upstream.port === primary.fact.port
  );
}
