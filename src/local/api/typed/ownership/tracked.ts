/**
 * An object with its owners after a write that is no apply; what changes nothing keeps the old times.
 * Never here: how ownership changes (update.ts).
 */
import { isObject, same } from '../../json';
import type { Json, JsonObject } from '../../port';
import type { Writer } from '../../typing';
import type { Shape } from '../shape';
import { emptySet } from './field-set';
import { ownerOf } from './managed';
import { trackedUpdate } from './update';

export function tracked(
  shape: Shape,
  live: JsonObject | undefined,
  object: JsonObject,
  writer: Writer,
  empty: JsonObject,
): JsonObject {
  const owner = ownerOf(writer, emptySet);
  const written = trackedUpdate(shape, live, object, owner, writer.reset, empty);
  return live !== undefined && sameButTimes(live, written) ? withManagedOf(written, live) : written;
}

/** Equal, were it not for when each owner wrote last. */
export function sameButTimes(live: JsonObject, object: JsonObject): boolean {
  return same(timeless(live), timeless(object));
}

function timeless(object: JsonObject): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const { managedFields, ...rest } = metadata;
  const entries = Array.isArray(managedFields) ? (managedFields as readonly Json[]) : [];
  const bare = entries.map((entry) => (isObject(entry) ? { ...entry, time: null } : entry));
  return { ...object, metadata: { ...rest, managedFields: bare } };
}

function withManagedOf(object: JsonObject, live: JsonObject): JsonObject {
  const managed = isObject(live.metadata) ? live.metadata.managedFields : undefined;
  if (managed === undefined) return object;
  return { ...object, metadata: { ...(object.metadata as JsonObject), managedFields: managed } };
}
