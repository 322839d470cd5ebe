/** A reflector against a server that answers each list and each watch as the test says. */
import { millis } from '../../../src/kit/brands';
import { rngFrom } from '../../../src/kit/rng';
import { createKubeClient } from '../../../src/runtime/kube/client';
import { type Reflector, startReflector, type Trouble } from '../../../src/runtime/kube/reflector';
import { type Pod, resources } from '../../../src/runtime/kube/types';
import {
  type Asked,
  type FaultServer,
  listOf,
  type Reply,
  type Stream,
  startFaultServer,
  thing,
} from './fault-server';
import { plainAccess, realClock } from './support';

export interface World {
  readonly server: FaultServer;
  readonly reflector: Reflector<Pod>;
  /** `added a 1`, `deleted a 1 relisted`: name and version, in the order told. */
  readonly told: string[];
  readonly troubles: Trouble[];
}

const worlds: { server: FaultServer; reflector: Reflector<Pod> }[] = [];

/** Ends every reflector and server of the test. */
export async function endWorlds(): Promise<void> {
  for (const { server, reflector } of worlds.splice(0)) {
    await reflector.stop();
    await server.close();
  }
}

const quick = {
  backoff: { baseMs: millis(2), capMs: millis(20) },
  graceMs: millis(800),
  listMs: millis(800),
  healthyMs: millis(1),
};

export type Act = (reply: Reply, asked: Asked) => void;

/** The n-th list and the n-th watch are answered by the n-th act; the last one serves all further ones. */
export async function world(
  lists: readonly Act[],
  watches: readonly Act[],
  timing: object = {},
): Promise<World> {
  let listed = 0;
  let watched = 0;
  const pick = (acts: readonly Act[], at: number): Act =>
    acts[Math.min(at, acts.length - 1)] as Act;
  const server = await startFaultServer((asked, reply) => {
    if (asked.query.get('watch') === 'true') pick(watches, watched++)(reply, asked);
    else pick(lists, listed++)(reply, asked);
  });
  const told: string[] = [];
  const troubles: Trouble[] = [];
  const reflector = startReflector<Pod>({
    client: createKubeClient({ access: plainAccess(server.url) }),
    resource: resources.pods,
    clock: realClock,
    rng: rngFrom(7),
    timing: { ...quick, ...timing },
    onTrouble: (trouble) => troubles.push(trouble),
    onChange: (change) => {
      const object = change.kind === 'deleted' ? change.last : change.object;
      const known = change.kind === 'deleted' ? ` ${change.known}` : '';
      told.push(
        `${change.kind} ${object.metadata.name} ${object.metadata.resourceVersion}${known}`,
      );
    },
  });
  worlds.push({ server, reflector });
  return { server, reflector, told, troubles };
}

export const listing =
  (version: number, ...items: object[]): Act =>
  (reply) =>
    reply.json(200, listOf(version, items));
export const streaming =
  (act: (stream: Stream) => void = () => {}): Act =>
  (reply) =>
    act(reply.stream());
export const refusing =
  (code: number, reason: string, headers?: Record<string, string>): Act =>
  (reply) =>
    reply.status(code, reason, 'no', headers);
export const bookmark = (version: number): object => ({
  metadata: { resourceVersion: String(version) },
});

export const first = listing(10, thing('a', 1));
export const quiet = streaming();
/** What the healthy watch after the fault tells: the proof that the reflector goes on. */
export const news = streaming((stream) => stream.line('ADDED', thing('news', 99)));

export function resumedFrom(server: FaultServer): (string | null)[] {
  return server.asked
    .filter((asked) => asked.query.has('watch'))
    .map((asked) => asked.query.get('resourceVersion'));
}
