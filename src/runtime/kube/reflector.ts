/**
 * Keeps a copy of a collection for ever: list, then watch, then watch again from where it stopped. No
 * error ends it; only `stop` does. A copy is late by nature: `facts()` says how late it may be, and a
 * destructive step reads again by itself.
 * Never here: decisions. Faults: test/runtime/kube/reflector.test.ts; the real server: real-contract.test.ts.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Millis, millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';
import type { Rng } from '../../kit/rng';
import type { Failure } from './answer';
import { type Backoff, backoffDelay, defaultBackoff } from './backoff';
import type { KubeClient } from './client';
import { comparePlace, type Scope } from './paths';
import { type Change, createStore, type Store } from './store';
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
  /** For `group`. Default: no object is in one. */
  readonly groupOf?: (object: T) => string | undefined;
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
   * Life of a watch in seconds, before a jitter of up to half of it. Default 60. With the grace it bounds how
   * long a half-open connection can hide; on a quiet watch that is healthy, contact can be as old as this.
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
  /** Those of one group, by `groupOf`. */
  group(name: string): readonly T[];
  facts(): ReflectorFacts;
  /** Ends the watch; nothing is told after the call. */
  stop(): Promise<void>;
}

/** One reflector's own state; the functions below are its only writers. */
interface Run<T extends KubeObject> {
  readonly options: ReflectorOptions<T>;
  readonly timing: ReflectorTiming;
  readonly store: Store<T>;
  readonly signal: AbortSignal;
  /** In a row, each of its own kind: a list that works says nothing about the watch. */
  readonly failures: { list: number; watch: number };
  /** Of the watch, by a server that answers, since the last list. */
  refusals: number;
  facts: ReflectorFacts;
}

