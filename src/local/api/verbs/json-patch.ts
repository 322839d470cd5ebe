/**
 * JSON patch (RFC 6902) and JSON merge patch (RFC 7386) on plain JSON.
 * Never here: Kubernetes, refusals (the caller words them).
 */
import { isObject, own, put, same } from '../json';
import type { Json, JsonObject } from '../port';

/** Why a patch cannot be applied. */
export class PatchFault extends Error {
  override readonly name = 'PatchFault';
}

export function mergePatched(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: Record<string, Json> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else put(merged, key, mergePatched(own(merged, key) ?? null, value));
  }
  return merged;
}

/** @throws PatchFault */
export function jsonPatched(target: JsonObject, operations: readonly Json[]): Json {
  let result: Json = target;
  for (const operation of operations) {
    if (!isObject(operation)) throw new PatchFault('an operation is no object');
    result = applied(result, operation);
  }
  return result;
}

function applied(target: Json, operation: JsonObject): Json {
  const path = partsOf(operation.path);
  switch (operation.op) {
    case 'add':
      if (path.length === 0) throw new PatchFault('nothing is added to the whole');
      return changed(target, path, () => said(operation), 'add');
    case 'replace':
      // A member that is missing is added, as by the real server's library.
      return changed(target, path, () => said(operation), 'replace');
    case 'remove':
      if (path.length === 0) throw new PatchFault('the whole is not removed');
      read(target, path);
      return changed(target, path, () => undefined, 'replace');
    case 'move': {
      const from = partsOf(operation.from);
      const value = read(target, from);
      const without = changed(target, from, () => undefined, 'replace');
      return changed(without, path, () => value, 'add');
    }
    case 'copy': {
      const value = copied(target, partsOf(operation.from));
      return changed(target, path, () => value, 'add');
    }
    case 'test':
      return tested(target, path, operation);
    default:
      throw new PatchFault(`unexpected kind: ${String(operation.op)}`);
  }
}

function tested(target: Json, path: readonly string[], operation: JsonObject): Json {
  let found: Json = null;
  try {
    found = read(target, path);
  } catch (error) {
    // What is missing equals null, as in the real server's library.
    if (!(error instanceof PatchFault)) throw error;
  }
  if (same(found, operation.value ?? null)) return target;
  throw new PatchFault(`testing value ${String(operation.path)} failed: test failed`);
}

/** A value that is not said is null, as in the real server's library. */
function said({ value = null }: JsonObject): Json {
  return value;
}

function partsOf(pointer: Json | undefined): readonly string[] {
  if (typeof pointer !== 'string') throw new PatchFault('missing path');
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) throw new PatchFault(`not a JSON pointer: ${pointer}`);
  const parts = pointer.slice(1).split('/');
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(target: Json, path: readonly string[]): Json {
  let found: Json = target;
  for (const part of path) {
    const next: Json | undefined = Array.isArray(found)
      ? (found[indexOf(found, part, 'read')] as Json | undefined)
      : isObject(found)
        ? own(found, part)
        : undefined;
    if (next === undefined) throw new PatchFault(`missing key: ${part}`);
    found = next;
  }
  return found;
}

/** A member that is missing is null, as in the real server's library. */
function copied(target: Json, path: readonly string[]): Json {
  const place = read(target, path.slice(0, -1));
  const last = path.at(-1) ?? '';
  return isObject(place) && path.length > 0 ? (own(place, last) ?? null) : read(target, path);
}

function indexOf(list: readonly Json[], part: string, use: 'read' | 'add'): number {
  if (part === '-' && use === 'add') return list.length;
  const max = use === 'add' ? list.length : list.length - 1;
  // -1 is the last one; for an addition the place after it.
  const index = part.startsWith('-') ? max + 1 + Number(part) : Number(part);
  const isIndex = /^-?\d+$/.test(part) && index >= 0 && index <= max;
  if (!isIndex) throw new PatchFault(`invalid index: ${part}`);
  return index;
}

/** A copy in which the member at the path is what `make` says; undefined removes it. */
function changed(
  target: Json,
  path: readonly string[],
  make: () => Json | undefined,
  use: 'add' | 'replace',
): Json {
  const [part, ...rest] = path;
  if (part === undefined) return make() ?? null;
  if (Array.isArray(target)) {
    const list: Json[] = [...target];
    const index = indexOf(list, part, rest.length === 0 && use === 'add' ? 'add' : 'read');
    if (rest.length > 0) list[index] = changed(list[index] as Json, rest, make, use);
    else spliced(list, index, make(), use);
    return list;
  }
  if (!isObject(target)) throw new PatchFault(`missing container: ${part}`);
  if (rest.length === 0) {
    const { [part]: _old, ...kept } = target;
    const value = make();
    return value === undefined ? kept : { ...target, [part]: value };
  }
  const inner = own(target, part);
  if (inner === undefined || inner === null) throw new PatchFault(`missing container: ${part}`);
  return { ...target, [part]: changed(inner, rest, make, use) };
}

function spliced(list: Json[], index: number, value: Json | undefined, use: 'add' | 'replace') {
  if (value === undefined) list.splice(index, 1);
  else if (use === 'add') list.splice(index, 0, value);
  else list[index] = value;
}
