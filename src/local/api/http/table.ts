/**
 * meta.k8s.io Tables and PartialObjectMetadata: how objects look to `kubectl get`.
 * Never here: the columns of a kind (columns/).
 */
import { at, isObject, listAt, objectAt, textAt } from '../json';
import type { Kind, PrinterColumn } from '../kinds/kind';
import type { Json, JsonObject } from '../port';
import { ageColumn, type Column, nameColumn, since } from './columns/column';
import { otherColumns } from './columns/others';
import { podColumns } from './columns/pods';
import { workloadColumns } from './columns/workloads';
import { jsonPath } from './json-path';

export interface TableOptions {
  readonly includeObject: 'Metadata' | 'Object' | 'None';
  /** Of a watch, after its first event. */
  readonly headers: 'yes' | 'no';
  readonly nowMs: number;
  /** OpenAPI definitions, for the columns' descriptions. */
  readonly definitions: () => Readonly<Record<string, Json>>;
}

/** Of a list or of one object. A Status stays one. */
export function tableOf(kind: Kind, value: JsonObject, options: TableOptions): JsonObject {
  const items = Array.isArray(value.items) ? listAt(value, 'items').filter(isObject) : [value];
  const columns = columnsOf(kind);
  const metadata = objectAt(value, 'metadata');
  const { resourceVersion, continue: next, remainingItemCount } = metadata;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: {
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(next === undefined || next === '' ? {} : { continue: next }),
      ...(remainingItemCount === undefined ? {} : { remainingItemCount }),
    },
    columnDefinitions:
      options.headers === 'no'
        ? null
        : columns.map((column) => definitionOf(kind, column, options)),
    rows: items.map((item) => rowOf(columns, item, options)),
  };
}

function rowOf(columns: readonly Column[], item: JsonObject, options: TableOptions): JsonObject {
  const cells = columns.map((column) => column.cell(item, options.nowMs));
  const phase = item.kind === 'Pod' ? textAt(item, 'status', 'phase') : '';
  return {
    cells,
    ...(phase === 'Succeeded' || phase === 'Failed' ? { conditions: [completed(phase)] } : {}),
    ...(options.includeObject === 'None'
      ? { object: null }
      : { object: options.includeObject === 'Object' ? item : metadataOf(item) }),
  };
}

function completed(phase: string): JsonObject {
  const message = phase === 'Succeeded' ? 'The pod has completed successfully.' : 'The pod failed.';
  return { type: 'Completed', status: 'True', reason: phase, message };
}

function definitionOf(kind: Kind, column: Column, options: TableOptions): JsonObject {
  return {
    name: column.name,
    type: column.type ?? 'string',
    format: column.format ?? '',
    description: column.description ?? described(kind, column, options),
    priority: column.priority ?? 0,
  };
}

/** The words of the field that the column shows. */
function described(kind: Kind, { doc = [] }: Column, { definitions }: TableOptions): string {
  if (doc.length === 0) return '';
  const all = definitions();
  let found: Json | undefined = all[kind.typing.definition];
  for (const part of doc) {
    const field = at(found, 'properties', part);
    const name = textAt(field, '$ref').replace('#/definitions/', '');
    // The last one's own words win over those of its type.
    if (part === doc.at(-1) && textAt(field, 'description') !== '') found = field;
    else found = name === '' ? field : all[name];
  }
  return textAt(found, 'description');
}

const plain: readonly Column[] = [
  nameColumn,
  { ...ageColumn, name: 'Created At', type: 'date', cell: createdAt },
];

function createdAt(object: JsonObject): string {
  return textAt(object, 'metadata', 'creationTimestamp');
}

const known: Readonly<Record<string, readonly Column[]>> = {
  '/pods': podColumns,
  ...workloadColumns,
  ...otherColumns,
};

function columnsOf(kind: Kind): readonly Column[] {
  if (kind.origin === 'builtin') return known[`${kind.group}/${kind.resource}`] ?? plain;
  const own = kind.printerColumns ?? [];
  if (own.length === 0) return [nameColumn, customAge];
  return [nameColumn, ...own.map(customColumn)];
}

/** What a CRD without columns of its own shows. */
const customAge: Column = { ...ageColumn, type: 'date' };

function customColumn(column: PrinterColumn): Column {
  const { name, type, format, priority, jsonPath: path } = column;
  const read = jsonPath(path);
  return {
    name,
    type: type as NonNullable<Column['type']>,
    ...(format === '' ? {} : { format: format as 'name' }),
    description:
      column.description || `Custom resource definition column (in JSONPath format): ${path}`,
    priority,
    cell: (object, nowMs) => customCell(type, read(object)[0], nowMs),
  };
}

function customCell(type: string, value: Json | undefined, nowMs: number): Json {
  if (value === undefined) return null;
  if (value === null) return type === 'string' ? '<no value>' : null;
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' ? dated(value, nowMs) : null;
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function dated(value: string, nowMs: number): string {
  return rfc3339.test(value) ? since(value, nowMs) : '<invalid>';
}

/** Metadata alone, as PartialObjectMetadata. */
export function metadataOf(item: JsonObject): JsonObject {
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: item.metadata ?? {},
  };
}

/** Of a list or of one object. */
export function onlyMetadata(value: JsonObject): JsonObject {
  if (!Array.isArray(value.items)) return metadataOf(value);
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: 'meta.k8s.io/v1',
    metadata: value.metadata ?? {},
    items: listAt(value, 'items').filter(isObject).map(metadataOf),
  };
}
