/**
 * One HTTP request: who, what, in which form; then the verb, and its answer as bytes.
 * Never here: sockets (front.ts), verbs.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiServer } from '../api';
import { isObject } from '../json';
import { apiVersionOf, type Kind } from '../kinds/kind';
import type { NodeAgent } from '../node-agent';
import type { Answer, JsonObject, Request, Status, User } from '../port';
import { badRequest, internalError, Refused, unauthorized } from '../status';
import { reviews } from '../verbs/reviews';
import { optionsBody, parsedBody, patchBody, readBody, yamlBody } from './body';
import { HalfImpersonated, identify, impersonated } from './identify';
import { streamLog } from './log';
import { type Form, formOf, patchFormOf } from './negotiate';
import { type PathsOptions, pathReply } from './paths';
import { containerOf } from './pod-target';
import { listText, objectReply, type Reply, send, textReply } from './respond';
import { queryOf, type Route, routeOf } from './route';
import { onlyMetadata, tableOf } from './table';
import { streamWatch } from './watch-stream';

export interface HandlerOptions extends PathsOptions {
  readonly agent: NodeAgent;
  readonly nowMs: () => number;
}

type ResourceRoute = Extract<Route, { kind: 'resource' }>;

/** Never throws: what goes wrong is a Status. */
export async function handle(
  options: HandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await answer(options, request, response);
  } catch (error) {
    if (error instanceof HalfImpersonated) {
      const text = `Internal Server Error: ${JSON.stringify(request.url)}: ${error.message}\n`;
      return send(response, textReply(500, text));
    }
    const status =
      error instanceof Refused
        ? error.status
        : internalError(error instanceof Error ? error.message : String(error));
    if (response.headersSent) response.destroy();
    else sendStatus(response, status);
  }
}

export function sendStatus(response: ServerResponse, status: Status): void {
  send(response, objectReply(status.code, { ...status } as unknown as JsonObject));
}

async function answer(
  options: HandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { api } = options;
  if (!isAddress(request.url ?? '/')) return send(response, textReply(400, '400 Bad Request'));
  const identity = identify(api.server, request);
  if (identity === undefined) return sendStatus(response, unauthorized());
  const user = impersonated(api, request, identity);
  const url = new URL(request.url ?? '/', 'https://api');
  const route = routeOf(request.method ?? 'GET', url);
  if (route.kind === 'path') {
    const verb = (request.method ?? 'GET').toLowerCase();
    const no = api.refusal(user, { kind: 'path', verb, path: route.path });
    if (no !== undefined) return sendStatus(response, no);
    send(response, pathReply(options, route.path, request.headers.accept));
    return;
  }
  if (isUnknownGroup(api, route)) {
    send(response, textReply(404, '404 page not found\n'));
    return;
  }
  if (route.verb === 'watch') return watch(options, user, route, url, request, response);
  if (route.subresource === 'log' && route.verb === 'get') {
    return streamLog(options.agent, podOf(api, user, route), url.searchParams, response);
  }
  if (route.subresource === 'exec' || route.subresource === 'attach') {
    containerOf(podOf(api, user, route), url.searchParams.get('container') ?? '');
    throw new Refused(badRequest('Upgrade request required'));
  }
  const form = formOf(request.headers.accept, route.verb === 'list' ? 'list' : 'one');
  const asked = await requestOf(options, user, route, url, request);
  // The body may have taken a while; the verb itself is one turn.
  const kind = api.registry.find(route.resource);
  send(response, replyOf({ options, kind, form, url }, api.handle(asked)));
}

/** Two hexadecimal digits follow each percent sign, and no host is broken. */
function isAddress(url: string): boolean {
  return URL.canParse(url, 'https://api') && !/%(?![0-9a-f]{2})/i.test(url.split('?')[0] ?? '');
}

/** Below a group that nobody serves there is nothing, not even a resource that is not there. */
function isUnknownGroup(api: ApiServer, { resource }: ResourceRoute): boolean {
  const { group } = resource;
  return ![...api.registry.all(), ...reviews].some((one) => one.group === group);
}

