/**
 * A transport without a network: servers are functions from command to reply, and each fault is one
 * word. It passes the contract that the real transport passes.
 * Never here: what a fault means to the engine.
 */
import type { Address } from '../../src/sentinel/core/facts';
import type {
  Answer,
  Connected,
  ConnectFailure,
  Connection,
  Transport,
} from '../../src/sentinel/io/ports';
import type { Command, Reply } from '../../src/sentinel/io/resp';

/**
 * What a server does with one command. `silence`: it never answers this nor anything after it.
 * `close`: it ends the connection without an answer.
 */
export type Reaction = Reply | 'silence' | 'close';

export interface Peer {
  /** Rises by one for each connection. */
  readonly connection: number;
  /** Ends this connection from the server's side. */
  end(): void;
}

export type Handler = (command: Command, peer: Peer) => Reaction;

export interface FakeNet extends Transport {
  listen(address: Address, handler: Handler): void;
  /** Ends all connections to it, and the next connects as told. */
  vanish(address: Address, absence: ConnectFailure): void;
  /** Ends the connections, as a process that dies. */
  dropConnections(address: Address): void;
}

export function createFakeNet(): FakeNet {
  const handlers = new Map<string, Handler>();
  const absences = new Map<string, ConnectFailure>();
  const lines = new Map<string, Set<FakeConnection>>();
  let connections = 0;

  function dropConnections(address: Address): void {
    for (const line of [...(lines.get(nameOf(address)) ?? [])]) line.end();
  }

  async function connect(
    address: Address,
    timeoutMs: number,
    onEnd: () => void,
  ): Promise<Connected> {
    const name = nameOf(address);
    await soon();
    const handler = handlers.get(name);
    if (handler !== undefined) return { kind: 'open', connection: open(name, handler, onEnd) };
    const by = absences.get(name) ?? 'refused';
    if (by === 'timedOut') await new Promise((resolve) => setTimeout(resolve, timeoutMs));
    return { kind: 'failed', by };
  }

  function open(name: string, handler: Handler, onEnd: () => void): FakeConnection {
    connections += 1;
    const mine = lines.get(name) ?? new Set<FakeConnection>();
    lines.set(name, mine);
    const line: FakeConnection = new FakeConnection(connections, handler, onEnd, () =>
      mine.delete(line),
    );
    mine.add(line);
    return line;
  }

  return {
    connect,
    dropConnections,
    listen: (address, handler) => void handlers.set(nameOf(address), handler),
    vanish(address, absence) {
      handlers.delete(nameOf(address));
      absences.set(nameOf(address), absence);
      dropConnections(address);
    },
  };
}

/** Both ends of one connection: `request` and `destroy` are the client's, `end` is the server's. */
class FakeConnection implements Connection, Peer {
  private state: 'up' | 'silent' | 'ended' = 'up';
  private pending:
    | { readonly replies: Reply[]; readonly resolve: (answer: Answer) => void }
    | undefined;

  constructor(
    readonly connection: number,
    private readonly handler: Handler,
    private readonly onEnd: () => void,
    private readonly forget: () => void,
  ) {}

  request(commands: readonly Command[]): Promise<Answer> {
    if (this.state === 'ended') return Promise.resolve({ kind: 'closed', replies: [] });
    return new Promise((resolve) => {
      this.pending = { replies: [], resolve };
      void this.serve(commands);
    });
  }

  destroy(): void {
    this.close('us');
  }

  end(): void {
    this.close('peer');
  }

  private close(by: 'peer' | 'us'): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.forget();
    this.pending?.resolve({ kind: 'closed', replies: this.pending.replies });
    this.pending = undefined;
    if (by === 'peer') this.onEnd();
  }

  private async serve(commands: readonly Command[]): Promise<void> {
    for (const command of commands) {
      await soon();
      if (this.state !== 'up' || this.pending === undefined) return;
      this.react(this.handler(command, this));
    }
    if (this.state !== 'up' || this.pending === undefined) return;
    const { replies, resolve } = this.pending;
    this.pending = undefined;
    resolve({ kind: 'replies', replies });
  }

  private react(reaction: Reaction): void {
    if (reaction === 'silence') this.state = 'silent';
    else if (reaction === 'close') this.end();
    else this.pending?.replies.push(reaction);
  }
}

function nameOf({ host, port }: Address): string {
  return `${host}:${port}`;
}

function soon(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
