/**
 * create: from a body to a stored object.
 * Never here: what a kind adds (its onCreate), types of fields.
 */
import { definitions } from '../definitions';
import { objectAt, textAt, withAt } from '../json';
import { finalizerWarnings, isEnding, metadataFaults } from '../metadata';
import type { JsonObject } from '../port';
import {
  alreadyExists,
  failure,
  forbidden,
  generateNameConflict,
  invalid,
  Refused,
} from '../status';
import { decoded, inNamespace } from './body';
import {
  type Call,
  checkNamespace,
  commit,
  hooksOf,
  keyIn,
  liveOf,
  namedOf,
  now,
  writerOf,
} from './server';

const generatedNameMax = 58;
const attemptsMax = 8;

/** @throws Refused */
export function create(call: Call): JsonObject {
  const object = decoded(call, call.request.body);
  return insert(call, object, (named) =>
    call.kind.typing.trackUpdate(undefined, named, writerOf(call, 'Update', '')),
  );
}

/** Common to create, to PUT and to apply of what is not there. */
export function insert(
  call: Call,
  object: JsonObject,
  tracked: (object: JsonObject) => JsonObject,
): JsonObject {
  if (textAt(object, 'metadata', 'resourceVersion') !== '') {
    throw new Refused(
      failure(500, '', 'resourceVersion should not be set on objects to be created'),
    );
  }
  const wiped = withDistinctOwners(call, inNamespace(call, freshMetadata(call, object)));
  checkNamespace(call, textAt(wiped, 'metadata', 'name'));
  checkDefinition(call, textAt(wiped, 'metadata', 'name'));
  const fields = tracked(wiped);
  const named = withName(call, fields);
  const prepared = call.kind.onCreate?.(named, hooksOf(call)) ?? named;
  const counted =
    call.kind.generation === 'counted' ? withAt(prepared, ['metadata', 'generation'], 1) : prepared;
  validate(call, counted);
  if (call.kind.origin === 'crd') call.warnings.push(...finalizerWarnings(undefined, counted));
  const name = textAt(counted, 'metadata', 'name');
  const taken = liveOf(call, name);
  if (taken !== undefined) {
    if (textAt(object, 'metadata', 'name') === '') {
      throw new Refused(generateNameConflict(namedOf(call), name));
    }
    const prefix =
      textAt(taken, 'metadata', 'deletionTimestamp') === '' ? '' : 'object is being deleted: ';
    throw new Refused(alreadyExists(namedOf(call), name, prefix));
  }
  const stored = commit(call, keyIn(call, name), counted);
  return stored;
}

/** Of a definition that ends there are no new objects. @throws Refused */
function checkDefinition(call: Call, name: string): void {
  if (call.kind.origin !== 'crd') return;
  const definition = call.server.store.get(definitions, call.kind.collection);
  if (definition === undefined || !isEnding(definition)) return;
  const why = 'create not allowed while custom resource definition is terminating';
  throw new Refused(forbidden(namedOf(call), name, why));
}

function freshMetadata(call: Call, object: JsonObject): JsonObject {
  const {
    uid: _uid,
    creationTimestamp: _created,
    deletionTimestamp: _deleted,
    deletionGracePeriodSeconds: _grace,
    selfLink: _link,
    resourceVersion: _version,
    generation: _generation,
    ...kept
  } = objectAt(object, 'metadata');
  return {
    ...object,
    metadata: { ...kept, uid: call.server.uuid(), creationTimestamp: now(call) },
  };
}

/** Two owners of one uid: told, and one is dropped. */
function withDistinctOwners(call: Call, object: JsonObject): JsonObject {
  const owners = objectAt(object, 'metadata').ownerReferences;
  if (!Array.isArray(owners)) return object;
  const uids = owners.map((owner) => textAt(owner, 'uid'));
  const kept = owners.filter((_owner, i) => uids.indexOf(uids[i] ?? '') === i);
  if (kept.length === owners.length) return object;
  call.warnings.push(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids.filter((uid, i) => uids.indexOf(uid) !== i).join(', ')}`,
  );
  return withAt(object, ['metadata', 'ownerReferences'], kept);
}

function withName(call: Call, object: JsonObject): JsonObject {
  const prefix = textAt(object, 'metadata', 'generateName');
  if (prefix === '' || textAt(object, 'metadata', 'name') !== '') return object;
  let name = '';
  for (let i = 0; i < attemptsMax; i += 1) {
    name = prefix.slice(0, generatedNameMax) + call.server.suffix();
    if (liveOf(call, name) === undefined) break;
  }
  return withAt(object, ['metadata', 'name'], name);
}

function validate(call: Call, object: JsonObject): void {
  const { kind } = call;
  const causes = [
    ...metadataFaults(object, kind, kind.nameRule),
    ...kind.typing.validateCreate(object),
  ];
  if (causes.length === 0) return;
  throw new Refused(invalid(kind, textAt(object, 'metadata', 'name'), causes));
}
