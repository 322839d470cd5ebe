/**
 * Failpoints for tests: `GUNGNIR_FAILPOINTS=+intent:stop,+promote:stop` stops this process (SIGSTOP) when
 * the engine tells that step, after its orders have gone out. Honoured only with --allow-failpoints.
 * Never here: what happens then; the test that set it decides.
 */
import { GungnirError } from '../kit/reasons';
import type { Tell } from '../sentinel/core/ready';

/** @throws GungnirError FlagValueInvalid when a part is not `STEP:stop`. */
export function parseFailpoints(text: string | undefined): ReadonlySet<string> {
  const parts = (text ?? '').split(',').filter((part) => part !== '');
  return new Set(parts.map(stepOf));
}

function stepOf(part: string): string {
  const step = /^([+-][a-z-]+):stop$/.exec(part)?.[1];
  if (step !== undefined) return step;
  throw new GungnirError('FlagValueInvalid', {
    setting: 'GUNGNIR_FAILPOINTS',
    value: part,
    limit: 'STEP:stop parts joined by commas, such as +intent:stop',
  });
}

/** @param stop stops this process until somebody lets it go on. */
export function failpointAt(
  steps: ReadonlySet<string>,
  stop: (step: string) => void,
): (told: Tell) => void {
  return ({ event }) => {
    if (steps.has(event)) stop(event);
  };
}
