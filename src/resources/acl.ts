/**
 * The users of every Valkey process and what each may do (failover.md section 11, tried on 8.0, 8.1
 * and 9.1). Never here: the order users; the engine makes one for each claim.
 */
import { sha256 } from '../kit/sha256';
import { replicationUser, USERS } from '../spec/naming';

/**
 * Appended last to every user of clients: with one of these a client could promote a fenced node. By
 * `config|get` it would read masterauth, and as the replication user it may send PSYNC ... FAILOVER.
 */
export const CLIENT_DENIALS =
  '-replicaof -slaveof -failover -psync -sync -replconf -acl -shutdown -debug -module ' +
  '-config|get -config|set -config|rewrite -client|kill -client|pause -client|unpause';

const BASE = '+acl|users +acl|setuser +acl|deluser +client|kill +client|no-evict +ping +info +role';

/** The passwords of one cluster. They come from outside: nothing here is random. */
export interface Passwords {
  readonly client: string;
  readonly operator: string;
  readonly replication: string;
  readonly probe: string;
}

/** The file that `--aclfile` names. Hashes, so a password may hold any byte. */
export function aclFile(
  clusterUid: string,
  { client, operator, replication, probe }: Passwords,
): string {
  const nothing = 'resetkeys resetchannels -@all';
  return [
    user(USERS.clients, client, `~* &* +@all ${CLIENT_DENIALS}`),
    user(USERS.base, operator, `${nothing} ${BASE}`),
    user(replicationUser(clusterUid), replication, `${nothing} +psync +replconf +ping`),
    user(USERS.probe, probe, `${nothing} +ping +role`),
    '',
  ].join('\n');
}

function user(name: string, password: string, rules: string): string {
  return `user ${name} on #${sha256(password)} ${rules}`;
}
