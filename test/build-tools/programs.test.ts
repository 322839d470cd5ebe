/**
 * The programs that measure and break real clusters start by themselves: what they share with the tests needs no
 * test runner. Each is asked for something that it answers at once.
 */
import { expect, test } from 'vitest';
import { runIn } from './scratch';

test.each([
  { program: 'test/bench/main.ts', word: '--sideways', code: 2, says: 'bench: only --quick, ' },
  { program: 'test/faults/main.ts', word: '--list', code: 0, says: 'primary-killed' },
  {
    program: 'test/verify/main.ts',
    word: 'no-such-scope',
    code: 1,
    says: 'no scope and no mutant is called no-such-scope',
  },
  { program: 'test/pack/languages.ts', word: 'cobol', code: 1, says: 'cobol is none of ' },
])(
  '$program $word ends with $code',
  async ({ program, word, code, says }) => {
    const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
    const command = [process.execPath, '--import', 'tsx', program, word];
    const ended = await runIn(process.cwd(), command, env);
    expect(ended.code, ended.stdout + ended.stderr).toBe(code);
    expect(ended.stdout + ended.stderr).toContain(says);
  },
  30_000,
);
