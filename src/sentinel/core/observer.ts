/**
 * What somebody who only looks makes of what the nodes say: who is silent, who says that it is the
 * primary, and when that changed. There is no order in its output, so none can be sent.
 * Never here: evidence, fences, choices; an observer decides nothing. Table: test/sentinel/observer.test.ts.
 */
import { unreachable } from '../../kit/assert';
import { type Millis, millis } from '../../kit/brands';
import type { NodeFacts } from './facts';

export interface ObserverConfig {
  readonly downAfterMs: Millis;
}

export interface ObservedNode {
  readonly name: string;
  /** The last sign of life; of a node never heard, when we began to listen. */
  readonly aliveAtMs: Millis;
  readonly health: 'up' | 'down';
  /** Whether the last look brought `facts`; older ones still tell what it was. */
  readonly sight: 'none' | 'fresh' | 'stale';
  readonly facts: NodeFacts | undefined;
}

export interface ObserverState {
  readonly nowMs: Millis;
  readonly nodes: readonly ObservedNode[];
  /** The last node that alone said that it is the primary. */
  readonly primary: string | undefined;
  /** Names of the nodes that say so at once; empty while it is one or none. */
  readonly rivals: readonly string[];
}

export type ObserverEvent =
  | { readonly kind: 'tick'; readonly nowMs: Millis }
  | {
      readonly kind: 'looked';
      readonly nowMs: Millis;
      readonly node: string;
      readonly facts: NodeFacts;
    }
  /** It answered, and did not say who it is: it loads, or refuses our user. */
  | { readonly kind: 'answered'; readonly nowMs: Millis; readonly node: string }
  | { readonly kind: 'missed'; readonly nowMs: Millis; readonly node: string }
  /** Our own event loop stood still: what was missed meanwhile is no silence of theirs. */
  | { readonly kind: 'stalled'; readonly nowMs: Millis; readonly forMs: Millis };

export type Observation =
  | { readonly kind: 'down'; readonly node: string; readonly silentMs: number }
  | { readonly kind: 'up'; readonly node: string; readonly downMs: number }
  | { readonly kind: 'role'; readonly node: string; readonly role: NodeFacts['role'] }
  | { readonly kind: 'moved'; readonly from: string; readonly to: string }
  | { readonly kind: 'rivals'; readonly nodes: readonly string[] };

export interface Observed {
  readonly state: ObserverState;
  readonly tell: readonly Observation[];
}

export function initialObserver(names: readonly string[], nowMs: Millis): ObserverState {
  const nodes = names.map(
    (name): ObservedNode => ({
      name,
      aliveAtMs: nowMs,
      health: 'up',
      sight: 'none',
      facts: undefined,
    }),
  );
  return { nowMs, nodes, primary: undefined, rivals: [] };
}

export function observe(
  config: ObserverConfig,
  before: ObserverState,
  event: ObserverEvent,
): Observed {
  const nowMs = millis(Math.max(before.nowMs, event.nowMs));
  const heard = { ...before, nowMs, nodes: before.nodes.map((node) => takeIn(node, nowMs, event)) };
  const judged = heard.nodes.map((node) => judge(config, node, nowMs));
  const turned = leadOf({ ...heard, nodes: judged });
  const tell = judged.flatMap((node, index) => changes(before.nodes[index], node, nowMs));
  return { state: turned.state, tell: [...tell, ...turned.tell] };
}

/** When the next node may count as down by time alone; undefined: none is waited for. */
export function observerWakeMs(config: ObserverConfig, state: ObserverState): Millis | undefined {
  const due = state.nodes
    .filter(({ health }) => health === 'up')
    .map(({ aliveAtMs }) => aliveAtMs + config.downAfterMs);
  return due.length === 0 ? undefined : millis(Math.min(...due));
}

function takeIn(node: ObservedNode, nowMs: Millis, event: ObserverEvent): ObservedNode {
  if (event.kind === 'stalled')
    return { ...node, aliveAtMs: millis(Math.min(nowMs, node.aliveAtMs + event.forMs)) };
  if (event.kind === 'tick' || event.node !== node.name) return node;
  switch (event.kind) {
    case 'looked':
      return { ...node, aliveAtMs: nowMs, sight: 'fresh', facts: event.facts };
    case 'answered':
      return { ...node, aliveAtMs: nowMs, sight: 'stale' };
    case 'missed':
      return { ...node, sight: 'stale' };
    default:
      return unreachable(event);
  }
}

/** Down at `downAfterMs` of silence, not one millisecond before. */
function judge(config: ObserverConfig, node: ObservedNode, nowMs: Millis): ObservedNode {
  return { ...node, health: nowMs - node.aliveAtMs >= config.downAfterMs ? 'down' : 'up' };
}

function changes(
  before: ObservedNode | undefined,
  after: ObservedNode,
  nowMs: Millis,
): readonly Observation[] {
  const node = after.name;
  const told: Observation[] = [];
  if (before?.health === 'up' && after.health === 'down')
    told.push({ kind: 'down', node, silentMs: nowMs - after.aliveAtMs });
  if (before?.health === 'down' && after.health === 'up')
    told.push({ kind: 'up', node, downMs: nowMs - before.aliveAtMs });
  if (after.facts !== undefined && after.facts.role !== before?.facts?.role)
    told.push({ kind: 'role', node, role: after.facts.role });
  return told;
}

/** What a silent node said before says nothing of now, so only fresh looks count. */
function leadOf(state: ObserverState): Observed {
  const leaders = state.nodes
    .filter(({ sight, facts }) => sight === 'fresh' && facts?.role === 'master')
    .map(({ name }) => name);
  const rivals = leaders.length > 1 ? leaders : [];
  const same = rivals.join() === state.rivals.join();
  const tell: Observation[] =
    same || rivals.length === 0 ? [] : [{ kind: 'rivals', nodes: rivals }];
  const only = leaders.length === 1 ? leaders[0] : undefined;
  if (only === undefined || only === state.primary) return { state: { ...state, rivals }, tell };
  return {
    state: { ...state, rivals, primary: only },
    tell: [...tell, { kind: 'moved', from: state.primary ?? '', to: only }],
  };
}
