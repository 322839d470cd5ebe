/**
 * Stragglers: connections that the Service still sent to a demoted primary are killed again when the
 * EndpointSlice shows the new one, and once a second later (failover.md section 7 step 6).
 * Never here: the kill within the demotion itself.
 */
import { millis } from '../../kit/brands';
import type { Event } from './event';
import { eachNode, isFree, send, type Turn, withNode, withState } from './turn';

export function advanceSweeps(turn: Turn): Turn {
  return eachNode(turn, (so_far, node) => {
    const { sweep, fact } = node;
    if (
      sweep === undefined ||
      so_far.state.nowMs < sweep.atMs ||
      node.claim.kind !== 'held' ||
      !isFree(node)
    )
      return so_far;
    if (node.leads !== 'no') return withNode(so_far, fact.podUid, { sweep: undefined });
    const left = sweep.left - 1;
    const next = left > 0 ? { atMs: millis(so_far.state.nowMs + 1000), left } : undefined;
    const order = { kind: 'killClients', clientUsers: so_far.config.clientUsers } as const;
    return send(withNode(so_far, fact.podUid, { sweep: next }), fact.podUid, order);
  });
}

/** What the watch shows of the client Service; a change of it brings the next sweep forward. */
export function onService(turn: Turn, event: Event & { readonly kind: 'service' }): Turn {
  const { service, nowMs } = turn.state;
  const same =
    service.selected === event.selected && service.endpoints.join() === event.endpoints.join();
  const { selected, endpoints } = event;
  const quiet = same && event.proxies === 'asBefore';
  const changedAtMs = quiet ? service.changedAtMs : nowMs;
  const next = { ...service, selected, endpoints, changedAtMs };
  const seen = withState(turn, { service: next });
  const arrived = !same && endpoints.length > 0;
  if (!arrived) return seen;
  return eachNode(seen, (so_far, node) =>
    node.sweep === undefined
      ? so_far
      : withNode(so_far, node.fact.podUid, { sweep: { atMs: nowMs, left: node.sweep.left + 1 } }),
  );
}
