/**
 * Answers as bytes: JSON or YAML, warnings, retry hints. The text of an object is made once and shared by all
 * of its readers.
 * Never here: which answer.
 */
import type { ServerResponse } from 'node:http';
import { stringify } from 'yaml';
import { isObject, numberAt } from '../json';
import type { Json, JsonObject } from '../port';

const texts = new WeakMap<JsonObject, string>();

/** JSON of an object; what the store holds is never changed, so its text is kept. */
export function textOf(value: JsonObject): string {
  let text = texts.get(value);
  if (text === undefined) {
    text = JSON.stringify(value);
    texts.set(value, text);
  }
  return text;
}

/**
 * JSON of a list. Items of built-in kinds carry neither kind nor apiVersion, as from the real server.
 */
export function listText(list: JsonObject, items: 'bare' | 'whole'): string {
  const { items: all, ...head } = list;
  const found = Array.isArray(all) ? (all as readonly Json[]).filter(isObject) : [];
  const parts = found.map((item) => (items === 'whole' ? textOf(item) : bareText(item)));
  return `${JSON.stringify(head).slice(0, -1)},"items":[${parts.join(',')}]}`;
}

const bareTexts = new WeakMap<JsonObject, string>();

function bareText(item: JsonObject): string {
  let text = bareTexts.get(item);
  if (text === undefined) {
    const { kind: _kind, apiVersion: _apiVersion, ...rest } = item;
    text = JSON.stringify(rest);
    bareTexts.set(item, text);
  }
  return text;
}

export interface Reply {
  readonly code: number;
  readonly text: string;
  /** Default `application/json`. */
  readonly type?: string;
  readonly warnings?: readonly string[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

export function send(response: ServerResponse, reply: Reply): void {
  const { code, type = 'application/json', warnings = [], retryAfterSeconds } = reply;
  const bytes = Buffer.from(type === 'application/json' ? `${reply.text}\n` : reply.text);
  response.writeHead(code, {
    'Cache-Control': 'no-cache, private',
    'Content-Type': type,
    'Content-Length': bytes.length,
    ...(warnings.length === 0 ? {} : { Warning: warnings.map(warningText) }),
    ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
  });
  response.end(bytes);
}

export function warningText(text: string): string {
  const safe = text.replace(/[^\x20-\x7e]/g, ' ').replace(/["\\]/g, (sign) => `\\${sign}`);
  return `299 - "${safe}"`;
}

/** An object as it is. */
export function objectReply(
  code: number,
  value: JsonObject,
  form: 'json' | 'yaml' = 'json',
  warnings?: readonly string[],
): Reply {
  const retryAfterSeconds = numberAt(value, 'details', 'retryAfterSeconds');
  const common = { code, warnings, retryAfterSeconds };
  if (form === 'json') return { ...common, text: textOf(value) };
  return { ...common, text: stringify(value), type: 'application/yaml' };
}

export function textReply(code: number, text: string): Reply {
  return { code, text, type: 'text/plain; charset=utf-8' };
}
