/**
 * An applied configuration laid over a live object: maps by key, associative lists by item (in the order
 * of the configuration as far as both can be kept), everything else whole. And the check that comes
 * before: does the configuration fit its type?
 * Never here: owners.
 */
import { isObject, own, put } from '../../json';
import type { Json } from '../../port';
import { type Shape, untypedShape } from '../shape';
import { textOfElement } from './field-set';
import { atomOf, elementAt, hollow, itemElement, listOf, mapOf, shapeOfKey } from './walk';

type Value = Json | undefined;

/** @returns undefined where nothing is left. */
export function merged(shape: Shape, left: Value, right: Value): Value {
  const said = right === undefined ? left : right;
  const atom = atomOf(shape, right ?? left);
  if (atom.kind === 'scalar' || atom.shape.relation === 'atomic') return said;
  if (hollow(left) && hollow(right)) return said;
  if (atom.kind === 'list') {
    const items = mergedItems(atom.shape, listOf(left), listOf(right));
    return items.length === 0 ? undefined : items;
  }
  const out: Record<string, Json> = {};
  const [before, after] = [mapOf(left), mapOf(right)];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const value = merged(shapeOfKey(atom.shape, key), own(before, key), own(after, key));
    if (value !== undefined) put(out, key, value);
  }
  return Object.keys(out).length === 0 ? undefined : out;
}

interface Side {
  readonly elements: readonly string[];
  /** null: it stands there more than once, so nothing is merged into it. */
  readonly items: ReadonlyMap<string, Json>;
}

function sideOf(shape: Shape, items: readonly Json[]): Side {
  const elements = items.map((item) => elementAt(shape, item));
  const found = new Map<string, Json>();
  for (const [index, element] of elements.entries()) {
    found.set(element, found.has(element) ? null : (items[index] ?? null));
  }
  return { elements, items: found };
}

/** The order of both sides, the right one's where they contradict each other. */
function mergedItems(
  shape: Shape,
  leftItems: readonly Json[],
  rightItems: readonly Json[],
): Json[] {
  const left = sideOf(shape, leftItems);
  const right = sideOf(shape, rightItems);
  const shared = right.elements.filter((element) => left.items.has(element));
  const done = new Set<string>();
  const out: Json[] = [];
  const take = (element: string, before: Value, after: Value): void => {
    const value = merged(shape.element ?? untypedShape, before, after);
    if (value !== undefined) out.push(value);
    if (after !== undefined) done.add(element);
  };
  let l = 0;
  let r = 0;
  while (l < left.elements.length || r < right.elements.length) {
    const mine = left.elements[l];
    const theirs = right.elements[r];
    if (mine !== undefined && theirs !== undefined) {
      if (mine === theirs) {
        take(mine, left.items.get(mine), right.items.get(mine));
        l += 1;
        r += 1;
        shared.shift();
        continue;
      }
      if (right.items.has(mine) && shared[0] !== undefined && shared[0] !== mine) {
        l += 1;
        continue;
      }
    }
    if (mine !== undefined) {
      if (!right.items.has(mine)) {
        take(mine, leftItems[l], undefined);
        l += 1;
        continue;
      }
      if (done.has(mine)) l += 1;
    }
    if (theirs !== undefined) {
      take(theirs, left.items.get(theirs), right.items.get(theirs));
      r += 1;
      if (shared[0] === theirs) shared.shift();
    }
  }
  return out;
}

/** What is wrong with a configuration, each with its path: `.spec.foo: field not declared in schema`. */
export function typeFaults(shape: Shape, value: Json): readonly string[] {
  const faults = faultsAt(shape, value);
  return faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
}

interface Fault {
  readonly path: string;
  readonly message: string;
}

function faultsAt(shape: Shape, value: Json): readonly Fault[] {
  if (value === null) return [];
  const atom = atomOf(shape, value);
  if (atom.kind === 'scalar') return scalarFaults(shape, value);
  if (atom.kind === 'list') {
    if (!Array.isArray(value))
      return [{ path: '', message: `expected list, got ${goText(value)}` }];
    return itemFaults(atom.shape, value as readonly Json[]);
  }
  if (!isObject(value)) return [{ path: '', message: `expected map, got ${goText(value)}` }];
  const faults: Fault[] = [];
  for (const [key, child] of Object.entries(value)) {
    if (!atom.shape.fields.has(key) && atom.shape.element === undefined) {
      faults.push({ path: `.${key}`, message: 'field not declared in schema' });
      break; // one for each map, as the real server does
    }
    faults.push(...prefixed(`.${key}`, faultsAt(shapeOfKey(atom.shape, key), child)));
  }
  return faults;
}

function prefixed(prefix: string, faults: readonly Fault[]): readonly Fault[] {
  return faults.map(({ path, message }) => ({ path: prefix + path, message }));
}

function itemFaults(shape: Shape, items: readonly Json[]): readonly Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    let element = `i:${index}`;
    if (shape.relation === 'associative') {
      const found = itemElement(shape, item);
      if (typeof found !== 'string') {
        return [...faults, { path: '', message: `element ${index}: ${found.fault}` }];
      }
      element = found;
      if (seen.has(element)) {
        const message = `duplicate entries for key ${textOfElement(element)}`;
        faults.push({ path: '', message });
      }
      seen.add(element);
    }
    const inner = faultsAt(shape.element ?? untypedShape, item);
    faults.push(...prefixed(textOfElement(element), inner));
  }
  return faults;
}

function scalarFaults(shape: Shape, value: Json): readonly Fault[] {
  switch (shape.kind) {
    case 'integer':
    case 'number':
      if (typeof value === 'number') return [];
      return [{ path: '', message: `expected numeric (int or float), got ${goType(value)}` }];
    case 'bytes':
    case 'string':
      if (typeof value === 'string') return [];
      if (shape.format !== '' && shape.kind === 'string' && !isContainer(value)) return [];
      return [
        {
          path: '',
          message: `expected string, got &value.valueUnstructured{Value:${goValue(value)}}`,
        },
      ];
    case 'boolean':
      if (typeof value === 'boolean') return [];
      return [{ path: '', message: `expected boolean, got ${goText(value)}` }];
    default:
      return isContainer(value)
        ? [{ path: '', message: `expected any scalar, got ${goText(value)}` }]
        : [];
  }
}

function isContainer(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}

function goType(value: Json): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** As Go's %v prints it. */
function goText(value: Json): string {
  return `&{${plain(value)}}`;
}

function plain(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(plain).join(' ')}]`;
  if (!isObject(value)) return value === null ? '<nil>' : String(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, one]) => `${key}:${plain(one)}`).join(' ')}]`;
}

/** As Go's %#v prints it. */
function goValue(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) {
    return `[]interface {}{${(value as readonly Json[]).map(goValue).join(', ')}}`;
  }
  if (!isObject(value)) return value === null ? 'interface {}(nil)' : String(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = entries.map(([key, one]) => `${JSON.stringify(key)}:${goValue(one)}`).join(', ');
  return `map[string]interface {}{${text}}`;
}
