/** Nobody leads on caches that were never listed. */
import { expect, test } from 'vitest';
import { Lead } from '../../../src/runtime/lanes/lead';

type Happening = 'won' | 'lost' | 'listed';

/** @returns what the lanes were told, and whether they may act at the end. */
function run(happenings: readonly Happening[]): readonly string[] {
  let lease: 'granted' | 'denied' = 'denied';
  const told: string[] = [];
  const lead = new Lead(
    () => lease,
    (kind) => told.push(kind),
  );
  for (const happening of happenings) {
    if (happening === 'listed') lead.listed();
    else {
      lease = happening === 'won' ? 'granted' : 'denied';
      lead.changed(happening === 'won' ? 'led' : 'lost');
    }
  }
  return [...told, lead.mayAct()];
}

test.each([
  { why: 'won before the lists: not told', happenings: ['won'], expected: ['denied'] },
  { why: 'the lists alone', happenings: ['listed'], expected: ['denied'] },
  {
    why: 'won, then listed',
    happenings: ['won', 'listed'],
    expected: ['led', 'granted'],
  },
  { why: 'listed, then won', happenings: ['listed', 'won'], expected: ['led', 'granted'] },
  {
    why: 'lost again before the lists',
    happenings: ['won', 'lost', 'listed'],
    expected: ['lost', 'denied'],
  },
  {
    why: 'lost after it',
    happenings: ['won', 'listed', 'lost'],
    expected: ['led', 'lost', 'denied'],
  },
] as const)('$why', ({ happenings, expected }) => {
  expect(run(happenings)).toEqual(expected);
});
