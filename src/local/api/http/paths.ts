/**
 * Paths of the server itself: health, version, discovery, OpenAPI.
 * Never here: resources.
 */
import { KUBERNETES_VERSION } from '../../version';
import type { ApiServer } from '../api';
import type { JsonObject } from '../port';
import { noSuchPath, Refused } from '../status';
import { aggregated, coreVersions, groupList, oneGroup, resourceList } from './discovery';
import { formOf } from './negotiate';
import type { OpenApi } from './openapi';
import { objectReply, type Reply, textReply } from './respond';

export interface PathsOptions {
  readonly api: ApiServer;
  readonly documents: OpenApi;
  /** `host:port`, as discovery tells it. */
  readonly address: string;
}

const version: JsonObject = {
  major: '1',
  minor: '34',
  emulationMajor: '1',
  emulationMinor: '34',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '33',
  gitVersion: KUBERNETES_VERSION,
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
};

/** @throws Refused 406 */
export function pathReply(options: PathsOptions, path: string, accept: string | undefined): Reply {
  if (/^\/(healthz|livez|readyz)(\/|$)/.test(path)) return textReply(200, 'ok');
  if (path === '/openapi/v2' && (accept ?? '').includes(v2ProtobufAsked)) return v2Protobuf;
  const form = formOf(accept);
  if (path.startsWith('/openapi/')) {
    const document = openApiOf(options.documents, path);
    return document === undefined ? textReply(404, '') : objectReply(200, document);
  }
  const parts = path.split('/').filter((part) => part !== '');
  if (form.kind === 'discovery' && parts.length === 1 && /^apis?$/.test(parts[0] ?? '')) {
    const body = aggregated(options.api.registry, parts[0] === 'api' ? 'core' : 'named');
    return { code: 200, text: JSON.stringify(body), type: form.type };
  }
  const body = discovered(options, parts);
  if (body !== undefined) return objectReply(200, body);
  // A group that is built in has somebody who answers for it.
  if (isOfBuiltinGroup(options, parts)) throw new Refused(noSuchPath());
  return textReply(404, '404 page not found\n');
}

function isOfBuiltinGroup({ api }: PathsOptions, [root, group]: readonly string[]): boolean {
  if (root !== 'apis') return root === 'api';
  return api.registry.all().some((kind) => kind.group === group && kind.origin === 'builtin');
}

function discovered(options: PathsOptions, parts: readonly string[]): JsonObject | undefined {
  const { registry } = options.api;
  const [root, group = '', third] = parts;
  if (root === 'version' && parts.length === 1) return version;
  if (root === undefined) return rootPaths(options);
  if (root === 'api') {
    if (parts.length === 1) return coreVersions(options.address);
    return parts.length === 2 ? resourceList(registry, '', group) : undefined;
  }
  if (root !== 'apis') return undefined;
  if (parts.length === 1) return groupList(registry);
  if (parts.length === 2) return oneGroup(registry, group);
  return parts.length === 3 ? resourceList(registry, group, third ?? '') : undefined;
}

function rootPaths({ api }: PathsOptions): JsonObject {
  const groups = api.registry.all().filter(({ group }) => group !== '');
  const found = groups.flatMap(({ group, version: one }) => [
    `/apis/${group}`,
    `/apis/${group}/${one}`,
  ]);
  const fixed = ['/api', '/api/v1', '/apis', '/healthz', '/livez', '/openapi/v2', '/openapi/v3'];
  return { paths: [...new Set([...fixed, ...found, '/readyz', '/version'])].sort() };
}

const v2ProtobufAsked = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/** A field that holds these bytes; ASCII, at most 127. */
const field = (tag: string, bytes: string): string =>
  `${tag}${String.fromCharCode(bytes.length)}${bytes}`;
const v2Info = `${field('\x0a', 'Kubernetes')}${field('\x12', KUBERNETES_VERSION)}`;

/**
 * kubectl asks for it where v3 does not know a kind (List, or none at all), and goes on where it finds
 * nothing there: swagger "2.0", and info with title and version. Fields are checked by the server in any case.
 */
const v2Protobuf: Reply = {
  code: 200,
  text: `${field('\x0a', '2.0')}${field('\x12', v2Info)}`,
  type: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
};

function openApiOf(documents: OpenApi, path: string): JsonObject | undefined {
  if (path === '/openapi/v2') return documents.v2();
  if (path === '/openapi/v3') return documents.v3();
  return documents.v3Of(path.replace(/^\/openapi\/v3\//, ''));
}
