/**
 * What a run may cost at most: the promise of failover.md for one fault under one policy.
 * Never here: which fault has which bound (../table.ts).
 */

export interface Bounds {
  /** Writes confirmed by WAIT and gone. `reported`: the promise does not cover this fault. */
  readonly safeLost: 'none' | 'reported';
  /** Writes acknowledged without WAIT and gone. */
  readonly ackedLost: 'none' | 'reported';
  /** Longest time for which two processes may both take raw writes. */
  readonly twoWritersMs: number | 'none';
  /** How often the primary changes, the first one of a cluster not counted. */
  readonly changes: { readonly least: number; readonly most: number };
  /** Longest silence between two acknowledgements; absent: only reported. */
  readonly gapMs?: number;
  /** `stopped`: nothing serves in the end, and that is right. */
  readonly end: 'serving' | 'stopped';
  /** A user's edit may be seen in the Service for a moment. */
  readonly route: 'followsRecord' | 'edited';
  /** Reasons that an Event or a condition must name. */
  readonly told: readonly string[];
  /** Reasons that none may name: a false alarm, or a thing that did not happen. */
  readonly neverTold: readonly string[];
  /** A regular expression for what one of them must say. */
  readonly says?: string;
}

export const strictest: Bounds = {
  safeLost: 'none',
  ackedLost: 'none',
  twoWritersMs: 'none',
  changes: { least: 0, most: 0 },
  end: 'serving',
  route: 'followsRecord',
  told: [],
  neverTold: [],
};
