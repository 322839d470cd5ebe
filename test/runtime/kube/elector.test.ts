/** The elector's driver against a scripted server that holds one lease: what goes over the wire, and when. */
import { afterEach, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import type { Clock } from '../../../src/kit/clock';
import { rngFrom } from '../../../src/kit/rng';
import type { Failure } from '../../../src/runtime/kube/answer';
import { createKubeClient, type KubeClient } from '../../../src/runtime/kube/client';
import { type Elector, type Leadership, startElector } from '../../../src/runtime/kube/elector';
import type { LeaseSpec } from '../../../src/runtime/kube/types';
import {
  type FaultServer,
  type Handler,
  type Reply,
  type Stream,
  startFaultServer,
} from './fault-server';
import { eventually, plainAccess, realClock } from './support';

const quick = {
  leaseDurationMs: millis(2_000),
  renewDeadlineMs: millis(1_500),
  retryMs: millis(100),
};

/** A retry that would be noticed: a hand-over faster than it came by the watch. */
const slow = {
  leaseDurationMs: millis(600_000),
  renewDeadlineMs: millis(400_000),
  retryMs: millis(60_000),
};

const shipped = {
  leaseDurationMs: millis(15_000),
  renewDeadlineMs: millis(10_000),
  retryMs: millis(2_000),
};

interface StoredLease {
  readonly metadata: { readonly name: string; readonly resourceVersion: string } & Record<
    string,
    unknown
  >;
  readonly spec: LeaseSpec;
}

/** One lease with compare-and-swap and a watch, as an API server keeps it. */
function leaseStore(): {
  handler: Handler;
  lease(): StoredLease | undefined;
  drop(): void;
  writes(): number;
} {
  let stored: StoredLease | undefined;
  let version = 100;
  let writes = 0;
  const watchers: Stream[] = [];
  const write = (body: string, reply: Reply): void => {
    version += 1;
    writes += 1;
    const sent = JSON.parse(body) as StoredLease;
    stored = {
      ...sent,
      metadata: { uid: 'uid', ...sent.metadata, resourceVersion: String(version) },
    };
    for (const watcher of watchers) watcher.line('MODIFIED', stored);
    reply.json(200, stored);
  };
  const handler: Handler = ({ method, path, query, body }, reply) => {
    if (query.has('watch')) {
      const watcher = reply.stream();
      watchers.push(watcher);
      // As a real one: a watch begins behind the version that it names.
      if (Number(query.get('resourceVersion')) < version && stored !== undefined)
        watcher.line('MODIFIED', stored);
    } else if (method === 'GET' && path.endsWith('/leases')) {
      const items = stored === undefined ? [] : [stored];
      reply.json(200, { metadata: { resourceVersion: String(version) }, items });
    } else if (method === 'GET') {
      if (stored === undefined) reply.status(404, 'NotFound', 'none');
      else reply.json(200, stored);
    } else if (method === 'POST') {
      if (stored === undefined) write(body, reply);
      else reply.status(409, 'AlreadyExists', 'there');
    } else if (stored === undefined) reply.status(404, 'NotFound', 'none');
    else if (
      (JSON.parse(body) as StoredLease).metadata.resourceVersion === stored.metadata.resourceVersion
    ) {
      write(body, reply);
    } else reply.status(409, 'Conflict', 'changed');
  };
  return {
    handler,
    lease: () => stored,
    drop() {
      stored = undefined;
    },
    writes: () => writes,
  };
}

const open: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

async function serve(handler: Handler): Promise<FaultServer> {
  const server = await startFaultServer(handler);
  open.push({ stop: () => server.close() });
  return server;
}

interface Candidate {
  readonly elector: Elector;
  readonly told: Leadership[];
  readonly troubles: Failure[];
}

function candidate(
  server: FaultServer,
  identity: string,
  clock: Clock = realClock,
  timing = quick,
): Candidate {
  const told: Leadership[] = [];
  const troubles: Failure[] = [];
  const elector = startElector({
    client: createKubeClient({ access: plainAccess(server.url) }),
    lease: { namespace: 'ns', name: 'the-lease' },
    config: { ...timing, identity },
    clock,
    rng: rngFrom(identity.length),
    onChange: (leadership) => told.push(leadership),
    onTrouble: (failure) => troubles.push(failure),
  });
  open.push({ stop: () => elector.stop(millis(200)) });
  return { elector, told, troubles };
}

const leads = ({ elector }: Candidate): boolean => elector.holdsUntil() !== undefined;

describe('one elector', () => {
  test('makes the lease, renews it in one request each time, keeps foreign labels, gives it back', async () => {
    const store = leaseStore();
    const server = await serve(store.handler);
    const a = candidate(server, 'a');
    await eventually(
      () => leads(a),
      (yes) => yes,
    );
    expect(store.lease()?.spec).toMatchObject({
      holderIdentity: 'a',
      leaseDurationSeconds: 2,
      leaseTransitions: 0,
      renewTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    });
    const begun = server.asked.length;
    await eventually(
      () => store.writes(),
      (count) => count >= 4,
    );
    const since = server.asked.slice(begun).filter(({ query }) => !query.has('watch'));
    expect(new Set(since.map(({ method }) => method))).toEqual(new Set(['PUT']));
    expect(a.told).toEqual([{ kind: 'leader', termHint: 1, untilMs: expect.any(Number) }]);
    await a.elector.stop(millis(500));
    expect(leads(a)).toBe(false);
    expect(store.lease()?.spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
  });

  test('a request may take 4 s of the shipped 10 s: a server that needs 3 s still has a leader', async () => {
    const server = await serve((_asked, reply) => reply.hang());
    const client = createKubeClient({ access: plainAccess(server.url) });
    const timeoutsMs: unknown[] = [];
    const get: KubeClient['get'] = (at, name, call) => {
      timeoutsMs.push(call?.timeoutMs);
      return client.get(at, name, call);
    };
    const elector = startElector({
      client: { ...client, get },
      lease: { namespace: 'ns', name: 'the-lease' },
      config: { ...shipped, identity: 'a' },
      clock: realClock,
      rng: rngFrom(1),
    });
    await elector.stop(millis(1));
    expect(timeoutsMs).toEqual([4_000]);
  });

  test('a label that somebody puts on the lease costs one conflict and survives', async () => {
    const store = leaseStore();
    const server = await serve(store.handler);
    const a = candidate(server, 'a');
    await eventually(
      () => store.writes(),
      (count) => count >= 2,
    );
    const labelled = {
      ...store.lease(),
      metadata: { ...store.lease()?.metadata, labels: { team: 'x' } },
    };
    const client = createKubeClient({ access: plainAccess(server.url) });
    const at = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      plural: 'leases',
      scope: 'namespaced',
    } as const;
    await client.update(at, {
      ...labelled,
      apiVersion: 'v1',
      kind: 'Lease',
      metadata: { ...labelled.metadata, namespace: 'ns' },
    });
    const begun = store.writes();
    await eventually(
      () => store.writes(),
      (count) => count >= begun + 2,
    );
    expect(store.lease()?.metadata.labels).toEqual({ team: 'x' });
    expect([leads(a), a.told.length, a.troubles]).toEqual([true, 1, []]);
  });

  test.each<{ fault: string; act: (reply: Reply) => void; trouble: string }>([
    { fault: '500', act: (reply) => reply.status(500, 'InternalError', 'no'), trouble: 'failed' },
    { fault: '403', act: (reply) => reply.status(403, 'Forbidden', 'no'), trouble: 'forbidden' },
    { fault: 'a reset', act: (reply) => reply.reset(), trouble: 'unreachable' },
    { fault: 'silence', act: (reply) => reply.hang(), trouble: 'timedOut' },
  ])(
    '$fault to every renewal: it stops at the deadline, and leads again under a new term',
    async ({ act, trouble }) => {
      const store = leaseStore();
      const server = await serve(store.handler);
      const a = candidate(server, 'a');
      const until = await eventually(
        () => a.elector.holdsUntil(),
        (ms) => ms !== undefined,
      );
      server.answer((asked, reply) =>
        asked.method === 'GET' ? store.handler(asked, reply) : act(reply),
      );
      await eventually(
        () => leads(a),
        (yes) => !yes,
        2_000,
      );
      const lateMs = realClock.monotonicMs() - (until ?? 0);
      // Renewals in flight when the fault came may have moved the deadline by a period or two.
      expect(lateMs).toBeLessThan(quick.renewDeadlineMs);
      expect(a.troubles.at(-1)?.kind).toBe(trouble);
      server.answer(store.handler);
      await eventually(
        () => leads(a),
        (yes) => yes,
      );
      const terms = a.told.map((one) => (one.kind === 'leader' ? one.termHint : one.holder));
      expect(terms).toEqual([1, 'a', 2]);
    },
  );

  test('an answer that is lost after its effect: leadership goes on over the conflict', async () => {
    const store = leaseStore();
    let lost = 0;
    const server = await serve(store.handler);
    const a = candidate(server, 'a');
    await eventually(
      () => leads(a),
      (yes) => yes,
    );
    server.answer((asked, reply) => {
      if (asked.method !== 'PUT' || lost >= 1) return store.handler(asked, reply);
      lost += 1;
      return store.handler(asked, { ...reply, json: () => reply.reset() });
    });
    const begun = store.writes();
    await eventually(
      () => store.writes(),
      (count) => count >= begun + 3,
    );
    expect([lost, leads(a), a.told.length]).toEqual([1, true, 1]);
  });

  test('a deleted lease: no leader until it is made again, with a higher term', async () => {
    const store = leaseStore();
    const a = candidate(await serve(store.handler), 'a');
    await eventually(
      () => leads(a),
      (yes) => yes,
    );
    store.drop();
    await eventually(
      () => a.told.length,
      (count) => count === 3,
    );
    expect(a.told.map((one) => (one.kind === 'leader' ? one.termHint : 'follower'))).toEqual([
      1,
      'follower',
      2,
    ]);
  });

  test('the check fails at once when the machine slept, before any timer of ours ran', async () => {
    let sleptMs = 0;
    const clock: Clock = {
      monotonicMs: realClock.monotonicMs,
      wallMs: () => millis(realClock.wallMs() + sleptMs),
    };
    const a = candidate(await serve(leaseStore().handler), 'a', clock);
    await eventually(
      () => leads(a),
      (yes) => yes,
    );
    sleptMs = quick.renewDeadlineMs;
    expect(leads(a)).toBe(false);
    expect(a.elector.leadership().kind).toBe('follower');
  });
});

describe('two electors', () => {
  test('one leads, the other waits and watches; a release hands over without waiting for a retry', async () => {
    const store = leaseStore();
    const server = await serve(store.handler);
    const a = candidate(server, 'a', realClock, slow);
    await eventually(
      () => leads(a),
      (yes) => yes,
    );
    const b = candidate(server, 'bb', realClock, slow);
    await eventually(
      () => b.elector.leadership(),
      (one) => one.kind === 'follower' && one.holder === 'a',
    );
    expect([leads(a), leads(b)]).toEqual([true, false]);
    await a.elector.stop(millis(500));
    await eventually(
      () => leads(b),
      (yes) => yes,
      slow.retryMs / 3,
    );
    expect(store.lease()?.spec).toMatchObject({ holderIdentity: 'bb', leaseTransitions: 1 });
  }, 30_000);

  test('an own lease of an earlier process is waited for like any other', async () => {
    const store = leaseStore();
    const server = await serve(store.handler);
    const earlier = candidate(server, 'pod-0_1111');
    await eventually(
      () => leads(earlier),
      (yes) => yes,
    );
    // It dies without a word: its requests stop.
    server.answer((asked, reply) =>
      asked.body.includes('pod-0_1111') ? reply.hang() : store.handler(asked, reply),
    );
    const started = realClock.monotonicMs();
    const later = candidate(server, 'pod-0_2222');
    await eventually(
      () => leads(later),
      (yes) => yes,
    );
    expect(realClock.monotonicMs() - started).toBeGreaterThanOrEqual(quick.leaseDurationMs);
    expect(leads(earlier)).toBe(false);
  });
});
