/**
 * Asks one probe of one run again and again, and tells when what it says changes.
 * Never here: what follows from it (run.ts).
 */
import type { Timers } from '../controllers/frame/timers';
import { type Inside, runHandler } from './handler-run';
import type { Probe } from './pod';
import { answered, firstState, type ProbeKind, type ProbeState, timesOf } from './probe-state';

export interface ProbeNews {
  readonly kind: ProbeKind;
  readonly result: ProbeState['result'];
}

export interface ProberOptions {
  readonly timers: Timers;
  /** From the start of the run to the first question at the earliest; at most a period. */
  readonly firstProbeMs: number;
  /** The result has changed, or has been confirmed as a failure that ends the run. */
  readonly onResult: (news: ProbeNews) => void;
  /** Each failure: `failed: ` or `errored and …: `, and what it said. */
  readonly onFailure: (kind: ProbeKind, how: string) => void;
}

/** @returns ends it; nothing is told afterwards. */
export function startProber(
  kind: ProbeKind,
  probe: Probe,
  inside: Inside,
  options: ProberOptions,
): () => void {
  const { delayMs, periodMs, timeoutMs } = timesOf(probe);
  const ending = new AbortController();
  let state = firstState(kind);
  let cancel = (): void => {};
  const ask = async (): Promise<void> => {
    cancel = options.timers.after(periodMs, () => void ask());
    const outcome = await runHandler(probe, inside, timeoutMs, ending.signal);
    if (ending.signal.aborted || outcome.kind === 'given up') return;
    if (outcome.kind === 'errored') {
      // No answer: nothing follows from it.
      options.onFailure(kind, `errored and resulted in unknown state: ${outcome.message}`);
      return;
    }
    if (outcome.kind === 'failure') options.onFailure(kind, `failed: ${outcome.message}`);
    const before = state.result;
    state = answered(state, outcome.kind, probe);
    if (state.result !== before) options.onResult({ kind, result: state.result });
  };
  const firstMs = Math.max(delayMs, Math.min(options.firstProbeMs, periodMs));
  cancel = options.timers.after(firstMs, () => void ask());
  return () => {
    cancel();
    ending.abort();
  };
}
