/**
 * What a safety property is: a name, a sentence, when it was put to the test at all, and when it is
 * broken. A property whose premise was never seen fails the run, or it would hold for nothing.
 * Never here: an exploration.
 */
import type { Note, World } from '../env/world';

export interface Transition {
  readonly before: World;
  readonly after: World;
  readonly notes: readonly Note[];
}

export interface Property {
  readonly name: string;
  readonly says: string;
  /** The premise: this transition could have broken it. */
  readonly seen: (transition: Transition) => boolean;
  /** What is wrong, undefined while it holds. */
  readonly broken: (transition: Transition) => string | undefined;
}

export type Executed = Extract<Note, { kind: 'executed' }>;

export function executedOf(transition: Transition): readonly Executed[] {
  return transition.notes.flatMap((note) => (note.kind === 'executed' ? [note] : []));
}

/** The promotions that took effect within this transition. */
export function promotionsOf(transition: Transition): readonly Executed[] {
  return executedOf(transition).filter((note) => note.effective && note.order.kind === 'promote');
}
