/**
 * One server-side apply request from configuration to object or refusal, in the words of the real server.
 * Never here: the merging itself (apply.ts, merge.ts).
 */
import { isObject } from '../../json';
import type { JsonObject } from '../../port';
import type { Refusal, Strictness, Typed, Writer } from '../../typing';
import { shown } from '../fault';
import type { Shape } from '../shape';
import {
  applied,
  type Conflict,
  conflictMessage,
  lastAppliedAnnotation,
  textOfOwner,
} from './apply';
import { emptySet, textOfPath } from './field-set';
import { ownerOf, withOwners } from './managed';
import { typeFaults } from './merge';
import { sameButTimes } from './tracked';

export interface Applying {
  readonly shape: Shape;
  readonly live: JsonObject | undefined;
  readonly config: JsonObject;
  readonly writer: Writer;
  readonly empty: JsonObject;
  readonly strictness: Strictness;
  readonly force: boolean;
  /** From the merged object to a stored one: decoding, pruning, defaults. */
  readonly finish: (object: JsonObject) => Typed | Refusal;
}

export function applying(request: Applying): Typed | Refusal {
  const { shape, live, config, writer, empty, force, finish } = request;
  const refused = refusalOf(shape, config);
  if (refused !== undefined) return refused;
  const owner = ownerOf({ ...writer, operation: 'Apply' }, emptySet);
  const answer = applied({ shape, live, config, owner, reset: writer.reset, empty }, force);
  if (answer.kind === 'conflicts') return conflict(answer.conflicts);
  const finished = finish(noted(answer.object, config, owner.manager));
  if (finished.kind === 'refused') return finished;
  const object = withOwners(withOwners(finished.object, undefined), answer.owners);
  if (live !== undefined && sameButTimes(live, object)) return { ...finished, object: live };
  return { ...finished, object };
}

function refusalOf(shape: Shape, config: JsonObject): Refusal | undefined {
  const metadata = isObject(config.metadata) ? config.metadata : {};
  if (metadata.managedFields !== undefined && metadata.managedFields !== null) {
    const message = 'metadata.managedFields must be nil';
    return { kind: 'refused', code: 400, reason: 'BadRequest', message };
  }
  const faults = typeFaults(shape, config);
  if (faults.length === 0) return undefined;
  const text = faults.length === 1 ? faults[0] : `errors:\n  ${faults.join('\n  ')}`;
  const given = String(config.apiVersion ?? '');
  const apiVersion = given.includes('/') ? given : `/${given}`;
  const place = [metadata.namespace, metadata.name].filter((one) => one !== undefined).join('/');
  const where = `${metadata.namespace === undefined ? '/' : ''}${place}; ${apiVersion}, Kind=${String(config.kind)}`;
  const message = `failed to create typed patch object (${where}): ${text}`;
  return { kind: 'refused', code: 500, reason: '', message };
}

function conflict(conflicts: readonly Conflict[]): Refusal {
  return {
    kind: 'refused',
    code: 409,
    reason: 'Conflict',
    message: conflictMessage(conflicts, textOfPath),
    causes: conflicts.map(({ owner, path }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${textOfOwner(owner)}`,
      field: textOfPath(path),
    })),
  };
}

/** `kubectl apply --server-side` keeps the annotation of `kubectl apply` true where there is one. */
function noted(object: JsonObject, config: JsonObject, manager: string): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const annotations = isObject(metadata.annotations) ? metadata.annotations : {};
  if (manager !== 'kubectl' || typeof annotations[lastAppliedAnnotation] !== 'string')
    return object;
  const configMetadata = isObject(config.metadata) ? config.metadata : {};
  const given = isObject(configMetadata.annotations) ? configMetadata.annotations : {};
  const { [lastAppliedAnnotation]: _own, ...others } = given;
  const text = shown({
    ...config,
    metadata: {
      ...configMetadata,
      ...(configMetadata.annotations === undefined ? {} : { annotations: others }),
    },
  });
  return {
    ...object,
    metadata: {
      ...metadata,
      annotations: { ...annotations, [lastAppliedAnnotation]: `${text}\n` },
    },
  };
}
