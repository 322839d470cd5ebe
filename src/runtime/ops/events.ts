/**
 * Writes Kubernetes Events (events.k8s.io/v1), in order, one at a time, on the reconcile lane: nobody waits
 * for them, and what cannot be written is counted, never thrown.
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
}

export function createRecorder(options: RecorderOptions): EventRecorder {
  const run: Run = {
    options,
    series: createSeries(options.series),
    names: new Map(),
    queue: [],
    draining: undefined,
    timer: undefined,
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
    const answer = await write(run, order);
    if (answer.kind !== 'ok') drop(run, order, answer.kind);
  }
  run.draining = undefined;
}

/** The next repetition starts a new Event: the old one is gone, or never came to be. */
function drop(run: Run, order: EventOrder, why: Dropped): void {
  run.series.forget(order.key);
  run.names.delete(order.key);
  run.options.onDropped?.(why);
}

function write(run: Run, order: Order): Promise<Answer<unknown>> {
  const { options, names } = run;
  const { namespace, name } = order.event.regarding;
  const time = microTime(order.wallMs);
  const known = names.get(order.key);
  if (order.kind === 'count' && known !== undefined) {
    const series = { count: order.count, lastObservedTime: time };
    return options.client.mergePatch(resources.events, { namespace, name: known }, { series });
  }
  const made = `${name}.${options.makeId()}`;
  names.set(order.key, made);
  return options.client.create(resources.events, eventManifest(options, order.event, made, time));
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
