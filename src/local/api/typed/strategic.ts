/**
 * Strategic merge patches: lists merge by their key, `$patch`, `$retainKeys`, `$setElementOrder/x` and
 * `$deleteFromPrimitiveList/x` are obeyed, as apimachinery's strategicpatch does it.
 * Never here: JSON patch and JSON merge patch, which need no types.
 */
import { isObject, own, put, same } from '../json';
import type { Json, JsonObject } from '../port';
import { deducedShape, type MergeStrategy, type Shape } from './shape';

/** A patch that cannot be applied. `code` as the real server answers it. */
export class PatchError extends Error {
  constructor(
    message: string,
    readonly code: 400 | 500,
  ) {
    super(message);
  }
}

const patchKey = '$patch';
const retainKeys = '$retainKeys';
const orderPrefix = '$setElementOrder/';
const deletePrefix = '$deleteFromPrimitiveList/';
const replaceAll: MergeStrategy = { kind: 'replace', key: undefined, retainsKeys: false };

/** @throws {PatchError} */
export function strategicallyPatched(shape: Shape, original: JsonObject, patch: JsonObject) {
  return mergedMap(shape, original, patch);
}

function mergedMap(shape: Shape, original: JsonObject, given: JsonObject): JsonObject {
  if (patchKey in given) return directed(given);
  const { [retainKeys]: retained, ...patch } = given;
  const out: Record<string, Json> = { ...retaining(original, patch, retained) };
  const done = orderedLists(shape, out, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (done.has(key)) continue;
    if (key.startsWith(deletePrefix)) deleteScalars(out, key.slice(deletePrefix.length), value);
    else if (value === null) delete out[key];
    else {
      const set = mergedValue(shape, key, own(out, key), value);
      if (set === undefined) delete out[key];
      else put(out, key, set);
    }
  }
  return out;
}

function directed(patch: JsonObject): JsonObject {
  const { [patchKey]: directive, ...rest } = patch;
  if (directive === 'replace') return rest;
  if (directive === 'delete') return {};
  throw new PatchError(`unknown patch type: ${String(directive)} in map: ${goMap(patch)}`, 500);
}

function retaining(
  original: JsonObject,
  patch: JsonObject,
  retained: Json | undefined,
): JsonObject {
  if (retained === undefined) return original;
  const wrong = 'invalid patch format of retainKeys';
  if (!Array.isArray(retained)) throw new PatchError(wrong, 400);
  const kept = new Set<Json>(retained as readonly Json[]);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key.startsWith(deletePrefix) || key.startsWith(orderPrefix)) continue;
    if (!kept.has(key)) throw new PatchError(wrong, 400);
  }
  return Object.fromEntries(Object.entries(original).filter(([key]) => kept.has(key)));
}

/** @returns undefined where nothing is left. */
function mergedValue(shape: Shape, key: string, before: Json | undefined, value: Json) {
  const field = shape.fields.get(key);
  const inner = field?.shape ?? shape.element ?? deducedShape;
  const strategy = field?.merge ?? replaceAll;
  if (isObject(before) && isObject(value)) {
    const replaces = field !== undefined && strategy.kind === 'replace' && strategy.retainsKeys;
    const { [retainKeys]: _kept, ...rest } = value;
    return replaces ? rest : mergedMap(inner, before, value);
  }
  if (Array.isArray(before) && Array.isArray(value)) {
    return strategy.kind === 'merge'
      ? mergedList(inner, before as readonly Json[], value as readonly Json[], strategy)
      : (value as readonly Json[]);
  }
  return withoutDirectives(withoutNulls(value));
}

function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutNulls);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutNulls(one)]));
}

/** @returns undefined for an object that is a directive itself. */
function withoutDirectives(value: Json): Json | undefined {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map(withoutDirectives).filter((one) => one !== undefined);
  }
  if (!isObject(value)) return value;
  if (patchKey in value) return undefined;
  const out: Record<string, Json> = {};
  for (const [key, one] of Object.entries(value)) {
    const kept = withoutDirectives(one);
    if (kept !== undefined) put(out, key, kept);
  }
  return out;
}

function deleteScalars(out: Record<string, Json>, key: string, value: Json): void {
  const before = own(out, key);
  if (!Array.isArray(before) || !Array.isArray(value)) return;
  const gone = new Set<Json>(value as readonly Json[]);
  out[key] = (before as readonly Json[]).filter((item) => !gone.has(item));
}

/** Merges the lists whose order the patch says. @returns the keys of the patch that are done with. */
function orderedLists(
  shape: Shape,
  out: Record<string, Json>,
  patch: JsonObject,
): ReadonlySet<string> {
  const done = new Set<string>();
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(orderPrefix)) continue;
    done.add(directive);
    const key = directive.slice(orderPrefix.length);
    const strategy = shape.fields.get(key)?.merge ?? replaceAll;
    const before = own(out, key);
    const change = own(patch, key);
    if (!Array.isArray(order)) throw wrongType('[]interface {}', order);
    if (before === undefined && change === undefined) continue;
    checkOrder(change, order as readonly Json[], strategy.key);
    const inner = shape.fields.get(key)?.shape ?? deducedShape;
    const items = bothLists(inner, before, change, strategy);
    const original = Array.isArray(before) ? (before as readonly Json[]) : [];
    out[key] = inOrder(items, order as readonly Json[], original, strategy.key);
    done.add(key);
  }
  return done;
}

