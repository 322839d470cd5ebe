/**
 * Settings of the definition that a running server takes without a restart. Each run is asked once for
 * each change; a refusal is told, and no reason to ask again.
 * Never here: what the protocol itself sets (grant.ts, promotion.ts).
 */
import { eachNode, isFree, send, type Turn, withNode } from './turn';

export function configureServers(turn: Turn): Turn {
  const { settings } = turn.config;
  if (settings.length === 0) return turn;
  const wanted = JSON.stringify(settings);
  return eachNode(turn, (so_far, node) => {
    const ready = node.claim.kind === 'held' && node.facts?.activity === 'ready' && isFree(node);
    if (!ready || node.configured === wanted) return so_far;
    const { podUid } = node.fact;
    return withNode(send(so_far, podUid, { kind: 'configure', settings }), podUid, {
      configured: wanted,
    });
  });
}
