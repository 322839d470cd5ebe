/** The record overtakes a status that has not begun, and nothing overlaps. */
import { expect, test } from 'vitest';
import { Turns } from '../../../src/runtime/lanes/turns';

test('what is urgent goes before what waits, not before what has begun', async () => {
  const turns = new Turns();
  const said: string[] = [];
  const work = (name: string) => async (): Promise<string> => {
    said.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    said.push(`${name} ends`);
    return name;
  };
  const names = await Promise.all([
    turns.last(work('status 1')),
    turns.last(work('status 2')),
    turns.first(work('record 1')),
    turns.first(work('record 2')),
  ]);
  expect(names).toEqual(['status 1', 'status 2', 'record 1', 'record 2']);
  const order = ['status 1', 'record 1', 'record 2', 'status 2'];
  expect(said).toEqual(order.flatMap((name) => [`${name} begins`, `${name} ends`]));
});

test('a failure is told to who asked, and the next one goes on', async () => {
  const turns = new Turns();
  const failed = turns.first(() => Promise.reject(new Error('no')));
  const fine = turns.last(async () => 'fine');
  await expect(failed).rejects.toThrow('no');
  expect(await fine).toBe('fine');
});
