/**
 * Cuts a stream of bytes into lines and lines into watch events. Bytes are decoded by whole lines, so a
 * character that is split between two chunks stays whole; an unfinished last line is never parsed.
 * Pure but for the buffer it keeps. Tests: test/runtime/kube/lines.test.ts.
 */
import { isRecord, parseObject, type Refusal } from './answer';
import type { KubeObject } from './types';

/** Longest line, in bytes. An object is at most 1.5 MiB in etcd; JSON of it may be some times longer. */
export const lineMaxBytes = 16 * 1024 * 1024;

const newline = 0x0a;

export interface LineSplitter {
  /** @returns the lines that this chunk completes, or `tooLong` once a line passes the limit. */
  feed(chunk: Uint8Array): readonly string[] | 'tooLong';
}

/** @param maxBytes 1 or more. */
export function lineSplitter(maxBytes: number = lineMaxBytes): LineSplitter {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  const keep = (part: Uint8Array): void => {
    pending.push(part);
    pendingBytes += part.length;
  };
  return {
    feed(chunk) {
      const lines: string[] = [];
      let from = 0;
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
        keep(chunk.subarray(from, at));
        if (pendingBytes > maxBytes) return 'tooLong';
        const line = Buffer.concat(pending).toString('utf8').trim();
        if (line !== '') lines.push(line);
        pending = [];
        pendingBytes = 0;
        from = at + 1;
      }
      if (from < chunk.length) keep(chunk.subarray(from));
      return pendingBytes > maxBytes ? 'tooLong' : lines;
    },
  };
}

export type WatchEvent<T extends KubeObject = KubeObject> =
  | { readonly kind: 'added' | 'modified' | 'deleted'; readonly object: T }
  | { readonly kind: 'bookmark'; readonly resourceVersion: string }
  | { readonly kind: 'error'; readonly status: Refusal }
  /** Not what an API server sends: the stream cannot be trusted any further. */
  | { readonly kind: 'broken'; readonly line: string };

const kinds: Readonly<Record<string, 'added' | 'modified' | 'deleted'>> = {
  ADDED: 'added',
  MODIFIED: 'modified',
  DELETED: 'deleted',
};

/** Longest part of an unreadable line that is shown, in characters. */
const shownMax = 80;

export function parseWatchLine<T extends KubeObject>(line: string): WatchEvent<T> {
  const broken = { kind: 'broken', line: line.slice(0, shownMax) } as const;
  const parsed = parseObject(line);
  const object = parsed?.object;
  if (parsed === undefined || !isRecord(object)) return broken;
  const type = String(parsed.type);
  if (type === 'ERROR') return { kind: 'error', status: statusOf(object) };
  const metadata = object.metadata;
  if (!isRecord(metadata) || typeof metadata.resourceVersion !== 'string') return broken;
  if (type === 'BOOKMARK') return { kind: 'bookmark', resourceVersion: metadata.resourceVersion };
  const kind = kinds[type];
  if (kind === undefined || typeof metadata.name !== 'string') return broken;
  return { kind, object: object as unknown as T };
}

function statusOf(object: Readonly<Record<string, unknown>>): Refusal {
  return {
    code: typeof object.code === 'number' ? object.code : 500,
    reason: typeof object.reason === 'string' ? object.reason : '',
    message: typeof object.message === 'string' ? object.message : '',
    retryAfterMs: undefined,
  };
}