/** The pod whose log or process is asked for. @throws Refused */
export function podOf(api: ApiServer, user: User, route: ResourceRoute): JsonObject {
  const { resource, namespace = '', name = '', subresource = '' } = route;
  const no = api.refusal(user, {
    kind: 'resource',
    verb: route.verb,
    group: resource.group,
    resource: resource.resource,
    subresource,
    namespace,
    name,
  });
  if (no !== undefined) throw new Refused(no);
  const system: User = { name: 'system:apiserver', groups: [] };
  const found = api.handle({ verb: 'get', resource, namespace, name, user: system });
  if (found.code !== 200) throw new Refused(found.value as Status);
  return found.value as JsonObject;
}

function watch(
  options: HandlerOptions,
  user: User,
  route: ResourceRoute,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { api, nowMs } = options;
  const { resource, namespace, name } = route;
  const asked = queryOf(url.searchParams);
  const query = name === undefined ? asked : { ...asked, fieldSelector: `metadata.name=${name}` };
  const refusal = streamWatch(
    {
      api,
      kind: api.registry.find(resource),
      request: { resource, user, query, ...(namespace === undefined ? {} : { namespace }) },
      user,
      form: formOf(request.headers.accept, 'list'),
      includeObject: includedOf(url),
      nowMs,
    },
    response,
  );
  if (refusal !== undefined) sendStatus(response, refusal);
}

function includedOf(url: URL): 'Metadata' | 'Object' | 'None' {
  const asked = url.searchParams.get('includeObject') ?? '';
  if (asked === 'None' || asked === 'Object') return asked;
  if (asked === '' || asked === 'Metadata') return 'Metadata';
  const why = `includeObject: Invalid value: "${asked}": must be 'Metadata', 'Object', 'None', or empty`;
  throw new Refused(badRequest(`Unable to convert to Table as requested: ${why}`));
}

async function requestOf(
  options: HandlerOptions,
  user: User,
  route: ResourceRoute,
  url: URL,
  request: IncomingMessage,
): Promise<Request> {
  const { resource, namespace, name, subresource, verb } = route;
  const body = await bodyOf(options, route, request);
  const agent = request.headers['user-agent'];
  return {
    verb: verb === 'watch' ? 'list' : verb,
    resource,
    user,
    query: queryOf(url.searchParams),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
    ...(agent === undefined ? {} : { userAgent: agent }),
    ...body,
  };
}

async function bodyOf(
  { api }: HandlerOptions,
  route: ResourceRoute,
  request: IncomingMessage,
): Promise<Pick<Request, 'body' | 'members' | 'patch'>> {
  if (route.verb === 'get' || route.verb === 'list') return {};
  const bytes = await readBody(request);
  if (route.verb === 'patch') {
    const patch = patchFormOf(request.headers['content-type']);
    if (patch === 'apply') return { patch, body: yamlBody(bytes.toString('utf8')) };
    return { patch, ...patchBody(bytes) };
  }
  if (route.verb === 'delete' || route.verb === 'deletecollection') {
    const options = optionsBody(bytes);
    return options === undefined ? {} : { body: options };
  }
  const kind = api.registry.find(route.resource);
  const expected = {
    kind: kind?.kind ?? '',
    apiVersion: kind === undefined ? '' : apiVersionOf(kind),
  };
  return parsedBody(request, bytes, expected);
}

interface Shown {
  readonly options: HandlerOptions;
  readonly kind: Kind | undefined;
  readonly form: Form;
  readonly url: URL;
}

function replyOf({ options, kind, form, url }: Shown, answered: Answer): Reply {
  const { code, warnings } = answered;
  const value = isObject(answered.value) ? answered.value : {};
  const isStatus = value.kind === 'Status' && value.apiVersion === 'v1';
  if (kind === undefined || isStatus || form.kind === 'discovery') {
    return objectReply(code, value, 'json', warnings);
  }
  if (form.kind === 'table' && value.kind !== 'Scale') {
    const includeObject = includedOf(url);
    const table = tableOf(kind, value, {
      includeObject,
      headers: 'yes',
      nowMs: options.nowMs(),
      definitions: options.api.server.typings.definitions,
    });
    return { code, text: JSON.stringify(table), warnings };
  }
  if (form.kind === 'metadata')
    return { code, text: JSON.stringify(onlyMetadata(value)), warnings };
  if (Array.isArray(value.items) && form.kind !== 'yaml' && value.kind === kind.listKind) {
    return { code, text: listText(value, kind.origin === 'crd' ? 'whole' : 'bare'), warnings };
  }
  return objectReply(code, value, form.kind === 'yaml' ? 'yaml' : 'json', warnings);
}
