/**
 * Server-side apply: what a manager's configuration makes of a live object, what the manager no longer
 * applies and nobody else owns is removed, and who owns what afterwards, or which other owners are in
 * the way.
 * Never here: defaults, validation.
 */
import { isObject, same } from '../../json';
import type { Json, JsonObject } from '../../port';
import type { Shape } from '../shape';
import {
  difference,
  emptySet,
  type FieldSet,
  has,
  intersection,
  isEmpty,
  type Path,
  pathsOf,
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
import { merged } from './merge';
import { conflictsWith, losing, ownersAfterUpdate, strippedFields, withoutReset } from './update';
import { compare, fieldSetOf, withNamedFields, without } from './walk';

export interface Conflict {
  readonly owner: Owner;
  readonly path: Path;
}

export type Applied =
  | {
      readonly kind: 'applied';
      /** Without defaults and without managedFields; `live` itself where it says the same. */
      readonly object: JsonObject;
      readonly owners: Owners;
    }
  | { readonly kind: 'conflicts'; readonly conflicts: readonly Conflict[] };

export interface ApplyRequest {
  readonly shape: Shape;
  /** undefined: it does not exist yet. */
  readonly live: JsonObject | undefined;
  readonly config: JsonObject;
  /** Its `fields` are not read. */
  readonly owner: Owner;
  readonly reset: readonly string[];
  /** What Go makes of nothing. */
  readonly empty: JsonObject;
}

export function applied(request: ApplyRequest, force: boolean): Applied {
  const { shape, live, owner, reset, empty } = request;
  const bare = withOwners(live ?? empty, undefined);
  let owners = decodeOwners(managedFieldsOf(live)) ?? new Map<string, Owner>();
  if (owners.size === 0 && live !== undefined) {
    const first: Owner = { ...owner, manager: 'before-first-apply', operation: 'Update' };
    owners = ownersAfterUpdate(shape, empty, bare, owners, first, reset);
  }
  const answer = appliedOnto(request, bare, owners, force);
  if (answer.kind === 'applied' || owner.manager !== 'kubectl' || live === undefined) return answer;
  const allowed = ownedByClientSideApply(request, bare);
  if (allowed === undefined) return answer;
  const left = answer.conflicts.filter(({ path }) => !has(allowed, path));
  return left.length > 0
    ? { kind: 'conflicts', conflicts: left }
    : appliedOnto(request, bare, owners, true);
}

function appliedOnto(
  { shape, config, owner, reset }: ApplyRequest,
  live: JsonObject,
  owners: Owners,
  force: boolean,
): Applied {
  const key = ownerKey(owner);
  const last = owners.get(key)?.fields ?? emptySet;
  const dropped = setOf(...reset.map((name) => [`f:${name}`]));
  const fields = recursiveDifference(fieldSetOf(shape, config), dropped);
  const now: Owners = new Map(owners).set(key, { ...owner, fields });
  const joined = (merged(shape, live, config) ?? {}) as JsonObject;
  const object = pruned(shape, joined, now, last);
  const changes = withoutReset(compare(shape, live, object), reset);
  const conflicts = conflictsWith(now, changes, key);
  if (!force && conflicts.size > 0) return { kind: 'conflicts', conflicts: told(now, conflicts) };
  const left = new Map(losing(now, changes, key));
  const own = difference(fields, strippedFields);
  const isSame = same(live, object);
  const time = isSame ? owners.get(key)?.time : owner.time;
  if (isEmpty(own)) left.delete(key);
  else left.set(key, { ...owner, time, fields: own });
  return { kind: 'applied', object: isSame ? live : object, owners: left };
}

function told(owners: Owners, conflicts: ReadonlyMap<string, FieldSet>): readonly Conflict[] {
  return [...conflicts].flatMap(([key, fields]) => {
    const owner = owners.get(key);
    return owner === undefined ? [] : pathsOf(fields).map((path) => ({ owner, path }));
  });
}

/** Without what the manager applied last time, applies no more, and nobody owns. */
function pruned(shape: Shape, object: JsonObject, owners: Owners, last: FieldSet): JsonObject {
  let owned = emptySet;
  for (const { fields } of owners.values()) owned = union(owned, fields);
  if (isEmpty(difference(last, owned))) return object;
  const named = (set: FieldSet) => withNamedFields(set, shape);
  const remove = (set: FieldSet) => (without(shape, object, set) ?? {}) as JsonObject;
  const whole = named(fieldSetOf(shape, object));
  const first = named(fieldSetOf(shape, remove(named(last))));
  const kept = remove(difference(whole, union(first, named(owned))));
  const second = named(fieldSetOf(shape, kept));
  return remove(intersection(difference(whole, second), named(last)));
}

export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** What `kubectl apply` without --server-side has set and nobody has changed since. */
function ownedByClientSideApply(
  { shape, owner }: ApplyRequest,
  live: JsonObject,
): FieldSet | undefined {
  const metadata = isObject(live.metadata) ? live.metadata : {};
  const annotations = isObject(metadata.annotations) ? metadata.annotations : {};
  const text = annotations[lastAppliedAnnotation];
  if (typeof text !== 'string' || text === '') return undefined;
  const config = parsed(text);
  if (!isObject(config) || config.apiVersion !== owner.apiVersion) return undefined;
  const { added, modified, removed } = compare(shape, config, live);
  return [modified, added, removed].reduce(difference, fieldSetOf(shape, config));
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The whole message of the refusal. */
export function conflictMessage(
  conflicts: readonly Conflict[],
  textOf: (path: Path) => string,
): string {
  const [only] = conflicts;
  if (conflicts.length === 1 && only !== undefined) {
    return `Apply failed with 1 conflict: conflict with ${textOfOwner(only.owner)}: ${textOf(only.path)}`;
  }
  const lines = new Map<string, string[]>();
  for (const { owner, path } of conflicts) {
    const { manager, operation, apiVersion, subresource } = owner;
    const key = [manager, operation, apiVersion, subresource].join('\n');
    const before = lines.get(key) ?? [`conflicts with ${textOfOwner(owner)}:`];
    lines.set(key, [...before, `- ${textOf(path)}`]);
  }
  const text = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, one]) => one);
  return `Apply failed with ${conflicts.length} conflicts: ${text.join('\n')}`;
}

/** `"kubectl" with subresource "status" using v1`. */
export function textOfOwner({ manager, operation, apiVersion, subresource }: Owner): string {
  const name = JSON.stringify(manager);
  const full =
    subresource === '' ? name : `${name} with subresource ${JSON.stringify(subresource)}`;
  return operation === 'Update' ? `${full} using ${apiVersion}` : full;
}
