/**
 * What two servers may tell differently: uids, times, versions, tokens, addresses, names of nodes and
 * namespaces, and the values that a row has kept. Each is replaced by a word, so that its presence counts.
 * Never here: leaving out anything whole.
 */
import { own } from '../../../src/local/api/json';
import type { Json, JsonObject } from '../../../src/local/api/port';
import { inOrder } from '../api/typed/oracle';

/** Before what a row has kept: a version may be the minute of a time. */
const time = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

const words: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UID'],
  [/\b(10|127)(\.\d{1,3}){3}\b/g, 'ADDRESS'],
  [/^(n|node-)\d$/g, 'NODE'],
  [/^(\d+(s|ms|m|h|d|y)){1,2}$/g, 'AGE'],
  [/\b(kube-api-access-|gen-|Gen_)[a-z0-9]{5}\b/g, '$1SUFFIX'],
  [/(?<=current: )\d+/g, 'NUMBER'],
  [/(?<=the ResourceVersion in record \()\d+/g, 'NUMBER'],
  // A real server prints how two structs of Go differ.
  [/\n@@ [\s\S]*$/g, ''],
];

const whole: Readonly<Record<string, string>> = {
  resourceVersion: 'VERSION',
  continue: 'CONTINUE',
  token: 'TOKEN',
  'pod-template-hash': 'HASH',
};

/** @param kept what the row has kept, by name; the namespace is `NS`. */
export function scrub(value: Json, kept: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return scrubText(value, kept);
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => scrub(one, kept));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as JsonObject).map(([key, one]): [string, Json] => {
    const word = own(whole, key);
    if (word !== undefined && typeof one === 'string' && one !== '') return [key, word];
    const inside = scrub(one, kept);
    return [scrubText(key, kept), key === 'managedFields' ? inOrder(inside) : inside];
  });
  return Object.fromEntries(entries);
}

function scrubText(text: string, kept: ReadonlyMap<string, string>): string {
  let result = text.replace(shownObject, (whole) => inOneOrder(whole, kept)).replace(time, 'TIME');
  for (const [name, value] of kept) {
    const word = name === 'NS' ? 'NS' : `$${name}`;
    if (value !== '') result = result.replace(bounded(value), word);
  }
  for (const [pattern, word] of words) result = result.replace(pattern, word);
  return result;
}

/** An object inside a message, in Go's quotes: `"{\"kind\":\"Pod\"}"`. */
const shownObject = /"\{\\"(?:[^"\\]|\\.)*"/g;

/** Its members stand in an order of no meaning, as those of a body do. */
function inOneOrder(quoted: string, kept: ReadonlyMap<string, string>): string {
  try {
    const object = JSON.parse(JSON.parse(quoted) as string) as Json;
    return JSON.stringify(JSON.stringify(sorted(scrub(object, kept))));
  } catch {
    return quoted;
  }
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}

function bounded(value: string): RegExp {
  const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.])${escaped}(?![\\w.])|(?<=\\b)${escaped}(?=\\.gungnir)`, 'g');
}
