/** A bad outlook is told when it has lasted, once each time. */
import { expect, test } from 'vitest';
import { OutlookWatch } from '../../../src/runtime/lanes/outlook-watch';
import type { Outlook } from '../../../src/sentinel/core/outlook';
import { handClock } from '../kube/support';

const bad: Outlook = { reason: 'FailoverNeedsMembers', facts: { living: 0 } };
const other: Outlook = { reason: 'FenceNeedsMembers', facts: {} };

/** @returns what stands at each look, and how often it was told. */
function look(steps: readonly (readonly [afterMs: number, outlook: Outlook | undefined])[]) {
  const clock = handClock();
  let told = 0;
  const watch = new OutlookWatch({ clock, onLasting: () => told++, onRecheck: () => undefined });
  const stands = steps.map(([afterMs, outlook]) => {
    clock.pass(afterMs);
    return watch.lasting(outlook)?.reason;
  });
  return { stands, told };
}

test.each([
  {
    why: 'one ms short',
    steps: [
      [0, bad],
      [29_999, bad],
    ],
    stands: [undefined, undefined],
    told: 0,
  },
  {
    why: 'the limit itself',
    steps: [
      [0, bad],
      [30_000, bad],
    ],
    stands: [undefined, bad.reason],
    told: 1,
  },
  {
    why: 'told once however long it lasts',
    steps: [
      [0, bad],
      [30_000, bad],
      [60_000, bad],
    ],
    stands: [undefined, bad.reason, bad.reason],
    told: 1,
  },
  {
    why: 'better in between counts anew',
    steps: [
      [0, bad],
      [20_000, undefined],
      [1000, bad],
      [20_000, bad],
    ],
    stands: [undefined, undefined, undefined, undefined],
    told: 0,
  },
  {
    why: 'another reason counts anew',
    steps: [
      [0, bad],
      [20_000, other],
      [20_000, other],
    ],
    stands: [undefined, undefined, undefined],
    told: 0,
  },
] as const)('$why', ({ steps, stands, told }) => {
  expect(look(steps)).toEqual({ stands, told });
});
