/**
 * What an act has at hand. An act does a fault and waits for what it must bring about; whether that was
 * right is the checker's business.
 */
import type { Rng } from '../../../src/kit/rng';
import type { Operators } from '../operators';
import type { Stage } from '../stage';

/** Faults between the operator and the API server; not every world offers them. */
export interface ApiFaults {
  /** Nothing gets through, nothing answers. */
  gone(): Promise<void>;
  /** Every byte of an answer comes so much later. */
  slow(byMs: number): Promise<void>;
  /** Watches end by a reset after a moment, or begin with a 500; lists are answered by 500 now and then. */
  broken(): Promise<void>;
  /** Every second write of the operator is answered by 409. */
  conflicts(): Promise<void>;
  /** As if nothing had been. */
  mend(): Promise<void>;
}

export interface Scenery {
  readonly stage: Stage;
  readonly operators: Operators;
  /** Undefined where the world offers none. */
  readonly api: ApiFaults | undefined;
  readonly rng: Rng;
}

export type Act = (scenery: Scenery) => Promise<void>;

/** For what has no event to wait for: a fault that lasts. */
export function last(forMs: number): Promise<void> {
  return new Promise((done) => setTimeout(done, forMs));
}

/** @throws when there is none, which no test can go on from. */
export function firstOf<Item>(items: readonly Item[], what: string): Item {
  const [first] = items;
  if (first === undefined) throw new Error(`there is no ${what}`);
  return first;
}
