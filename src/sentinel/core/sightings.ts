/**
 * Which nodes count as down by silence alone (Sentinel's s_down), and what changed since the last look.
 * It decides nothing: the primary's own case goes its way through verdict.ts.
 * Never here: orders.
 */
import type { Config } from './config';
import type { State } from './state';

/** Names of the silent nodes, and since when each was silent, ms on the engine's clock. */
export type Silent = ReadonlyMap<string, number>;

export type Sighting =
  | { readonly kind: 'down'; readonly node: string; readonly silentMs: number }
  | { readonly kind: 'up'; readonly node: string; readonly downMs: number };

/** @returns nobody while nothing is asked: a standby hears no silence. */
export function silentNodes(config: Config, state: State): Silent {
  const { work, nodes, nowMs } = state;
  if (work.kind === 'standby' || work.kind === 'taking') return new Map();
  const silent = nodes.filter(({ probe }) => nowMs - probe.aliveAtMs >= config.downAfterMs);
  return new Map(silent.map(({ fact, probe }) => [fact.pod, probe.aliveAtMs]));
}

export function sightings(before: Silent, after: Silent, nowMs: number): readonly Sighting[] {
  const down = [...after].flatMap(([node, sinceMs]): readonly Sighting[] =>
    before.has(node) ? [] : [{ kind: 'down', node, silentMs: nowMs - sinceMs }],
  );
  const up = [...before].flatMap(([node, sinceMs]): readonly Sighting[] =>
    after.has(node) ? [] : [{ kind: 'up', node, downMs: nowMs - sinceMs }],
  );
  return [...down, ...up];
}
