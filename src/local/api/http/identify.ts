/**
 * Who a request is from: a client certificate of this cluster's authority, or a ServiceAccount token.
 * Never here: what they may do (rbac.ts).
 */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { ApiServer } from '../api';
import type { User } from '../port';
import { Refused } from '../status';
import { serviceAccountUser, userOfToken } from '../verbs/reviews';
import type { Server } from '../verbs/server';
import { subjectOf } from './certificates';
import { decoded } from './route';

const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** `none`: no certificate was shown; `stranger`: one of another authority, or out of its time. */
type Shown = User | 'none' | 'stranger';

/** A connection keeps its certificate. */
const bySocket = new WeakMap<TLSSocket, Shown>();

/** undefined: a credential that is not good; nobody is let in as somebody else. A good certificate comes first. */
export function identify(server: Server, request: IncomingMessage): User | undefined {
  const shown = certifiedBy(request);
  if (typeof shown === 'object') return shown;
  const token = bearerOf(request.headers.authorization ?? '');
  if (token !== '') return userOfToken(server, token);
  return shown === 'none' ? anonymous : undefined;
}

/** '' where none is said: a header of another scheme says nothing here. */
function bearerOf(authorization: string): string {
  const [scheme = '', token = ''] = authorization.trim().split(' ');
  return scheme.toLowerCase() === 'bearer' ? token : '';
}

function certifiedBy({ socket }: IncomingMessage): Shown {
  if (!(socket instanceof TLSSocket)) return 'none';
  let user = bySocket.get(socket);
  if (user === undefined) {
    user = shownBy(socket);
    bySocket.set(socket, user);
  }
  return user;
}

function shownBy(socket: TLSSocket): Shown {
  const { raw } = socket.getPeerCertificate();
  if (raw === undefined) return 'none';
  if (!socket.authorized) return 'stranger';
  const { name, groups } = subjectOf(raw);
  return { name, groups: [...groups, 'system:authenticated'] };
}

/**
 * The user that `kubectl --as` asks to be, if this one may be it.
 * @throws Refused 403
 */
export function impersonated(api: ApiServer, request: IncomingMessage, user: User): User {
  const asked = request.headers['impersonate-user'];
  const groups = groupsOf(request);
  const more = moreOf(request);
  if (typeof asked !== 'string' || asked === '') {
    if (groups.length + more.length > 0) throw new HalfImpersonated(halfOf(groups, more));
    return user;
  }
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(asked);
  const [, namespace = '', name = asked] = account ?? [];
  const allow = (resource: string, inside: string, one: string, group = '', key = ''): void => {
    const no = api.refusal(user, {
      kind: 'resource',
      verb: 'impersonate',
      group,
      resource,
      subresource: key,
      namespace: inside,
      name: one,
    });
    if (no !== undefined) throw new Refused(no);
  };
  allow(account === null ? 'users' : 'serviceaccounts', namespace, name);
  for (const group of groups) allow('groups', '', group);
  for (const { kind, key, value } of more)
    allow(kind === 'UID' ? 'uids' : 'userextras', '', value, 'authentication.k8s.io', key);
  if (account !== null && groups.length === 0) return serviceAccountUser(namespace, name);
  const kind = asked === anonymous.name ? 'system:unauthenticated' : 'system:authenticated';
  return { name: asked, groups: [...groups, ...(groups.includes(kind) ? [] : [kind])] };
}

/** Whose groups, uid or extras are asked for without a user: it is told as text, as by a real server. */
export class HalfImpersonated extends Error {
  override readonly name = 'HalfImpersonated';
}

interface More {
  readonly kind: 'UserExtra' | 'UID';
  /** Of an extra. */
  readonly key: string;
  readonly value: string;
}

/** Extras before the uid. They are asked for, and then not kept: nothing here reads them. */
function moreOf({ headers }: IncomingMessage): readonly More[] {
  const prefix = 'impersonate-extra-';
  const extras = Object.entries(headers)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => ({
      ...{ kind: 'UserExtra' as const, key: decoded(name.slice(prefix.length)) },
      value: String(value),
    }));
  const uid = headers['impersonate-uid'];
  if (typeof uid !== 'string' || uid === '') return extras;
  return [...extras, { kind: 'UID', key: '', value: uid }];
}

/** As Go prints its references. */
function halfOf(groups: readonly string[], more: readonly More[]): string {
  const told = [
    ...groups.map((group) => `{Group  ${group}    }`),
    ...more.map(({ kind, key, value }) => `{${kind}  ${value}  authentication.k8s.io/v1  ${key}}`),
  ];
  return `requested [${told.join(' ')}] without impersonating a user`;
}

/** Repeated headers come one after the other in the raw list. */
function groupsOf({ rawHeaders }: IncomingMessage): readonly string[] {
  return rawHeaders.filter(
    (_one, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === 'impersonate-group',
  );
}
