/**
 * The end of a pod: main containers together, sidecars after them in reverse order, then its object.
 * Never here: the end of one container (run.ts).
 */
import { endRun } from './pod-start';
import { graceMsOf, type PodState, presentRuns, tellOf } from './pod-state';
import { deleteObject } from './publish';
import type { Run } from './run';

/** The object or the folder could not be taken away yet. */
const DELETE_RETRY_MS = 1_000;
const CLEAR_RETRY_MAX_MS = 60_000;

/** No main container will run again. */
export async function finish(state: PodState): Promise<void> {
  state.publish();
  await endAll(state, graceMsOf(state));
  if (state.life === 'running') state.life = 'finished';
}

/**
 * Ends what runs, then all that is left of the pod.
 * @param onGone its address and folder are free.
 */
export async function end(state: PodState, onGone: () => void): Promise<void> {
  state.life = 'ending';
  for (const run of presentRuns(state)) {
    run.stopProbes('those that restart');
    tellOf(state, run.container, 'Normal', 'Killing', `Stopping container ${run.container.name}`);
  }
  await endAll(state, state.order?.graceMs ?? 0);
  if (lifeOf(state) === 'stopped') return;
  state.life = 'over';
  state.publish();
  takeAway(state, onGone);
}

/** An order that comes while the pod ends can only shorten what is granted. */
export function hasten(state: PodState): void {
  const { order } = state;
  if (order === undefined) return;
  for (const run of presentRuns(state)) void endRun(state, run, order.graceMs);
}

function takeAway(state: PodState, onGone: () => void): void {
  if (lifeOf(state) === 'stopped') return;
  if (state.order?.then === 'delete' && deleteObject(state) === 'later') {
    state.host.timers.after(DELETE_RETRY_MS, () => takeAway(state, onGone));
    return;
  }
  state.freeAddress();
  clear(state, onGone, DELETE_RETRY_MS);
}

/** Somebody may still write to the folder, for however long. */
function clear(state: PodState, onGone: () => void, retryMs: number): void {
  if (lifeOf(state) === 'stopped') return;
  if (state.folder.remove() === 'done') {
    onGone();
    return;
  }
  const next = Math.min(retryMs * 2, CLEAR_RETRY_MAX_MS);
  state.host.timers.after(retryMs, () => clear(state, onGone, next));
}

async function endAll(state: PodState, graceMs: number): Promise<void> {
  const { nowMs } = state.host;
  const untilMs = nowMs() + graceMs;
  const runs = presentRuns(state);
  const isSidecar = ({ container }: Run): boolean =>
    state.records.some(({ name, role }) => name === container.name && role === 'sidecar');
  const mains = runs.filter((run) => !isSidecar(run));
  await Promise.all(mains.map((run) => endRun(state, run, graceMs)));
  for (const run of runs.filter(isSidecar).reverse()) {
    await endRun(state, run, Math.max(0, untilMs - nowMs()));
  }
  // The records hear of an end in the same turn as this does: let them be first.
  await Promise.resolve();
}

/** A function, as the compiler does not see that others write while this waits. */
function lifeOf(state: PodState): PodState['life'] {
  return state.life;
}
