/**
 * What the tests of the Kubernetes runtime share: real and hand-driven clocks, a bounded wait, an access to
 * a test server. Never here: a wait without an end.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { millis } from '../../../src/kit/brands';
import type { Clock } from '../../../src/kit/clock';
import type { KubeAccess } from '../../../src/runtime/kube/access';
import type { Failure, RefusalKind } from '../../../src/runtime/kube/answer';

export const realClock: Clock = {
  monotonicMs: () => millis(performance.now()),
  wallMs: () => millis(Date.now()),
};

export interface HandClock extends Clock {
  pass(forMs: number): void;
}

export function handClock(): HandClock {
  let nowMs = 0;
  return {
    monotonicMs: () => millis(nowMs),
    wallMs: () => millis(1_800_000_000_000 + nowMs),
    pass(forMs) {
      nowMs += forMs;
    },
  };
}

/** Polls until the condition holds. @throws after `withinMs`, with what it saw last. */
export async function eventually<T>(
  look: () => T | Promise<T>,
  holds: (seen: T) => boolean,
  withinMs = 5_000,
): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() >= endMs) {
      throw new Error(`not within ${withinMs} ms; last seen: ${JSON.stringify(seen)}`);
    }
    await delay(5);
  }
}

/** An access without TLS material, as to `kubectl proxy`. */
export function plainAccess(
  server: string,
  headers: () => Record<string, string> = () => ({}),
): KubeAccess {
  const tls = {
    ca: undefined,
    cert: undefined,
    key: undefined,
    serverName: undefined,
    verify: 'always',
  } as const;
  return {
    server,
    namespace: 'default',
    origin: 'a test',
    credentials: async () => ({ headers: headers(), tls }),
  };
}

/** @returns the refusal of an answer that must be one. */
export function refusal(answer: {
  readonly kind: string;
}): Failure & { readonly kind: RefusalKind } {
  if (!('status' in answer)) throw new Error(`not a refusal: ${JSON.stringify(answer)}`);
  return answer as Failure & { readonly kind: RefusalKind };
}

/** The lease of fault tests: a fifth of the default, so that a takeover is seen within seconds. */
export const faultTiming = {
  leaseDurationMs: millis(3_000),
  renewDeadlineMs: millis(2_000),
  retryMs: millis(400),
};
