/**
 * The controllers over the API server in memory, with time that only moves when a test says so.
 */
import { millis } from '../../../src/kit/brands';
import { createApi } from '../../../src/local/api/api';
import type { ApiObject, Resource, Status } from '../../../src/local/api/port';
import { createStore } from '../../../src/local/api/store';
import { typings } from '../../../src/local/api/typed/index';
import { type Kind, kindOf } from '../../../src/local/controllers/frame/kind';
import type { Timers } from '../../../src/local/controllers/frame/timers';
import { NODE_SETTINGS, type NodeSettings } from '../../../src/local/controllers/nodes/settings';
import { NAMESPACES } from '../../../src/local/controllers/objects/namespace';
import { PODS } from '../../../src/local/controllers/objects/pod';
import { servedKinds } from '../../../src/local/controllers/served';
import { startControllers } from '../../../src/local/controllers/start';

const START_MS = Date.UTC(2026, 0, 1);
/** More turns than any scenario needs: a loop that feeds itself ends here. */
const TURNS_MAX = 20_000;

export interface Simulated {
  readonly timers: Timers;
  nowMs(): number;
  /** All turns that are due now, and those that they cause. */
  settle(): void;
  /** Moves the time on, turn by turn. */
  pass(seconds: number): void;
  create(kind: Kind, object: object, namespace?: string): ApiObject;
  get<Known extends ApiObject>(kind: Kind<Known>, name: string, namespace?: string): Known;
  find<Known extends ApiObject>(
    kind: Kind<Known>,
    name: string,
    namespace?: string,
  ): Known | undefined;
  list<Known extends ApiObject>(kind: Kind<Known>, namespace?: string): readonly Known[];
  patch(kind: Kind, name: string, patch: object, subresource?: string, namespace?: string): void;
  remove(kind: Kind, name: string, options?: object, namespace?: string): void;
  /** @returns the status code. */
  evict(pod: string): number;
  /** Of all namespaces, or of one. */
  events(namespace?: string): readonly string[];
  /** Other controllers over the same objects, as when the program starts again. */
  restart(): void;
  stop(): void;
}

export const ROOT_CA = 'the CA';
const EVENTS = kindOf<ApiObject & { reason: string; message: string }>('v1', 'Event', 'events');
const USER = { name: 'tester', groups: ['system:masters'] };

/** Nodes that nobody keeps alive live on for ever; a test of lost nodes asks for the usual times. */
const PATIENT: NodeSettings = {
  ...NODE_SETTINGS,
  graceSeconds: 1_000_000,
  startupGraceSeconds: 1_000_000,
};

export function simulated(nodes: NodeSettings = PATIENT): Simulated {
  const clock = virtualTime();
  const api = serverAt(clock);
  let controllers = controllersOn(api, clock, nodes);
  api.handle({
    verb: 'create',
    resource: NAMESPACES,
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } },
    user: USER,
  });
  clock.settle();
  const where = (kind: Kind, namespace: string) => (kind.scope === 'Cluster' ? {} : { namespace });
  const ask = (request: Omit<Parameters<typeof api.handle>[0], 'user'>): unknown => {
    const { code, value } = api.handle({ ...request, user: USER });
    if (code >= 300) throw new Error((value as Status).message);
    return value;
  };
  const at = (kind: Kind, name: string, namespace = 'default') => ({
    resource: kind as Resource,
    name,
    ...where(kind, namespace),
  });
  return {
    ...clock,
    create(kind, object, namespace = 'default') {
      const { metadata } = object as { metadata: object };
      const { apiVersion, kind: name } = kind;
      const place = where(kind, namespace);
      const body = { apiVersion, kind: name, ...object, metadata: { ...place, ...metadata } };
      return ask({ verb: 'create', resource: kind, ...place, body }) as ApiObject;
    },
    get: (kind, name, namespace) => ask({ verb: 'get', ...at(kind, name, namespace) }) as never,
    find(kind, name, namespace) {
      const { code, value } = api.handle({ verb: 'get', ...at(kind, name, namespace), user: USER });
      return (code === 200 ? value : undefined) as never;
    },
    list: (kind, namespace = 'default') =>
      (ask({ verb: 'list', resource: kind, ...where(kind, namespace) }) as { items: [] }).items,
    patch(kind, name, change, subresource, namespace) {
      const part = subresource === undefined ? {} : { subresource };
      const body = { metadata: {}, ...change };
      ask({ verb: 'patch', patch: 'merge', ...at(kind, name, namespace), ...part, body });
    },
    remove(kind, name, options = {}, namespace) {
      ask({ verb: 'delete', ...at(kind, name, namespace), body: options });
    },
    evict(name) {
      const metadata = { name, namespace: 'default' };
      const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata };
      const place = { ...at(PODS, name), subresource: 'eviction' };
      return api.handle({ verb: 'create', ...place, body, user: USER }).code;
    },
    events(namespace) {
      const place = namespace === undefined ? {} : { namespace };
      const { items } = ask({ verb: 'list', resource: EVENTS, ...place }) as {
        items: readonly { reason: string; message: string }[];
      };
      return items.map(({ reason, message }) => `${reason}: ${message}`);
    },
    restart() {
      controllers.stop();
      controllers = controllersOn(api, clock, nodes);
      clock.settle();
    },
    stop: () => controllers.stop(),
  };
}

