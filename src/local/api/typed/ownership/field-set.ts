/**
 * Sets of fields of an object, as managedFields hold them: a tree whose edges are path elements in the
 * text of FieldsV1 (`f:spec`, `k:{"name":"a"}`, `v:"x"`, `i:0`), and the algebra on them.
 * Never here: objects, schemas.
 */
import type { Json, JsonObject } from '../../port';

export interface FieldSet {
  readonly members: ReadonlySet<string>;
  /** Below; that a key is here does not make it a member. */
  readonly children: ReadonlyMap<string, FieldSet>;
}

/** A set while it is built. */
export interface GrowingSet extends FieldSet {
  readonly members: Set<string>;
  readonly children: Map<string, GrowingSet>;
}

export type Path = readonly string[];

export const emptySet: FieldSet = { members: new Set(), children: new Map() };

export function growingSet(): GrowingSet {
  return { members: new Set(), children: new Map() };
}

/** The whole object (an empty path) has no owner. */
export function insert(set: GrowingSet, path: Path): void {
  const last = path.at(-1);
  if (last === undefined) return;
  let at = set;
  for (const element of path.slice(0, -1)) {
    let next = at.children.get(element);
    if (next === undefined) {
      next = growingSet();
      at.children.set(element, next);
    }
    at = next;
  }
  at.members.add(last);
}

export function setOf(...paths: readonly Path[]): FieldSet {
  const set = growingSet();
  for (const path of paths) insert(set, path);
  return set;
}

export function isEmpty(set: FieldSet): boolean {
  if (set.members.size > 0) return false;
  for (const child of set.children.values()) if (!isEmpty(child)) return false;
  return true;
}

export function has(set: FieldSet, path: Path): boolean {
  let at: FieldSet | undefined = set;
  for (const element of path.slice(0, -1)) at = at?.children.get(element);
  return at?.members.has(path.at(-1) ?? '') === true;
}

export function below(set: FieldSet, element: string): FieldSet {
  return set.children.get(element) ?? emptySet;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  const children = new Map(a.children);
  for (const [element, child] of b.children) {
    const before = children.get(element);
    children.set(element, before === undefined ? child : union(before, child));
  }
  return { members: new Set([...a.members, ...b.members]), children };
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const members = new Set([...a.members].filter((element) => b.members.has(element)));
  const children = new Map<string, FieldSet>();
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    const shared = other === undefined ? emptySet : intersection(child, other);
    if (!isEmpty(shared)) children.set(element, shared);
  }
  return { members, children };
}

/** A parent without its child stays; a child without its parent stays too. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(b)) return a;
  const members = new Set([...a.members].filter((element) => !b.members.has(element)));
  const children = new Map<string, FieldSet>();
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    const left = other === undefined ? child : difference(child, other);
    if (!isEmpty(left)) children.set(element, left);
  }
  return { members, children };
}

/** Takes away the members of `b` with everything below them. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  const members = new Set([...a.members].filter((element) => !b.members.has(element)));
  const children = new Map<string, FieldSet>();
  for (const [element, child] of a.children) {
    if (b.members.has(element)) continue;
    const other = b.children.get(element);
    const left = other === undefined ? child : recursiveDifference(child, other);
    if (!isEmpty(left)) children.set(element, left);
  }
  return { members, children };
}

/** Names before keys before values before indexes, each in order of its text. */
export function compareElements(a: string, b: string): number {
  const rank = 'fkvi'.indexOf(a.charAt(0)) - 'fkvi'.indexOf(b.charAt(0));
  if (rank !== 0) return rank;
  if (a.startsWith('i:')) return Number(a.slice(2)) - Number(b.slice(2));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Every member, parents before what is below them. */
export function pathsOf(set: FieldSet, prefix: Path = []): readonly Path[] {
  const own = [...set.members].sort(compareElements).map((element) => [...prefix, element]);
  const children = [...set.children].sort(([a], [b]) => compareElements(a, b));
  return [...own, ...children.flatMap(([key, child]) => pathsOf(child, [...prefix, key]))];
}

/** FieldsV1: `{"f:spec":{".":{},"f:replicas":{}}}`. */
export function encodeSet(set: FieldSet): JsonObject {
  const out: Record<string, Json> = {};
  const elements = new Set([...set.members, ...set.children.keys()]);
  for (const element of [...elements].sort(compareElements)) {
    const child = set.children.get(element);
    const isMember = set.members.has(element);
    if (child === undefined || isEmpty(child)) {
      if (isMember) out[element] = {};
    } else out[element] = isMember ? { '.': {}, ...encodeSet(child) } : encodeSet(child);
  }
  return out;
}

const decoded = new WeakMap<object, FieldSet>();

/** Elements of an unknown sort are left out. The same JSON gives the same set, made once. */
export function decodeSet(fields: JsonObject): FieldSet {
  const before = decoded.get(fields);
  if (before !== undefined) return before;
  const members = new Set<string>();
  const children = new Map<string, FieldSet>();
  for (const [key, value] of Object.entries(fields)) {
    if (!/^[fkvi]:/.test(key)) continue;
    const element = canonicalElement(key);
    const inner = value as JsonObject;
    const keys = Object.keys(inner);
    if (keys.length === 0 || '.' in inner) members.add(element);
    if (keys.some((one) => one !== '.')) children.set(element, decodeSet(inner));
  }
  const set = { members, children };
  decoded.set(fields, set);
  return set;
}

/** Keys of an item in the order of their names. */
function canonicalElement(element: string): string {
  if (!element.startsWith('k:')) return element;
  const key = JSON.parse(element.slice(2)) as JsonObject;
  const names = Object.keys(key).sort();
  return keyElement(names.map((name) => [name, key[name] as Json]));
}

export function keyElement(key: readonly (readonly [string, Json])[]): string {
  return `k:${JSON.stringify(Object.fromEntries(key))}`;
}

/** `.spec.containers[name="a"].image`, as errors tell it. */
export function textOfPath(path: Path): string {
  return path.map(textOfElement).join('');
}

export function textOfElement(element: string): string {
  const text = element.slice(2);
  switch (element.charAt(0)) {
    case 'f':
      return `.${text}`;
    case 'k': {
      const key = Object.entries(JSON.parse(text) as JsonObject);
      return `[${key.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
    }
    case 'v':
      return `[=${text}]`;
    default:
      return `[${text}]`;
  }
}
