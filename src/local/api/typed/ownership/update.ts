/**
 * Ownership after a write that is no apply: the writer owns what it changed, the others lose it.
 * Never here: what an apply changes (apply.ts).
 */
import { isObject } from '../../json';
import type { JsonObject } from '../../port';
import type { Shape } from '../shape';
import {
  difference,
  type FieldSet,
  intersection,
  isEmpty,
  recursiveDifference,
  setOf,
  union,
} from './field-set';
import {
  decodeOwners,
  managedFieldsOf,
  type Owner,
  type Owners,
  ownerKey,
  withOwners,
} from './managed';
import { type Comparison, compare } from './walk';

/** Entries with operation Update beyond this become `ancient-changes`. */
const updatersMax = 10;

/** Fields that nobody owns. */
export const strippedFields = setOf(
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['f:metadata', `f:${name}`]),
);

/** `owner.fields` is not read. @param reset top-level fields that the endpoint drops. */
export function ownersAfterUpdate(
  shape: Shape,
  live: JsonObject,
  object: JsonObject,
  owners: Owners,
  owner: Owner,
  reset: readonly string[],
): Owners {
  const changes = withoutReset(compare(shape, live, object), reset);
  const left = losing(owners, changes, undefined);
  const fields = difference(union(changes.modified, changes.added), strippedFields);
  if (isEmpty(fields)) return left;
  const key = ownerKey(owner);
  const before = left.get(key)?.fields;
  const after = before === undefined ? fields : union(fields, before);
  return capped(new Map(left).set(key, { ...owner, fields: after }));
}

export function withoutReset(changes: Comparison, reset: readonly string[]): Comparison {
  if (reset.length === 0) return changes;
  const dropped = setOf(...reset.map((name) => [`f:${name}`]));
  return {
    added: recursiveDifference(changes.added, dropped),
    modified: recursiveDifference(changes.modified, dropped),
    removed: recursiveDifference(changes.removed, dropped),
  };
}

/** What each owner but `except` has of the changed fields. */
export function conflictsWith(
  owners: Owners,
  changes: Comparison,
  except: string | undefined,
): ReadonlyMap<string, FieldSet> {
  const changed = union(changes.modified, changes.added);
  const conflicts = new Map<string, FieldSet>();
  for (const [key, owner] of owners) {
    if (key === except) continue;
    const shared = intersection(owner.fields, changed);
    if (!isEmpty(shared)) conflicts.set(key, shared);
  }
  return conflicts;
}

/** Every owner but `except` loses what was changed or removed; who has nothing left is gone. */
export function losing(owners: Owners, changes: Comparison, except: string | undefined): Owners {
  const changed = union(changes.modified, changes.added);
  const left = new Map<string, Owner>();
  for (const [key, owner] of owners) {
    const fields =
      key === except
        ? owner.fields
        : difference(
            difference(owner.fields, intersection(owner.fields, changed)),
            changes.removed,
          );
    if (!isEmpty(fields)) left.set(key, fields === owner.fields ? owner : { ...owner, fields });
  }
  return left;
}

function capped(owners: Owners): Owners {
  const updaters = [...owners].filter(([, { operation }]) => operation === 'Update');
  let count = updaters.length;
  if (count <= updatersMax) return owners;
  updaters.sort(([a, x], [b, y]) => {
    const [earlier, later] = [x.time ?? '', y.time ?? ''];
    return earlier < later ? -1 : earlier > later ? 1 : a < b ? -1 : 1;
  });
  const out = new Map(owners);
  const firsts = new Map<string, string>();
  for (const [key, owner] of updaters) {
    if (count <= updatersMax) break;
    const first = firsts.get(owner.apiVersion);
    if (first === undefined) {
      firsts.set(owner.apiVersion, key);
      continue;
    }
    const bucket = { ...owner, manager: 'ancient-changes', subresource: '' };
    const bucketKey = ownerKey(bucket);
    const before = out.get(bucketKey) ?? out.get(first);
    out.delete(first);
    out.delete(key);
    const fields = before === undefined ? owner.fields : union(owner.fields, before.fields);
    out.set(bucketKey, { ...bucket, fields });
    count -= 1;
  }
  return out;
}

/**
 * Which owners a write starts from: those of the request where it has any, else the live ones; `[]` or
 * `[{}]` in the request forgets all. A subresource cannot change them.
 */
export function ownersBefore(
  live: JsonObject | undefined,
  object: JsonObject,
  subresource: string,
): Owners {
  const stored = () => decodeOwners(managedFieldsOf(live)) ?? new Map();
  const asked = managedFieldsOf(object);
  if (subresource !== '') return stored();
  if (Array.isArray(asked)) {
    const [only] = asked;
    if (asked.length === 0) return new Map();
    if (asked.length === 1 && isObject(only) && Object.keys(only).length === 0) return new Map();
  }
  const given = decodeOwners(asked);
  return given === undefined || given.size === 0 ? stored() : given;
}

/** `object` with its owners after an update by `owner`. @param empty what Go makes of nothing. */
export function trackedUpdate(
  shape: Shape,
  live: JsonObject | undefined,
  object: JsonObject,
  owner: Owner,
  reset: readonly string[],
  empty: JsonObject,
): JsonObject {
  const before = ownersBefore(live, object, owner.subresource);
  const bare = withOwners(object, undefined);
  if (before.size === 0 && live !== undefined) return bare;
  const from = withOwners(live ?? empty, undefined);
  return withOwners(bare, ownersAfterUpdate(shape, from, bare, before, owner, reset));
}
