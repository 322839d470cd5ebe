/**
 * The transport over plain TCP with a codec of our own. Why not a client library: docs/decisions
 * (an order connection must end at once, must never send twice, and must tell refused from late).
 * Never here: what a failed connection proves.
 */
import { connect as dial, type Socket } from 'node:net';
import { assert } from '../../kit/assert';
import type { Millis } from '../../kit/brands';
import type { Address } from '../core/facts';
import type { Answer, Connected, ConnectFailure, Connection, Transport } from './ports';
import { createDecoder, encode, type Reply } from './resp';

/** The default transport: TCP. */
export function createSocketTransport(): Transport {
  return { connect };
}

function connect(address: Address, timeoutMs: Millis, onEnd: () => void): Promise<Connected> {
  return new Promise((resolve) => {
    const socket = dial({ host: address.host, port: address.port, noDelay: true });
    const fail = (by: ConnectFailure): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ kind: 'failed', by });
    };
    const refuse = (cause: NodeJS.ErrnoException): void => fail(failureOf(cause));
    const timer = setTimeout(fail, timeoutMs, 'timedOut');
    socket.on('error', refuse);
    socket.once('connect', () => {
      clearTimeout(timer);
      const connection = overSocket(socket, onEnd);
      socket.off('error', refuse);
      resolve({ kind: 'open', connection });
    });
  });
}

function failureOf(cause: NodeJS.ErrnoException): ConnectFailure {
  if (cause.code === 'ECONNREFUSED') return 'refused';
  return cause.code === 'ETIMEDOUT' ? 'timedOut' : 'unreachable';
}

/** `onEnd` is called after the pending request was answered, so the end of an order is told once. */
function overSocket(socket: Socket, onEnd: () => void): Connection {
  const decoder = createDecoder();
  let replies: readonly Reply[] = [];
  let pending: { readonly count: number; readonly resolve: (answer: Answer) => void } | undefined;
  let ended = false;

  function close(by: 'peer' | 'us'): void {
    if (ended) return;
    ended = true;
    socket.destroy();
    if (pending !== undefined) pending.resolve({ kind: 'closed', replies: unread() });
    pending = undefined;
    if (by === 'peer') onEnd();
  }

  /** Each reply is given once: taken again, it would answer for a command that was never sent. */
  function unread(): readonly Reply[] {
    const given = replies;
    replies = [];
    return given;
  }

  function take(chunk: Buffer): void {
    replies = [...replies, ...decoder.push(chunk)];
    if (pending !== undefined && replies.length >= pending.count) {
      pending.resolve({ kind: 'replies', replies: replies.slice(0, pending.count) });
      replies = replies.slice(pending.count);
      pending = undefined;
    }
    if (decoder.state() === 'broken') close('peer');
  }

  socket.on('data', take);
  for (const end of ['error', 'end', 'close']) socket.on(end, () => close('peer'));

  return {
    request(commands) {
      assert(pending === undefined, 'two requests at once on one connection');
      return new Promise((resolve) => {
        // What nobody asked for would be taken for the answer; a full server says so unasked.
        if (replies.length > 0 || decoder.state() !== 'clean') close('peer');
        if (ended) return resolve({ kind: 'closed', replies: unread() });
        pending = { count: commands.length, resolve };
        socket.write(encode(commands));
      });
    },
    destroy: () => close('us'),
  };
}
