/**
 * A column of `kubectl get`, and texts that several kinds print
 * (kubernetes/pkg/printers/internalversion).
 * Never here: a kind.
 */
import { isObject, listAt, objectAt, textAt, textsAt } from '../../json';
import type { Json, JsonObject } from '../../port';

export interface Column {
  readonly name: string;
  /** Default `string`. */
  readonly type?: 'string' | 'integer' | 'boolean' | 'number' | 'date';
  readonly format?: 'name';
  readonly description?: string;
  /** The field of the kind that describes it instead. */
  readonly doc?: readonly string[];
  /** Above 0: with `-o wide` only. Default 0. */
  readonly priority?: number;
  readonly cell: (object: JsonObject, nowMs: number) => Json;
}

export const nameColumn: Column = {
  name: 'Name',
  format: 'name',
  description:
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
  cell: (object) => textAt(object, 'metadata', 'name'),
};

export const ageColumn: Column = {
  name: 'Age',
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
  cell: (object, nowMs) => since(textAt(object, 'metadata', 'creationTimestamp'), nowMs),
};

/** `5m3s`; `<unknown>` for no time. */
export function since(time: string, nowMs: number): string {
  const then = Date.parse(time);
  return Number.isNaN(then) ? '<unknown>' : humanDuration(nowMs - then);
}

/** apimachinery/pkg/util/duration: the two largest units that still say something. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1_000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return twoUnits(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return twoUnits(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 192) return twoUnits(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.trunc(days / 365);
  if (days < 2_920) return twoUnits(years, 'y', days % 365, 'd');
  return `${years}y`;
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}

export function orNone(text: string): string {
  return text === '' ? '<none>' : text;
}

/** `a=b,c=d` in the order of keys. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labels[key] ?? ''}`);
  return orNone(pairs.join(','));
}

/** A LabelSelector as kubectl prints it. */
export function selectorText(selector: Json | undefined): string {
  if (!isObject(selector)) return '<none>';
  const equal = Object.entries(textsAt(selector, 'matchLabels')).map(
    ([key, value]): Requirement => ({
      key,
      text: `${key}=${value}`,
    }),
  );
  const others = listAt(selector, 'matchExpressions').map((one): Requirement => {
    const key = textAt(one, 'key');
    const values = `(${[...listAt(one, 'values')].sort().join(',')})`;
    const operator = textAt(one, 'operator');
    if (operator === 'In') return { key, text: `${key} in ${values}` };
    if (operator === 'NotIn') return { key, text: `${key} notin ${values}` };
    return { key, text: operator === 'Exists' ? key : `!${key}` };
  });
  const sorted = [...equal, ...others].sort((a, b) => (a.key < b.key ? -1 : 1));
  return orNone(sorted.map(({ text }) => text).join(','));
}

interface Requirement {
  readonly key: string;
  readonly text: string;
}

/** Names and images of a pod template's containers, with `-o wide`. */
export const containerColumns: readonly Column[] = [
  {
    name: 'Containers',
    priority: 1,
    description: 'Names of each container in the template.',
    cell: (object) =>
      containersOf(object)
        .map((one) => textAt(one, 'name'))
        .join(','),
  },
  {
    name: 'Images',
    priority: 1,
    description: 'Images referenced by each container in the template.',
    cell: (object) =>
      containersOf(object)
        .map((one) => textAt(one, 'image'))
        .join(','),
  },
];

function containersOf(object: JsonObject): readonly Json[] {
  return listAt(object, 'spec', 'template', 'spec', 'containers');
}

export const selectorColumn: Column = {
  name: 'Selector',
  priority: 1,
  cell: (object) => selectorText(objectAt(object, 'spec').selector),
};

const modes: readonly (readonly [mode: string, short: string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

export function accessModesText(list: readonly Json[]): string {
  return modes
    .filter(([mode]) => list.includes(mode))
    .map(([, short]) => short)
    .join(',');
}
