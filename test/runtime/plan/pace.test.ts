import { describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { standBackMs } from '../../../src/runtime/plan/pace';
import { initialState } from '../../../src/sentinel/core/on-lease';
import type { State, Work } from '../../../src/sentinel/core/state';

/** Its own time stands still from the first moment on. */
function stateOf(kind: Work['kind']): State {
  const work = { kind, sinceAtMs: millis(5000) } as Work;
  return { ...initialState(), work, nowMs: millis(5000) };
}

describe('the reconcile lane stands back', () => {
  test.each([
    { kind: 'switchover', forMs: 0, rests: true, why: 'clients wait for it' },
    { kind: 'failover', forMs: 999, rests: true, why: 'clients wait for it' },
    {
      kind: 'failover',
      forMs: 1000,
      rests: false,
      why: 'what takes longer may wait for this lane',
    },
    { kind: 'switchover', forMs: 1000, rests: false, why: 'the same' },
    { kind: 'steady', forMs: 0, rests: false, why: 'nothing moves' },
    { kind: 'resume', forMs: 0, rests: false, why: 'nobody knows yet whether something moves' },
    { kind: 'standby', forMs: 0, rests: false, why: 'another one leads' },
  ] as const)('$kind for $forMs ms: $rests, $why', ({ kind, forMs, rests }) => {
    expect(standBackMs(stateOf(kind), millis(5000 + forMs)) > 0).toBe(rests);
  });
});