function controllersOn(
  api: ReturnType<typeof createApi>,
  { timers, nowMs }: VirtualTime,
  nodes: NodeSettings,
): ReturnType<typeof startControllers> {
  return startControllers({
    api,
    clock: { monotonicMs: () => millis(nowMs() - START_MS), wallMs: () => millis(nowMs()) },
    timers,
    rootCa: ROOT_CA,
    served: () => servedKinds(api.registry),
    onProblem(sentence) {
      throw new Error(sentence);
    },
    nodes,
  });
}

function serverAt({ timers, nowMs }: VirtualTime): ReturnType<typeof createApi> {
  let made = 0;
  const next = (): number => {
    made += 1;
    return made;
  };
  return createApi({
    store: createStore(),
    typings,
    nowMs,
    uuid: () => `00000000-0000-4000-8000-${String(next()).padStart(12, '0')}`,
    suffix: () => String(next()).padStart(5, 'x'),
    defer: (run) => void timers.after(0, run),
    addresses: {
      next: (taken) =>
        Array.from({ length: 50 }, (_one, i) => `127.64.255.${i + 1}`).find((ip) => !taken.has(ip)),
      contains: (address) => address.startsWith('127.64.255.'),
      nodePorts: { first: 30_000, last: 30_009 },
    },
    tokens: { issuer: 'test', sign: () => '', verify: () => undefined },
  });
}

interface VirtualTime {
  readonly timers: Timers;
  nowMs(): number;
  settle(): void;
  pass(seconds: number): void;
}

function virtualTime(): VirtualTime {
  let now = START_MS;
  let serial = 0;
  const due = new Map<number, { readonly atMs: number; readonly run: () => void }>();
  const next = (untilMs: number) => {
    let first: readonly [number, { readonly atMs: number; readonly run: () => void }] | undefined;
    for (const entry of due)
      if (entry[1].atMs <= untilMs && entry[1].atMs < (first?.[1].atMs ?? Infinity)) first = entry;
    return first;
  };
  const runUntil = (untilMs: number): void => {
    for (let turns = 0; turns < TURNS_MAX; turns += 1) {
      const first = next(untilMs);
      if (first === undefined) {
        now = untilMs;
        return;
      }
      const [id, { atMs, run }] = first;
      due.delete(id);
      now = Math.max(now, atMs);
      run();
    }
    throw new Error(`more than ${TURNS_MAX} turns: the controllers do not come to rest`);
  };
  return {
    nowMs: () => now,
    settle: () => runUntil(now),
    pass: (seconds) => runUntil(now + seconds * 1000),
    timers: {
      after(delayMs, run) {
        serial += 1;
        const id = serial;
        due.set(id, { atMs: now + delayMs, run });
        return () => void due.delete(id);
      },
    },
  };
}
