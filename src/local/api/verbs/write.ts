/**
 * update (PUT) and patch in its four forms: from the request to the state that is wanted.
 * Never here: what is then checked and stored (update.ts, create.ts).
 */
import { isObject, textAt, withAt } from '../json';
import type { Json, JsonObject } from '../port';
import { badRequest, conflict, failure, invalid, invalidValue, notFound, Refused } from '../status';
import { accepted, checkName, decoded, inNamespace, strictnessOf } from './body';
import { insert } from './create';
import { jsonPatched, mergePatched, PatchFault } from './json-patch';
import { type Call, liveOf, namedOf, writerOf } from './server';
import { replace } from './update';

export interface Written {
  readonly code: 200 | 201;
  readonly object: JsonObject;
}

const operationsMax = 10_000;

/** @throws Refused */
export function put(call: Call, name: string, subresource: string): Written {
  const object = decoded(call, call.request.body);
  checkName(name, object);
  const live = liveOf(call, name);
  const writer = writerOf(call, 'Update', subresource);
  if (live === undefined) {
    if (call.kind.createOnUpdate === 'refused' || subresource !== '') {
      throw new Refused(notFound(namedOf(call), name));
    }
    const tracked = (made: JsonObject): JsonObject =>
      call.kind.typing.trackUpdate(undefined, made, writer);
    return { code: 201, object: insert(call, object, tracked) };
  }
  const tracked = call.kind.typing.trackUpdate(live, inNamespace(call, object), writer);
  return { code: 200, object: replace(call, { name, live, object: tracked, subresource }) };
}

/** @throws Refused */
export function patch(call: Call, name: string, subresource: string): Written {
  if (call.request.patch === 'apply') return applied(call, name, subresource);
  const live = liveOf(call, name);
  if (live === undefined) throw new Refused(notFound(namedOf(call), name));
  const wanted = patched(call, live);
  checkName(name, wanted);
  const writer = writerOf(call, 'Update', subresource);
  const tracked = call.kind.typing.trackUpdate(live, wanted, writer);
  return { code: 200, object: replace(call, { name, live, object: tracked, subresource }) };
}

/** The object with the patch in it, decoded again. @throws Refused */
export function patched(call: Call, live: JsonObject): JsonObject {
  const body = call.request.body as Json;
  if (call.request.patch === 'strategic') {
    if (call.kind.typing.strategic === 'no') throw new Refused(unsupportedPatch());
    if (!isObject(body)) throw new Refused(badRequest(notAMap));
    const merged = accepted(call, call.kind.typing.strategicPatch(live, body));
    return wellTyped(call, merged, (message) => ({
      why: strictFault(message),
      patch: goText(body),
    }));
  }
  const wanted = patchedJson(call, live, body);
  if (!isObject(wanted)) throw new Refused(badRequest(notAnObject));
  return wellTyped(call, wanted, (message) => {
    return { why: faultOfPatch(call, message), patch: JSON.stringify(wanted) };
  });
}

const notAMap = 'json: cannot unmarshal array into Go value of type map[string]interface {}';
const notAnObject = `error decoding patch: ${notAMap}`;

interface PatchShown {
  /** undefined: not told as the patch's fault. */
  readonly why: string | undefined;
  readonly patch: string;
}

/** A value of a wrong type, or a field too much, is told as the patch's fault. @throws Refused */
function wellTyped(
  call: Call,
  wanted: JsonObject,
  shownFor: (message: string) => PatchShown,
): JsonObject {
  try {
    return decoded(call, wanted);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { why, patch: text } = shownFor(error.message);
    if (why === undefined) throw error;
    throw new Refused(invalid({ group: '', kind: '' }, '', [invalidValue('patch', text, why)]));
  }
}

function strictFault(message: string): string | undefined {
  return /strict decoding error: .*/.exec(message)?.[0];
}

function faultOfPatch(call: Call, message: string): string | undefined {
  const strict = strictFault(message);
  if (strict !== undefined || call.kind.origin === 'crd') return strict;
  return /json: cannot unmarshal.*/.exec(message)?.[0];
}

/** As Go prints a value: `map[data:map[x:4]]`. */
function goText(value: Json): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isObject(value)) return String(value);
  const members = Object.keys(value).sort();
  return `map[${members.map((key) => `${key}:${goText(value[key] ?? null)}`).join(' ')}]`;
}

