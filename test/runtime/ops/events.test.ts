/**
 * Kubernetes Events: told once, counted after, never a flood, and a count that outlives its Event.
 * Never here: a real API server; real-events.test.ts asks one.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { createKubeClient } from '../../../src/runtime/kube/client';
import { createRecorder } from '../../../src/runtime/ops/events';
import { createSeries, type EventFact } from '../../../src/runtime/ops/series';
import { type FaultServer, startFaultServer, thing } from '../kube/fault-server';
import { eventually, handClock, plainAccess, realClock } from '../kube/support';

const regarding = {
  apiVersion: 'valkey.verilean.io/v1',
  kind: 'ValkeyCluster',
  namespace: 'default',
  name: 'orders',
  uid: 'u1',
};
const fact = (note: string, uid = 'u1'): EventFact => ({
  regarding: { ...regarding, uid },
  type: 'Warning',
  reason: 'PrimaryDown',
  action: 'Failover',
  note,
});

describe('the series', () => {
  const at = (
    series: ReturnType<typeof createSeries>,
    ms: number,
    note = 'n',
    uid = 'u1',
  ): string => {
    const order = series.record(fact(note, uid), millis(ms));
    return order === 'held' ? 'held' : order.kind === 'create' ? 'create' : `count ${order.count}`;
  };

  test.each([
    { times: [0, 1], is: ['create', 'count 2'], why: 'the first repetition is told' },
    { times: [0, 1, 2], is: ['create', 'count 2', 'held'], why: 'the next waits' },
    { times: [0, 1, 10_000], is: ['create', 'count 2', 'held'], why: 'one ms short of the pace' },
    { times: [0, 1, 10_001], is: ['create', 'count 2', 'count 3'], why: 'the pace itself' },
    { times: [0, 599_999], is: ['create', 'count 2'], why: 'the same series' },
    { times: [0, 600_000], is: ['create', 'create'], why: 'forgotten: a new Event' },
  ])('$times -> $is ($why)', ({ times, is }) => {
    const series = createSeries();
    expect(times.map((ms) => at(series, ms))).toEqual(is);
  });

  test('another note or another object is another Event', () => {
    const series = createSeries();
    expect([at(series, 0), at(series, 0, 'other'), at(series, 0, 'n', 'u2')]).toEqual([
      'create',
      'create',
      'create',
    ]);
  });

  test('an object may write its burst, then one each refill; another object is not held back', () => {
    const series = createSeries();
    const kinds = Array.from({ length: 27 }, (_, index) => at(series, 0, `n${index}`));
    expect(kinds.filter((kind) => kind === 'create').length).toBe(25);
    expect(at(series, 0, 'n', 'u2')).toBe('create');
    expect([at(series, 9_999, 'late'), at(series, 10_000, 'later')]).toEqual(['held', 'create']);
  });

  test('what was held comes when it is due, with all it counted', () => {
    const series = createSeries();
    for (const ms of [0, 1, 2, 3, 4]) at(series, ms);
    expect([series.waiting(), series.due(millis(9_000))]).toEqual([true, []]);
    expect(series.due(millis(10_001))).toMatchObject([{ kind: 'count', count: 5 }]);
    expect([series.waiting(), series.due(millis(99_000))]).toEqual([false, []]);
  });
});

const open: FaultServer[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

function recorderOn(server: FaultServer, clock = handClock(), againMs?: readonly number[]) {
  const dropped: string[] = [];
  let ids = 0;
  const recorder = createRecorder({
    client: createKubeClient({ access: plainAccess(server.url) }),
    clock,
    instance: 'operator-0',
    makeId: () => `id${++ids}`,
    onDropped: (why) => dropped.push(why),
    ...(againMs === undefined ? {} : { againMs }),
  });
  return { recorder, dropped, clock };
}

describe('the recorder', () => {
  test('creates, then patches the count of the same Event', async () => {
    const server = await startFaultServer((_asked, reply) => reply.json(200, thing('e', 1)));
    open.push(server);
    const { recorder } = recorderOn(server);
    recorder.record(fact('down'));
    recorder.record(fact('down'));
    await recorder.stop(millis(2_000));
    const path = '/apis/events.k8s.io/v1/namespaces/default/events';
    expect(server.asked.map(({ method, path: asked }) => `${method} ${asked}`)).toEqual([
      `POST ${path}`,
      `PATCH ${path}/orders.id1`,
    ]);
    expect(JSON.parse(server.asked[0]?.body ?? '')).toMatchObject({
      metadata: { name: 'orders.id1', namespace: 'default' },
      eventTime: '2027-01-15T08:00:00.000000Z',
      reportingController: 'valkey.verilean.io/gungnir',
      reportingInstance: 'operator-0',
      type: 'Warning',
      reason: 'PrimaryDown',
      action: 'Failover',
      note: 'down',
      regarding,
    });
    expect(JSON.parse(server.asked[1]?.body ?? '')).toEqual({
      series: { count: 2, lastObservedTime: '2027-01-15T08:00:00.000000Z' },
    });
  });

  test('an Event that the server has forgotten is written anew with its next repetition', async () => {
    const server = await startFaultServer((asked, reply) =>
      asked.method === 'PATCH'
        ? reply.status(404, 'NotFound', 'gone')
        : reply.json(200, thing('e', 1)),
    );
    open.push(server);
    const { recorder, dropped } = recorderOn(server);
    recorder.record(fact('down'));
    recorder.record(fact('down'));
    await eventually(
      () => dropped,
      (all) => all.length === 1,
    );
    recorder.record(fact('down'));
    await recorder.stop(millis(2_000));
    expect(server.asked.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'POST']);
    expect(dropped).toEqual(['notFound']);
  });

  test.each([
    { code: 409, reason: 'Conflict', posts: 2, dropped: [], why: 'another write came first' },
    { code: 429, reason: 'TooManyRequests', posts: 2, dropped: [], why: 'the server is busy' },
    {
      code: 500,
      reason: 'InternalError',
      posts: 2,
      dropped: [],
      why: 'the server has a bad moment',
    },
    { code: 403, reason: 'Forbidden', posts: 1, dropped: ['forbidden'], why: 'it never will' },
    { code: 422, reason: 'Invalid', posts: 1, dropped: ['invalid'], why: 'it is no Event' },
  ])('$code once: tried $posts times ($why)', async ({ code, reason, posts, dropped }) => {
    let refusals = 0;
    const server = await startFaultServer((_asked, reply) => {
      if (refusals++ === 0) reply.status(code, reason, 'not this time');
      else reply.json(200, thing('e', 1));
    });
    open.push(server);
    const made = recorderOn(server);
    made.recorder.record(fact('down'));
    await made.recorder.stop(millis(5_000));
    const names = server.asked.map(({ body }) => JSON.parse(body).metadata.name);
    expect([names, made.dropped]).toEqual([Array(posts).fill('orders.id1'), dropped]);
  });

  test('an Event whose answer was lost is not made twice', async () => {
    let posts = 0;
    const server = await startFaultServer((_asked, reply) => {
      posts += 1;
      if (posts === 1) reply.reset();
      else reply.status(409, 'AlreadyExists', 'it is there');
    });
    open.push(server);
    const { recorder, dropped } = recorderOn(server);
    recorder.record(fact('down'));
    await recorder.stop(millis(5_000));
    expect([posts, dropped]).toEqual([2, []]);
  });

  test('an Event that never is taken is given up, and the next one is told', async () => {
    const server = await startFaultServer((asked, reply) =>
      asked.body.includes('PrimaryDown') && asked.body.includes('first')
        ? reply.status(500, 'InternalError', 'never')
        : reply.json(200, thing('e', 1)),
    );
    open.push(server);
    const { recorder, dropped } = recorderOn(server, handClock(), [1, 1]);
    recorder.record(fact('first'));
    recorder.record(fact('second'));
    await recorder.stop(millis(5_000));
    expect(dropped).toEqual(['failed']);
    expect(server.asked.filter(({ body }) => body.includes('first')).length).toBe(3);
    expect(server.asked.filter(({ body }) => body.includes('second')).length).toBe(1);
  });

  test('a hung server costs memory up to a limit, and nobody waits for it', async () => {
    const server = await startFaultServer((_asked, reply) => reply.hang());
    open.push(server);
    const { recorder, dropped } = recorderOn(server);
    for (let index = 0; index < 300; index += 1) recorder.record(fact('down', `u${index}`));
    expect(dropped.length).toBe(300 - 200 - 1);
    expect(new Set(dropped)).toEqual(new Set(['queueFull']));
    const started = realClock.monotonicMs();
    await recorder.stop(millis(50));
    expect(realClock.monotonicMs() - started).toBeLessThan(4_000);
  });

  test('a note is cut between characters at what the server takes', async () => {
    const server = await startFaultServer((_asked, reply) => reply.json(200, thing('e', 1)));
    open.push(server);
    const { recorder } = recorderOn(server);
    recorder.record(fact('é'.repeat(600)));
    await recorder.stop(millis(2_000));
    const { note } = JSON.parse(server.asked[0]?.body ?? '') as { note: string };
    expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1_024);
    expect(note).toMatch(/^é+…$/);
  });
});
