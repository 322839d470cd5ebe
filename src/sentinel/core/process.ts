/**
 * From nodes to the processes that the record names, and back.
 * Never here: decisions.
 */
import type { Address } from './facts';
import { type ClusterRecord, type Process, sameProcess } from './record';
import { type NodeState, nodeOf, type State } from './state';

/** Both clocks count whole seconds, and a process begins a moment after its container. */
const STARTED_BEFORE_MS = 2000;
const STARTED_AFTER_MS = 3000;

/**
 * The run that was last seen on this node; undefined before the first claim. While the watch lags
 * behind a restart its container is not known: the end of the one shown is not the end of this run.
 */
export function processOf(node: NodeState): Process | undefined {
  if (node.facts === undefined) return undefined;
  const { pod, podUid, pvcUid } = node.fact;
  return { pod, podUid, containerId: ownContainer(node), runId: node.facts.runId, pvcUid };
}

/** '' unless the container that the watch shows can be the one that runs this process. */
function ownContainer({ fact, facts, container }: NodeState): string {
  const { containerId, containerStartedAtMs } = fact;
  if (container === 'predecessor') return '';
  if (containerStartedAtMs === undefined) return containerId;
  if (facts?.startedAtMs === undefined) return '';
  const afterMs = facts.startedAtMs - containerStartedAtMs;
  return afterMs >= -STARTED_BEFORE_MS && afterMs <= STARTED_AFTER_MS ? containerId : '';
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
