/**
 * Spells each order in RESP and reads what it brought. Commands of one batch go out in one write; the
 * next batch is sent only when the replies of the one before were read and do not end the order.
 * Never here: connections, budgets, the lease check. Every order against real servers of three
 * versions: test/sentinel/io/orders.test.ts.
 */
import { unreachable } from '../../kit/assert';
import type { Millis } from '../../kit/brands';
import { userName } from '../core/claim';
import type { Outcome } from '../core/event';
import type { Order } from '../core/ready';
import type { ValkeyCommand } from './commands.generated';
import { factsOf, INFO_COMMAND, type Read, stoppedAt, termUsersOf } from './info';
import type { Reply } from './resp';

/**
 * What the user of a claim may do (failover.md section 11). `reset` first: SETUSER adds to what an
 * earlier user of that name had.
 */
export const ORDER_RULES = [
  '+ping',
  '+info',
  '+role',
  '+replicaof',
  '+psync',
  '+config|set',
  '+multi',
  '+exec',
  '+client|kill',
  '+client|pause',
  '+client|unpause',
  '+client|no-evict',
] as const;

/**
 * What an order may say: what the server describes, and the form of PSYNC by which a primary hands over
 * to a replica, which it knows and does not describe.
 */
type Command = ValkeyCommand | readonly ['PSYNC', string, `${number}`, 'FAILOVER'];

/** Attached to nobody, read-only, history kept: port 0 is refused by connect at once. */
const HOLD: Command = ['REPLICAOF', '127.0.0.1', '0'];
const NO_STALE_READS: Command = ['CONFIG', 'SET', 'replica-serve-stale-data', 'no'];
const OBSERVE: readonly Command[] = [INFO_COMMAND, ['ROLE']];

/** `base`: may only claim. `claim`: the user of the claim, which is the fencing token. */
export type Login = 'base' | 'claim';

/** @returns the outcome, or undefined: this batch went well, and the next one follows. */
export type Judge = (replies: readonly Reply[], atMs: Millis) => Outcome | undefined;

export interface Batch {
  readonly login: Login;
  readonly commands: readonly Command[];
  readonly judge: Judge;
}

/** Orders that run on the claim's own connections; ping and knock have theirs. */
export type NodeOrder = Exclude<Order, { readonly kind: 'ping' | 'knock' }>;

/** The last batch of a list ends every order. `secret`: the password of the claim's user. */
export function spell(order: NodeOrder, base: string, secret: string): readonly Batch[] {
  switch (order.kind) {
    case 'look':
      return [
        onBase(
          [
            ['CLIENT', 'NO-EVICT', 'ON'],
            ['ACL', 'USERS'],
          ],
          usersFrom(1),
        ),
      ];
    case 'take':
      return [onBase(takeCommands(order, base, secret), usersFrom(2))];
    case 'seal':
      return sealBatches(order.others);
    case 'yield':
      return [onBase([['ACL', 'DELUSER', userName(order.term, order.n)]], done)];
    case 'observe':
      return [onClaim(OBSERVE, factsFrom(0))];
    case 'hold':
      return [transaction([NO_STALE_READS, HOLD], doneFrom([0, 1]))];
    case 'follow':
      return [transaction([NO_STALE_READS, replicaOf(order.primary)], doneFrom([0, 1]))];
    case 'demote':
      return [transaction([HOLD, NO_STALE_READS, ...release(order.clientUsers)], doneFrom([0, 1]))];
    case 'handOver':
      return [transaction(handOverCommands(order), handedOver)];
    case 'promote':
      return promoteBatches(order);
    case 'setMin':
      return [onClaim([['CONFIG', 'SET', ...minSettings(order)]], done)];
    case 'configure':
      return [
        onClaim(
          order.settings.map(([name, value]) => ['CONFIG', 'SET', name, value]),
          done,
        ),
      ];
    case 'pause':
      return [onClaim([['CLIENT', 'PAUSE', `${Math.ceil(order.forMs)}`, 'WRITE']], done)];
    case 'unpause':
      return [onClaim([['CLIENT', 'UNPAUSE']], done)];
    case 'killClients':
      return [onClaim(order.clientUsers.map(killUser), () => ({ kind: 'done' }))];
    default:
      return unreachable(order);
  }
}

function onBase(commands: readonly Command[], judge: Judge): Batch {
  return { login: 'base', commands, judge };
}

function onClaim(commands: readonly Command[], judge: Judge): Batch {
  return { login: 'claim', commands, judge };
}

function takeCommands(order: Order & { kind: 'take' }, base: string, secret: string): Command[] {
  return [
    ['ACL', 'SETUSER', userName(order.term, order.n), 'reset', 'on', `>${secret}`, ...ORDER_RULES],
    ['CLIENT', 'KILL', 'USER', base, 'SKIPME', 'YES'],
    ['ACL', 'USERS'],
  ];
}

