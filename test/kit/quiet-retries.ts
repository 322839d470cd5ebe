/**
 * What retries say and count, kept instead of printed.
 * Never here: how long they wait.
 */
import { rngFrom } from '../../src/kit/rng';
import type { RetryWorld } from '../../src/runtime/lanes/retry';
import { createInstruments } from '../../src/runtime/ops/instruments';
import { createLog, createSecrets } from '../../src/runtime/ops/log';
import { createRegistry } from '../../src/runtime/ops/metrics';

/** @param lines takes every line of the log. */
export function quietRetries(lines: string[] = [], registry = createRegistry()): RetryWorld {
  return {
    rng: rngFrom(7),
    log: createLog({
      level: 'debug',
      write: (line) => lines.push(line),
      wallMs: () => 0,
      secrets: createSecrets(),
    }),
    instruments: createInstruments(registry),
    labels: { namespace: 'shop', cluster: 'cart' },
  };
}
