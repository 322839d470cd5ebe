/**
 * The cluster is being deleted: whoever leads is made read-only at once, so that no pod waits in its
 * preStop for a heir. Nothing else is begun, and nothing recorded.
 * Never here: whether it is being deleted; that comes as a wish.
 */
import { servedEpoch } from './record';
import { eachNode, isReady, routeTo, send, type Turn } from './turn';

export function advanceEnding(turn: Turn): Turn {
  const closed = routeTo(turn, { kind: 'none', epoch: servedEpoch(turn.state.record) });
  return eachNode(closed, (so_far, node) => {
    if (node.claim.kind !== 'held' || node.leads !== 'yes' || !isReady(node)) return so_far;
    const { clientUsers } = so_far.config;
    return send(so_far, node.fact.podUid, { kind: 'demote', clientUsers });
  });
}
