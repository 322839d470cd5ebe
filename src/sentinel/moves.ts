/**
 * One wish that the primary move, from asking to its end: it moved, it was refused, or it took too
 * long and is taken back.
 * Never here: whether it may move; the core decides, and its events tell.
 */
import { GungnirError } from '../kit/reasons';
import type { EventHub } from './event-hub';
import type { SentinelEvent } from './events';
import type { EmbeddedEngine } from './io/embedded';

/** Of `failover` and `switchover`: how long to wait for it. */
export interface MoveOptions {
  /** How long to wait for it, ms. Then the wish is taken back. Default 60000. */
  readonly timeoutMs?: number;
  /** Takes the wish back; what has begun goes on to its end, and its events tell of it. */
  readonly signal?: AbortSignal;
}

/** `already`: it was there before anything was asked. */
export interface Moved {
  readonly how: 'moved' | 'already';
  readonly from: string;
  readonly to: string;
  readonly epoch: number;
}

const TIMEOUT_MS = 60_000;

/** @param to undefined: the best replica, or whatever the failover under way comes to. */
export async function move(
  engine: EmbeddedEngine,
  hub: EventHub,
  to: string | undefined,
  { timeoutMs = TIMEOUT_MS, signal }: MoveOptions,
): Promise<Moved> {
  signal?.throwIfAborted();
  const { work, record } = engine.state();
  if (work.kind === 'standby' || work.kind === 'taking') throw new GungnirError('NotTheAuthority');
  const primary = record?.primary?.pod ?? '';
  if (to === primary && work.kind === 'steady')
    return { how: 'already', from: primary, to: primary, epoch: record?.epoch ?? 0 };
  const cleanups: (() => void)[] = [];
  try {
    return await new Promise<Moved>((resolve, reject) => {
      cleanups.push(hub.on('*', (event) => settle(event, to, resolve, reject)));
      const late = (): void => reject(timedOut(engine, to, timeoutMs));
      const timer = setTimeout(late, timeoutMs);
      cleanups.push(() => clearTimeout(timer));
      const onAbort = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      cleanups.push(() => signal?.removeEventListener('abort', onAbort));
      cleanups.push(hub.onClose(() => reject(new GungnirError('NotStarted'))));
      engine.switchover(to);
      // The core says it once for each wish; a wish that was refused before is refused in silence.
      if (isRefused(engine, to)) reject(new GungnirError('SwitchoverRefused', { to }));
    });
  } finally {
    for (const cleanup of cleanups) cleanup();
    engine.withdraw();
  }
}

function settle(
  event: SentinelEvent,
  to: string | undefined,
  resolve: (moved: Moved) => void,
  reject: (error: Error) => void,
): void {
  switch (event.type) {
    case '+switch-master': {
      if (to === undefined || event.to === to)
        resolve({ how: 'moved', from: event.from, to: event.to, epoch: event.epoch });
      else reject(new GungnirError('SwitchoverRefused', { to, why: `moved to ${event.to}` }));
      return;
    }
    case '-switchover':
      reject(new GungnirError('SwitchoverRefused', { to: event.to, why: event.why }));
      return;
    case '+standby':
      reject(new GungnirError('NotTheAuthority'));
      return;
    case '+broken':
      reject(new GungnirError('EngineBroken', { error: event.message }));
      return;
    default:
      return;
  }
}

function isRefused(engine: EmbeddedEngine, to: string | undefined): boolean {
  const { work, record } = engine.state();
  return work.kind === 'steady' && work.refused.includes(`${to ?? ''}@${record?.epoch ?? 0}`);
}

function timedOut(engine: EmbeddedEngine, to: string | undefined, afterMs: number): GungnirError {
  const { work, blocked } = engine.state();
  return new GungnirError('MoveTimedOut', {
    to,
    afterMs,
    work: work.kind,
    blocked: blocked?.reason,
  });
}
