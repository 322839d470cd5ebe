/**
 * Writes each event with what came of it as one line of JSON, so that a replay can run the same
 * decisions again and compare them, bit for bit.
 * Never here: files; the caller has the sink.
 */
import { createHash } from 'node:crypto';
import type { Config } from '../core/config';
import type { Event } from '../core/event';
import type { Ready } from '../core/ready';

/** `config` stands only where it differs from the line before. */
export interface Recorded {
  readonly config?: Config;
  readonly event: Event;
  readonly ready: Omit<Ready, 'state'>;
  readonly stateHash: string;
}

/** @param write takes one line without its end; must not throw. */
export function createRecorder(
  write: (line: string) => void,
): (config: Config, event: Event, ready: Ready) => void {
  let before: Config | undefined;
  return (config, event, ready) => {
    const { state, ...orders } = ready;
    const recorded: Recorded = {
      ...(config === before ? {} : { config }),
      event,
      ready: orders,
      stateHash: hashOf(state),
    };
    before = config;
    write(JSON.stringify(recorded));
  };
}

/** The same for equal states: field order is fixed by the code that makes them. */
export function hashOf(state: Ready['state']): string {
  return createHash('sha256').update(JSON.stringify(state)).digest('hex').slice(0, 16);
}
