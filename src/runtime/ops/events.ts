/**
 * Writes Kubernetes Events (events.k8s.io/v1), in order, one at a time, on the reconcile lane: nobody waits
 * for them, what the server refuses for the moment is tried again for about 30 s, and what cannot be
 * written is counted, never thrown.
 * Never here: what is worth an Event; how often it is told (series.ts).
 */
import type { Millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';
import { microTime } from '../../kit/micro-time';
import type { Answer, Failure } from '../kube/answer';
import { fieldManager, type KubeClient } from '../kube/client';
import { resources } from '../kube/types';
import {
  createSeries,
  type EventFact,
  type EventOrder,
  type EventSeries,
  type SeriesConfig,
} from './series';

/** Why an Event was not written. */
export type Dropped = 'queueFull' | Failure['kind'];

export interface RecorderOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** Which process: the pod's name. */
  readonly instance: string;
  /** A short random text, lower case; part of the Event's name. */
  readonly makeId: () => string;
  readonly series?: SeriesConfig;
  /** Waits, in ms, between the tries of one write. Default: nine, some 27 s together. */
  readonly againMs?: readonly number[];
  readonly onDropped?: (why: Dropped) => void;
}

export interface EventRecorder {
  record(event: EventFact): void;
  /** Resolved when all that may be written by now is written, or `withinMs` passed. */
  stop(withinMs: Millis): Promise<void>;
}

/** Orders that wait for the server; more are dropped. A flood is no reason for a flood of memory. */
const queueMax = 200;
const noteMaxBytes = 1_024;
/** Then it is dropped, so that one Event cannot hold up all others. */
const defaultAgainMs: readonly number[] = [
  250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000, 5_000,
];
/** What the next try may bring. */
const passing: ReadonlySet<Failure['kind']> = new Set([
  'conflict',
  'throttled',
  'failed',
  'unauthorized',
  'timedOut',
  'unreachable',
]);
/** Held counts are looked at this often, while there are any. */
const lookEveryMs = 2_000;

type Order = EventOrder & { readonly wallMs: number };

/** One recorder's own state; the functions below are its only writers. */
interface Run {
  readonly options: RecorderOptions;
  readonly series: EventSeries;
  /** Name of the Event of each key, as far as it was created. */
  readonly names: Map<string, string>;
  readonly queue: Order[];
  draining: Promise<void> | undefined;
  timer: NodeJS.Timeout | undefined;
  phase: 'open' | 'stopped';
}

export function createRecorder(options: RecorderOptions): EventRecorder {
  const run: Run = {
    options,
    series: createSeries(options.series),
    names: new Map(),
    queue: [],
    draining: undefined,
    timer: undefined,
    phase: 'open',
  };
  return {
    record(event) {
      const order = run.series.record(event, options.clock.monotonicMs());
      if (order !== 'held') enqueue(run, order);
      arm(run);
    },
    async stop(withinMs) {
      clearTimeout(run.timer);
      let limit: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        limit = setTimeout(resolve, withinMs);
      });
      await Promise.race([run.draining, late]);
      clearTimeout(limit);
      run.phase = 'stopped';
      run.queue.length = 0;
    },
  };
}

/** Held counts are looked at later, as long as there are any. */
function arm(run: Run): void {
  if (run.timer !== undefined || !run.series.waiting()) return;
  run.timer = setTimeout(() => {
    run.timer = undefined;
    for (const order of run.series.due(run.options.clock.monotonicMs())) enqueue(run, order);
    arm(run);
  }, lookEveryMs);
  run.timer.unref();
}

function enqueue(run: Run, order: EventOrder): void {
  if (run.queue.length >= queueMax) {
    drop(run, order, 'queueFull');
    return;
  }
  run.queue.push({ ...order, wallMs: run.options.clock.wallMs() });
  run.draining ??= drain(run);
}

async function drain(run: Run): Promise<void> {
  for (let order = run.queue.shift(); order !== undefined; order = run.queue.shift()) {
    const answer = await writeUntilTaken(run, order);
    if (answer.kind !== 'ok') drop(run, order, answer.kind);
  }
  run.draining = undefined;
}

async function writeUntilTaken(run: Run, order: Order): Promise<Answer<unknown>> {
  const name = nameFor(run, order);
  let answer = await write(run, order, name);
  for (const waitMs of run.options.againMs ?? defaultAgainMs) {
    if (answer.kind === 'ok' || !passing.has(answer.kind) || run.phase === 'stopped') return answer;
    await restFor(Math.max(waitMs, wishOf(answer)));
    // Under the same name: the one before may have been carried out although its answer was lost.
    const again = await write(run, order, name);
    answer = again.kind === 'alreadyExists' ? { kind: 'ok', value: undefined } : again;
  }
  return answer;
}

function wishOf(failure: Failure): number {
  return 'status' in failure ? (failure.status.retryAfterMs ?? 0) : 0;
}

function restFor(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}

/** The next repetition starts a new Event: the old one is gone, or never came to be. */
function drop(run: Run, order: EventOrder, why: Dropped): void {
  run.series.forget(order.key);
  run.names.delete(order.key);
  run.options.onDropped?.(why);
}

interface EventName {
  readonly kind: 'known' | 'made';
  readonly name: string;
}

/** A count of an Event that never came to be begins a new one. */
function nameFor({ options, names }: Run, order: Order): EventName {
  const known = names.get(order.key);
  if (order.kind === 'count' && known !== undefined) return { kind: 'known', name: known };
  const made = `${order.event.regarding.name}.${options.makeId()}`;
  names.set(order.key, made);
  return { kind: 'made', name: made };
}

function write(
  { options }: Run,
  order: Order,
  { kind, name }: EventName,
): Promise<Answer<unknown>> {
  const { namespace } = order.event.regarding;
  const time = microTime(order.wallMs);
  if (order.kind === 'count' && kind === 'known') {
    const series = { count: order.count, lastObservedTime: time };
    return options.client.mergePatch(resources.events, { namespace, name }, { series });
  }
  return options.client.create(resources.events, eventManifest(options, order.event, name, time));
}

function eventManifest(options: RecorderOptions, event: EventFact, name: string, time: string) {
  const { regarding } = event;
  return {
    apiVersion: resources.events.apiVersion,
    kind: resources.events.kind,
    metadata: { name, namespace: regarding.namespace },
    eventTime: time,
    reportingController: `valkey.verilean.io/${fieldManager}`,
    reportingInstance: options.instance,
    type: event.type,
    reason: event.reason,
    action: event.action,
    note: cutBytes(event.note, noteMaxBytes),
    regarding,
  };
}

/** Never in the middle of a character. */
function cutBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const ellipsis = '…';
  let kept = '';
  let bytes = Buffer.byteLength(ellipsis);
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept + ellipsis;
}
