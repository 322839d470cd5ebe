/**
 * Objects seen through their type: which fields one has, how two differ, what both make together, what is
 * left without some fields. As structured-merge-diff of Kubernetes does it.
 * Never here: who owns a field (apply.ts).
 */
import { isObject, own, put, same } from '../../json';
import type { Json, JsonObject } from '../../port';
import { deducedShape, type Shape, untypedShape } from '../shape';
import {
  below,
  type FieldSet,
  type GrowingSet,
  growingSet,
  has,
  insert,
  isEmpty,
  keyElement,
} from './field-set';

type Value = Json | undefined;

/** How a value of this type is handled, seen from the value. */
export type Atom =
  | { readonly kind: 'scalar' }
  | { readonly kind: 'list'; readonly shape: Shape }
  | { readonly kind: 'map'; readonly shape: Shape };

const scalar: Atom = { kind: 'scalar' };
const anyList: Shape = { ...untypedShape, kind: 'list', element: untypedShape };
const atomicMap: Shape = { ...untypedShape, kind: 'object', element: untypedShape };
const deducedMap: Shape = {
  ...deducedShape,
  kind: 'object',
  element: deducedShape,
  relation: 'associative',
};

export function atomOf(shape: Shape, value: Value): Atom {
  switch (shape.kind) {
    case 'list':
      return { kind: 'list', shape };
    case 'object':
      return { kind: 'map', shape };
    case 'deduced':
    case 'untyped':
      if (Array.isArray(value)) return { kind: 'list', shape: anyList };
      if (!isObject(value) && value !== null && value !== undefined) return scalar;
      return { kind: 'map', shape: shape.kind === 'deduced' ? deducedMap : atomicMap };
    default:
      return scalar;
  }
}

export function shapeOfKey(shape: Shape, key: string): Shape {
  return shape.fields.get(key)?.shape ?? shape.element ?? deducedShape;
}

