/**
 * The objects that a list or a watch is about: namespace, label and field selectors.
 * Never here: pages, versions, events.
 */
import { own, textAt, textsAt } from '../json';
import type { Kind } from '../kinds/kind';
import type { JsonObject, Query } from '../port';
import { type FieldRequirement, parseFields, parseLabels } from '../selectors';
import { badRequest, Refused } from '../status';
import { type Call, shown } from './server';

export interface Selection {
  readonly matches: (object: JsonObject) => boolean;
  /** Nothing is left out. */
  readonly scope: 'all' | 'some';
  /** Of the store's keys; a selector by namespace narrows it. */
  readonly prefix: string;
}

/** @throws Refused */
export function selectionOf(
  kind: Kind,
  namespace: string | undefined,
  query: Query | undefined,
): Selection {
  const labels = parseLabels(query?.labelSelector);
  if (labels.kind === 'broken') throw new Refused(badRequest(labels.message));
  const fields = parseFields(query?.fieldSelector);
  if (fields.kind === 'broken') throw new Refused(badRequest(fields.message));
  const tests: ((object: JsonObject) => boolean)[] = fields.value.map((one) =>
    fieldTest(kind, one),
  );
  const labelled = labels.value;
  if (labelled !== undefined) {
    tests.push((object) => labelled(textsAt(object, 'metadata', 'labels')));
  }
  const within = kind.scope === 'namespaced' ? (namespace ?? '') : '';
  return {
    matches: (object) => tests.every((test) => test(object)),
    scope: tests.length === 0 ? 'all' : 'some',
    prefix: within === '' ? '' : `${within}/`,
  };
}

function fieldTest(kind: Kind, { field, operator, value }: FieldRequirement) {
  const read = readerOf(kind, field);
  return (object: JsonObject): boolean => (read(object) === value) === (operator === '=');
}

function readerOf(kind: Kind, field: string): (object: JsonObject) => string {
  if (field === 'metadata.name') return (object) => textAt(object, 'metadata', 'name');
  if (
    field === 'metadata.namespace' &&
    (kind.scope === 'namespaced' || kind.origin === 'builtin')
  ) {
    return (object) => textAt(object, 'metadata', 'namespace');
  }
  const known = own(kind.fields, field);
  if (known !== undefined) return known;
  throw new Refused(badRequest(unknownField(kind, field)));
}

function unknownField(kind: Kind, field: string): string {
  if (kind.origin === 'crd' || Object.keys(kind.fields).length > 0) {
    return `field label not supported: ${field}`;
  }
  return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

/** All of them now, in the request's version. @throws Refused */
export function selected(call: Call): readonly JsonObject[] {
  const { kind, request, server } = call;
  const selection = selectionOf(kind, request.namespace, request.query);
  return server.store
    .list(kind.collection, selection.prefix)
    .map(({ object }) => shown(kind, object))
    .filter(selection.matches);
}
