/**
 * Every word of the core is a typed event, and its fields are what the types say.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EventHub } from '../../../src/sentinel/event-hub';
import { coreEvents, eventOf, type SentinelEvent } from '../../../src/sentinel/events';

const core = join(__dirname, '../../../src/sentinel/core');

test('the table has each word that the core tells, and no other', () => {
  const text = readdirSync(core).map((file) => readFileSync(join(core, file), 'utf8'));
  const words = text.flatMap((source) =>
    [...source.matchAll(/'([+-][a-z][a-z-]+)'/g)].map(([, word = '']) => word),
  );
  expect([...new Set(words)].sort()).toEqual(Object.keys(coreEvents).sort());
});

describe('fields', () => {
  test.each([
    {
      event: '+switch-master',
      facts: { from: 'a', to: 'b', epoch: 3, fencedBy: 'E1', why: 'a', lostBytes: undefined },
      made: { from: 'a', to: 'b', epoch: 3, fencedBy: 'E1', why: 'a', lostBytes: undefined },
      why: 'unknown stays unknown',
    },
    {
      event: '+divergence',
      facts: { pod: 'a', lostBytes: 'unknown' },
      made: { node: 'a', lostBytes: undefined },
      why: 'a word is no number',
    },
    {
      event: '+fenced',
      facts: { by: 'E5', windowMs: 'unbounded' },
      made: { by: 'E5', windowMs: Number.POSITIVE_INFINITY },
      why: 'no bound',
    },
    {
      event: '+fenced',
      facts: { by: 'E1', windowMs: undefined },
      made: { by: 'E1', windowMs: 0 },
      why: 'proven: no window at all',
    },
    {
      event: '+grant',
      facts: { m: 0, L: 2 },
      made: { minReplicasToWrite: 0, maxLagSeconds: 2 },
      why: 'names that say what they are',
    },
  ])('$event: $why', ({ event, facts, made }) => {
    expect(eventOf({ event, facts, reason: undefined }, 7)).toEqual({
      type: event,
      atMs: 7,
      ...made,
    });
  });

  test('a reason brings its sentence', () => {
    const made = eventOf({ event: '+blocked', facts: { pod: 'a' }, reason: 'AllEmpty' }, 1);
    expect(made).toMatchObject({ reason: 'AllEmpty', message: expect.stringContaining('To fix:') });
  });

  test('a word that nobody knows is no event', () => {
    expect(eventOf({ event: '+nonsense', facts: {}, reason: undefined }, 1)).toBeUndefined();
  });
});

describe('who hears it', () => {
  const sdown = (node: string): SentinelEvent => ({
    type: '+sdown',
    atMs: 1,
    node,
    silentMs: 5000,
  });

  test('a listener of one word hears that word alone, until it is taken off', () => {
    const hub = new EventHub();
    const heard: string[] = [];
    const off = hub.on('+sdown', (event) => heard.push(event.type));
    hub.on('*', (event) => heard.push(`all ${event.type}`));
    hub.emit(sdown('a'));
    hub.emit({ type: '+standby', atMs: 1 });
    off();
    hub.emit(sdown('b'));
    expect(heard).toEqual(['+sdown', 'all +sdown', 'all +standby', 'all +sdown']);
  });

  test('an iterator reads at its own pace, and ends with the hub', async () => {
    const hub = new EventHub();
    const read: string[] = [];
    const events = hub.iterate({});
    hub.emit(sdown('a'));
    hub.emit(sdown('b'));
    hub.close();
    hub.emit(sdown('late'));
    for await (const event of events) if (event.type === '+sdown') read.push(event.node);
    expect(read).toEqual(['a', 'b']);
  });

  test('a slow reader is told how much it missed, and the newest is kept', async () => {
    const hub = new EventHub();
    const events = hub.iterate({ bufferMax: 2 });
    for (const name of ['a', 'b', 'c', 'd']) hub.emit(sdown(name));
    expect((await events.next()).value).toEqual({ type: '+overrun', atMs: 1, dropped: 2 });
    expect((await events.next()).value).toMatchObject({ node: 'c' });
    expect((await events.next()).value).toMatchObject({ node: 'd' });
  });

  test('a signal ends one iteration and no other', async () => {
    const hub = new EventHub();
    const stop = new AbortController();
    const [ended, other] = [hub.iterate({ signal: stop.signal }), hub.iterate({})];
    const waiting = ended.next();
    stop.abort();
    hub.emit(sdown('a'));
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect((await other.next()).value).toMatchObject({ node: 'a' });
  });
});
