/**
 * How an example runs: to its end, to a signal or to its time, and what it started is ended in each case. It
 * exits with 0 only if it made checks and all of them held.
 * Never here: what it shows.
 */
import { summary } from '../build-tools/outcome';
import { aside } from './screen';

export interface Check {
  readonly good: boolean;
  readonly text: string;
}

export interface Performance {
  /** The command, as a user types it. */
  readonly command: string;
  readonly withinMs: number;
  play(): Promise<readonly Check[]>;
  /** Ends what was started, however often it is asked for. */
  clean(): Promise<void>;
  whatNext(): void;
  /** One sentence and what to do; never a stack trace. */
  explain(cause: unknown): string;
}

const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const;

/** Each of these steps was told, in this order. */
export function stepsInOrder(told: readonly string[], must: readonly string[]): Check {
  const places = must.map((step) => told.indexOf(step));
  const good = places.every((place, index) => place >= 0 && place > (places[index - 1] ?? -1));
  return { good, text: `each step came after the one before: ${must.length} steps` };
}

export async function perform(performance: Performance): Promise<void> {
  const { command, withinMs, play, clean, whatNext, explain } = performance;
  const ended = new AbortController();
  const leave = (code: number): void => {
    ended.abort();
    void clean().finally(() => process.exit(code));
  };
  for (const [signal, code] of SIGNALS) process.once(signal, () => leave(code));
  const late = setTimeout(() => {
    const seconds = withinMs / 1000;
    console.error(`${command}: not done within ${seconds} s. To fix: try on a less busy machine`);
    leave(1);
  }, withinMs);
  try {
    const checks = await play();
    await clean();
    aside('its processes are ended, its folder is removed');
    whatNext();
    const passed = checks.filter(({ good }) => good).length;
    console.log(`\n${summary({ passed, failed: checks.length - passed })}`);
    process.exitCode = passed > 0 && passed === checks.length ? 0 : 1;
  } catch (cause) {
    await clean();
    if (ended.signal.aborted) return;
    console.error(`${command}: ${explain(cause)}`);
    console.log(`\n${summary({ passed: 0, failed: 1 })}`);
    process.exitCode = 1;
  } finally {
    clearTimeout(late);
  }
}
