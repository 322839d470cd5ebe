import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HistoryLine, keysOf, numbersIn, parseHistory, printHistory, rangesOf } from './lines';

const seed = 20_261_121;

test.each([
  { numbers: [], ranges: '', why: 'nothing' },
  { numbers: [4], ranges: '4', why: 'one alone' },
  { numbers: [3, 1, 2, 7], ranges: '1-3,7', why: 'neighbours join, in any order' },
  { numbers: [1, 1, 2], ranges: '1-2', why: 'a number counts once' },
])('$numbers is "$ranges": $why', ({ numbers, ranges }) => {
  expect(rangesOf(numbers)).toBe(ranges);
});

test('ranges keep every number', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60)), (numbers) => {
      expect([...numbersIn(rangesOf(numbers))]).toEqual(
        [...new Set(numbers)].sort((left, right) => left - right),
      );
    }),
    { seed },
  );
});

test('a register has taken every value up to its own', () => {
  expect([...keysOf({ keys: '4', register: 1 })]).toEqual(['w:4', 'r:0', 'r:1']);
  expect([...keysOf({ keys: '', register: -1 })]).toEqual([]);
});

test('a history comes back as it was printed; another text is refused with its line', () => {
  const lines: readonly HistoryLine[] = [
    { kind: 'mark', atMs: 1, what: 'fault' },
    { kind: 'route', atMs: 2, service: 's1', pod: 'a-0', epoch: 3 },
  ];
  expect(parseHistory(printHistory(lines))).toEqual(lines);
  expect(() => parseHistory('{"kind":"mark"}\nnonsense')).toThrow('line 2 of the history');
});
