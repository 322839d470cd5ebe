/** What asks a registry ends in time with all that it started, and its last words are told. */
import { expect, test } from 'vitest';
import { runBounded } from '../../build-tools/bounded';

function run(script: string, withinMs = 20_000): Promise<number> {
  return runBounded(['bash', '-c', script], { cwd: '.', withinMs, env: { WORD: 'said' } });
}

test('a program that ends well gives its time', async () => {
  expect(await run('test "$WORD" = said')).toBeGreaterThan(0);
});

test.each([
  { script: 'echo out; echo err >&2; exit 3', says: /failed with 3:\n(out\nerr|err\nout)$/ },
  { script: 'seq 100; exit 1', says: /failed with 1:\n76\n[\s\S]*\n100$/ },
])('$script is told', async ({ script, says }) => {
  await expect(run(script)).rejects.toThrow(says);
});

test('one that hangs is ended with its children, and said to be late', async () => {
  await expect(run('echo begun; sleep 600 & wait', 300)).rejects.toThrow(
    /did not end within 0.3 s:\nbegun$/,
  );
});

test('one that is not there is said to be so', async () => {
  await expect(runBounded(['no-such-program'], { cwd: '.', withinMs: 1000 })).rejects.toThrow(
    'no-such-program cannot be started',
  );
});
