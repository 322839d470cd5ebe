/** What a scripted server can do to a watch, and that the copy is right again after each of it. */
import { afterEach, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { type Asked, type Stream, thing } from './fault-server';
import {
  type Act,
  bookmark,
  endWorlds,
  first,
  listing,
  news,
  quiet,
  refusing,
  resumedFrom,
  streaming,
  world,
} from './reflector-world';
import { eventually, realClock } from './support';

afterEach(endWorlds);

describe('a watch that breaks is opened again from where it was, without a list', () => {
  test.each<{ fault: string; act: Act; from: string; why: string }>([
    { fault: 'HTTP 500', act: refusing(500, 'InternalError'), from: '10', why: 'nothing was told' },
    {
      fault: 'HTTP 503',
      act: refusing(503, 'ServiceUnavailable'),
      from: '10',
      why: 'nothing was told',
    },
    {
      fault: 'HTTP 429',
      act: refusing(429, 'TooManyRequests', { 'retry-after': '0' }),
      from: '10',
      why: 'the server is busy',
    },
    { fault: 'HTTP 403', act: refusing(403, 'Forbidden'), from: '10', why: 'RBAC may come later' },
    {
      fault: 'a reset before the headers',
      act: (reply) => reply.reset(),
      from: '10',
      why: 'nothing was told',
    },
    {
      fault: 'silence instead of headers',
      act: (reply) => reply.hang(),
      from: '10',
      why: 'their budget ended',
    },
    {
      fault: 'an orderly end',
      act: streaming((stream) => stream.end()),
      from: '10',
      why: "the server's limit",
    },
    {
      fault: 'a reset in the middle',
      act: streaming((stream) => {
        stream.line('MODIFIED', thing('a', 12));
        stream.reset();
      }),
      from: '12',
      why: 'what was told is not asked again',
    },
    {
      fault: 'a reset in the middle of a line',
      act: streaming((stream) => {
        stream.line('MODIFIED', thing('a', 12));
        stream.raw('{"type":"DELETED","object":{"metadata":{"name":"a","resourceVersion":"13"');
        stream.reset();
      }),
      from: '12',
      why: 'half a line was never told',
    },
    {
      fault: 'an end in the middle of a line',
      act: streaming((stream) => {
        stream.raw(JSON.stringify({ type: 'MODIFIED', object: thing('a', 12) }));
        stream.end();
      }),
      from: '10',
      why: 'a line without its end was never told',
    },
    {
      fault: 'an end after a bookmark',
      act: streaming((stream) => {
        stream.line('BOOKMARK', bookmark(44));
        stream.end();
      }),
      from: '44',
      why: 'a bookmark moves the place without an event',
    },
    {
      fault: 'an ERROR event of 500',
      act: streaming((stream) => stream.line('ERROR', { kind: 'Status', code: 500 })),
      from: '10',
      why: 'the server stumbled, our place is good',
    },
    {
      fault: 'garbage',
      act: streaming((stream) => stream.raw('<html>\n')),
      from: '10',
      why: 'something else answered',
    },
  ])('$fault -> from $from ($why)', async ({ act, from }) => {
    const { server, reflector, told } = await world([first], [act, news]);
    await eventually(
      () => told,
      (all) => all.includes('added news 99'),
    );
    expect(resumedFrom(server)).toEqual(['10', from]);
    expect(reflector.facts().lists).toBe(1);
  });

  test('a half-open connection is cut when it outlives its own limit', async () => {
    const { server, told, troubles } = await world([first], [quiet, news], { watchSeconds: 1 });
    expect(server.asked.length).toBeLessThanOrEqual(2);
    await eventually(
      () => told,
      (all) => all.includes('added news 99'),
    );
    expect(troubles.map(({ failure }) => failure.kind)).toEqual(['timedOut']);
    expect(server.asked.at(-1)?.query.get('timeoutSeconds')).toMatch(/^[12]$/);
  });

  test('no number of failures ends it', async () => {
    let watches = 0;
    const { told, troubles } = await world(
      [first],
      [
        (reply) =>
          ++watches < 30 ? reply.reset() : reply.stream().line('ADDED', thing('news', 99)),
      ],
      { healthyMs: millis(60_000) },
    );
    await eventually(
      () => told,
      (all) => all.includes('added news 99'),
    );
    expect(troubles.length).toBe(29);
    expect(troubles.at(-1)?.failures).toBe(29);
  });
});

describe('a place that is too old means: list again', () => {
  test.each<{ fault: string; act: Act }>([
    {
      fault: '410 as an ERROR event',
      act: streaming((stream) =>
        stream.line('ERROR', { kind: 'Status', code: 410, reason: 'Expired' }),
      ),
    },
    { fault: '410 as the status', act: refusing(410, 'Gone') },
    { fault: '400 for a version that the server cannot read', act: refusing(400, 'BadRequest') },
  ])('$fault', async ({ act }) => {
    const again = listing(50, thing('b', 40), thing('a', 1, 'uid-other'));
    const { server, reflector, told } = await world([first, again], [act, news]);
    await eventually(
      () => told,
      (all) => all.includes('added news 99'),
    );
    expect(told).toEqual([
      'added a 1',
      'deleted a 1 relisted',
      'added b 40',
      'added a 1',
      'added news 99',
    ]);
    expect(resumedFrom(server)).toEqual(['10', '50']);
    expect(reflector.facts().lists).toBe(2);
  });

  test.each<{ head: Act; from: string[]; lists: number; why: string }>([
    { head: listing(50), from: ['10', '10'], lists: 1, why: 'the server is ahead: it was quiet' },
    { head: listing(10), from: ['10', '10'], lists: 1, why: 'nothing at all happened' },
    { head: listing(9), from: ['10', '3'], lists: 2, why: 'its store went back in time' },
    {
      head: (reply) => reply.json(200, { metadata: { resourceVersion: 'x' }, items: [] }),
      from: ['10', '3'],
      lists: 2,
      why: 'it cannot be judged',
    },
    {
      head: refusing(500, 'InternalError'),
      from: ['10', '10'],
      lists: 1,
      why: 'asked again later',
    },
  ])('silence to the end of a watch -> from $from, $lists lists ($why)', async (row) => {
    const silence = streaming((stream) => setTimeout(() => stream.end(), 1_900));
    const timing = { watchSeconds: 1, graceMs: millis(1_500) };
    const acts = [first, row.head, listing(3, thing('a', 1))];
    const { server, reflector, told } = await world(acts, [silence, news], timing);
    await eventually(
      () => told,
      (all) => all.includes('added news 99'),
    );
    expect(resumedFrom(server)).toEqual(row.from);
    expect(reflector.facts().lists).toBe(row.lists);
    // The question costs one object, however large the collection is.
    const heads = server.asked.filter(({ query }) => query.get('limit') === '1');
    expect(heads.length).toBe(1);
  });

  test('a bookmark is a sign of life: no question after it', async () => {
    const act = streaming((stream) => {
      stream.line('BOOKMARK', bookmark(44));
      setTimeout(() => stream.end(), 1_900);
    });
    const { server, told } = await world([first], [act, news], {
      watchSeconds: 1,
      graceMs: millis(1_500),
    });
    await eventually(
      () => told,
      (all) => all.includes('added news 99'),
    );
    expect(resumedFrom(server)).toEqual(['10', '44']);
    expect(server.asked.filter(({ query }) => query.get('limit') === '1')).toEqual([]);
  });

  test('a living server that keeps refusing our place is not asked for it for ever', async () => {
    // A server restored from a backup answers 504 "Too large resource version" until the end of time.
    const { server, told } = await world(
      [first, listing(3, thing('a', 1))],
      [
        (reply, asked) =>
          asked.query.get('resourceVersion') === '10'
            ? reply.status(504, 'Timeout', 'Too large resource version')
            : reply.stream().line('ADDED', thing('news', 99)),
      ],
      { healthyMs: millis(60_000) },
    );
    await eventually(
      () => told,
      (all) => all.includes('added news 99'),
    );
    expect(resumedFrom(server)).toEqual(['10', '10', '10', '3']);
  });

  test('an endless 410 does not become a flood', async () => {
    const started = realClock.monotonicMs();
    const { server } = await world([first], [refusing(410, 'Gone')], {
      healthyMs: millis(60_000),
      backoff: { baseMs: millis(50), capMs: millis(50) },
    });
    await eventually(
      () => server.asked.length,
      (count) => count >= 8,
    );
    // The first 410 is followed at once; from then on each pair of list and watch waits 25 ms or more.
    expect(realClock.monotonicMs() - started).toBeGreaterThan(50);
  });
});

describe('the list', () => {
  test.each<{ fault: string; act: Act }>([
    { fault: '500', act: refusing(500, 'InternalError') },
    { fault: '403', act: refusing(403, 'Forbidden') },
    { fault: 'a reset', act: (reply) => reply.reset() },
    { fault: 'silence', act: (reply) => reply.hang() },
    { fault: 'half an answer', act: streaming((stream) => stream.raw('{"items":[')) },
  ])('is tried again after $fault; until then nothing counts as synced', async ({ act }) => {
    const backoff = { baseMs: millis(100), capMs: millis(100) };
    const { reflector, told, troubles } = await world([act, first], [quiet], { backoff });
    let synced = 'no';
    void reflector.synced.then(() => {
      synced = 'yes';
    });
    await eventually(
      () => troubles.length,
      (count) => count === 1,
    );
    expect({ synced, told: [...told], during: troubles[0]?.during }).toEqual({
      synced: 'no',
      told: [],
      during: 'list',
    });
    await reflector.synced;
    expect(told).toEqual(['added a 1']);
  });

  test("waits as long as the server's Retry-After asks", async () => {
    const started = realClock.monotonicMs();
    const { reflector } = await world(
      [refusing(429, 'TooManyRequests', { 'retry-after': '1' }), first],
      [quiet],
    );
    await reflector.synced;
    expect(realClock.monotonicMs() - started).toBeGreaterThanOrEqual(990);
  });
});

test('events arrive whole through any chunking, and the deletion carries the final state', async () => {
  const text = [
    JSON.stringify({
      type: 'ADDED',
      object: thing('ü', 11, 'u1', { spec: { nodeName: '漢字😀' } }),
    }),
    JSON.stringify({
      type: 'DELETED',
      object: thing('a', 12, 'uid-a', { status: { phase: 'Failed' } }),
    }),
    '',
  ].join('\n');
  const { reflector, told } = await world(
    [first],
    [
      streaming((stream) => {
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; at += 3) stream.raw(bytes.subarray(at, at + 3));
      }),
    ],
  );
  await eventually(
    () => told,
    (all) => all.length === 3,
  );
  expect(told).toEqual(['added a 1', 'added ü 11', 'deleted a 12 watched']);
  expect(reflector.get('default', 'ü')?.spec?.nodeName).toBe('漢字😀');
  expect(reflector.get('default', 'a')).toBeUndefined();
});

test('facts say how old the copy may be', async () => {
  const { reflector } = await world(
    [(reply) => setTimeout(() => first(reply, {} as Asked), 30)],
    [quiet],
  );
  expect(reflector.facts()).toMatchObject({ phase: 'listing', lastContactMs: undefined, lists: 0 });
  await reflector.synced;
  const watching = await eventually(
    () => reflector.facts(),
    ({ phase }) => phase === 'watching',
  );
  expect(realClock.monotonicMs() - (watching.lastContactMs ?? 0)).toBeLessThan(5_000);
});

test('after stop nothing is told and nothing is asked', async () => {
  let stream: Stream | undefined;
  const { server, reflector, told } = await world(
    [first],
    [
      (reply) => {
        stream = reply.stream();
      },
    ],
  );
  await eventually(
    () => stream !== undefined,
    (opened) => opened,
  );
  await reflector.stop();
  stream?.line('ADDED', thing('late', 99));
  const asked = server.asked.length;
  expect(reflector.facts().phase).toBe('stopped');
  expect(told).toEqual(['added a 1']);
  expect(server.asked.length).toBe(asked);
});
