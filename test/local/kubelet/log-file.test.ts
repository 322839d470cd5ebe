/**
 * Logs of bounded size: whole lines, unfinished lines, long lines, old lines.
 */
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { type LogLine, openLogFile } from '../../../src/local/kubelet/log-file';

const folder = mkdtempSync(join(tmpdir(), 'gungnir-log-'));
afterEach(() => {
  losses.length = 0;
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = Date.UTC(2026, 10, 21);
const losses: string[] = [];
const open = () => openLogFile(join(folder, '0.log'), (message) => losses.push(message));
const texts = (lines: readonly LogLine[]) => lines.map(({ text, whole }) => `${whole} ${text}`);

test('lines are kept with their time; pieces of one are put together, for each stream of its own', () => {
  const log = open();
  log.append('stdout', Buffer.from('one\ntw'), at);
  log.append('stderr', Buffer.from('err\n'), at + 1);
  log.append('stdout', Buffer.from('o\n\nrest'), at + 1.5);
  expect(texts(log.lines())).toEqual(['yes one', 'yes err', 'yes two', 'yes ']);
  log.end(at + 2);
  expect(texts(log.lines()).at(-1)).toBe('no rest');
  expect(log.lines().map(({ time }) => time)[2]).toBe('2026-11-21T00:00:00.001500000Z');
});

test('a line without an end is cut, and goes on', () => {
  const log = open();
  log.append('stdout', Buffer.from(`${'x'.repeat(40_000)}\ny\n`), at);
  const lines = log.lines();
  expect(lines.map(({ text, whole }) => [text.length, whole])).toEqual([
    [16_384, 'no'],
    [16_384, 'no'],
    [7_232, 'yes'],
    [1, 'yes'],
  ]);
});

test('old lines go when there are too many; the newest stay', () => {
  const log = open();
  const chunk = Buffer.from(`${'x'.repeat(1_000)}\n`.repeat(1_000));
  for (let count = 0; count < 30; count += 1) log.append('stdout', chunk, at);
  log.append('stdout', Buffer.from('last\n'), at);
  const bytes = readdirSync(folder).reduce(
    (sum, name) => sum + statSync(join(folder, name)).size,
    0,
  );
  expect(bytes).toBeLessThan(25 * 1024 * 1024);
  expect(log.lines().at(-1)?.text).toBe('last');
  expect(log.lines().length).toBeGreaterThan(9_000);
  expect(losses).toEqual([]);
});

test('a disk that is full loses lines, which is told once; followers hear them', () => {
  symlinkSync('/dev/full', join(folder, '0.log'));
  const log = open();
  const heard: string[] = [];
  log.follow(
    ({ text }) => heard.push(text),
    () => heard.push('END'),
  );
  log.append('stdout', Buffer.from('one\n'), at);
  log.append('stdout', Buffer.from('two\nrest'), at);
  log.end(at);
  expect(heard).toEqual(['one', 'two', 'rest', 'END']);
  expect(losses).toEqual([expect.stringMatching(/^lines of the log are lost: ENOSPC/)]);
});

test('a follower hears what comes, then the end; one of an ended log the end at once', () => {
  const log = open();
  const heard: string[] = [];
  log.append('stdout', Buffer.from('before\n'), at);
  log.follow(
    ({ text }) => heard.push(text),
    () => heard.push('END'),
  );
  const stop = log.follow(
    () => heard.push('never'),
    () => heard.push('never'),
  );
  stop();
  log.append('stdout', Buffer.from('after\n'), at);
  log.end(at);
  log.end(at);
  log.follow(
    () => heard.push('never'),
    () => heard.push('END AT ONCE'),
  );
  expect(heard).toEqual(['after', 'END', 'END AT ONCE']);
});
