/**
 * What is measured, seen the same way whoever fails the servers over: where clients are sent, who serves,
 * how planned work is asked for. Beside it the writer that both sides get.
 * Never here: a measurement (measures.ts).
 */
import type { Address } from '../../src/sentinel/core/facts';
import type { Credentials } from '../../src/sentinel/io/ports';
import { LAB_USERS, type Lab, type ValkeyProcess } from '../kit/valkey';
import { connectRaw } from '../kit/valkey-client';
import { startWriter, type Write, type Writer } from '../kit/writer';

/** A valkey-server that faults are done to. */
export type Server = Address & Pick<ValkeyProcess, 'pid' | 'pause' | 'resume'>;

export interface Rig {
  /** Where clients are sent at this moment; undefined: nowhere. */
  readonly target: () => Address | undefined;
  /** How clients log in; absent: not at all. */
  readonly user?: Credentials;
  /** Who serves now. @throws when clients are sent nowhere. */
  readonly serving: () => Server;
  /** Whether an acknowledged write was taken by another server than this one, since that moment. */
  readonly isElsewhere: (write: Write, than: Server, sinceMs: number) => boolean;
  /** Whether a failover of this moment would find every replica with every write. */
  readonly isInSync: (primary: Server) => Promise<boolean>;
  /** Asks for a planned change of primary. Resolved when it was asked for, not when it is done. */
  switchover(): Promise<void>;
  /** Ends everything that was started. */
  stop(): Promise<void>;
}

/** Makes a fresh rig that serves and could fail over now. */
export type StartRig = () => Promise<Rig>;

/** Writes per second of the measuring client. */
export const PACE = 2_000;
/** A client's patience. Short, so that a hung server costs both sides the same small time. */
const REPLY_MS = 50;

/**
 * The measuring client: the same pace, patience and reconnects on both sides. It leaves a connection that
 * still works as soon as clients are sent elsewhere, as one that subscribes to `+switch-master` does.
 */
export function measuringWriter(rig: Rig): Writer {
  const { target, user } = rig;
  return startWriter({
    name: 'w',
    target,
    follow: 'eachWrite',
    perSecond: PACE,
    replyMs: REPLY_MS,
    ...(user === undefined ? {} : { user }),
  });
}

/** What a rig sees whose clients are told the server's own address. */
export function seenDirectly(
  lab: Lab,
  target: () => Address | undefined,
): Pick<Rig, 'target' | 'serving' | 'isElsewhere' | 'isInSync'> {
  return {
    target,
    serving() {
      const address = target();
      const server = lab.servers.find((one) => address !== undefined && isAt(one, address));
      if (server === undefined) throw new Error('clients are sent to none of the servers');
      return server;
    },
    isElsewhere: ({ to, endedMs }, than, sinceMs) =>
      endedMs > sinceMs && to !== `${than.host}:${than.port}`,
    isInSync: (primary) => inSync(primary, lab.servers.length - 1),
  };
}

export function isAt(server: Address, address: Address): boolean {
  return server.host === address.host && server.port === address.port;
}

/**
 * As many replicas acknowledge a write of this very moment. A replica counts as good from the end of its
 * full sync, but gets no stream before its next acknowledgement, up to a second later.
 * @param user who asks; the lab's test user by default.
 */
export async function inSync(
  primary: Address,
  replicas: number,
  user: Credentials = LAB_USERS.test,
): Promise<boolean> {
  const client = await connectRaw(primary, user);
  try {
    const write = ['SET', 'bench:in-sync', 'x'];
    const wait = ['WAIT', String(replicas), '1500'];
    const [written, reached] = await client.askAll([write, wait]);
    return written?.kind === 'status' && reached?.kind === 'integer' && reached.value >= replicas;
  } finally {
    client.close();
  }
}
