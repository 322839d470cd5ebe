/**
 * From a URL to what is asked: a resource request, or a path of the server itself.
 * Never here: bodies, answers.
 */
import type { Query, Resource, Verb } from '../port';
import { badRequest, failure, Refused } from '../status';

export type Route =
  | {
      readonly kind: 'resource';
      readonly resource: Resource;
      readonly namespace: string | undefined;
      readonly name: string | undefined;
      readonly subresource: string | undefined;
      readonly verb: Verb | 'watch';
    }
  | { readonly kind: 'path'; readonly path: string };

const namespaceSubresources = new Set(['status', 'finalize']);

export function routeOf(method: string, url: URL): Route {
  const parts = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const [root, ...rest] = parts;
  if (root === 'api' && rest.length >= 2) return resourceRoute(method, url, '', rest);
  if (root === 'apis' && rest.length >= 3) {
    return resourceRoute(method, url, rest[0] ?? '', rest.slice(1));
  }
  // What tells versions and kinds is only read; other paths of a real server take any method.
  if (isRead(method) === 'no' && /^\/(version|apis\/[^/]+\/[^/]+)\/?$/.test(url.pathname))
    throw notAllowed();
  return { kind: 'path', path: url.pathname };
}

/** What cannot be decoded stands as it came. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function resourceRoute(method: string, url: URL, group: string, parts: readonly string[]): Route {
  const [version = '', ...after] = parts;
  // `/api/v1/watch/...`, which old clients still ask for.
  const isWatch = method === 'GET' && after[0] === 'watch' && after.length > 1;
  const rest = isWatch ? after.slice(1) : after;
  const inside =
    rest[0] === 'namespaces' && rest.length > 2 && !namespaceSubresources.has(rest[2] ?? '');
  const [resource = '', name, ...sub] = inside ? rest.slice(2) : rest;
  return {
    kind: 'resource',
    resource: { group, version, resource },
    namespace: inside ? rest[1] : undefined,
    name,
    subresource: sub.length === 0 ? undefined : sub.join('/'),
    verb: isWatch ? 'watch' : verbOf(method, name, url.searchParams),
  };
}

function verbOf(method: string, name: string | undefined, query: URLSearchParams): Verb | 'watch' {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    case 'GET':
      if (name !== undefined) return 'get';
      return isTrue(query.get('watch')) ? 'watch' : 'list';
    default:
      throw notAllowed();
  }
}

function isRead(method: string): 'yes' | 'no' {
  return method === 'GET' || method === 'HEAD' ? 'yes' : 'no';
}

function notAllowed(): Refused {
  const message = 'the server does not allow this method on the requested resource';
  return new Refused(failure(405, 'MethodNotAllowed', message, {}));
}

export function isTrue(text: string | null): boolean {
  return text === '1' || text === 'true';
}

/** @throws Refused for numbers that are none and values that do not exist. */
export function queryOf(params: URLSearchParams): Query & {
  readonly allowWatchBookmarks?: boolean;
  readonly timeoutSeconds?: number;
} {
  const text = (name: string): Record<string, string> => {
    const value = params.get(name);
    return value === null || value === '' ? {} : { [name]: value };
  };
  const number = (name: string): Record<string, number> => {
    const value = params.get(name);
    if (value === null || value === '') return {};
    if (!/^-?\d+$/.test(value)) {
      throw new Refused(badRequest(`strconv.ParseInt: parsing "${value}": invalid syntax`));
    }
    return { [name]: Number(value) };
  };
  const flag = (name: string): Record<string, boolean> => {
    const value = params.get(name);
    return value === null ? {} : { [name]: isTrue(value) || value === '' };
  };
  return {
    ...text('labelSelector'),
    ...text('fieldSelector'),
    ...text('continue'),
    ...text('resourceVersion'),
    ...text('resourceVersionMatch'),
    ...text('dryRun'),
    ...text('fieldManager'),
    ...text('fieldValidation'),
    ...text('propagationPolicy'),
    ...number('limit'),
    ...number('gracePeriodSeconds'),
    ...number('timeoutSeconds'),
    ...flag('force'),
    ...flag('orphanDependents'),
    ...flag('allowWatchBookmarks'),
    ...flag('sendInitialEvents'),
  };
}
