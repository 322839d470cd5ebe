/**
 * Does what controllers decided, one request after the other, and lets the caches learn the answers.
 * Never here: why.
 */
import type { Answer, ApiObject, LocalApi, Request, Status, User } from '../../api/port';
import { PODS } from '../objects/pod';
import type { Action, Tale } from './action';
import type { Caches } from './cache';
import { asJson } from './json';
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
  identity: Identity,
  caches: Caches,
  nowMs: () => number,
  record: (tale: Tale, component: string) => void,
): Shell {
  const hands = handsOf(api, identity, caches);
  const perform = (action: Action, component: string): 'done' | 'refused' => {
    if (action.kind === 'giveUp') return 'refused';
    if (action.kind === 'tell') {
      record(action, component);
      return 'done';
    }
    const { refusal, name } = hands.perform(action);
    if (refusal === undefined) {
      const told = action.kind === 'create' ? action.onSuccess : undefined;
      if (told !== undefined)
        record({ ...told, message: told.message.replace('{name}', name) }, component);
      return 'done';
    }
    const tale = 'onRefusal' in action ? action.onRefusal : undefined;
    if (tale !== undefined)
      record({ ...tale, type: 'Warning', message: tale.message + refusal.message }, component);
    return 'refused';
  };
  return {
    nowMs,
    execute(actions, component) {
      let isRefused = false;
      for (const action of actions) {
        if (isRefused && action.kind !== 'status') continue;
        if (perform(action, component) === 'refused') isRefused = true;
      }
      return !isRefused;
    },
  };
}

type Deed = Exclude<Action, { kind: 'tell' | 'giveUp' }>;
type Ask = (request: Omit<Request, 'user' | 'userAgent'>) => Answer;

interface Hands {
  /** @returns how it was refused, and the name of what is there now. */
  perform(action: Deed): { readonly refusal: Status | undefined; readonly name: string };
}

function handsOf(api: LocalApi, { user, userAgent }: Identity, caches: Caches): Hands {
  const ask: Ask = ({ body, ...request }) =>
    api.handle({ ...request, body: asJson(body), user, userAgent });
  /** Whether it is still there: the answer to a deletion or a binding does not say so. */
  const lookAgain = (kind: Kind, object: ApiObject): void => {
    const { code, value } = ask({ verb: 'get', resource: kind, ...placeOf(object) });
    const found = value as ApiObject;
    if (code === 200 && found.metadata.uid === object.metadata.uid) caches.learn(kind, found);
    else if (code === 200 || code === 404) caches.forget(kind, object);
  };
  return {
    perform(action) {
      const answer = ask(requestOf(action));
      const isDone = answer.code < 300;
      switch (action.kind) {
        case 'create':
          if (isDone) caches.learn(action.of, answer.value as ApiObject);
          break;
        case 'bind':
          if (isDone) lookAgain(PODS, action.pod);
          break;
        case 'delete':
          lookAgain(action.of, action.object);
          if (answer.code === 404) return { refusal: undefined, name: '' };
          break;
        case 'deleteAll':
          break;
        default:
          if (isDone) caches.learn(action.of, answer.value as ApiObject);
          else if (answer.code === 404) lookAgain(action.of, action.object);
      }
      const { metadata } = answer.value as { readonly metadata?: { readonly name?: string } };
      const refusal = isDone ? undefined : (answer.value as Status);
      return { refusal, name: metadata?.name ?? '' };
    },
  };
}

function placeOf({ metadata }: ApiObject): { readonly name: string; readonly namespace?: string } {
  const { name, namespace } = metadata;
  return namespace === undefined ? { name } : { name, namespace };
}

function requestOf(action: Deed): Omit<Request, 'user' | 'userAgent'> {
  switch (action.kind) {
    case 'create': {
      const { of, object } = action;
      const { namespace } = object.metadata;
      const where = namespace === undefined ? {} : { namespace };
      const body = { apiVersion: of.apiVersion, kind: of.kind, ...object };
      return { verb: 'create', resource: of, ...where, body };
    }
    case 'bind':
      return bindingOf(action.pod, action.node);
    case 'delete':
      return deletionOf(action);
    case 'deleteAll':
      return { verb: 'deletecollection', resource: action.of, namespace: action.namespace };
    default:
      return changeOf(action);
  }
}

function bindingOf(pod: ApiObject, node: string): Omit<Request, 'user' | 'userAgent'> {
  const { name, namespace, uid } = pod.metadata;
  const target = { apiVersion: 'v1', kind: 'Node', name: node };
  const body = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace, uid }, target };
  return { verb: 'create', resource: PODS, subresource: 'binding', ...placeOf(pod), body };
}

function changeOf(
  action: Extract<Action, { kind: 'update' | 'status' | 'patch' }>,
): Omit<Request, 'user' | 'userAgent'> {
  const { of, object } = action;
  const at = { resource: of, ...placeOf(object) };
  if (action.kind === 'status')
    return { verb: 'update', subresource: 'status', ...at, body: object };
  const part = action.subresource === undefined ? {} : { subresource: action.subresource };
  if (action.kind === 'update') return { verb: 'update', ...at, ...part, body: object };
  const { metadata } = action.patch as { readonly metadata?: object };
  const body = { ...action.patch, metadata: { ...metadata, uid: object.metadata.uid } };
  return { verb: 'patch', patch: action.type ?? 'merge', ...at, ...part, body };
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
