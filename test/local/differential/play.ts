/**
 * Plays rows against one API server over HTTPS, each in a namespace of its own, and tells what it answered.
 * Never here: what is asked (rows/), which answer is right.
 */
import { at, isObject } from '../../../src/local/api/json';
import type { Json, JsonObject } from '../../../src/local/api/port';
import type { Wire, WireAnswer, WireAsk } from '../../kit/api-server';
import { until } from '../../kit/until';
import type { Row, Step } from './row';
import { scrub } from './scrub';

export interface Told {
  readonly status: number;
  readonly body: Json;
  readonly warnings?: readonly string[];
}

export interface Played {
  readonly why: string;
  readonly told: readonly Told[];
  /** Why it could not be played to its end. */
  readonly broken?: string;
}

/** How many rows run side by side. */
const LANES = 12;
const AWAITED_MS = 90_000;

let played = 0;

/** To be deleted in the end: a namespace that ends keeps a server busy. */
const namespaces = new Map<Wire, string[]>();

export async function sweep(wire: Wire): Promise<void> {
  for (const name of namespaces.get(wire) ?? [])
    await wire.ask({ method: 'DELETE', path: `/api/v1/namespaces/${name}` });
  namespaces.delete(wire);
}

export async function playAll(wire: Wire, rows: readonly Row[]): Promise<readonly Played[]> {
  const results: Played[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < rows.length; index = next++) {
      const row = rows[index];
      if (row !== undefined) results[index] = await play(wire, row);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

/** What a row has kept, by name. */
type Kept = Map<string, string>;

async function play(wire: Wire, row: Row): Promise<Played> {
  played += 1;
  const namespace = `differ-${process.pid}-${played}`;
  const kept: Kept = new Map([['NS', namespace]]);
  const admin = async (method: string, path: string, body?: Json) =>
    wire.ask({ method, path, ...(body === undefined ? {} : { text: JSON.stringify(body) }) });
  await admin('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  namespaces.set(wire, [...(namespaces.get(wire) ?? []), namespace]);
  const own = ['serviceaccounts/default', 'configmaps/kube-root-ca.crt'];
  for (const one of own) {
    const path = `/api/v1/namespaces/${namespace}/${one}`;
    const isThere = async (): Promise<boolean> => (await admin('GET', path)).status === 200;
    await until(`${one} is in ${namespace}`, isThere, AWAITED_MS, 20);
  }
  const told: Told[] = [];
  try {
    for (const step of row.steps) {
      const answer = await stepped(wire, step, kept);
      if (step.silent !== 'yes') told.push(answer);
    }
    return { why: row.why, told };
  } catch (cause) {
    return { why: row.why, told, broken: cause instanceof Error ? cause.message : String(cause) };
  }
}

async function stepped(wire: Wire, step: Step, kept: Kept): Promise<Told> {
  if (step.watch !== undefined) return watched(wire, step, step.watch, kept);
  const asked = wireAsk(step, kept);
  let answer = await wire.ask(asked);
  const { until: holds } = step;
  if (holds !== undefined) {
    const look = async (): Promise<boolean> => {
      answer = await wire.ask(asked);
      const body = bodyOf(answer.text);
      return holds(isObject(body) ? body : {}, answer.status);
    };
    await until(`${step.method} ${asked.path}: ${holds}`, look, AWAITED_MS, 50).catch((cause) => {
      throw new Error(`${(cause as Error).message}; the last answer: ${answer.text}`);
    });
  }
  return toldOf(step, answer, bodyOf(answer.text), kept);
}

async function watched(
  wire: Wire,
  step: Step,
  { events: wanted, last, during = [] }: NonNullable<Step['watch']>,
  kept: Kept,
): Promise<Told> {
  const lines: string[] = [];
  let doing: Promise<void> = Promise.resolve();
  const answer = await wire.stream(
    wireAsk(step, kept),
    (line) => {
      lines.push(line);
      const isLast = last !== undefined && line.includes(last);
      return isLast || lines.length >= wanted ? 'enough' : 'more';
    },
    () => {
      doing = (async () => {
        for (const one of during) await stepped(wire, one, kept);
      })();
    },
  );
  await doing;
  const events = lines.map((line) => JSON.parse(line) as Json);
  return toldOf(step, answer, answer.status === 200 ? { events } : bodyOf(answer.text), kept);
}

function wireAsk(step: Step, kept: Kept): WireAsk {
  const { method, path, body, bytes, contentType, accept, headers, certificate } = step;
  const text =
    body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const sent = text === undefined ? bytes : filled(text, kept);
  return {
    method,
    path: filled(path, kept, encodeURIComponent),
    ...(sent === undefined ? {} : { text: sent }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(accept === undefined ? {} : { accept }),
    ...(headers === undefined
      ? {}
      : { headers: JSON.parse(filled(JSON.stringify(headers), kept)) }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

function filled(
  text: string,
  kept: Kept,
  encode: (value: string) => string = (same) => same,
): string {
  return text
    .replace(/\bNS\b/g, kept.get('NS') ?? '')
    .replace(/\$([a-z]+)\b/gi, (whole, name: string) => {
      const value = kept.get(name);
      return value === undefined ? whole : encode(value);
    });
}

function bodyOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function toldOf(step: Step, answer: WireAnswer, body: Json, kept: Kept): Told {
  // A refusal has nothing to keep: what uses it then says an unknown word, on both servers.
  const wanted = answer.status < 300 ? Object.entries(step.keep ?? {}) : [];
  for (const [name, path] of wanted) {
    const value = at(body as JsonObject, ...path.split('.'));
    if (typeof value !== 'string') throw new Error(`nothing to keep at ${path}: ${answer.text}`);
    kept.set(name, value);
  }
  const warnings = warningsOf(answer);
  return {
    status: answer.status,
    body: scrub(shownOf(step, answer.status, body), kept),
    ...(warnings.length === 0 ? {} : { warnings: warnings.map((one) => String(scrub(one, kept))) }),
  };
}

/** A refusal is always compared whole. */
function shownOf({ only, shown }: Step, status: number, body: Json): Json {
  if (status >= 300 || !isObject(body)) return body;
  if (shown !== undefined) return shown(body);
  if (only === undefined) return body;
  return Object.fromEntries(only.map((path) => [path, at(body, ...path.split('.')) ?? null]));
}

function warningsOf({ headers }: WireAnswer): readonly string[] {
  const { warning } = headers;
  return warning === undefined ? [] : [warning].flat();
}