export function unsupportedPatch() {
  return failure(
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  );
}

/** A JSON patch or merge patch. @throws Refused */
export function patchedJson(call: Call, target: JsonObject, body: Json): Json {
  if (call.request.patch === 'merge') {
    if (body === null) throw new Refused(badRequest('Invalid JSON Patch'));
    if (!isObject(body)) throw new Refused(badRequest(undecoded(body, goMapType)));
    return mergePatched(target, body);
  }
  if (body === null) return target;
  if (!Array.isArray(body))
    throw new Refused(badRequest(undecoded(body, '[]handlers.jsonPatchOp')));
  for (const operation of body as readonly Json[]) checkOperation(operation);
  if (body.length > operationsMax) {
    const message = `Request entity too large: The allowed maximum operations in a JSON patch is ${operationsMax}, got ${body.length}`;
    throw new Refused(failure(413, 'RequestEntityTooLarge', message));
  }
  try {
    return jsonPatched(target, body);
  } catch (error) {
    if (!(error instanceof PatchFault)) throw error;
    const message = 'the server rejected our request due to an error in our request';
    throw new Refused(failure(422, 'Invalid', message, {}));
  }
}

const goMapType = 'map[string]interface {}';

function undecoded(value: Json, goType: string): string {
  const is = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `error decoding patch: json: cannot unmarshal ${is} into Go value of type ${goType}`;
}

/** Of the wrong types only: what is missing is told by the operation. @throws Refused */
function checkOperation(operation: Json): void {
  const goType = 'handlers.jsonPatchOp';
  if (operation === null) return;
  if (!isObject(operation)) throw new Refused(badRequest(undecoded(operation, goType)));
  for (const field of ['op', 'path', 'from']) {
    const value = operation[field] ?? '';
    if (typeof value === 'string') continue;
    const [before] = undecoded(value, '').split('Go value');
    const what = `${before}Go struct field jsonPatchOp.${field} of type string`;
    throw new Refused(badRequest(what));
  }
}

function applied(call: Call, name: string, subresource: string): Written {
  const { body, query } = call.request;
  if (!isObject(body)) throw new Refused(badRequest('error decoding YAML: not an object'));
  const live = liveOf(call, name);
  if (live === undefined && subresource !== '') {
    throw new Refused(notFound(namedOf(call), name));
  }
  const uid = textAt(body, 'metadata', 'uid');
  if (live === undefined && uid !== '') {
    const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw new Refused(conflict(namedOf(call), name, why));
  }
  const config = identifiedConfig(call, name, body);
  const writer = writerOf(call, 'Apply', subresource);
  const answer = call.kind.typing.apply(
    live,
    config,
    writer,
    query?.force === true,
    strictnessOf(call),
  );
  const object = accepted(call, answer);
  if (live === undefined) {
    // As the real server: an apply that creates is not held to a version.
    const fresh = withAt(object, ['metadata', 'resourceVersion'], undefined);
    return { code: 201, object: insert(call, fresh, (made) => made) };
  }
  if (object === live) return { code: 200, object: live };
  return { code: 200, object: replace(call, { name, live, object, subresource }) };
}

/** An applied configuration must say what it is; its name may only be that of the path. */
function identifiedConfig(call: Call, name: string, body: JsonObject): JsonObject {
  const apiVersion = textAt(body, 'apiVersion');
  const kind = textAt(body, 'kind');
  const expected = `${call.kind.group === '' ? '' : `${call.kind.group}/`}${call.kind.version}`;
  if (apiVersion === '' || kind === '') {
    throw new Refused(badRequest('invalid object type: /, Kind='));
  }
  if (apiVersion !== expected || kind !== call.kind.kind) {
    const slash = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
    throw new Refused(badRequest(`invalid object type: ${slash}, Kind=${kind}`));
  }
  const said = textAt(body, 'metadata', 'name');
  const isUnnamed = said === '' && textAt(body, 'metadata', 'generateName') === '';
  const named = isUnnamed ? withAt(body, ['metadata', 'name'], name) : body;
  checkName(name, named);
  const placed = inNamespace(call, named);
  // What it does not say stays unsaid: refusals show the configuration as it came.
  return textAt(body, 'metadata', 'namespace') === '' ? named : placed;
}
