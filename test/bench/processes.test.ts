/** What is measured of a process that runs; one that has ended has no numbers, rather than good ones. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { cpuSeconds, isAlive, operatorsOf, ownBytes, residentBytes } from './processes';

const numbers = [
  { name: 'processor time', of: cpuSeconds },
  { name: 'proportional memory', of: ownBytes },
  { name: 'resident memory', of: residentBytes },
];

test.each(numbers)('$name: this process has some', ({ of }) => {
  expect(of(process.pid)).toBeGreaterThan(0);
});

test.each(numbers)('$name: a process that has ended has none', async ({ of }) => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  const { pid = 0 } = child;
  expect(isAlive(pid)).toBe(false);
  expect(() => of(pid)).toThrow(`process ${pid} `);
});

test('a folder without operators is refused', () => {
  expect(() => operatorsOf(`${tmpdir()}/gungnir-none-${process.pid}`)).toThrow('no operator runs');
});
