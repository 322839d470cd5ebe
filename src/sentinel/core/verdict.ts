/**
 * What is to be believed of the recorded primary (failover.md section 5), from probes, evidence and
 * witnesses. Down at `silentMs >= downAfterMs`, not one millisecond before.
 * Never here: what to do about it.
 */
import type { Millis } from '../../kit/brands';
import type { Config } from './config';
import { type Clause, deadBy } from './evidence';
import type { Process } from './record';
import { type NodeState, nodeOf, type State } from './state';
import { testimonyFor } from './witness';

export type Verdict =
  /** Claimed, and master by its own ROLE. */
  | { readonly kind: 'serving' }
  /** No reason to act, and not yet seen as master in this term. */
  | { readonly kind: 'watching' }
  | { readonly kind: 'dead'; readonly by: Clause }
  /** The same run answers, and is no master: section 9 decides. */
  | { readonly kind: 'notServing' }
  /** Signs of trouble that prove nothing yet. */
  | { readonly kind: 'suspect' }
  /** `hung`: it accepts connections or its node is alive, so a kill may reach it (E4). */
  | { readonly kind: 'down'; readonly silentMs: number; readonly how: 'hung' | 'gone' }
  /** A replica hears it and we do not. */
  | { readonly kind: 'cutOff' }
  /** It refuses our credentials: our own error, never a failover. */
  | { readonly kind: 'misconfigured' };

export function verdictOn(config: Config, state: State, process: Process): Verdict {
  const by = deadBy(config, state, process);
  if (by !== undefined) return { kind: 'dead', by };
  const node = nodeOf(state, process.podUid);
  if (node === undefined) return { kind: 'watching' };
  const silentMs = state.nowMs - node.probe.aliveAtMs;
  if (silentMs >= config.downAfterMs) return downOrCutOff(state, node, silentMs);
  if (node.probe.last === 'authFailed') return { kind: 'misconfigured' };
  if (node.claim.kind === 'held' && node.leads === 'no') return { kind: 'notServing' };
  if (isSuspicious(state, node)) return { kind: 'suspect' };
  return node.leads === 'yes' ? { kind: 'serving' } : { kind: 'watching' };
}

function downOrCutOff(state: State, node: NodeState, silentMs: number): Verdict {
  const testimony = testimonyFor(state, node);
  if (testimony === 'live') return { kind: 'cutOff' };
  if (testimony === 'unsure') return { kind: 'suspect' };
  const reachable =
    node.fact.lifecycle !== 'gone' && node.fact.node === 'ready' && node.fact.ip !== undefined;
  return { kind: 'down', silentMs, how: reachable ? 'hung' : 'gone' };
}

function isSuspicious(state: State, node: NodeState): boolean {
  const { last } = node.probe;
  if (last === 'closed' || last === 'refused' || last === 'unreachable' || last === 'silent')
    return true;
  return node.closed !== undefined && isRecent(state, node.closed.atMs);
}

/** While two connects may still prove the death of what closed its socket. */
function isRecent(state: State, closedAtMs: Millis): boolean {
  return state.nowMs - closedAtMs <= 1000;
}
