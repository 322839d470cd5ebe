/**
 * Acts on the operators: killed or stopped in the middle of each step of the engine, paused until another
 * one decides; and the candidate killed in the middle of each step.
 * Never here: which steps there are of a change (../table.ts).
 */
import { below } from '../../../src/kit/rng';
import { until } from '../../kit/until';
import type { Grip, PodName } from '../../kit/world';
import type { Stage } from '../stage';
import { type Act, firstOf, last, type Scenery } from './act';
import { untilDecided } from './planned';
import { acceptWhenAsked, killAllSaved, unseen, whileReplicasFrozen } from './processes';
import { madeAgain } from './remake';

const AT_STEP_MS = 20_000;
/** Far beyond the short lease: another operator has long taken over. */
const PAUSED_MS = 20_000;
const SETTLE_MS = 3_000;

/** What an operator logs when it has chosen: the pod. */
const CHOICE = /"msg":"\+(?:intent","[^\n]*?"pod"|switchover","[^\n]*?"to"):"([^"]+)"/g;

/** How the primary is to change: it dies, it hangs, all die, or a user wishes it. */
type Change = 'failover' | 'hung' | 'reopening' | 'switchover';

/** The armed operator ends by kill -9 in its step of a change of primary. */
export function killOperator(change: Change): Act {
  return async (scenery) => {
    const { stage, operators } = scenery;
    const epoch = stage.epoch();
    const term = stage.term();
    await begin(scenery, change);
    await operators.untilStopped(AT_STEP_MS);
    await operators.killArmed();
    // Until then the record may look as if nothing had been begun.
    await untilTermAfter(stage, term);
    if (change === 'switchover') await untilDecided(scenery);
    else await stage.untilChangedSince(epoch);
  };
}

/** The one that takes over dies in its step of that; a third one has to begin from the record anew. */
export const killSuccessor: Act = async ({ stage, operators }) => {
  const epoch = stage.epoch();
  await unseen({ stage, operators }, async () => {
    await stage.world.signal(stage.primary(), 'kill');
    await operators.untilStopped(AT_STEP_MS);
    await operators.killArmed();
  });
  await stage.untilChangedSince(epoch);
};

/**
 * The engine's choice dies under its hands; the operator goes on as if nothing were.
 * @param then `asks`: too little memory is left, and a user names the survivor.
 */
export function killCandidate(
  change: 'failover' | 'switchover',
  then: 'asks' | 'goesOn' = 'goesOn',
): Act {
  return async (scenery) => {
    const { stage, operators, rng } = scenery;
    const epoch = stage.epoch();
    const replicas = stage.replicas();
    await begin(scenery, change);
    const armed = await operators.untilStopped(AT_STEP_MS);
    const chosen = await chosenBy(stage, armed);
    const drawn = replicas[below(rng, replicas.length)];
    const candidate = chosen === undefined ? drawn : stage.pod(chosen);
    if (candidate === undefined) throw new Error('there is no candidate');
    await stage.world.signal(candidate, 'kill');
    await stage.world.signal(armed, 'continue');
    const survivor = replicas.find(({ pod }) => pod !== candidate.pod);
    if (then === 'asks' && survivor !== undefined) await acceptWhenAsked(stage, survivor);
    if (change === 'failover') await stage.untilChangedSince(epoch);
    else await untilDecided(scenery);
  };
}

/** Puts an operator in the lead that stops at the step; before the fault begins. */
export function armedAt(step: string): Act {
  return ({ operators }) => operators.arm(step);
}

/** Lets an operator wait that stops at the step once it leads; before the fault begins. */
export function armedBesideAt(step: string): Act {
  return ({ operators }) => operators.armBeside(step);
}

export const killLeader: Act = async ({ stage, operators }) => {
  const leader = await operators.leader();
  const term = stage.term();
  await stage.world.signal(leader, 'kill');
  await untilTermAfter(stage, term);
};

export const killLeaderAndPrimary: Act = async ({ stage, operators }) => {
  const epoch = stage.epoch();
  const leader = await operators.leader();
  const both: readonly PodName[] = [leader, stage.primary()];
  const grips = await Promise.all(both.map((pod) => stage.world.grip(pod)));
  await Promise.all(grips.map((grip) => grip('kill')));
  await stage.untilChangedSince(epoch);
};

/** Its successor fails the primary over meanwhile; then the first one wakes up amid its old plans. */
export const pauseLeader: Act = async ({ stage, operators }) => {
  const epoch = stage.epoch();
  const leader = await operators.leader();
  const grip = await stage.world.grip(leader);
  const startedMs = performance.now();
  await grip('stop');
  try {
    await operators.leaderOtherThan(leader);
    await stage.world.signal(stage.primary(), 'kill');
    await stage.untilChangedSince(epoch);
    await last(PAUSED_MS - (performance.now() - startedMs));
  } finally {
    await wake(grip);
  }
  await last(SETTLE_MS);
  // It had its time to do harm, and did not end at once.
  await wake(grip);
};

/** Three failed liveness probes end a paused one, the earliest after 20 s. */
async function wake(grip: Grip): Promise<void> {
  await grip('continue').catch((cause: unknown) => {
    throw new Error(`the paused operator is gone, so nobody woke: ${String(cause)}`);
  });
}

/** It stops in the midst of a failover, a successor ends that, and then it goes on. */
export const pauseInStep: Act = async (scenery) => {
  const { stage, operators } = scenery;
  const epoch = stage.epoch();
  await begin(scenery, 'failover');
  const grip = await stage.world.grip(await operators.untilStopped(AT_STEP_MS));
  await stage.untilChangedSince(epoch);
  await last(SETTLE_MS);
  await wake(grip);
  await last(SETTLE_MS);
  // It had its time to do harm, and did not end at once.
  await wake(grip);
};

/** The armed operator ends in its step of granting writes without replicas; its successor grants them. */
export const killOperatorAtGrant: Act = async (scenery) => {
  const { stage, operators } = scenery;
  await whileReplicasFrozen(stage, async () => {
    await operators.untilStopped(AT_STEP_MS);
    await operators.killArmed();
  });
};

/** The armed operator ends in its step of a first boot: of a cluster that is made anew over its volumes. */
export const killOperatorAtBoot: Act = async (scenery) => {
  const { operators } = scenery;
  await madeAgain(scenery, async () => {
    await operators.untilStopped(AT_STEP_MS);
    await operators.killArmed();
  });
};

async function begin({ stage }: Scenery, change: Change): Promise<void> {
  if (change === 'reopening') await killAllSaved(stage);
  else if (change === 'failover') await stage.world.signal(stage.primary(), 'kill');
  else if (change === 'hung') await stage.world.signal(stage.primary(), 'stop');
  else await stage.wishSwitchover(firstOf(stage.replicas(), 'replica'));
}

/** In its own words, for the record may not have it yet; undefined before it has chosen. */
async function chosenBy({ world }: Stage, armed: PodName): Promise<string | undefined> {
  const said = [...(await world.logs(armed)).matchAll(CHOICE)].at(-1);
  return said?.[1];
}

/** Another operator decides than in that term. */
export async function untilTermAfter(
  stage: Stage,
  term: number,
  withinMs = AT_STEP_MS,
): Promise<void> {
  await until(`a term after ${term}`, () => stage.term() > term, withinMs, 20);
}
