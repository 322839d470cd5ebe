/**
 * The journal: what was answered is there after kill -9, a torn last line is forgotten, a damaged one is told.
 */
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openKeptStore } from '../../../src/local/api/disk';
import { textAt } from '../../../src/local/api/json';
import type { JsonObject } from '../../../src/local/api/port';
import { emptyStore } from '../../../src/local/api/store';

const named = (name: string, more: JsonObject = {}): JsonObject => ({
  metadata: { name },
  ...more,
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const journal = (): string => join(folder, 'objects.jsonl');

test('what was there is there again, with its versions, and the counter goes on', () => {
  const first = openKeptStore(folder);
  const a = first.store.put('c', 'a', named('a', { data: { x: 1 } }));
  const b = first.store.put('c', 'b', named('b'));
  first.store.remove('c', 'b', b);
  first.close();
  const second = openKeptStore(folder);
  expect(second.store.list('c', '')).toEqual([{ key: 'a', object: a }]);
  expect(second.store.revision()).toBe(emptyStore.revision + 3);
  const next = second.store.put('c', 'b', named('b'));
  expect(textAt(next, 'metadata', 'resourceVersion')).toBe(`${emptyStore.revision + 4}`);
  second.close();
});

test('a start writes the journal anew: a line for the counter and one for each object', () => {
  const first = openKeptStore(folder);
  for (let i = 0; i < 20; i += 1) first.store.put('c', 'a', named('a', { i }));
  first.close();
  expect(readFileSync(journal(), 'utf8').trim().split('\n')).toHaveLength(21);
  openKeptStore(folder).close();
  expect(readFileSync(journal(), 'utf8').trim().split('\n')).toHaveLength(2);
});

test('a journal that has grown is written anew while it is used, and nothing of it is lost', () => {
  const first = openKeptStore(folder, { growthBytes: 10_000 });
  first.store.put('c', 'kept', named('kept'));
  let longest = 0;
  for (let i = 0; i < 2_000; i += 1) {
    first.store.put('c', 'a', named('a', { i }));
    longest = Math.max(longest, statSync(journal()).size);
  }
  const gone = first.store.put('c', 'gone', named('gone'));
  first.store.remove('c', 'gone', gone);
  expect(longest).toBeGreaterThan(9_000);
  expect(longest).toBeLessThan(15_000);
  const then = first.store.list('c', '');
  const revision = first.store.revision();
  // No close: as after kill -9.
  const second = openKeptStore(folder);
  expect(second.store.list('c', '')).toEqual(then);
  expect(then.map(({ key }) => key)).toEqual(['a', 'kept']);
  expect(second.store.revision()).toBe(revision);
  first.close();
  second.close();
});

test('a last line that was cut off is forgotten; a damaged one before it is told', () => {
  const first = openKeptStore(folder);
  first.store.put('c', 'a', named('a'));
  first.close();
  appendFileSync(journal(), '[9,"c","b",{"metadata":{"na');
  const second = openKeptStore(folder);
  expect(second.store.list('c', '').map(({ key }) => key)).toEqual(['a']);
  second.close();
  writeFileSync(journal(), 'nonsense\n[1,"c","a",{}]\n');
  expect(() => openKeptStore(folder)).toThrow(
    `line 1 of ${journal()} is damaged. To fix: remove that line, or use another --data folder`,
  );
});

test('a folder that cannot be written is one sentence', () => {
  const gone = join(folder, 'not-there');
  expect(() => openKeptStore(gone)).toThrow(
    `${join(gone, 'objects.jsonl')} cannot be used (ENOENT). To fix: use another --data folder`,
  );
});

test('kill -9: every change that was told is there', async () => {
  const program = `
    import { openKeptStore } from ${JSON.stringify(join(process.cwd(), 'src/local/api/disk'))};
    const { store } = openKeptStore(${JSON.stringify(folder)});
    for (let i = 0; ; i += 1) {
      store.put('c', 'k' + i, { metadata: { name: 'k' + i } });
      process.stdout.write(i + '\\n');
      await new Promise((go) => setImmediate(go));
    }`;
  const path = join(folder, 'writer.mts');
  writeFileSync(path, program);
  const child = spawn(process.execPath, ['--import', 'tsx', path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = -1;
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      told = Number(chunk.toString().trim().split('\n').at(-1));
      if (told > 200) child.kill('SIGKILL');
    });
    child.on('close', () => resolve());
  });
  const { store, close } = openKeptStore(folder);
  expect(told).toBeGreaterThan(200);
  expect(store.get('c', `k${told}`)).toBeDefined();
  expect(store.list('c', '').length).toBeGreaterThanOrEqual(told + 1);
  close();
});
