/**
 * How an example ends: with 0 only if it checked something and all of it held; cleaned up each time. And what counts
 * as steps in their order.
 * Never here: what an example shows (start.test.ts, engine.test.ts).
 */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { stepsInOrder } from '../../examples/perform';

test.each([
  {
    end: 'held',
    code: 0,
    out: 'cleaned\n  its processes are ended, its folder is removed\nnext\n\n2 passed, 0 failed\n',
    err: '',
  },
  { end: 'one missed', code: 1, out: /\n2 passed, 1 failed\n$/, err: '' },
  { end: 'nothing checked', code: 1, out: /\n0 passed, 0 failed\n$/, err: '' },
  {
    end: 'broken',
    code: 1,
    out: 'cleaned\n\n0 passed, 1 failed\n',
    err: 'npm run planted: no server. To fix: start one\n',
  },
  {
    end: 'hung',
    code: 1,
    out: 'cleaned\n',
    err: 'npm run planted: not done within 0.3 s. To fix: try on a less busy machine\n',
  },
])('$end: exit code $code', ({ end, code, out, err }) => {
  const args = ['--import', 'tsx', 'test/examples/perform-program.ts', end];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect({ code: status, err: stderr }).toEqual({ code, err });
  if (typeof out === 'string') expect(stdout).toBe(out);
  else expect(stdout).toMatch(out);
});

test.each([
  { told: ['+a', '+x', '+b', '+c'], good: true, why: 'each in its place, others between them' },
  { told: ['+b', '+a', '+c'], good: false, why: 'two have changed places' },
  { told: ['+a', '+c'], good: false, why: 'one is missing' },
  { told: ['+a', '+b'], good: false, why: 'the last one is missing' },
  { told: [], good: false, why: 'nothing was told' },
])('steps $told: $good ($why)', ({ told, good }) => {
  const text = 'each step came after the one before: 3 steps';
  expect(stepsInOrder(told, ['+a', '+b', '+c'])).toEqual({ good, text });
});
