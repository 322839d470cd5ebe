import { expect, test } from 'vitest';
import { pairs, table } from '../../src/runtime/cli/table';
import { wrap, wrapReason } from '../../src/runtime/cli/wrap';

test.each([
  { text: 'one two three', columns: 13, is: 'one two three', why: 'the width itself fits' },
  { text: 'one two three', columns: 12, is: 'one two\n  three', why: 'one less does not' },
  { text: 'a\nbb cc', columns: 4, is: 'a\nbb\n  cc', why: 'each line for itself' },
  { text: '    one two', columns: 8, is: '    one\n  two', why: 'what stands before stays' },
  {
    text: 'x https://far.too/long y',
    columns: 9,
    is: 'x\n  https://far.too/long\n  y',
    why: 'whole',
  },
  { text: 'one two', columns: undefined, is: 'one two', why: 'nobody reads in columns' },
])('$text in $columns columns ($why)', ({ text, columns, is }) => {
  expect(wrap(text, columns)).toBe(is);
});

test('what to do has a line of its own, but in a log', () => {
  const text = 'R: it broke. To fix: mend it.';
  expect(wrapReason(text, 80)).toBe('R: it broke.\n  To fix: mend it.');
  expect(wrapReason(text, undefined)).toBe(text);
});

test('columns as wide as their longest cell; blocks where that is too wide', () => {
  const rows = [
    ['a', 'x'],
    ['long-name', ''],
  ];
  expect(table(['N', 'V'], rows, 13)).toBe('N           V\na           x\nlong-name\n');
  expect(table(['N', 'V'], rows, 12)).toBe('N   a\nV   x\n\nN   long-name\nV\n');
  expect(pairs([['Name', 'x']])).toBe('Name   x\n');
});
