/** How long Events are kept, over the API in memory with the types that it serves. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApiServer, createApi } from '../../../src/local/api/api';
import { EVENT_LIFE_MS, forgetOldEvents } from '../../../src/local/api/old-events';
import type { Request } from '../../../src/local/api/port';
import { createStore } from '../../../src/local/api/store';
import { typings } from '../../../src/local/api/typed/index';
import { until } from '../../kit/until';
import { admin } from './lab';

const MINUTE_MS = 60_000;
let nowMs = 0;
let api: ApiServer;
/** What runs next, and when. */
let due: { readonly atMs: number; readonly run: () => void } | undefined;
const timers = {
  after(delayMs: number, run: () => void) {
    due = { atMs: nowMs + delayMs, run };
    return () => {
      due = undefined;
    };
  },
};
let stop: () => void;
beforeEach(() => {
  nowMs = Date.UTC(2026, 0, 1);
  api = createApi({
    store: createStore(),
    typings,
    nowMs: () => nowMs,
    uuid: () => '00000000-0000-4000-8000-000000000001',
    suffix: () => 'xxxxx',
    defer: setImmediate,
    addresses: {
      next: () => undefined,
      contains: () => false,
      nodePorts: { first: 1, last: 1 },
    },
    tokens: { issuer: 'test', sign: () => '', verify: () => undefined },
  });
  const metadata = { name: 'default' };
  ask('create', 'namespaces', { namespace: undefined, body: { metadata } });
  stop = forgetOldEvents(api.server.store, timers, () => nowMs);
});
afterEach(() => {
  stop();
  expect(due, 'nothing goes on').toBeUndefined();
  api.close();
});

function ask(verb: Request['verb'], resource: string, more: object = {}) {
  return api.handle({
    verb,
    resource: { group: '', version: 'v1', resource },
    namespace: 'default',
    user: admin,
    ...more,
  } as Request);
}

function tell(name: string): void {
  const involvedObject = { kind: 'Pod', namespace: 'default', name: 'p' };
  const body = { metadata: { name }, involvedObject, reason: 'R', type: 'Normal', count: 1 };
  expect(ask('create', 'events', { body }).code).toBe(201);
}

const left = (): readonly string[] =>
  (ask('list', 'events').value as { items: { metadata: { name: string } }[] }).items.map(
    ({ metadata }) => metadata.name,
  );

/** @returns the Events that are left then. */
function pass(ms: number): readonly string[] {
  const endMs = nowMs + ms;
  while (due !== undefined && due.atMs <= endMs) {
    const { atMs, run } = due;
    nowMs = atMs;
    run();
  }
  nowMs = endMs;
  return left();
}

test('an Event goes an hour after it was told, and other objects stay', () => {
  tell('e');
  ask('create', 'configmaps', { body: { metadata: { name: 'c' } } });
  expect(pass(EVENT_LIFE_MS - MINUTE_MS)).toEqual(['e']);
  expect(pass(MINUTE_MS)).toEqual([]);
  expect(ask('get', 'configmaps', { name: 'c' }).code).toBe(200);
});

test('one that is told again lives an hour more', () => {
  tell('again');
  tell('once');
  pass(EVENT_LIFE_MS / 2);
  ask('patch', 'events', { name: 'again', patch: 'merge', body: { count: 2 } });
  expect(pass(EVENT_LIFE_MS / 2)).toEqual(['again']);
  expect(pass(EVENT_LIFE_MS / 2)).toEqual([]);
});

test('a watch is told of its end', async () => {
  tell('e');
  const told: string[] = [];
  const end = api.watch(
    {
      resource: { group: '', version: 'v1', resource: 'events' },
      namespace: 'default',
      user: admin,
    },
    ({ type }) => told.push(type),
  );
  pass(EVENT_LIFE_MS);
  await until('two are told', () => told.length >= 2);
  end();
  expect(told).toEqual(['ADDED', 'DELETED']);
});