export function startReflector<T extends KubeObject>(options: ReflectorOptions<T>): Reflector<T> {
  const stopping = new AbortController();
  const run: Run<T> = {
    options,
    timing: { ...defaultTiming, ...options.timing },
    store: createStore<T>(options.groupOf),
    signal: stopping.signal,
    failures: { list: 0, watch: 0 },
    refusals: 0,
    facts: {
      phase: 'listing',
      lastContactMs: undefined,
      resourceVersion: undefined,
      lists: 0,
      watches: 0,
    },
  };
  let tellSynced: () => void = () => {};
  const synced = new Promise<void>((resolve) => {
    tellSynced = resolve;
  });
  const running = keepGoing(run, tellSynced);
  return {
    synced,
    get: run.store.get,
    all: run.store.all,
    group: run.store.group,
    facts: () => run.facts,
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function keepGoing<T extends KubeObject>(run: Run<T>, tellSynced: () => void): Promise<void> {
  while (!run.signal.aborted) {
    const from = run.facts.resourceVersion;
    if (from === undefined) await list(run, tellSynced);
    else await watch(run, from);
  }
  note(run, { phase: 'stopped' });
}

function note<T extends KubeObject>(run: Run<T>, facts: Partial<ReflectorFacts>): void {
  run.facts = { ...run.facts, ...facts };
}

function tell<T extends KubeObject>(run: Run<T>, changes: readonly Change<T>[]): void {
  for (const change of changes) {
    if (!run.signal.aborted) run.options.onChange?.(change);
  }
}

async function list<T extends KubeObject>(run: Run<T>, tellSynced: () => void): Promise<void> {
  const { options, timing, signal, store } = run;
  const { client, resource, scope = {}, clock } = options;
  note(run, { phase: 'listing' });
  const answer = await client.list(resource, scope, { timeoutMs: timing.listMs, signal });
  if (signal.aborted) return;
  if (answer.kind !== 'ok') return trouble(run, 'list', answer);
  const { items, resourceVersion } = answer.value;
  run.failures.list = 0;
  run.refusals = 0;
  note(run, { resourceVersion, lists: run.facts.lists + 1, lastContactMs: clock.monotonicMs() });
  tell(run, store.replace(items));
  tellSynced();
}

async function watch<T extends KubeObject>(run: Run<T>, resourceVersion: string): Promise<void> {
  const { options, timing, signal, store } = run;
  const { client, resource, scope, clock, rng } = options;
  note(run, { phase: 'watching', watches: run.facts.watches + 1 });
  const serverSeconds = Math.ceil(timing.watchSeconds * (1 + rng.next() / 2));
  let openedMs: Millis | undefined;
  let events = 0;
  const end = await client.watch<T>(
    resource,
    {
      ...scope,
      resourceVersion,
      serverSeconds,
      graceMs: timing.graceMs,
      openMs: timing.graceMs,
      signal,
    },
    {
      contact: () => {
        const lastContactMs = clock.monotonicMs();
        openedMs ??= lastContactMs;
        note(run, { lastContactMs });
      },
      event: (event) => {
        events += 1;
        if (event.kind === 'bookmark') return note(run, { resourceVersion: event.resourceVersion });
        note(run, { resourceVersion: event.object.metadata.resourceVersion });
        tell(run, event.kind === 'deleted' ? store.drop(event.object) : store.put(event.object));
      },
    },
  );
  const nowMs = clock.monotonicMs();
  const livedMs = nowMs - (openedMs ?? nowMs);
  const silent = end.kind === 'ended' && events === 0 && livedMs >= serverSeconds * 900;
  if (signal.aborted) return;
  if (silent) await afterSilence(run, resourceVersion);
  else await afterWatch(run, end, livedMs);
}

/**
 * A server whose store went back in time accepts a watch from its future and then says nothing, to the end,
 * as a quiet one does too. (Bookmarks do not tell them apart: of 72 quiet watches 33 had one.) So ask.
 */
async function afterSilence<T extends KubeObject>(run: Run<T>, place: string): Promise<void> {
  const { options, timing, signal, failures } = run;
  const { client, resource, scope = {}, clock } = options;
  const head = await client.head(resource, scope, { timeoutMs: timing.listMs, signal });
  if (signal.aborted) return;
  if (head.kind !== 'ok') return trouble(run, 'list', head);
  failures.list = 0;
  failures.watch = 0;
  run.refusals = 0;
  note(run, { lastContactMs: clock.monotonicMs() });
  if (comparePlace(head.value, place) !== 'present') note(run, { resourceVersion: undefined });
}

/** @param livedMs since the server's first byte; 0 when there was none. */
async function afterWatch<T extends KubeObject>(
  run: Run<T>,
  end: WatchEnd,
  livedMs: number,
): Promise<void> {
  const { failures, timing } = run;
  if (livedMs >= timing.healthyMs) {
    failures.watch = 0;
    run.refusals = 0;
    if (end.kind === 'ended') return;
  }
  if (end.kind === 'gone' || end.kind === 'invalid') note(run, { resourceVersion: undefined });
  if (end.kind === 'gone' && failures.watch === 0) {
    // Ordinary after a long silence: no wait, unless it comes again.
    failures.watch = 1;
    return;
  }
  if (end.kind === 'ended') return trouble(run, 'watch', endedAtOnce);
  if ('status' in end) run.refusals += 1;
  if (run.refusals >= refusalsBeforeRelist) note(run, { resourceVersion: undefined });
  return trouble(run, 'watch', end);
}

/** Tells the failure and waits before the next try. */
async function trouble<T extends KubeObject>(
  run: Run<T>,
  during: Trouble['during'],
  failure: Failure,
): Promise<void> {
  const { options, timing, signal, failures } = run;
  failures[during] += 1;
  options.onTrouble?.({ during, failure, failures: failures[during] });
  note(run, { phase: 'waiting' });
  const wish = 'status' in failure ? failure.status.retryAfterMs : undefined;
  await pause(backoffDelay(timing.backoff, failures[during], options.rng, wish), signal);
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
