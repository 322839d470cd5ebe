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

const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** `none`: no certificate was shown; `stranger`: one of another authority, or out of its time. */
type Shown = User | 'none' | 'stranger';

/** A connection keeps its certificate. */
const bySocket = new WeakMap<TLSSocket, Shown>();

/** undefined: a credential that is not good; nobody is let in as somebody else. */
export function identify(server: Server, request: IncomingMessage): User | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [scheme = '', token = ''] = authorization.split(' ');
    return scheme.toLowerCase() === 'bearer' ? userOfToken(server, token) : undefined;
  }
  const { socket } = request;
  if (!(socket instanceof TLSSocket)) return anonymous;
  let user = bySocket.get(socket);
  if (user === undefined) {
    user = shownBy(socket);
    bySocket.set(socket, user);
  }
  if (user === 'stranger') return undefined;
  return user === 'none' ? anonymous : user;
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
  if (typeof asked !== 'string' || asked === '') return user;
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(asked);
  const [, namespace = '', name = asked] = account ?? [];
  const allow = (resource: string, inside: string, one: string): void => {
    const no = api.refusal(user, {
      kind: 'resource',
      verb: 'impersonate',
      group: '',
      resource,
      subresource: '',
      namespace: inside,
      name: one,
    });
    if (no !== undefined) throw new Refused(no);
  };
  allow(account === null ? 'users' : 'serviceaccounts', namespace, name);
  const groups = groupsOf(request);
  for (const group of groups) allow('groups', '', group);
  if (account !== null && groups.length === 0) return serviceAccountUser(namespace, name);
  const kind = asked === anonymous.name ? 'system:unauthenticated' : 'system:authenticated';
  return { name: asked, groups: [...groups, ...(groups.includes(kind) ? [] : [kind])] };
}

/** Repeated headers come one after the other in the raw list. */
function groupsOf({ rawHeaders }: IncomingMessage): readonly string[] {
  return rawHeaders.filter(
    (_one, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === 'impersonate-group',
  );
}
