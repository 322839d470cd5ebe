/**
 * The users of every Valkey process of a cluster, as the file that it starts with.
 * Never here: what each may do (kit/acl-rules.ts); the order users, which the engine makes.
 */
import { BASE_RULES, CLIENT_RULES, PROBE_RULES, REPLICATION_RULES } from '../kit/acl-rules';
import { sha256 } from '../kit/sha256';
import { replicationUser, USERS } from '../spec/naming';

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
  return [
    user(USERS.clients, client, CLIENT_RULES),
    user(USERS.base, operator, BASE_RULES),
    user(replicationUser(clusterUid), replication, REPLICATION_RULES),
    user(USERS.probe, probe, PROBE_RULES),
    '',
  ].join('\n');
}

function user(name: string, password: string, rules: string): string {
  return `user ${name} on #${sha256(password)} ${rules}`;
}
