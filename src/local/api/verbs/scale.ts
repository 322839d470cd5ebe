/**
 * The scale subresource: an autoscaling/v1 Scale in front of an object's replicas.
 * Never here: what the replicas mean.
 */
import { at, isObject, numberAt, objectAt, textAt, withAt } from '../json';
import type { ScalePaths } from '../kinds/kind';
import type { Json, JsonObject } from '../port';
import {
  badRequest,
  internalError,
  invalid,
  invalidValue,
  noSuchPath,
  quote,
  Refused,
} from '../status';
import { accepted, checkName, strictnessOf } from './body';
import { type Call, existing, writerOf } from './server';
import { replace } from './update';
import { patchedJson, unsupportedPatch } from './write';

/** @throws Refused */
export function readScale(call: Call, name: string): JsonObject {
  return scaleOf(call, existing(call, name));
}

/** @throws Refused */
export function writeScale(call: Call, name: string): JsonObject {
  const live = existing(call, name);
  const paths = pathsOf(call);
  if (call.request.verb === 'patch' && call.request.patch === 'apply') {
    return scaleOf(call, appliedScale(call, name, live, paths));
  }
  const scale = wantedScale(call, live);
  checkName(name, scale);
  const replicas = replicasOf(call, name, scale);
  const version = textAt(scale, 'metadata', 'resourceVersion');
  const versioned = version === '' ? live : withAt(live, ['metadata', 'resourceVersion'], version);
  const changed = withAt(versioned, paths.spec, replicas);
  const writer = { ...writerOf(call, 'Update', 'scale'), reset: [] };
  const object = call.kind.typing.trackUpdate(live, changed, writer);
  return scaleOf(call, replace(call, { name, live, object, subresource: 'scale' }));
}

function wantedScale(call: Call, live: JsonObject): JsonObject {
  const { verb, patch, body } = call.request;
  if (verb === 'update') {
    if (isObject(body)) return body;
    throw new Refused(badRequest('a Scale must be an object'));
  }
  if (patch === 'strategic' && call.kind.typing.strategic === 'no') {
    throw new Refused(unsupportedPatch());
  }
  // A Scale has no lists, so a strategic merge is a plain one.
  const plain: Call =
    patch === 'strategic' ? { ...call, request: { ...call.request, patch: 'merge' } } : call;
  const wanted = patchedJson(plain, scaleOf(call, live), body as Json);
  if (isObject(wanted)) return wanted;
  throw new Refused(badRequest('a Scale must be an object'));
}

function appliedScale(call: Call, name: string, live: JsonObject, paths: ScalePaths): JsonObject {
  const body = isObject(call.request.body) ? call.request.body : {};
  const replicas = replicasOf(call, name, body);
  const { kind, apiVersion } = live;
  const { namespace } = objectAt(live, 'metadata');
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  const bare = { apiVersion: apiVersion ?? '', kind: kind ?? '', metadata };
  const config = withAt(bare, paths.spec, replicas);
  const writer = { ...writerOf(call, 'Apply', 'scale'), reset: [] };
  const force = call.request.query?.force === true;
  const answer = call.kind.typing.apply(live, config, writer, force, strictnessOf(call));
  const object = accepted(call, answer);
  return object === live ? live : replace(call, { name, live, object, subresource: 'scale' });
}

function replicasOf(call: Call, name: string, scale: JsonObject): number {
  const replicas = numberAt(scale, 'spec', 'replicas') ?? 0;
  if (Number.isInteger(replicas) && replicas >= 0) return replicas;
  if (call.kind.origin === 'crd') {
    const field = `.${pathsOf(call).spec.join('.')}`;
    const fault = invalidValue(field, replicas, 'should be a non-negative integer');
    throw new Refused(invalid(call.kind, name, [fault]));
  }
  const cause = invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0');
  throw new Refused(invalid({ group: 'autoscaling', kind: 'Scale' }, name, [cause]));
}

function pathsOf(call: Call): ScalePaths {
  const { scale } = call.kind;
  if (scale === undefined) throw new Refused(noSuchPath());
  return scale;
}

function scaleOf(call: Call, object: JsonObject): JsonObject {
  const paths = pathsOf(call);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = objectAt(object, 'metadata');
  const replicas = numberAt(object, ...paths.spec);
  if (replicas === undefined && call.kind.origin === 'crd') {
    const field = `.${paths.spec.join('.')}`;
    throw new Refused(internalError(`the spec replicas field ${quote(field)} does not exist`));
  }
  const selector = paths.selector === undefined ? '' : selectorText(at(object, ...paths.selector));
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name: name ?? '',
      ...(namespace === undefined ? {} : { namespace }),
      uid: uid ?? '',
      resourceVersion: resourceVersion ?? '',
      creationTimestamp: creationTimestamp ?? null,
    },
    spec: replicas === undefined || replicas === 0 ? {} : { replicas },
    status: {
      replicas: numberAt(object, ...paths.status) ?? 0,
      ...(selector === '' ? {} : { selector }),
    },
  };
}

/** `a=b,c in (d,e)`: a selector as text, in the order of keys. */
function selectorText(selector: Json | undefined): string {
  if (typeof selector === 'string') return selector;
  if (!isObject(selector)) return '';
  const equal = Object.entries(objectAt(selector, 'matchLabels')).map(
    ([key, value]) => [key, `${key}=${String(value)}`] as const,
  );
  const others = (Array.isArray(selector.matchExpressions) ? selector.matchExpressions : []).map(
    (one) => [textAt(one, 'key'), expressionText(one)] as const,
  );
  return [...equal, ...others]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text)
    .join(',');
}

function expressionText(one: unknown): string {
  const key = textAt(one, 'key');
  const values = at(one, 'values');
  const list = Array.isArray(values) ? `(${[...values].sort().join(',')})` : '()';
  switch (textAt(one, 'operator')) {
    case 'In':
      return `${key} in ${list}`;
    case 'NotIn':
      return `${key} notin ${list}`;
    case 'Exists':
      return key;
    default:
      return `!${key}`;
  }
}
