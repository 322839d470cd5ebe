/**
 * Server-side apply of whole files: a definition is awaited before the objects of its kind.
 * Never here: what apply means (api/).
 */
import type { ApiServer } from './api/api';
import type { JsonObject, Status, User } from './api/port';
import type { Timers } from './controllers/frame/timers';

const USER: User = { name: 'kubernetes-admin', groups: ['system:masters'] };
const TRIES = 100;
const BETWEEN_MS = 20;

interface Sent extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
}

/** @throws Error with the server's words for the first object that is refused. */
export async function applyAll(
  api: ApiServer,
  objects: readonly object[],
  timers: Timers,
): Promise<void> {
  for (const object of objects) await applyOne(api, JSON.parse(JSON.stringify(object)), timers);
}

async function applyOne(api: ApiServer, object: Sent, timers: Timers): Promise<void> {
  let refusal = applied(api, object);
  for (let tries = 0; refusal?.reason === 'KindNotServed' && tries < TRIES; tries += 1) {
    await new Promise<void>((resolve) => timers.after(BETWEEN_MS, resolve));
    refusal = applied(api, object);
  }
  if (refusal === undefined) return;
  const { name } = object.metadata as { readonly name?: string };
  throw new Error(`${object.kind} ${name ?? ''} is refused: ${refusal.message}`);
}

function applied(
  api: ApiServer,
  object: Sent,
): { readonly reason: string; readonly message: string } | undefined {
  const [version = '', group = ''] = object.apiVersion.split('/').reverse();
  const kind = api.registry.ofKind(group, object.kind);
  if (kind === undefined || !api.registry.all().some((one) => one === kind)) {
    return {
      reason: 'KindNotServed',
      message: `no kind "${object.kind}" in version "${object.apiVersion}"; apply its CustomResourceDefinition first`,
    };
  }
  const { name = '', namespace = 'default' } = object.metadata as {
    readonly name?: string;
    readonly namespace?: string;
  };
  const { code, value } = api.handle({
    verb: 'patch',
    patch: 'apply',
    resource: { group, version, resource: kind.resource },
    ...(kind.scope === 'cluster' ? {} : { namespace }),
    name,
    body: object,
    query: { fieldManager: 'gungnir-local', force: true },
    user: USER,
  });
  if (code < 300) return undefined;
  const { reason = '', message = '' } = value as Status;
  return { reason, message };
}
