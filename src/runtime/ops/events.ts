/**
 * Writes Kubernetes Events (events.k8s.io/v1), in order, one at a time, on the reconcile lane: nobody waits
 * for them, and what cannot be written is counted, never thrown.
 * Never here: what is worth an Event; how often it is told (series.ts).
 */
import type { Millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';
import type { Answer, Failure } from '../kube/answer';
import { fieldManager, type KubeClient } from '../kube/client';
import { microTime } from '../kube/election';
import { resources } from '../kube/types';
import { createSeries, type EventFact, type EventOrder, type SeriesConfig } from './series';

export interface RecorderOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** Which process: the pod's name. */
  readonly instance: string;
  /** A short random text, lower case; part of the Event's name. */
  readonly makeId: () => string;
  readonly series?: SeriesConfig;
  readonly onDropped?: (why: 'queueFull' | Failure['kind']) => void;
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

export function createRecorder(options: RecorderOptions): EventRecorder {
  const { client, clock, onDropped } = options;
  const series = createSeries(options.series);
  const names = new Map<string, string>();
  const queue: (EventOrder & { readonly wallMs: number })[] = [];
  let draining: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function enqueue(order: EventOrder): void {
    if (queue.length >= queueMax) {
      series.forget(order.key);
      onDropped?.('queueFull');
      return;
    }
    queue.push({ ...order, wallMs: clock.wallMs() });
    draining ??= drain();
  }

  async function drain(): Promise<void> {
    for (let order = queue.shift(); order !== undefined; order = queue.shift()) {
      const failure = await write(order);
      if (failure === undefined) continue;
      // The next repetition starts a new Event: the old one is gone, or never came to be.
      series.forget(order.key);
      names.delete(order.key);
      onDropped?.(failure);
    }
    draining = undefined;
  }

  async function write(
    order: EventOrder & { readonly wallMs: number },
  ): Promise<Failure['kind'] | undefined> {
    const name = names.get(order.key);
    const time = microTime(order.wallMs);
    if (order.kind === 'create' || name === undefined) {
      const made = `${order.event.regarding.name}.${options.makeId()}`;
      names.set(order.key, made);
      return failureKind(
        await client.create(resources.events, eventManifest(options, order.event, made, time)),
      );
    }
    return failureKind(
      await client.mergePatch(
        resources.events,
        { namespace: order.event.regarding.namespace, name },
        { series: { count: order.count, lastObservedTime: time } },
      ),
    );
  }

  function look(): void {
    timer = undefined;
    for (const order of series.due(clock.monotonicMs())) enqueue(order);
    arm();
  }

  function arm(): void {
    if (timer !== undefined || !series.waiting()) return;
    timer = setTimeout(look, lookEveryMs);
    timer.unref();
  }

  return {
    record(event) {
      const order = series.record(event, clock.monotonicMs());
      if (order !== 'held') enqueue(order);
      arm();
    },
    async stop(withinMs) {
      clearTimeout(timer);
      let limit: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        limit = setTimeout(resolve, withinMs);
      });
      await Promise.race([draining ?? Promise.resolve(), late]);
      clearTimeout(limit);
      queue.length = 0;
    },
  };
}

function failureKind(answer: Answer<unknown>): Failure['kind'] | undefined {
  return answer.kind === 'ok' ? undefined : answer.kind;
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
