/**
 * The last answer is kept for the same object, and for no other.
 */
import { expect, test } from 'vitest';
import { rememberLast } from '../../src/kit/remember';

test('the same object is made from once, an equal one anew, and only the last one is kept', () => {
  const asked: object[] = [];
  const of = rememberLast((given: { readonly size: number }) => {
    asked.push(given);
    return { size: given.size };
  });
  const [one, same] = [{ size: 1 }, { size: 1 }];
  expect(of(one)).toBe(of(one));
  expect(of(same)).not.toBe(of(one));
  expect(asked).toEqual([one, same, one]);
});
