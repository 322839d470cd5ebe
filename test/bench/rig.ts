/**
 * What is measured, seen the same way whoever fails the servers over: where clients are sent, who serves,
 * how planned work is asked for. Beside it the writer that both sides get.
 * Never here: a measurement (measures.ts).
 */
import type { Address } from '../../src/sentinel/core/facts';
import type { Lab, ValkeyProcess } from '../kit/valkey';
import { startWriter, type Write, type Writer } from '../kit/writer';

export interface Rig {
  readonly lab: Lab;
  /** Where clients are sent at this moment; undefined: nowhere. */
  readonly target: () => Address | undefined;
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
  const { target } = rig;
  return startWriter({
    name: 'w',
    target,
    follow: 'eachWrite',
    perSecond: PACE,
    replyMs: REPLY_MS,
  });
}

/** Who serves now. @throws when clients are sent nowhere. */
export function serving(rig: Rig): ValkeyProcess {
  const address = rig.target();
  const server = rig.lab.servers.find((one) => address !== undefined && isAt(one, address));
  if (server === undefined) throw new Error('clients are sent to none of the servers');
  return server;
}

export function isAt(server: Address, address: Address): boolean {
  return server.host === address.host && server.port === address.port;
}

/** Whether a write was sent to that server. */
export function sentTo({ to }: Write, server: Address): boolean {
  return to === `${server.host}:${server.port}`;
}
