/**
 * Brings the clients' password of the Secret to servers that run: once for each run and password, by the
 * base user, over a connection of its own. Clients that are connected stay so.
 * Never here: a role; what the password is (reconcile-lane.ts).
 */
import { createHash } from 'node:crypto';
import { millis } from '../../kit/brands';
import type { NodeState, State } from '../../sentinel/core/state';
import { within } from '../../sentinel/io/deadline';
import type { Credentials, Transport } from '../../sentinel/io/ports';
import { USERS } from '../../spec/naming';

const BUDGET_MS = millis(1000);
const AGAIN_MS = 5000;

/** What came of it on one server. */
export type Kept = 'kept' | 'unreached' | { readonly refused: string };

export interface ClientUsersOptions {
  readonly transport: Transport;
  readonly base: Credentials;
  /** Asked after the connection stands. */
  readonly mayAct: () => 'granted' | 'denied';
  readonly state: () => State;
  /** undefined: not known, or none of our business. */
  readonly password: () => string | undefined;
  readonly onTold: (pod: string, kept: Kept) => void;
}

export class ClientUsers {
  /** The hash that each run was given, by run id. */
  private readonly given = new Map<string, string>();
  private phase: 'idle' | 'working' | 'again' | 'stopped' = 'idle';
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ClientUsersOptions) {}

  /** Something changed: a server may lack the password. */
  keep(): void {
    if (this.phase === 'stopped') return;
    const wasIdle = this.phase === 'idle';
    this.phase = wasIdle ? 'working' : 'again';
    if (wasIdle) void this.work().finally(() => this.worked());
  }

  stop(): void {
    this.phase = 'stopped';
    clearTimeout(this.timer);
  }

  private worked(): void {
    if (this.phase === 'stopped') return;
    const again = this.phase === 'again';
    this.phase = 'idle';
    if (again) this.keep();
  }

  private async work(): Promise<void> {
    const password = this.options.password();
    if (password === undefined) return;
    const hash = createHash('sha256').update(password).digest('hex');
    const { nodes } = this.options.state();
    const runs = nodes.flatMap(({ facts }) => facts?.runId ?? []);
    for (const run of this.given.keys())
      if (!runs.some((one) => one === run)) this.given.delete(run);
    await Promise.all(nodes.map((node) => this.keepOne(node, hash)));
  }

  private async keepOne(node: NodeState, hash: string): Promise<void> {
    const run = node.facts?.runId;
    if (run === undefined || node.claim.kind !== 'held' || this.given.get(run) === hash) return;
    const { transport, base, mayAct, onTold } = this.options;
    const kept = await setClientPassword({ transport, base, mayAct }, node, hash);
    if (kept === 'kept') this.given.set(run, hash);
    else this.later();
    onTold(node.fact.pod, kept);
  }

  private later(): void {
    clearTimeout(this.timer);
    if (this.phase !== 'stopped') this.timer = setTimeout(() => this.keep(), AGAIN_MS).unref();
  }
}

/** @param hash SHA-256 of the password, hex: the server never sees the text. */
async function setClientPassword(
  { transport, base, mayAct }: Pick<ClientUsersOptions, 'transport' | 'base' | 'mayAct'>,
  { fact }: NodeState,
  hash: string,
): Promise<Kept> {
  if (fact.ip === undefined) return 'unreached';
  const address = { host: fact.ip, port: fact.port };
  const connected = await transport.connect(address, BUDGET_MS, () => undefined);
  if (connected.kind === 'failed') return 'unreached';
  const { connection } = connected;
  try {
    if (mayAct() === 'denied') return 'unreached';
    const commands = [
      ['AUTH', base.username, base.password],
      ['ACL', 'SETUSER', USERS.clients, 'resetpass', `#${hash}`],
    ];
    const answer = await within(connection.request(commands), BUDGET_MS);
    if (answer === 'late' || answer.kind === 'closed') return 'unreached';
    const refused = answer.replies.find((reply) => reply.kind === 'error');
    return refused?.kind === 'error' ? { refused: refused.message } : 'kept';
  } finally {
    connection.destroy();
  }
}
