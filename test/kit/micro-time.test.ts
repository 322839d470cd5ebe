/** The calendar is counted by hand, so it is held against Node.js's own. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { microTime } from '../../src/kit/micro-time';

test.each([
  { wallMs: 0, text: '1970-01-01T00:00:00.000000Z', why: 'the beginning' },
  { wallMs: 1_800_000_000_007.5, text: '2027-01-15T08:00:00.007500Z', why: 'parts of a ms' },
  { wallMs: 951_782_400_000, text: '2000-02-29T00:00:00.000000Z', why: 'a leap day of a century' },
  { wallMs: 4_107_542_399_999, text: '2100-02-28T23:59:59.999000Z', why: 'a century without one' },
  { wallMs: 4_107_542_400_000, text: '2100-03-01T00:00:00.000000Z', why: 'and the day after' },
])('$text: $why', ({ wallMs, text }) => {
  expect(microTime(wallMs)).toBe(text);
});

test('each instant up to the year 9999 is the one of Date', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (wallMs) => {
      expect(microTime(wallMs)).toBe(new Date(wallMs).toISOString().replace('Z', '000Z'));
    }),
    { numRuns: 2000 },
  );
});