/** @returns the path element of a list's item, or why it has none. */
export function itemElement(shape: Shape, item: Json): string | { readonly fault: string } {
  if (shape.keys.length === 0) {
    if (item === null) {
      return { fault: "associative list without keys has an element that's an explicit null" };
    }
    if (Array.isArray(item)) {
      return { fault: 'not supported: associative list with lists as elements' };
    }
    if (isObject(item)) {
      return { fault: "associative list without keys has an element that's a map type" };
    }
    return `v:${JSON.stringify(item)}`;
  }
  if (item === null) return { fault: 'associative list with keys may not have a null element' };
  if (!isObject(item)) {
    return { fault: 'associative list with keys may not have non-map elements' };
  }
  const key: [string, Json][] = [];
  for (const name of shape.keys) {
    const value = item[name] ?? shape.element?.fields.get(name)?.initial;
    if (value !== undefined) key.push([name, value]);
  }
  if (key.length === 0) {
    const names = shape.keys.map((name) => JSON.stringify(name)).join(' ');
    return {
      fault: `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
    };
  }
  return keyElement(key.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @returns '' for an item that has no element: it is checked before. */
export function elementAt(shape: Shape, item: Json): string {
  const element = itemElement(shape, item);
  return typeof element === 'string' ? element : '';
}

/** Every field of a value that has an owner. */
export function fieldSetOf(shape: Shape, value: Json): FieldSet {
  const set = growingSet();
  collect(shape, value, [], set);
  return set;
}

function collect(shape: Shape, value: Json, path: string[], set: GrowingSet): void {
  const atom = atomOf(shape, value);
  if (atom.kind === 'scalar' || atom.shape.relation === 'atomic') {
    insert(set, path);
    return;
  }
  if (atom.kind === 'list') {
    if (Array.isArray(value)) collectItems(atom.shape, value as readonly Json[], path, set);
    return;
  }
  if (!isObject(value)) return;
  for (const [key, child] of Object.entries(value)) {
    const at = [...path, `f:${key}`];
    collect(shapeOfKey(atom.shape, key), child, at, set);
    const isEmptyMap = isObject(child) && Object.keys(child).length === 0;
    if (child === null || isEmptyMap || !atom.shape.fields.has(key)) insert(set, at);
  }
}

function collectItems(shape: Shape, items: readonly Json[], path: string[], set: GrowingSet): void {
  const counts = new Map<string, number>();
  const elements = items.map((item) => elementAt(shape, item));
  for (const element of elements) counts.set(element, (counts.get(element) ?? 0) + 1);
  for (const [index, element] of elements.entries()) {
    const at = [...path, element];
    insert(set, at);
    if (counts.get(element) !== 1) continue;
    collect(shape.element ?? untypedShape, items[index] ?? null, at, set);
  }
}

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

interface Differences extends Comparison {
  readonly added: GrowingSet;
  readonly modified: GrowingSet;
  readonly removed: GrowingSet;
}

export function compare(shape: Shape, left: Json, right: Json): Comparison {
  const out = { added: growingSet(), modified: growingSet(), removed: growingSet() };
  differ(shape, left, right, [], out);
  return out;
}

function differ(shape: Shape, left: Value, right: Value, path: string[], out: Differences): void {
  if (left === right) return;
  const leftAtom = atomOf(shape, left);
  const rightAtom = atomOf(shape, right);
  const atom = right === undefined || right === null ? leftAtom : rightAtom;
  const bothSaid = left !== undefined && right !== undefined;
  if (bothSaid && leftAtom.kind !== rightAtom.kind && left !== null && right !== null) {
    differAs(leftAtom, left, undefined, path, out);
    differAs(rightAtom, undefined, right, path, out);
    insert(out.modified, path);
    return;
  }
  const leaf = differAs(atom, left, right, path, out);
  if (leaf) return;
  if (left === undefined) insert(out.added, path);
  else if (right === undefined) insert(out.removed, path);
}

/** @returns whether it was one value, and so told already. */
function differAs(
  atom: Atom,
  left: Value,
  right: Value,
  path: string[],
  out: Differences,
): boolean {
  if (
    atom.kind === 'scalar' ||
    atom.shape.relation === 'atomic' ||
    (hollow(left) && hollow(right))
  ) {
    if (left === undefined) insert(out.added, path);
    else if (right === undefined) insert(out.removed, path);
    else if (!same(left, right)) insert(out.modified, path);
    return true;
  }
  if (atom.kind === 'list') differItems(atom.shape, listOf(left), listOf(right), path, out);
  else differFields(atom.shape, mapOf(left), mapOf(right), path, out);
  return false;
}

export function hollow(value: Value): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object') return false;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

export function listOf(value: Value): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

export function mapOf(value: Value): JsonObject {
  return isObject(value) ? value : {};
}

function differFields(
  shape: Shape,
  left: JsonObject,
  right: JsonObject,
  path: string[],
  out: Differences,
): void {
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const [before, after] = [own(left, key), own(right, key)];
    if (before === after) continue;
    differ(shapeOfKey(shape, key), before, after, [...path, `f:${key}`], out);
  }
}

function byElement(shape: Shape, items: readonly Json[]): Map<string, Json[]> {
  const found = new Map<string, Json[]>();
  for (const item of items) {
    const element = elementAt(shape, item);
    const before = found.get(element);
    if (before === undefined) found.set(element, [item]);
    else before.push(item);
  }
  return found;
}

/** Items that stand in a list twice are one value together. */
function differItems(
  shape: Shape,
  left: readonly Json[],
  right: readonly Json[],
  path: string[],
  out: Differences,
): void {
  const lefts = byElement(shape, left);
  const rights = byElement(shape, right);
  const item = shape.element ?? untypedShape;
  for (const element of new Set([...lefts.keys(), ...rights.keys()])) {
    const before = lefts.get(element) ?? [];
    const after = rights.get(element) ?? [];
    const at = [...path, element];
    if (before.length <= 1 && after.length <= 1) differ(item, before[0], after[0], at, out);
    else if (before.length >= 2 && after.length >= 2) {
      if (!same(before, after)) insert(out.modified, at);
    } else if (before.length >= 2) {
      if (after.length > 0) differ(item, undefined, after[0], at, out);
      insert(out.removed, at);
    } else {
      if (before.length > 0) differ(item, before[0], undefined, at, out);
      insert(out.added, at);
    }
  }
}

/** Without the members of `remove`; undefined where nothing is left. */
export function without(shape: Shape, value: Json, remove: FieldSet): Value {
  const atom = atomOf(shape, value);
  if (atom.kind === 'scalar') return value;
  if (hollow(value) || atom.shape.relation === 'atomic') return undefined;
  if (atom.kind === 'list') {
    const items: Json[] = [];
    for (const item of listOf(value)) {
      const element = elementAt(atom.shape, item);
      if (has(remove, [element])) continue;
      const inner = below(remove, element);
      items.push(
        isEmpty(inner) ? item : (without(atom.shape.element ?? untypedShape, item, inner) ?? null),
      );
    }
    return items.length === 0 ? undefined : items;
  }
  const kept: Record<string, Json> = {};
  for (const [key, child] of Object.entries(mapOf(value))) {
    const element = `f:${key}`;
    if (has(remove, [element])) continue;
    const inner = below(remove, element);
    const left = isEmpty(inner) ? child : without(shapeOfKey(atom.shape, key), child, inner);
    put(kept, key, left ?? null);
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/** Adds each field of a struct above a member: who removes a struct's last field removes the struct. */
export function withNamedFields(set: FieldSet, shape: Shape): FieldSet {
  const members = new Set(set.members);
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    const isField = element.startsWith('f:') && shape.fields.has(element.slice(2));
    if (isField) members.add(element);
    const inner = element.startsWith('f:')
      ? shapeOfKey(shape, element.slice(2))
      : (shape.element ?? deducedShape);
    children.set(element, withNamedFields(child, inner));
  }
  return { members, children };
}
