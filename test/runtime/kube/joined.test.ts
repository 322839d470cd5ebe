/** Copies of two namespaces behind one face: two objects of one name, and a refusal that is one namespace's alone. */
import { afterEach, expect, test } from 'vitest';
import { rngFrom } from '../../../src/kit/rng';
import { createKubeClient } from '../../../src/runtime/kube/client';
import { EVERYWHERE, joinReflectors, placesOf } from '../../../src/runtime/kube/joined';
import { startReflector } from '../../../src/runtime/kube/reflector';
import { resources } from '../../../src/runtime/kube/types';
import { type Asked, listOf, type Reply, startFaultServer, thing } from './fault-server';
import { eventually, plainAccess, realClock } from './support';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const namespaceOf = ({ path }: Asked): string =>
  /namespaces\/([^/]+)/.exec(path)?.[1] ?? EVERYWHERE;

/** A pod `cart-0` in each namespace; those of `refused` answer 403 for as long as they are in it. */
async function open(namespaces: readonly string[], refused = new Set<string>()) {
  const answer = (asked: Asked, reply: Reply): void => {
    const namespace = namespaceOf(asked);
    const names = namespace === EVERYWHERE ? ['a', 'b'] : [namespace];
    if (refused.has(namespace)) reply.status(403, 'Forbidden', 'no');
    else if (asked.query.get('watch') === 'true') reply.stream();
    else
      reply.json(
        200,
        listOf(
          5,
          names.map((name) => podIn(name)),
        ),
      );
  };
  const server = await startFaultServer(answer);
  const client = createKubeClient({ access: plainAccess(server.url) });
  const start = (namespace: string) =>
    startReflector({
      client,
      resource: resources.pods,
      scope: { namespace },
      clock: realClock,
      rng: rngFrom(7),
      groupOf: ({ metadata }) => `${metadata.namespace}/cart`,
    });
  const places = placesOf(namespaces);
  const joined = joinReflectors(new Map(places.map((place) => [place, start(place)])));
  ends.push(async () => {
    await joined.stop();
    await server.close();
  });
  return { joined, server };
}

function podIn(namespace: string): object {
  const pod = thing('cart-0', 1) as { metadata: object };
  return { ...pod, metadata: { ...pod.metadata, namespace, uid: `uid-${namespace}` } };
}

test.each([
  { namespaces: ['a', 'b'], asked: ['a', 'b'], why: 'a copy for each' },
  { namespaces: [], asked: [EVERYWHERE], why: 'one copy for all' },
])('an object of a and one of b by the same name are two: $why', async ({ namespaces, asked }) => {
  const { joined, server } = await open(namespaces);
  await Promise.all([joined.synced('a'), joined.synced('b')]);
  expect(joined.get('a', 'cart-0')?.metadata.uid).toBe('uid-a');
  expect(joined.get('b', 'cart-0')?.metadata.uid).toBe('uid-b');
  expect(joined.get('c', 'cart-0')).toBeUndefined();
  expect(joined.all()).toHaveLength(2);
  expect(joined.group('b/cart').map(({ metadata }) => metadata.uid)).toEqual(['uid-b']);
  expect(joined.group('c/cart')).toEqual([]);
  expect([...new Set(server.asked.map(namespaceOf))].sort()).toEqual(asked);
});

test('a refused namespace is not listed and holds up no other; once it may be, it is', async () => {
  const refused = new Set(['b']);
  const { joined } = await open(['a', 'b'], refused);
  let isListed = false;
  void joined.synced('b').then(() => {
    isListed = true;
  });
  await joined.synced('a');
  await eventually(
    () => joined.facts('b').phase,
    (phase) => phase === 'waiting',
  );
  expect(joined.all().map(({ metadata }) => metadata.uid)).toEqual(['uid-a']);
  expect(joined.facts('a').lastContactMs).toBeDefined();
  expect(joined.facts('b').lastContactMs).toBeUndefined();
  expect(isListed).toBe(false);
  refused.clear();
  await joined.synced('b');
  expect(joined.get('b', 'cart-0')?.metadata.uid).toBe('uid-b');
});

test('nobody asks for what is not watched', async () => {
  const { joined } = await open(['a']);
  expect(() => joined.facts('b')).toThrow("the namespace 'b' is not watched");
  expect(() => joined.facts('a')).not.toThrow();
});
