/**
 * What each user of a Valkey process may do (failover.md section 11, tried on 8.0, 8.1 and 9.1): the
 * same words for the operator's Secret and for servers that the embedded engine leads.
 * Never here: names and passwords; the order users, of which the engine makes one for each claim.
 */

/**
 * Appended last to every user of clients: with one of these a client could promote a fenced node. By
 * `config|get` it would read masterauth, and as the replication user it may send PSYNC ... FAILOVER.
 */
export const CLIENT_DENIALS =
  '-replicaof -slaveof -failover -psync -sync -replconf -acl -shutdown -debug -module ' +
  '-config|get -config|set -config|rewrite -client|kill -client|pause -client|unpause';

/** Everything but what would break the fence. */
export const CLIENT_RULES = `~* &* +@all ${CLIENT_DENIALS}`;

const NOTHING = 'resetkeys resetchannels -@all';

/** Claims a node, and nothing else. */
export const BASE_RULES = `${NOTHING} +acl|users +acl|setuser +acl|deluser +client|kill +client|no-evict +ping +info +role`;
export const REPLICATION_RULES = `${NOTHING} +psync +replconf +ping`;
export const PROBE_RULES = `${NOTHING} +ping +role`;
/** Looks and changes nothing: for an engine that only observes. */
export const OBSERVER_RULES = `${NOTHING} +ping +info +role`;
