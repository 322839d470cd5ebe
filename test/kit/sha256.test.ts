import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/kit/sha256';

test.each([0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 1000])(
  '%i characters hash as node:crypto says',
  (length) => {
    for (const letter of ['a', 'é', '😀']) {
      const text = letter.repeat(length);
      expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'));
    }
  },
);
