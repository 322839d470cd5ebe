/**
 * The real API server of the local cluster in memory, without sockets and controllers, for tests of what
 * lives around it. Never here: what it answers.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { type ApiServer, createApi } from '../../src/local/api/api';
import type { Answer, ApiObject, Json, JsonObject, User } from '../../src/local/api/port';
import { createStore } from '../../src/local/api/store';
import { typings } from '../../src/local/api/typed/index';
import { type AddressRange, SERVICES_MAX } from '../../src/local/range';

export const ADMIN: User = { name: 'admin', groups: ['system:masters'] };

export interface LocalApiLab {
  readonly api: ApiServer;
  /** Creates it, and writes its status if it has one. @throws with the server's words. */
  put<Known extends ApiObject>(resource: string, object: object): Known;
  get<Known extends ApiObject>(resource: string, name: string): Known | undefined;
  all<Known extends ApiObject>(resource: string): readonly Known[];
  /** As `kubectl delete` does. @param graceSeconds absent: the object's own. */
  remove(resource: string, name: string, graceSeconds?: number): Answer;
  /** A merge patch. */
  patch(resource: string, name: string, body: object, subresource?: string): Answer;
}

/** Resources as `pods` or `discovery.k8s.io/v1:endpointslices`; namespaced ones are in `default`, or behind `@`. */
export function startLocalApi(range: AddressRange): LocalApiLab {
  const api = createApi({
    store: createStore({}),
    typings,
    nowMs: Date.now,
    uuid: randomUUID,
    suffix: () => randomBytes(3).toString('hex').slice(0, 5),
    defer: (run) => void setImmediate(run),
    addresses: {
      next(taken) {
        for (let index = 0; index < SERVICES_MAX; index += 1) {
          if (!taken.has(range.service(index))) return range.service(index);
        }
        return undefined;
      },
      contains: range.holds,
      nodePorts: { first: 30_000, last: 32_767 },
    },
    tokens: {
      issuer: 'https://kubernetes.default.svc',
      sign: (claims) => Buffer.from(JSON.stringify(claims)).toString('base64url'),
      verify: (token) => JSON.parse(Buffer.from(token, 'base64url').toString()) as JsonObject,
    },
  });
  const lab: LocalApiLab = {
    api,
    put(resource, object) {
      const at = placeOf(resource);
      const given = object as JsonObject & { readonly metadata: { readonly name: string } };
      const made = fine(api.handle({ verb: 'create', ...at, user: ADMIN, body: given }));
      if (given.status === undefined) return made as never;
      const { name } = given.metadata;
      const status = given.status as Json;
      const body = {
        status: { ...((made as JsonObject).status as JsonObject), ...(status as JsonObject) },
      };
      const more = { verb: 'patch', patch: 'merge', subresource: 'status' } as const;
      return fine(api.handle({ ...more, ...at, name, user: ADMIN, body })) as never;
    },
    get(resource, name) {
      const answer = api.handle({ verb: 'get', ...placeOf(resource), name, user: ADMIN });
      return answer.code === 200 ? (answer.value as never) : undefined;
    },
    all(resource) {
      const answer = api.handle({ verb: 'list', ...placeOf(resource), user: ADMIN });
      return (fine(answer) as { items: readonly never[] }).items;
    },
    remove(resource, name, graceSeconds) {
      const body = graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds };
      return api.handle({ verb: 'delete', ...placeOf(resource), name, user: ADMIN, body });
    },
    patch(resource, name, body, subresource) {
      const more = subresource === undefined ? {} : { subresource };
      const how = { verb: 'patch', patch: 'merge', user: ADMIN, ...more } as const;
      return api.handle({ ...how, ...placeOf(resource), name, body });
    },
  };
  for (const name of ['default', 'kube-node-lease']) lab.put('namespaces', { metadata: { name } });
  lab.put('serviceaccounts', { metadata: { name: 'default' } });
  lab.put('configmaps', { metadata: { name: 'kube-root-ca.crt' }, data: { 'ca.crt': 'a CA' } });
  return lab;
}

const CLUSTER_WIDE = new Set(['namespaces', 'nodes', 'persistentvolumes']);

function placeOf(written: string) {
  const [resource = '', namespace = 'default'] = written.split('@');
  const [head, tail] = resource.includes(':') ? resource.split(':') : ['v1', resource];
  const [group = '', version = ''] = head?.includes('/') ? head.split('/') : ['', head];
  const place = { resource: { group, version, resource: tail ?? '' } };
  return CLUSTER_WIDE.has(resource) ? place : { ...place, namespace };
}

function fine({ code, value }: Answer): unknown {
  if (code >= 300) throw new Error(JSON.stringify(value));
  return value;
}
