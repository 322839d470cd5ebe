/**
 * The life of CustomResourceDefinitions: served as soon as they are stored, and gone when the last of their
 * objects is (apiextensions-apiserver/pkg/controller).
 * Never here: whether a definition is valid, the kinds made of it (kinds/crds.ts).
 */
import { listAt, same, textAt, withAt } from './json';
import { established } from './kinds/crds';
import { finalizersOf, isEnding, timeText } from './metadata';
import type { Answer, JsonObject, Request, User } from './port';
import type { StoreEvent } from './store';
import type { Server } from './verbs/server';

export const definitions = 'customresourcedefinitions.apiextensions.k8s.io';
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

const user: User = { name: 'system:apiserver', groups: ['system:masters'] };
const writer = { manager: 'kube-apiserver', operation: 'Update', subresource: 'status' } as const;

/** @returns ends it. */
export function serveDefinitions(
  server: Server,
  handle: (request: Request) => Answer,
  defer: (run: () => void) => void,
): () => void {
  let state: 'open' | 'closed' = 'open';
  const later = (key: string): void =>
    defer(() => {
      const definition = state === 'open' ? server.store.get(definitions, key) : undefined;
      if (definition !== undefined && isEnding(definition)) emptied(server, handle, definition);
    });
  for (const { key } of server.store.list(definitions, '')) later(key);
  const unsubscribe = server.store.subscribe('all', (event) => {
    if (event.collection === definitions) {
      onDefinition(server, event);
      later(event.key);
    } else if (event.type === 'DELETED' && event.collection.includes('.')) later(event.collection);
  });
  return () => {
    state = 'closed';
    unsubscribe();
  };
}

function onDefinition(server: Server, event: StoreEvent): void {
  const { registry, store } = server;
  if (event.type === 'DELETED') {
    registry.undefine(textAt(event.object, 'metadata', 'name'));
    return;
  }
  const { spec } = event.object;
  if (!same(event.previous?.spec, spec)) registry.define(event.object);
  if (isEnding(event.object)) return;
  const nowText = timeText(server.nowMs());
  const next = established(event.object, nowText);
  if (same(next.status, event.object.status)) return;
  const typing = server.typings.builtin('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition');
  const apiVersion = 'apiextensions.k8s.io/v1';
  const by = { ...writer, apiVersion, now: nowText, reset: ['spec'] };
  store.put(definitions, event.key, typing?.trackUpdate(event.object, next, by) ?? next);
}

/** While it waits for the finalizers of its objects it says so. */
function terminating(server: Server, definition: JsonObject): void {
  const conditions = listAt(definition, 'status', 'conditions');
  if (conditions.some((one) => textAt(one, 'type') === 'Terminating')) return;
  const nowText = timeText(server.nowMs());
  const condition = {
    ...{ type: 'Terminating', status: 'True', lastTransitionTime: nowText },
    reason: 'InstanceDeletionInProgress',
    message: 'CustomResource deletion is in progress',
  };
  const next = withAt(definition, ['status', 'conditions'], [...conditions, condition]);
  server.store.put(definitions, textAt(definition, 'metadata', 'name'), next);
}

/** Deletes what is left of its objects; with none left, the definition itself may go. */
function emptied(
  server: Server,
  handle: (request: Request) => Answer,
  definition: JsonObject,
): void {
  const group = textAt(definition, 'spec', 'group');
  const resource = textAt(definition, 'spec', 'names', 'plural');
  const kind = server.registry
    .all()
    .find((one) => one.group === group && one.resource === resource);
  const left = server.store.list(`${resource}.${group}`, '');
  for (const { object } of left) {
    if (kind === undefined || isEnding(object)) continue;
    const namespace = textAt(object, 'metadata', 'namespace');
    handle({
      verb: 'delete',
      resource: kind,
      name: textAt(object, 'metadata', 'name'),
      ...(namespace === '' ? {} : { namespace }),
      user,
    });
  }
  const finalizers = finalizersOf(definition);
  if (server.store.list(`${resource}.${group}`, '').length > 0) {
    terminating(server, definition);
    return;
  }
  if (!finalizers.includes(cleanupFinalizer)) return;
  const kept = finalizers.filter((name) => name !== cleanupFinalizer);
  const next = withAt(definition, ['metadata', 'finalizers'], kept.length === 0 ? undefined : kept);
  const name = textAt(definition, 'metadata', 'name');
  if (kept.length === 0) server.store.remove(definitions, name, next);
  else server.store.put(definitions, name, next);
}
