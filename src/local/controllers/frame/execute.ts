/**
 * Does what controllers decided, one request after the other, and lets the caches learn the answers.
 * Never here: why.
 */
import type { Answer, ApiObject, LocalApi, Request, Status, User } from '../../api/port';
import type { Action, Tale } from './action';
import type { Caches } from './cache';
import type { Kind } from './kind';

export interface Shell {
  /** Wall time. */
  nowMs(): number;
  /**
   * Stops at the first refusal, but for statuses.
   * @returns false if something was refused: the key comes again.
   */
  execute(actions: readonly Action[], component: string): boolean;
}

export interface Identity {
  readonly user: User;
  readonly userAgent: string;
}

export function shellOver(
  api: LocalApi,
  { user, userAgent }: Identity,
  caches: Caches,
  nowMs: () => number,
  record: (tale: Tale, component: string) => void,
): Shell {
  const ask = (request: Omit<Request, 'user' | 'userAgent'>): Answer =>
    api.handle({ ...request, user, userAgent });
  const learn = (kind: Kind, object: ApiObject, answer: Answer): Status | undefined => {
    if (answer.code < 300) {
      caches.learn(kind, answer.value as ApiObject);
      return undefined;
    }
    if (answer.code === 404) lookAgain(kind, object);
    return answer.value as Status;
  };
  /** Whether a deleted object is still there: the answer to a deletion does not say it for all kinds. */
  const lookAgain = (kind: Kind, object: ApiObject): void => {
    const { code, value } = ask({ verb: 'get', resource: kind, ...placeOf(object) });
    const found = value as ApiObject;
    if (code === 200 && found.metadata.uid === object.metadata.uid) caches.learn(kind, found);
    else if (code === 200 || code === 404) caches.forget(kind, object);
  };
  const perform = (action: Exclude<Action, { kind: 'tell' | 'giveUp' }>): Status | undefined => {
    switch (action.kind) {
      case 'create':
        return create(action);
      case 'bind':
        return bind(action);
      case 'delete':
        return remove(action);
      case 'deleteAll': {
        const { of: resource, namespace } = action;
        const { code, value } = ask({ verb: 'deletecollection', resource, namespace });
        return code < 300 ? undefined : (value as Status);
      }
      default:
        return learn(action.of, action.object, ask(requestOf(action)));
    }
  };
  const create = ({ of, object }: Extract<Action, { kind: 'create' }>): Status | undefined => {
    const body = { apiVersion: of.apiVersion, kind: of.kind, ...object };
    const { namespace } = object.metadata;
    const where = namespace === undefined ? {} : { namespace };
    const answer = ask({ verb: 'create', resource: of, ...where, body });
    if (answer.code < 300) caches.learn(of, answer.value as ApiObject);
    return answer.code < 300 ? undefined : (answer.value as Status);
  };
  const bind = ({ pod, node }: Extract<Action, { kind: 'bind' }>): Status | undefined => {
    const { name, namespace, uid } = pod.metadata;
    const target = { apiVersion: 'v1', kind: 'Node', name: node };
    const body = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace, uid }, target };
    const resource = { group: '', version: 'v1', resource: 'pods' };
    const answer = ask({
      verb: 'create',
      resource,
      subresource: 'binding',
      ...placeOf(pod),
      body,
    });
    if (answer.code >= 300) return answer.value as Status;
    lookAgain({ ...resource, kind: 'Pod', apiVersion: 'v1', scope: 'Namespaced' }, pod);
    return undefined;
  };
  const remove = (action: Extract<Action, { kind: 'delete' }>): Status | undefined => {
    const { code, value } = ask(deletionOf(action));
    lookAgain(action.of, action.object);
    return code < 300 || code === 404 ? undefined : (value as Status);
  };
  return {
    nowMs,
    execute(actions, component) {
      let refused = false;
      for (const action of actions) {
        if (refused && action.kind !== 'status') continue;
        if (action.kind === 'tell') {
          record(action, component);
          continue;
        }
        if (action.kind === 'giveUp') {
          refused = true;
          continue;
        }
        const refusal = perform(action);
        if (refusal === undefined) continue;
        refused = true;
        const tale = 'onRefusal' in action ? action.onRefusal : undefined;
        if (tale !== undefined)
          record({ ...tale, type: 'Warning', message: tale.message + refusal.message }, component);
      }
      return !refused;
    },
  };
}

function placeOf({ metadata }: ApiObject): { readonly name: string; readonly namespace?: string } {
  const { name, namespace } = metadata;
  return namespace === undefined ? { name } : { name, namespace };
}

function requestOf(
  action: Extract<Action, { kind: 'update' | 'status' | 'patch' }>,
): Omit<Request, 'user' | 'userAgent'> {
  const { of, object } = action;
  const at = { resource: of, ...placeOf(object) };
  switch (action.kind) {
    case 'update': {
      const part = action.subresource === undefined ? {} : { subresource: action.subresource };
      return { verb: 'update', ...at, ...part, body: object };
    }
    case 'status':
      return { verb: 'update', subresource: 'status', ...at, body: object };
    case 'patch': {
      const { metadata } = action.patch as { readonly metadata?: object };
      const body = { ...action.patch, metadata: { ...metadata, uid: object.metadata.uid } };
      const part = action.subresource === undefined ? {} : { subresource: action.subresource };
      return { verb: 'patch', patch: 'merge', ...at, ...part, body };
    }
  }
}

function deletionOf(
  action: Extract<Action, { kind: 'delete' }>,
): Omit<Request, 'user' | 'userAgent'> {
  const { of, object, graceSeconds, propagation, onlyThisVersion } = action;
  const { uid, resourceVersion } = object.metadata;
  const preconditions = { uid, ...(onlyThisVersion === undefined ? {} : { resourceVersion }) };
  return {
    verb: 'delete',
    resource: of,
    ...placeOf(object),
    body: {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions,
      ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
      ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
    },
  };
}
