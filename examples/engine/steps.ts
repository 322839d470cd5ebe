/**
 * The engine's events as steps of a timeline.
 * Never here: how a timeline is printed (../screen.ts).
 */
import type { EngineEvent } from '../../src/sentinel/io/embedded';
import { type Step, wordsOf } from '../screen';

/** @param sinceMs of `performance.now()`. @returns undefined for what is no step. */
export function stepOf(event: EngineEvent, sinceMs: number): Step | undefined {
  if (event.kind !== 'tell') return undefined;
  const { tell, atMs } = event;
  const text = wordsOf(tell.event);
  const ms = atMs - performance.timeOrigin - sinceMs;
  const node = String(tell.facts.pod ?? tell.facts.to ?? '');
  return text === undefined || ms < 0 ? undefined : { ms, node, text };
}
