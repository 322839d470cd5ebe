/**
 * The body of a write: is it an object of this kind, under the name of the path?
 * Never here: types of fields (Typing.decode), patches.
 */
import { doubledAmong, inTextOrder } from '../doubled-fields';
import { isObject, objectAt, textAt, withAt } from '../json';
import { apiVersionOf } from '../kinds/kind';
import type { JsonObject } from '../port';
import { badRequest, invalid, invalidValue, Refused } from '../status';
import type { Refusal, Typed } from '../typing';
import type { Call } from './server';

/** Decoded, with defaults. @throws Refused */
export function decoded(call: Call, body: unknown): JsonObject {
  const whole = identified(call, body);
  const object = accepted(
    call,
    withDoubled(call, call.kind.typing.decode(whole, strictnessOf(call))),
  );
  return forgetful(whole, call.kind.onDecode?.(object) ?? object);
}

/** No owners at all are said, not left unsaid: all are forgotten then. */
function forgetful(said: JsonObject, object: JsonObject): JsonObject {
  const owners = objectAt(said, 'metadata').managedFields;
  const forgets = Array.isArray(owners) && owners.length === 0;
  return forgets ? withAt(object, ['metadata', 'managedFields'], []) : object;
}

/** What the text says twice is told with what the type does not know. */
function withDoubled(call: Call, decoded: Typed | Refusal): Typed | Refusal {
  const { members } = call.request;
  const strictness = strictnessOf(call);
  if (members === undefined || strictness === 'Ignore') return decoded;
  const { kind, version } = call.kind;
  const strict = `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: `;
  if (decoded.kind === 'refused') {
    if (!decoded.message.startsWith(strict)) return decoded;
    return { ...decoded, message: strict + toldOf(call, members, decoded.message).join(', ') };
  }
  if (strictness === 'Warn') {
    return { ...decoded, warnings: toldOf(call, members, decoded.warnings.join()) };
  }
  const message = strict + toldOf(call, members, '').join(', ');
  return { kind: 'refused', code: 400, reason: 'BadRequest', message };
}

function toldOf(call: Call, members: readonly string[], text: string): readonly string[] {
  const doubled = doubledAmong(members);
  const unknown = [...text.matchAll(/unknown field "([^"]*)"/g)].map(([, path = '']) => path);
  // Of a custom resource the schema is asked later.
  if (call.kind.origin === 'crd') {
    return [...inTextOrder(members, doubled, []), ...inTextOrder(members, [], unknown)];
  }
  return inTextOrder(members, doubled, unknown);
}

export function strictnessOf(call: Call): 'Strict' | 'Warn' | 'Ignore' {
  return call.request.query?.fieldValidation ?? 'Warn';
}

/** The object of a Typing's answer; its warnings are told. @throws Refused */
export function accepted(call: Call, answer: Typed | Refusal): JsonObject {
  if (answer.kind === 'refused') throw new Refused(refusalStatus(call, answer));
  call.warnings.push(...answer.warnings);
  return answer.object;
}

function refusalStatus(call: Call, refusal: Refusal) {
  const { code, reason, message, causes } = refusal;
  if (reason === 'Invalid' && causes !== undefined && message === '') {
    return invalid(call.kind, call.request.name ?? '', causes);
  }
  return {
    kind: 'Status' as const,
    apiVersion: 'v1' as const,
    metadata: {},
    status: 'Failure' as const,
    message,
    ...(reason === '' ? {} : { reason }),
    ...(causes === undefined ? {} : { details: { causes } }),
    code,
  };
}

/** Kind and apiVersion may be left out; wrong ones are refused. */
function identified(call: Call, body: unknown): JsonObject {
  const { kind } = call;
  if (!isObject(body)) {
    throw new Refused(
      badRequest(
        `the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)`,
      ),
    );
  }
  const apiVersion = apiVersionOf(kind);
  const saidKind = textAt(body, 'kind');
  const saidVersion = textAt(body, 'apiVersion');
  if (kind.origin === 'crd') checkCustom(call, body, saidKind, saidVersion);
  if ((saidKind === '' || saidKind === kind.kind) && saidVersion === apiVersion) {
    return saidKind === '' ? { kind: kind.kind, ...body } : body;
  }
  if (saidKind !== '' && saidKind !== kind.kind) {
    throw new Refused(badRequest(wrongKind(call, saidKind, saidVersion || apiVersion)));
  }
  if (saidVersion === '') return { ...body, apiVersion, kind: kind.kind };
  throw new Refused(badRequest(wrongVersion(call, saidVersion)));
}

/** Custom resources must say what they are. @throws Refused */
function checkCustom(call: Call, body: JsonObject, kind: string, apiVersion: string): void {
  const missing = kind === '' ? 'Kind' : apiVersion === '' ? 'apiVersion' : undefined;
  if (missing !== undefined) {
    const text = JSON.stringify(body);
    const short = text.length > 30 ? `${text.slice(0, 30)} ...` : text;
    throw new Refused(
      badRequest(
        `the object provided is unrecognized (must be of type ${call.kind.kind}): Object '${missing}' is missing in '${text}' (${short})`,
      ),
    );
  }
  if (kind === call.kind.kind || apiVersion !== apiVersionOf(call.kind)) return;
  const cause = invalidValue('kind', kind, `must be ${call.kind.kind}`);
  const { group } = call.kind;
  throw new Refused(invalid({ group, kind }, textAt(body, 'metadata', 'name'), [cause]));
}

function wrongKind(call: Call, said: string, apiVersion: string): string {
  const [group, version] = splitVersion(apiVersion);
  const { kind } = call;
  const hub = kind.group === '' ? 'core' : (kind.group.split('.')[0] ?? '');
  const known = call.server.registry
    .all()
    .some((one) => one.kind === said && one.group === group && one.version === version);
  const why = known
    ? `converting (${version}.${said}) to (${hub}.${kind.kind}): unknown conversion`
    : `no kind "${said}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:110"`;
  return `${said} in version "${version}" cannot be handled as a ${kind.kind}: ${why}`;
}

function wrongVersion(call: Call, said: string): string {
  const [group, version] = splitVersion(said);
  const { kind } = call;
  const known = call.server.registry
    .all()
    .some((one) => one.kind === kind.kind && one.group === group && one.version === version);
  if (known || kind.origin === 'crd') {
    return `the API version in the data (${said}) does not match the expected API version (${apiVersionOf(kind)})`;
  }
  return `${kind.kind} in version "${version}" cannot be handled as a ${kind.kind}: no kind "${kind.kind}" is registered for version "${said}" in scheme "pkg/runtime/scheme.go:110"`;
}

function splitVersion(apiVersion: string): readonly [group: string, version: string] {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
}

/** The path's namespace, unless the object names another. @throws Refused */
export function inNamespace(call: Call, object: JsonObject): JsonObject {
  const said = textAt(object, 'metadata', 'namespace');
  if (call.kind.scope === 'cluster') {
    return said === '' ? object : withAt(object, ['metadata', 'namespace'], undefined);
  }
  const asked = call.request.namespace ?? '';
  if (said === asked) return object;
  if (said === '') return withAt(object, ['metadata', 'namespace'], asked);
  throw new Refused(
    badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    ),
  );
}

/** @throws Refused when the object is named other than the path. */
export function checkName(name: string, object: JsonObject): void {
  const said = textAt(object, 'metadata', 'name');
  if (said === name) return;
  if (said === '') {
    throw new Refused(
      badRequest(
        `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
      ),
    );
  }
  throw new Refused(
    badRequest(`the name of the object (${said}) does not match the name on the URL (${name})`),
  );
}
