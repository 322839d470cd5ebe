/**
 * A row of writes to one object, done by the local types as the verbs do them, and said as requests for
 * the oracle.
 * Never here: the rows.
 */
import { isObject } from '../../../../src/local/api/json';
import type { Json, JsonObject } from '../../../../src/local/api/port';
import type { Refusal, Typed, Typing } from '../../../../src/local/api/typing';
import type { Ask } from './oracle';

export interface Step {
  readonly how: 'create' | 'merge' | 'strategic' | 'apply' | 'status';
  readonly manager: string;
  /** Without apiVersion, kind and name. */
  readonly body: JsonObject;
  readonly force?: boolean;
}

export interface Target {
  readonly typing: Typing;
  readonly apiVersion: string;
  readonly kind: string;
  /** Of the collection, with `NS`. */
  readonly path: string;
  readonly hasStatus: boolean;
}

export const objectName = 'thing';

function full(target: Target, body: JsonObject): JsonObject {
  const metadata = isObject(body.metadata) ? body.metadata : {};
  const { apiVersion, kind } = target;
  return {
    apiVersion,
    kind,
    ...body,
    metadata: { name: objectName, namespace: 'NS', ...metadata },
  };
}

export function askOf(target: Target, { how, manager, body, force }: Step): Ask {
  const one = `${target.path}/${objectName}`;
  const query = `fieldManager=${manager}`;
  switch (how) {
    case 'create':
      return { method: 'POST', path: `${target.path}?${query}`, body: full(target, body) };
    case 'apply':
      return {
        method: 'PATCH',
        path: `${one}?${query}&force=${force === true}`,
        body: full(target, body),
        contentType: 'application/apply-patch+yaml',
      };
    case 'status':
      return {
        method: 'PATCH',
        path: `${one}/status?${query}`,
        body,
        contentType: 'application/merge-patch+json',
      };
    default:
      return {
        method: 'PATCH',
        path: `${one}?${query}`,
        body,
        contentType: `application/${how === 'merge' ? 'merge-patch' : 'strategic-merge-patch'}+json`,
      };
  }
}

/** @returns the object afterwards, or the refusal. */
export function done(target: Target, live: JsonObject | undefined, step: Step): Typed | Refusal {
  const { typing, apiVersion } = target;
  const isStatus = step.how === 'status';
  if (isStatus && live === undefined) throw new Error('a status needs an object');
  const reset = !target.hasStatus ? [] : isStatus ? ['spec'] : ['status'];
  const writer = {
    manager: step.manager,
    operation: step.how === 'apply' ? ('Apply' as const) : ('Update' as const),
    apiVersion,
    subresource: isStatus ? 'status' : '',
    now: '2026-01-01T00:00:00Z',
    reset,
  };
  if (step.how === 'apply') {
    const config = full(target, step.body);
    return checked(target, live, typing.apply(live, config, writer, step.force === true, 'Warn'));
  }
  const patched = patchedBy(typing, live, step, target);
  if (patched.kind === 'refused') return patched;
  const decoded = typing.decode(patched.object, 'Warn');
  if (decoded.kind === 'refused') return decoded;
  const object = typing.trackUpdate(live, decoded.object, writer);
  return checked(target, live, { ...decoded, object }, isStatus);
}

/** Refused with 422 where it is not valid, as the verbs word it. */
function checked(
  { typing, kind, hasStatus }: Target,
  live: JsonObject | undefined,
  answer: Typed | Refusal,
  isStatus = false,
): Typed | Refusal {
  if (answer.kind === 'refused') return answer;
  const object = withOwnPart(answer.object, live, hasStatus, isStatus);
  const causes =
    live === undefined ? typing.validateCreate(object) : typing.validateUpdate(live, object, '');
  if (causes.length === 0) return { ...answer, object };
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const message = `${titleOf(kind, object)} is invalid: ${text}`;
  return { kind: 'refused', code: 422, reason: 'Invalid', message, causes };
}

/** Each endpoint writes its part alone: the main one all but the status. */
function withOwnPart(
  object: JsonObject,
  live: JsonObject | undefined,
  hasStatus: boolean,
  isStatus: boolean,
): JsonObject {
  if (!hasStatus) return object;
  const from = isStatus ? object : live;
  const { status: _dropped, ...rest } = isStatus && live !== undefined ? live : object;
  const metadata = object.metadata as JsonObject;
  return { ...rest, metadata, ...(from?.status === undefined ? {} : { status: from.status }) };
}

function titleOf(kind: string, object: JsonObject): string {
  const group = String(object.apiVersion).split('/').slice(0, -1).join('');
  return `${kind}${group === '' ? '' : `.${group}`} "${objectName}"`;
}

function patchedBy(
  typing: Typing,
  live: JsonObject | undefined,
  step: Step,
  target: Target,
): Typed | Refusal {
  if (live === undefined) {
    return { kind: 'object', object: full(target, step.body), warnings: [] };
  }
  if (step.how === 'strategic') return typing.strategicPatch(live, step.body);
  return { kind: 'object', object: mergedBy(live, step.body) as JsonObject, warnings: [] };
}

/** RFC 7386. */
function mergedBy(value: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const out: Record<string, Json> = isObject(value) ? { ...value } : {};
  for (const [key, one] of Object.entries(patch)) {
    if (one === null) delete out[key];
    else out[key] = mergedBy(out[key], one);
  }
  return out;
}
