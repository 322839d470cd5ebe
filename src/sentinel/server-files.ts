/**
 * The two files that a valkey-server starts with so that a Sentinel may lead it: fenced at boot, with
 * the users of the protocol (failover.md section 11).
 * Never here: addresses, folders and memory; they are yours, as further lines or flags.
 */
import { BASE_RULES, CLIENT_RULES, OBSERVER_RULES, REPLICATION_RULES } from '../kit/acl-rules';
import type { OptionProblem } from '../kit/invalid-options';
import { problem, refuseOptions } from '../kit/option-problems';
import { protocolSettings, quotedArgument } from '../kit/protocol-settings';
import { sha256 } from '../kit/sha256';
import type { Credentials } from './io/ports';

/** The users that go into the files of a server. */
export interface ServerFilesOptions {
  /** The user that a Sentinel logs in with, and nobody else: each claim ends its other connections. */
  readonly credentials: Credentials;
  /** The user by which replicas read from their primary; the same on every server. */
  readonly replication: Credentials;
  /** Password of the user `default`, by which clients log in; '' for none (then Valkey answers loopback only). */
  readonly clientPassword: string;
  /** A user that looks and changes nothing, for a Sentinel with mode 'observe'. Default: none. */
  readonly observer?: Credentials;
  /** Replicas that must be good for a write to be taken. 0 or more, default 1; 0 for a single server. */
  readonly minReplicasToWrite?: number;
  /** A replica that was not heard for longer is no good one. Seconds, default 2. */
  readonly maxLagSeconds?: number;
}

/** The files of one server; the same for all servers of a cluster. */
export interface ServerFiles {
  /** Lines of valkey.conf. It holds the replication password: mode 0600. */
  readonly conf: string;
  /** The file that `aclfile` names. Passwords are hashed. */
  readonly acl: string;
}

/**
 * Deterministic. Start each server as `valkey-server CONF --aclfile ACL --port ... --dir ...`.
 * @throws InvalidOptionsError naming every field that cannot be used.
 */
export function serverFiles(options: ServerFilesOptions): ServerFiles {
  const { credentials, replication, clientPassword, observer } = options;
  const { minReplicasToWrite = 1, maxLagSeconds = 2 } = options;
  refuseOptions(problemsOf(options, minReplicasToWrite, maxLagSeconds));
  const users = [
    `user default on ${clientPassword === '' ? 'nopass' : `#${sha256(clientPassword)}`} ${CLIENT_RULES}`,
    userLine(credentials, BASE_RULES),
    userLine(replication, REPLICATION_RULES),
    ...(observer === undefined ? [] : [userLine(observer, OBSERVER_RULES)]),
  ];
  const settings = {
    ...protocolSettings(minReplicasToWrite, maxLagSeconds),
    masteruser: replication.username,
    masterauth: quotedArgument(replication.password),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  return { conf: `${lines.join('\n')}\n`, acl: `${users.join('\n')}\n` };
}

function userLine({ username, password }: Credentials, rules: string): string {
  return `user ${username} on #${sha256(password)} ${rules}`;
}

function problemsOf(
  { credentials, replication, clientPassword, observer }: ServerFilesOptions,
  minReplicasToWrite: number,
  maxLagSeconds: number,
): readonly OptionProblem[] {
  const problems: OptionProblem[] = [
    ...userProblems('credentials', credentials),
    ...userProblems('replication', replication),
    ...(observer === undefined ? [] : userProblems('observer', observer)),
  ];
  if (typeof clientPassword !== 'string')
    problems.push(problem('clientPassword', typeof clientPassword, "give a text, '' for none"));
  if (!Number.isSafeInteger(minReplicasToWrite) || minReplicasToWrite < 0)
    problems.push(problem('minReplicasToWrite', minReplicasToWrite, 'give a whole number from 0'));
  if (!Number.isSafeInteger(maxLagSeconds) || maxLagSeconds < 1)
    problems.push(problem('maxLagSeconds', maxLagSeconds, 'give whole seconds from 1'));
  const names = [credentials, replication, observer].flatMap((user) => user?.username ?? []);
  if (new Set(names).size < names.length || names.includes('default'))
    problems.push(problem('credentials', names, 'give each user a name of its own, not default'));
  return problems;
}

/** A name with a space would become a rule of the file. Passwords are never quoted back. */
export function userProblems(path: string, user: unknown): readonly OptionProblem[] {
  if (typeof user !== 'object' || user === null)
    return [problem(path, user, 'give { username, password }')];
  const { username, password } = user as Partial<Record<string, unknown>>;
  const problems: OptionProblem[] = [];
  if (typeof username !== 'string' || !/^[\x21-\x7e]+$/.test(username))
    problems.push(
      problem(`${path}.username`, username, 'give a name of printable ASCII without spaces'),
    );
  if (typeof password !== 'string' || password === '')
    problems.push(problem(`${path}.password`, kindOf(password), 'give a password'));
  else if (/[\r\n\0]/.test(password))
    problems.push(problem(`${path}.password`, 'of several lines', 'give one without line ends'));
  return problems;
}

function kindOf(password: unknown): string {
  return password === undefined ? 'absent' : password === '' ? 'empty' : typeof password;
}
