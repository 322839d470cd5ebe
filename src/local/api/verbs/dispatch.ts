/**
 * From a request to the verb that answers it: authorization, the kind, the endpoint.
 * Never here: a verb's own work.
 */
import type { Kind } from '../kinds/kind';
import type { Answer, Request, Status, User } from '../port';
import type { Asked, Authorizer } from '../rbac';
import { failure, noSuchPath, notFound, Refused } from '../status';
import { keyOf } from '../store';
import { create } from './create';
import { checkOptions } from './options';
import { bind, evict } from './pods';
import { checkVersion, list } from './read';
import { remove, removeCollection } from './remove';
import { answerReview, requestToken, reviews } from './reviews';
import { readScale, writeScale } from './scale';
import { type Call, existing, type Server } from './server';
import { patch, put, type Written } from './write';

export interface Dispatch {
  readonly server: Server;
  readonly authorizer: Authorizer;
  readonly refusal: (user: User, asked: Asked) => Status | undefined;
  readonly request: Request;
  readonly warnings: string[];
}

/** @throws Refused */
export function dispatch(input: Dispatch): Answer {
  const { server, request, warnings } = input;
  allow(input, request.verb);
  checkOptions(request);
  const { group, version, resource } = request.resource;
  const review = reviews.find((one) => one.group === group && one.resource === resource);
  if (review !== undefined && version === 'v1') {
    if (request.verb !== 'create') throw new Refused(methodNotAllowed());
    const { authorizer } = input;
    const asking = { server, authorizer, user: request.user, namespace: request.namespace };
    return { code: 201, value: answerReview(review, asking, request) };
  }
  const kind = server.registry.find(request.resource);
  if (kind === undefined) throw new Refused(noSuchPath());
  if (kind.deprecation !== undefined) warnings.push(kind.deprecation);
  checkScope(kind, request);
  const call: Call = { server, request, kind, warnings };
  if (request.subresource !== undefined && request.subresource !== '') {
    return onSubresource(input, call, request.subresource);
  }
  return onObject(input, call);
}

/** @throws Refused */
function allow(input: Dispatch, verb: string): void {
  const { request } = input;
  const { group, resource } = request.resource;
  const isNamespace = group === '' && resource === 'namespaces';
  const no = input.refusal(request.user, {
    kind: 'resource',
    verb,
    group,
    resource,
    subresource: request.subresource ?? '',
    // As the real server: a namespace's own requests are asked in that namespace.
    namespace: isNamespace ? (request.name ?? '') : (request.namespace ?? ''),
    name: request.name ?? nameSelected(request),
  });
  if (no !== undefined) throw new Refused(no);
}

/** A list of one name is a request for that name, to those who decide. */
function nameSelected({ verb, query }: Request): string {
  if (verb !== 'list' && verb !== 'deletecollection') return '';
  return /^metadata\.name==?([^=!,]+)$/.exec(query?.fieldSelector ?? '')?.[1] ?? '';
}

function checkScope(kind: Kind, request: Request): void {
  if (kind.scope === 'cluster' && (request.namespace ?? '') !== '') throw new Refused(noSuchPath());
  const needsOne = request.name !== undefined || request.verb === 'create';
  if (kind.scope === 'namespaced' && needsOne && (request.namespace ?? '') === '') {
    throw new Refused(request.verb === 'create' ? methodNotAllowed() : noSuchPath());
  }
}

function methodNotAllowed(): Status {
  const message = 'the server does not allow this method on the requested resource';
  return failure(405, 'MethodNotAllowed', message, {});
}

function onObject(input: Dispatch, call: Call): Answer {
  const { request, kind } = call;
  const { name } = request;
  if (!kind.verbs.includes(request.verb)) throw new Refused(methodNotAllowed());
  switch (request.verb) {
    case 'list':
      return { code: 200, value: list(call) };
    case 'create':
      if (name !== undefined) throw new Refused(methodNotAllowed());
      return { code: 201, value: create(call) };
    case 'deletecollection': {
      const items = removeCollection(call);
      const { listKind } = kind;
      const revision = String(call.server.store.revision());
      const rest = kind.origin === 'crd' ? { continue: '' } : {};
      const metadata = { ...rest, resourceVersion: revision };
      const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
      return { code: 200, value: { kind: listKind, apiVersion, metadata, items } };
    }
    default:
  }
  if (name === undefined || name === '') throw new Refused(methodNotAllowed());
  switch (request.verb) {
    case 'get':
      checkVersion(call);
      return { code: 200, value: existing(call, name) };
    case 'update':
      return written(put(call, name, ''));
    case 'patch':
      if (request.patch === 'apply' && isAbsent(call, name)) allow(input, 'create');
      return written(patch(call, name, ''));
    case 'delete':
      return { code: 200, value: remove(call, name) };
    default:
      throw new Refused(methodNotAllowed());
  }
}

function isAbsent(call: Call, name: string): boolean {
  const namespace = call.kind.scope === 'namespaced' ? call.request.namespace : undefined;
  return call.server.store.get(call.kind.collection, keyOf(namespace, name)) === undefined;
}

function written({ code, object }: Written): Answer {
  return { code, value: object };
}

function onSubresource(_input: Dispatch, call: Call, subresource: string): Answer {
  const { kind, request } = call;
  const name = request.name ?? '';
  const found = kind.subresources.find((one) => one.name === subresource);
  if (found === undefined && kind.origin === 'crd' && name !== '') {
    throw new Refused(notFound(kind, name));
  }
  if (found === undefined || name === '') throw new Refused(noSuchPath());
  if (!found.verbs.includes(request.verb)) throw new Refused(methodNotAllowed());
  switch (subresource) {
    case 'scale':
      return {
        code: 200,
        value: request.verb === 'get' ? readScale(call, name) : writeScale(call, name),
      };
    case 'binding':
      return { code: 201, value: bind(call, name) };
    case 'eviction':
      return { code: 201, value: evict(call, name) };
    case 'token':
      return { code: 201, value: requestToken(call, name) };
    case 'status':
    case 'finalize': {
      if (request.verb === 'get') return { code: 200, value: existing(call, name) };
      const part = subresource;
      return written(request.verb === 'update' ? put(call, name, part) : patch(call, name, part));
    }
    default:
      // log, exec and their like are answered by the front, which has a stream to answer on.
      throw new Refused(noSuchPath());
  }
}
