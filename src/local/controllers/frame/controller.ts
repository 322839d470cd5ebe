/**
 * A controller as data: what it looks at, which keys a change concerns, and its decision. `run` ties
 * it to caches, queue and shell.
 * Never here: a decision of a kind.
 */
import type { ApiObject } from '../../api/port';
import type { Decision } from './action';
import { boundedSet } from './bounded';
import type { Caches } from './cache';
import type { Shell } from './execute';
import { idOf, type Kind, keyOf } from './kind';
import { type Outcome, type Queue, queueOf } from './queue';
import type { Reader } from './reader';
import type { Timers } from './timers';

export interface Source {
  readonly kind: Kind;
  /** The keys that a change from or to this object concerns. */
  readonly keys: (object: ApiObject, reader: Reader) => readonly string[];
  /** Absent: any change. */
  readonly on?: readonly ('removed' | 'put')[];
}

export interface Controller {
  /** As its Events name it: `statefulset-controller`. */
  readonly name: string;
  readonly sources: readonly Source[];
  /** Sources of every kind that is followed, whichever those are. */
  readonly everything?: (kind: Kind, object: ApiObject, reader: Reader) => readonly string[];
  /** Read besides; their changes concern no key by themselves. */
  readonly reads?: readonly Kind[];
  /** The same decision from the same objects at the same time. */
  readonly decide: (key: string, reader: Reader, nowMs: number) => Decision;
}

/** A source with the type of its objects. */
export function source<Known extends ApiObject>(
  kind: Kind<Known>,
  keys: (object: Known, reader: Reader) => readonly string[],
): Source {
  return { kind, keys: (object, reader) => keys(object as Known, reader) };
}

/** Problems that are remembered, so that each is told once. */
const TOLD_MAX = 1000;

/**
 * What throws ends nothing: it is told once, and its key comes again with back-off.
 * @returns stops it.
 */
export function run(
  controller: Controller,
  caches: Caches,
  shell: Shell,
  timers: Timers,
  onProblem: (sentence: string) => void,
): () => void {
  const attempt = attempts(controller.name, onProblem);
  const work = (key: string): Outcome => {
    const { actions, recheckAfterMs } = controller.decide(key, caches, shell.nowMs());
    const isDone = shell.execute(actions, controller.name);
    return isDone ? { kind: 'done', recheckAfterMs } : { kind: 'failed' };
  };
  const queue: Queue = queueOf(timers, (key) => attempt(key, () => work(key), { kind: 'failed' }));
  const sources = new Map<string, readonly Source[]>();
  for (const entry of controller.sources)
    sources.set(idOf(entry.kind), [...(sources.get(idOf(entry.kind)) ?? []), entry]);
  const add = (kind: Kind, object: ApiObject, keys: () => readonly string[]): void => {
    const concerned = attempt(`${idOf(kind)} ${keyOf(object)}`, keys, []);
    for (const key of concerned) queue.add(key);
  };
  const { everything } = controller;
  caches.onChange(({ kind, before, after }) => {
    for (const object of [before, after]) {
      if (object === undefined) continue;
      add(kind, object, () => everything?.(kind, object, caches) ?? []);
      for (const { keys, on } of sources.get(idOf(kind)) ?? [])
        if (on?.includes(after === undefined ? 'removed' : 'put') !== false)
          add(kind, object, () => keys(object, caches));
    }
  });
  const followed = [...controller.sources.map(({ kind }) => kind), ...(controller.reads ?? [])];
  for (const kind of followed) caches.follow(kind);
  for (const { kind, keys } of controller.sources)
    for (const object of caches.list(kind)) add(kind, object, () => keys(object, caches));
  for (const kind of everything === undefined ? [] : caches.kinds())
    for (const object of caches.list(kind))
      add(kind, object, () => everything?.(kind, object, caches) ?? []);
  return () => queue.stop();
}

type Attempt = <Result>(at: string, act: () => Result, otherwise: Result) => Result;

function attempts(name: string, onProblem: (sentence: string) => void): Attempt {
  const told = boundedSet(TOLD_MAX);
  return (at, act, otherwise) => {
    try {
      return act();
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      const sentence = `the ${name} failed at ${at} (${message}) and tries again; to fix: change or delete that object, and report this`;
      if (!told.has(sentence)) {
        told.add(sentence);
        onProblem(sentence);
      }
      return otherwise;
    }
  };
}
