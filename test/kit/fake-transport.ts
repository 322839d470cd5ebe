/**
 * A transport without a network: servers are functions from command to reply, addresses are strings,
 * and each fault is one word. It passes the contract that the real transport passes.
 * Never here: what a fault means to the engine.
 */
import type { Address } from '../../src/sentinel/core/facts';
import type { Answer, Connected, Transport } from '../../src/sentinel/io/ports';
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

/** How connects to an address end while no handler listens there. */
export type Absence = 'refused' | 'timedOut' | 'unreachable';

export interface FakeNet extends Transport {
  listen(address: Address, handler: Handler): void;
  /** Ends all connections to it, and the next connects as told. */
  vanish(address: Address, absence: Absence): void;
  /** Ends the connections, as a process that dies. */
  dropConnections(address: Address): void;
}

interface Line {
  readonly peer: Peer;
  readonly drop: () => void;
}

export function createFakeNet(): FakeNet {
  const handlers = new Map<string, Handler>();
  const absences = new Map<string, Absence>();
  const lines = new Map<string, Set<Line>>();
  let connections = 0;

  function dropConnections(address: Address): void {
    for (const line of [...(lines.get(nameOf(address)) ?? [])]) line.drop();
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

  function open(name: string, handler: Handler, onEnd: () => void) {
    connections += 1;
    let state: 'up' | 'silent' | 'ended' = 'up';
    let pending: { replies: Reply[]; resolve: (answer: Answer) => void } | undefined;
    const mine = lines.get(name) ?? new Set();
    lines.set(name, mine);
    const end = (by: 'peer' | 'us'): void => {
      if (state === 'ended') return;
      state = 'ended';
      mine.delete(line);
      pending?.resolve({ kind: 'closed', replies: pending.replies });
      pending = undefined;
      if (by === 'peer') onEnd();
    };
    const line: Line = {
      peer: { connection: connections, end: () => end('peer') },
      drop: () => end('peer'),
    };
    mine.add(line);

    async function serve(commands: readonly Command[]): Promise<void> {
      for (const command of commands) {
        await soon();
        if (state !== 'up' || pending === undefined) return;
        const reaction = handler(command, line.peer);
        if (reaction === 'silence') state = 'silent';
        else if (reaction === 'close') end('peer');
        else pending.replies.push(reaction);
      }
      if (state !== 'up' || pending === undefined) return;
      const { replies, resolve } = pending;
      pending = undefined;
      resolve({ kind: 'replies', replies });
    }

    return {
      request(commands: readonly Command[]): Promise<Answer> {
        if (state === 'ended') return Promise.resolve({ kind: 'closed', replies: [] });
        return new Promise((resolve) => {
          pending = { replies: [], resolve };
          void serve(commands);
        });
      },
      destroy: () => end('us'),
    };
  }

  return {
    connect,
    dropConnections,
    listen(address, handler) {
      handlers.set(nameOf(address), handler);
    },
    vanish(address, absence) {
      handlers.delete(nameOf(address));
      absences.set(nameOf(address), absence);
      dropConnections(address);
    },
  };
}

function nameOf({ host, port }: Address): string {
  return `${host}:${port}`;
}

function soon(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
