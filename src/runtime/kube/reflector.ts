/**
 * Keeps a copy of a collection for ever: list, then watch, then watch again from where it stopped. No
 * error ends it; only `stop` does. A copy is late by nature: `facts()` says how late it may be, and a
 * destructive step reads again by itself.
 * Never here: decisions. Faults: test/runtime/kube/reflector.test.ts; the real server: contract.test.ts.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Millis, millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';
import type { Rng } from '../../kit/rng';
import type { Failure } from './answer';
import { type Backoff, backoffDelay, defaultBackoff } from './backoff';
import type { KubeClient } from './client';
import type { Scope } from './paths';
import { type Change, createStore } from './store';
import type { KubeObject, Resource } from './types';
import type { WatchEnd } from './watch';

export interface ReflectorOptions<T extends KubeObject> {
  readonly client: KubeClient;
  readonly resource: Resource<T>;
  readonly scope?: Scope;
  readonly clock: Clock;
  readonly rng: Rng;
  /** In order. What it throws is a programmer's mistake and ends the process. */
  readonly onChange?: (change: Change<T>) => void;
  /** Each failed list and each watch that did not end in order. */
  readonly onTrouble?: (trouble: Trouble) => void;
  readonly timing?: Partial<ReflectorTiming>;
}

export interface Trouble {
  readonly during: 'list' | 'watch';
  readonly failure: Failure;
  /** Failures in a row, this one included. */
  readonly failures: number;
}

export interface ReflectorTiming {
  readonly backoff: Backoff;
  /**
   * Life of a watch in seconds, before a jitter of up to half of it. Default 60: bookmarks come each
   * minute, so this bounds how long a half-open connection can hide.
   */
  readonly watchSeconds: number;
  /** Grace of a watch after its own end, and the budget for its headers. Default 5 000 ms. */
  readonly graceMs: Millis;
  /** Budget of each page of a list. Default 10 000 ms. */
  readonly listMs: Millis;
  /** A watch that lived this long counts as healthy: the next failure waits the base again. Default 1 000 ms. */
  readonly healthyMs: Millis;
}

const defaultTiming: ReflectorTiming = {
  backoff: defaultBackoff,
  watchSeconds: 60,
  graceMs: millis(5_000),
  listMs: millis(10_000),
  healthyMs: millis(1_000),
};

/** After so many refusals in a row by a living server, its view of our version is doubted: list again. */
const refusalsBeforeRelist = 3;

export interface ReflectorFacts {
  readonly phase: 'listing' | 'watching' | 'waiting' | 'stopped';
  /** Monotonic time of the last byte from the server; undefined before the first. */
  readonly lastContactMs: Millis | undefined;
  readonly resourceVersion: string | undefined;
  /** Lists since the start. 1 as long as no deletion had to be found by comparison. */
  readonly lists: number;
  readonly watches: number;
}

export interface Reflector<T extends KubeObject> {
  /** Resolved once the first list was told whole. Stays pending for as long as none succeeds. */
  readonly synced: Promise<void>;
  get(namespace: string | undefined, name: string): T | undefined;
  all(): readonly T[];
  facts(): ReflectorFacts;
  /** Ends the watch; nothing is told after the call. */
  stop(): Promise<void>;
}

export function startReflector<T extends KubeObject>(options: ReflectorOptions<T>): Reflector<T> {
  const { client, resource, scope, clock, rng, onChange, onTrouble } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const store = createStore<T>();
  const stopping = new AbortController();
  const { signal } = stopping;
  let phase: ReflectorFacts['phase'] = 'listing';
  let lastContactMs: Millis | undefined;
  let resourceVersion: string | undefined;
  let lists = 0;
  let watches = 0;
  let failures = 0;
  let refusals = 0;
  let tellSynced: () => void = () => {};
  const synced = new Promise<void>((resolve) => {
    tellSynced = resolve;
  });

  function tell(changes: readonly Change<T>[]): void {
    for (const change of changes) {
      if (!signal.aborted) onChange?.(change);
    }
  }

  async function trouble(during: Trouble['during'], failure: Failure): Promise<void> {
    failures += 1;
    onTrouble?.({ during, failure, failures });
    phase = 'waiting';
    const wish = 'status' in failure ? failure.status.retryAfterMs : undefined;
    await pause(backoffDelay(timing.backoff, failures, rng, wish), signal);
  }

  async function list(): Promise<void> {
    phase = 'listing';
    const answer = await client.list(resource, scope ?? {}, { timeoutMs: timing.listMs, signal });
    if (signal.aborted) return;
    if (answer.kind !== 'ok') return trouble('list', answer);
    lists += 1;
    failures = 0;
    refusals = 0;
    lastContactMs = clock.monotonicMs();
    resourceVersion = answer.value.resourceVersion;
    tell(store.replace(answer.value.items));
    tellSynced();
  }

  async function watch(from: string): Promise<void> {
    phase = 'watching';
    watches += 1;
    const openedMs = clock.monotonicMs();
    const end = await client.watch<T>(
      resource,
      {
        ...scope,
        resourceVersion: from,
        serverSeconds: Math.ceil(timing.watchSeconds * (1 + rng.next() / 2)),
        graceMs: timing.graceMs,
        openMs: timing.graceMs,
        signal,
      },
      {
        contact: () => {
          lastContactMs = clock.monotonicMs();
        },
        event: (event) => {
          if (event.kind === 'bookmark') {
            resourceVersion = event.resourceVersion;
            return;
          }
          resourceVersion = event.object.metadata.resourceVersion;
          tell(event.kind === 'deleted' ? store.drop(event.object) : store.put(event.object));
        },
      },
    );
    if (!signal.aborted) await afterWatch(end, clock.monotonicMs() - openedMs);
  }

  async function afterWatch(end: WatchEnd, livedMs: number): Promise<void> {
    if (livedMs >= timing.healthyMs) {
      failures = 0;
      refusals = 0;
    }
    if (end.kind === 'ended' && livedMs >= timing.healthyMs) return;
    if (end.kind === 'gone' || end.kind === 'invalid') resourceVersion = undefined;
    if (end.kind === 'gone' && failures === 0) {
      failures = 1;
      return;
    }
    if (end.kind === 'ended') return trouble('watch', endedAtOnce);
    if ('status' in end) refusals += 1;
    if (refusals >= refusalsBeforeRelist) resourceVersion = undefined;
    return trouble('watch', end);
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      if (resourceVersion === undefined) await list();
      else await watch(resourceVersion);
    }
    phase = 'stopped';
  }

  const running = run();
  return {
    synced,
    get: store.get,
    all: store.all,
    facts: () => ({ phase, lastContactMs, resourceVersion, lists, watches }),
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

const endedAtOnce: Failure = {
  kind: 'unreachable',
  cause: 'the server ended the watch at once',
  effect: 'none',
};

/** Ends early, without an error, when the signal comes. */
async function pause(forMs: Millis, signal: AbortSignal): Promise<void> {
  try {
    await delay(forMs, undefined, { signal });
  } catch {
    // Only the signal ends it early, and the caller looks at the signal.
  }
}
