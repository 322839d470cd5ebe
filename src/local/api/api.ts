/**
 * The API server without sockets: each request authorized, routed to its verb, and answered.
 * Never here: what a verb does (verbs/), bytes on a wire (http/).
 */
import { definitions, serveDefinitions } from './definitions';
import type { Kind } from './kinds/kind';
import { createRegistry, type Registry } from './kinds/registry';
import type {
  Answer,
  ApiObject,
  JsonObject,
  LocalApi,
  Request,
  Status,
  User,
  WatchEvent,
  WatchRequest,
} from './port';
import { type Asked, type Authorizer, createAuthorizer, denied } from './rbac';
import { internalError, Refused } from './status';
import type { Store } from './store';
import type { Typings } from './typing';
import { dispatch } from './verbs/dispatch';
import type { Server, ServiceAddresses, TokenIssuer } from './verbs/server';
import { type OpenWatch, openWatch, type RawEvent } from './verbs/watch';

export interface ApiOptions {
  readonly store: Store;
  readonly typings: Typings;
  readonly addresses: ServiceAddresses;
  readonly tokens: TokenIssuer;
  /** Wall time in ms. */
  readonly nowMs: () => number;
  readonly uuid: () => string;
  /** Five lower-case letters or digits. */
  readonly suffix: () => string;
  /** Runs it in a later turn; the real one is setImmediate. */
  readonly defer: (run: () => void) => void;
}

/** What the HTTPS front needs beside the port. */
export interface ApiServer extends LocalApi {
  readonly server: Server;
  readonly registry: Registry;
  readonly authorizer: Authorizer;
  /** undefined: allowed. */
  refusal(user: User, asked: Asked): Status | undefined;
  /** As `watch`, but a refusal is a Status, and bookmarks can be asked for. */
  open(request: WatchRequest, onEvent: (event: RawEvent) => void): OpenWatch | Status;
  close(): void;
}

export function createApi(options: ApiOptions): ApiServer {
  const { store, typings, addresses, tokens, nowMs, uuid, suffix, defer } = options;
  const registry = createRegistry(typings);
  const authorizer = createAuthorizer(store);
  const parts = { store, registry, typings, addresses, tokens, authorizer };
  const server: Server = { ...parts, nowMs, uuid, suffix };
  for (const { object } of store.list(definitions, '')) registry.define(object);
  const handle = (request: Request): Answer => answer(server, authorizer, refusal, request);
  const stopDefinitions = serveDefinitions(server, handle, defer);
  function refusal(user: User, asked: Asked): Status | undefined {
    const decision = authorizer.decide(user, asked);
    return decision.kind === 'allowed' ? undefined : denied(user, asked, decision.reason);
  }
  function open(request: WatchRequest, onEvent: (event: RawEvent) => void): OpenWatch | Status {
    const { resource, namespace = '', query, user } = request;
    const name = /(?:^|,)metadata\.name==?([^,]+)/.exec(query?.fieldSelector ?? '')?.[1] ?? '';
    const { group, resource: plural } = resource;
    const no = refusal(user, {
      kind: 'resource',
      verb: 'watch',
      group,
      resource: plural,
      subresource: '',
      namespace,
      name,
    });
    if (no !== undefined) return no;
    return caught(() => openWatch(server, kindOf(registry, resource), request, defer, onEvent));
  }
  return {
    server,
    registry,
    authorizer,
    refusal,
    open,
    handle,
    watch(request, onEvent) {
      const told = (event: RawEvent): void => onEvent(event as unknown as WatchEvent<ApiObject>);
      const opened = open(request, told);
      if ('stop' in opened) return opened.stop;
      let state: 'waiting' | 'stopped' = 'waiting';
      defer(() => {
        if (state === 'stopped') return;
        told({ type: 'ERROR', object: { ...opened } as unknown as JsonObject });
      });
      return () => {
        state = 'stopped';
      };
    },
    close: stopDefinitions,
  };
}

function kindOf(registry: Registry, resource: Request['resource']): Kind {
  const kind = registry.find(resource);
  if (kind === undefined) throw new Refused(noSuch());
  return kind;
}

function noSuch(): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'the server could not find the requested resource',
    reason: 'NotFound',
    details: {},
    code: 404,
  };
}

function caught<Value>(run: () => Value): Value | Status {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refused) return error.status;
    return internalError(error instanceof Error ? error.message : String(error));
  }
}

function answer(
  server: Server,
  authorizer: Authorizer,
  refusal: ApiServer['refusal'],
  request: Request,
): Answer {
  const warnings: string[] = [];
  const answered = caught(() => dispatch({ server, authorizer, refusal, request, warnings }));
  const told = warnings.length === 0 ? {} : { warnings };
  if ('value' in answered) return { ...answered, ...told };
  return { code: answered.code, value: answered, ...told };
}