function bothLists(
  inner: Shape,
  before: Json | undefined,
  change: Json | undefined,
  strategy: MergeStrategy,
): readonly Json[] {
  if (change === undefined) return listOf(before);
  if (before === undefined) return listOf(withoutDirectives(change));
  return strategy.kind === 'merge'
    ? mergedList(inner, listOf(before), listOf(change), strategy)
    : listOf(change);
}

function listOf(value: Json | undefined): readonly Json[] {
  if (!Array.isArray(value)) throw wrongType('[]interface {}', value ?? null);
  return value as readonly Json[];
}

function wrongType(expected: string, value: Json): PatchError {
  const is = isObject(value) ? 'map[string]interface {}' : typeof value;
  return new PatchError(`expected a ${expected}, but received a ${is}`, 500);
}

/** Each item that the patch changes stands in the order, and in that order. */
function checkOrder(
  change: Json | undefined,
  order: readonly Json[],
  key: string | undefined,
): void {
  if (!Array.isArray(change) || change.length === 0 || order.length === 0) return;
  const items = (change as readonly Json[]).filter(
    (item) => !isObject(item) || !(patchKey in item),
  );
  let from = 0;
  for (const item of items) {
    const at = order.findIndex((one, index) => index >= from && isSame(one, item, key));
    if (at < 0) {
      const [list, whole] = [goList(items), goList(order)];
      throw new PatchError(
        `The order in patch list:\n${list}\n doesn't match $setElementOrder list:\n${whole}\n`,
        500,
      );
    }
    from = at + 1;
  }
}

function mergedList(
  shape: Shape,
  original: readonly Json[],
  patch: readonly Json[],
  { key }: MergeStrategy,
): readonly Json[] {
  if (original.length === 0 && patch.length === 0) return original;
  if (![...original, ...patch].some(isObject)) {
    const both = [...new Set([...original, ...patch])];
    return inOrder(both, patch, original, undefined);
  }
  if (key === undefined) {
    throw new PatchError(`cannot merge lists without merge key for ${shape.name}`, 500);
  }
  const { left, changes } = withSpecialItems(original, patch, key);
  const merged = [...left];
  for (const change of changes) {
    if (!(key in change)) throw noMergeKey(change, key);
    const index = merged.findIndex((item) => isSame(item, change, key));
    const before = merged[index];
    if (index < 0) merged.push(change);
    else if (isObject(before))
      merged[index] = mergedMap(shape.element ?? deducedShape, before, change);
  }
  return inOrder(merged, changes, left, key);
}

function withSpecialItems(original: readonly Json[], patch: readonly Json[], key: string) {
  let left = original;
  const changes: JsonObject[] = [];
  let replaces = false;
  for (const item of patch) {
    if (!isObject(item)) throw wrongType('map[string]interface {}', item);
    switch (item[patchKey]) {
      case undefined:
        changes.push(item);
        break;
      case 'delete':
        if (!(key in item)) throw noMergeKey(item, key);
        left = left.filter((one) => !isSame(one, item, key));
        break;
      case 'replace':
        replaces = true;
        break;
      case 'merge':
        throw new PatchError('merging lists cannot yet be specified in the patch', 500);
      default:
        throw new PatchError(
          `unknown patch type: ${String(item[patchKey])} in map: ${goMap(item)}`,
          500,
        );
    }
  }
  return replaces ? { left: changes, changes: [] } : { left, changes };
}

function noMergeKey(item: JsonObject, key: string): PatchError {
  return new PatchError(`map: ${goMap(item)} does not contain declared merge key: ${key}`, 500);
}

function isSame(a: Json | undefined, b: Json, key: string | undefined): boolean {
  if (key === undefined) return a === b;
  return isObject(a) && isObject(b) && same(a[key], b[key]);
}

/** Items of the patch in its order, the rest where they stood, both woven by the original order. */
function inOrder(
  items: readonly Json[],
  order: readonly Json[],
  original: readonly Json[],
  key: string | undefined,
): readonly Json[] {
  const indexIn = (list: readonly Json[], item: Json) =>
    list.findIndex((one) => isSame(one, item, key));
  const sorted = (list: readonly Json[], by: readonly Json[]) =>
    [...list].sort((a, b) => indexIn(by, a) - indexIn(by, b));
  const asked = sorted(
    items.filter((item) => indexIn(order, item) >= 0),
    order,
  );
  const rest = sorted(
    items.filter((item) => indexIn(order, item) < 0),
    original,
  );
  const out: Json[] = [];
  while (asked.length > 0 || rest.length > 0) {
    const [left, right] = [rest[0], asked[0]];
    const [l, r] = [left, right].map((one) => (one === undefined ? -1 : indexIn(original, one)));
    const takesLeft =
      right === undefined ||
      (left !== undefined && (l ?? -1) >= 0 && (r ?? -1) >= 0 && (l ?? 0) < (r ?? 0));
    const next = takesLeft ? rest.shift() : asked.shift();
    if (next !== undefined) out.push(next);
  }
  return out;
}

function goMap(value: JsonObject): string {
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, one]) => `${key}:${goText(one)}`).join(' ')}]`;
}

function goList(values: readonly Json[]): string {
  return `[${values.map(goText).join(' ')}]`;
}

function goText(value: Json): string {
  if (Array.isArray(value)) return goList(value as readonly Json[]);
  return isObject(value) ? goMap(value) : value === null ? '<nil>' : String(value);
}