function sealBatches(others: readonly string[]): readonly Batch[] {
  const commands: readonly Command[] = [['CLIENT', 'NO-EVICT', 'ON'], ...OBSERVE];
  const look = onClaim(commands, factsFrom(1));
  const [first, ...rest] = others;
  if (first === undefined) return [look];
  return [onBase([['ACL', 'DELUSER', first, ...rest]], refusal), look];
}

function promoteBatches(order: Order & { kind: 'promote' }): readonly Batch[] {
  const writable: Command = [
    ...(['CONFIG', 'SET', 'replica-serve-stale-data', 'yes'] as const),
    ...minSettings(order),
  ];
  const psync: Command = ['PSYNC', order.replid, `${order.offset + 1}`, 'FAILOVER'];
  return [
    onClaim([writable], refusal),
    onClaim([psync], promoted),
    onClaim([['REPLICAOF', 'NO', 'ONE']], (replies) => refusal(replies) ?? joined),
  ];
}

function handOverCommands(order: Order & { kind: 'handOver' }): readonly Command[] {
  return [
    replicaOf(order.primary),
    ['INFO', 'replication'],
    NO_STALE_READS,
    ...release(order.clientUsers),
  ];
}

/** Waiting writers see a closed socket instead of a reply from a replica. */
function release(clientUsers: readonly string[]): readonly Command[] {
  return [...clientUsers.map(killUser), ['CLIENT', 'UNPAUSE']];
}

function killUser(user: string): Command {
  return ['CLIENT', 'KILL', 'USER', user];
}

function replicaOf(primary: { readonly host: string; readonly port: number }): Command {
  return ['REPLICAOF', primary.host, `${primary.port}`];
}

type Pairs = readonly [string, string, string, string];

function minSettings(order: { readonly m: number; readonly L: number }): Pairs {
  return ['min-replicas-to-write', String(order.m), 'min-replicas-max-lag', String(order.L)];
}

/** All or nothing, and nothing of anybody else in between. The judge sees what EXEC brought. */
function transaction(commands: readonly Command[], judge: Judge): Batch {
  return onClaim([['MULTI'], ...commands, ['EXEC']], (replies, atMs) => {
    const exec = replies[replies.length - 1];
    // A command that was refused when it was queued says why; EXEC only that there was one.
    const refused = refusal(replies);
    if (refused !== undefined) return refused;
    if (exec?.kind !== 'array')
      return { kind: 'refused', code: 'EXEC', message: 'EXEC ran nothing' };
    return judge(exec.items, atMs);
  });
}

/** The first error among the replies, if there is one. */
function refusal(
  replies: readonly (Reply | undefined)[],
): (Outcome & { kind: 'refused' }) | undefined {
  for (const reply of replies) {
    if (reply?.kind === 'error')
      return { kind: 'refused', code: reply.code, message: reply.message };
  }
  return undefined;
}

const done: Judge = (replies) => refusal(replies) ?? { kind: 'done' };

/** Only these replies count: a kill of a user that does not exist leaves the order done. */
function doneFrom(indexes: readonly number[]): Judge {
  return (replies) => refusal(indexes.map((index) => replies[index])) ?? { kind: 'done' };
}

function usersFrom(index: number): Judge {
  return (replies) => {
    const refused = refusal(replies);
    if (refused !== undefined) return refused;
    return fromRead(termUsersOf(replyAt(replies, index)), (users) => ({ kind: 'users', users }));
  };
}

function factsFrom(index: number): Judge {
  return (replies, atMs) => {
    const refused = refusal(replies);
    if (refused !== undefined) return refused;
    const read = factsOf(replyAt(replies, index), replyAt(replies, index + 1), atMs);
    return fromRead(read, (facts) => ({ kind: 'facts', facts }));
  };
}

const handedOver: Judge = (replies) => {
  const refused = refusal([replies[0], replies[1], replies[2]]);
  if (refused !== undefined) return refused;
  return fromRead(stoppedAt(replyAt(replies, 1)), (stopped) => ({
    kind: 'handedOver',
    ...stopped,
  }));
};

function fromRead<Value>(read: Read<Value>, outcome: (value: Value) => Outcome): Outcome {
  if (read.kind === 'read') return outcome(read.value);
  return { kind: 'refused', code: 'UNREADABLE', message: `${read.field} is '${read.found}'` };
}

function replyAt(replies: readonly Reply[], index: number): Reply {
  return replies[index] ?? { kind: 'null' };
}

const joined: Outcome = { kind: 'promoted', cut: 'Joined' };

/** `PSYNC .. FAILOVER`: undefined where the server does not know the form. */
const promoted: Judge = (replies) => {
  const reply = replyAt(replies, 0);
  if (reply.kind === 'status' && /^CONTINUE( |$)/.test(reply.text)) return joined;
  if (reply.kind === 'status' && /^FULLRESYNC /.test(reply.text))
    return { kind: 'promoted', cut: 'Cut' };
  if (reply.kind !== 'error')
    return { kind: 'refused', code: 'PSYNC', message: `PSYNC was answered by ${reply.kind}` };
  const unknownForm = /^ERR (wrong number of arguments|unknown command|syntax error)/.test(
    reply.message,
  );
  return unknownForm ? undefined : refusal(replies);
};
