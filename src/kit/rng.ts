/**
 * A seeded random source (mulberry32): the same seed gives the same run, in tests, simulation and jitter.
 * Never here: secrets; passwords come from node:crypto at the edge.
 */
export interface Rng {
  /** The next number in [0, 1). */
  next(): number;
}

/** @param seed any number; its low 32 bits count. */
export function rngFrom(seed: number): Rng {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}

/** A whole number in [0, limit). */
export function below(rng: Rng, limit: number): number {
  return Math.floor(rng.next() * limit);
}
