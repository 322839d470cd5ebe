/**
 * Who a request is from: a client certificate of this cluster's authority, or a ServiceAccount token.
 * Never here: what they may do (rbac.ts).
 */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { User } from '../port';
import { userOfToken } from '../verbs/reviews';
import type { Server } from '../verbs/server';
import { subjectOf } from './certificates';

const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** A connection keeps its certificate. `none`: it has shown none. */
const bySocket = new WeakMap<TLSSocket, User | 'none'>();

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
    user = certified(socket) ?? 'none';
    bySocket.set(socket, user);
  }
  return user === 'none' ? anonymous : user;
}

function certified(socket: TLSSocket): User | undefined {
  if (!socket.authorized) return undefined;
  const { raw } = socket.getPeerCertificate();
  if (raw === undefined) return undefined;
  const { name, groups } = subjectOf(raw);
  return { name, groups: [...groups, 'system:authenticated'] };
}
