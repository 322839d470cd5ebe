/**
 * Brings each event to those who listen: callbacks at once and in order, iterators at their own pace.
 * A listener that throws harms neither the engine nor the next listener.
 * Never here: what the events mean.
 */
import type { SentinelEvent, SentinelEventName } from './events';

/** Takes events of one type. */
export type Listener<Name extends SentinelEventName> = (event: SentinelEvent<Name>) => void;

/** Of `events()`: when it ends, and how far it may fall behind. */
export interface IterateOptions {
  /** Ends the iteration without an error. */
  readonly signal?: AbortSignal | undefined;
  /** Events that wait for the reader; beyond it the oldest are dropped and `+overrun` says so. Default 1000. */
  readonly bufferMax?: number | undefined;
}

const BUFFER_MAX = 1000;

type AnyListener = (event: SentinelEvent) => void;

export class EventHub {
  private readonly byName = new Map<SentinelEventName | '*', Set<AnyListener>>();
  private readonly readers = new Set<Reader>();
  private readonly atClose = new Set<() => void>();
  private phase: 'open' | 'closed' = 'open';

  on(name: SentinelEventName | '*', listener: AnyListener): () => void {
    const listeners = this.byName.get(name) ?? new Set();
    this.byName.set(name, listeners);
    // One listener given twice is two listeners, and each is taken off by its own function.
    const own: AnyListener = (event) => listener(event);
    listeners.add(own);
    return () => void listeners.delete(own);
  }

  emit(event: SentinelEvent): void {
    if (this.phase === 'closed') return;
    for (const reader of this.readers) reader.push(event);
    const listeners = [...(this.byName.get(event.type) ?? []), ...(this.byName.get('*') ?? [])];
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        // As an uncaught exception, where the program's own handlers see it; never in the engine.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** Events from this call on; ends with `close` or the signal. */
  iterate({
    signal,
    bufferMax = BUFFER_MAX,
  }: IterateOptions): AsyncIterableIterator<SentinelEvent> {
    const reader = new Reader(Math.max(1, bufferMax), () => this.readers.delete(reader));
    if (this.phase === 'closed' || signal?.aborted === true) reader.end();
    else this.readers.add(reader);
    const onAbort = (): void => reader.end();
    signal?.addEventListener('abort', onAbort, { once: true });
    reader.onEnd(() => signal?.removeEventListener('abort', onAbort));
    return reader;
  }

  /** Called once, when nothing more is told. */
  onClose(listener: () => void): () => void {
    const own = (): void => listener();
    this.atClose.add(own);
    return () => void this.atClose.delete(own);
  }

  /** What waits for a reader is still read; nothing comes after it. */
  close(): void {
    this.phase = 'closed';
    for (const reader of [...this.readers]) reader.end();
    this.byName.clear();
    for (const tell of [...this.atClose]) tell();
    this.atClose.clear();
  }
}

class Reader implements AsyncIterableIterator<SentinelEvent> {
  private readonly waiting: SentinelEvent[] = [];
  private readonly wanted: ((result: IteratorResult<SentinelEvent>) => void)[] = [];
  private readonly atEnd: (() => void)[] = [];
  private dropped = 0;
  private phase: 'open' | 'ended' = 'open';

  constructor(
    private readonly bufferMax: number,
    forget: () => void,
  ) {
    this.atEnd.push(forget);
  }

  push(event: SentinelEvent): void {
    if (this.phase === 'ended') return;
    const next = this.wanted.shift();
    if (next !== undefined) {
      next({ done: false, value: event });
      return;
    }
    this.waiting.push(event);
    if (this.waiting.length <= this.bufferMax) return;
    this.waiting.shift();
    this.dropped += 1;
  }

  end(): void {
    if (this.phase === 'ended') return;
    this.phase = 'ended';
    for (const next of this.wanted.splice(0)) next({ done: true, value: undefined });
    for (const tell of this.atEnd.splice(0)) tell();
  }

  onEnd(tell: () => void): void {
    if (this.phase === 'ended') tell();
    else this.atEnd.push(tell);
  }

  next(): Promise<IteratorResult<SentinelEvent>> {
    const value = this.take();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.phase === 'ended') return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.wanted.push(resolve));
  }

  return(): Promise<IteratorResult<SentinelEvent>> {
    this.waiting.length = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<SentinelEvent> {
    return this;
  }

  private take(): SentinelEvent | undefined {
    const { dropped } = this;
    const first = this.waiting[0];
    if (dropped === 0 || first === undefined) return this.waiting.shift();
    this.dropped = 0;
    return { type: '+overrun', atMs: first.atMs, dropped };
  }
}
