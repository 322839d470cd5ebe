/**
 * Acts on the processes of a cluster: killed, frozen, begun again, with their disks or without.
 * Never here: what may be lost by them (../table.ts).
 */
import type { Grip, PodName } from '../../kit/world';
import type { Stage } from '../stage';
import { type Act, firstOf, last, type Scenery } from './act';

/** The server's files by their names and nothing else: this may run outside of a container. */
const EMPTY_DISK = 'rm -f -- /data/dump.rdb; rm -rf -- /data/appendonlydir; ls -A /data';
/** Below `downAfterMs` of the table's clusters. */
const BRIEF_MS = 700;
/** Beyond `downAfterMs`, and shorter than a liveness probe needs to end it. */
const FROZEN_MS = 4_000;
/** A thawed process has answered by then, and was demoted or ended. */
const SETTLE_MS = 2_000;
/** Of a double failover: the second death follows the first recovery this soon. */
const BREATH_MS = 150;

export const killPrimary: Act = async ({ stage }) => {
  const epoch = stage.epoch();
  await stage.world.signal(stage.primary(), 'kill');
  await stage.untilChangedSince(epoch);
};

export const freezeBriefly: Act = async ({ stage }) => {
  const grip = await stage.world.grip(stage.primary());
  await grip('stop');
  await last(BRIEF_MS);
  await grip('continue');
};

/** Whatever its pod became: the process goes on where it can. */
export const freezeThenThaw: Act = async ({ stage }) => {
  const epoch = stage.epoch();
  const grip = await stage.world.grip(stage.primary());
  await grip('stop');
  await stage.untilChangedSince(epoch);
  // The kill of its pod may have come first.
  await grip('continue').catch(() => {});
  await last(SETTLE_MS);
};

/** No kubelet carries out the kill, so the old primary lives, and wakes up beside the new one. */
export const freezeBeyondReach: Act = async ({ stage }) => {
  const epoch = stage.epoch();
  const old = stage.primary();
  const grip = await stage.world.grip(old);
  const release = await stage.world.stopKubelet(old);
  try {
    await grip('stop');
    await stage.untilChangedSince(epoch);
    await grip('continue');
    await last(SETTLE_MS);
  } finally {
    await grip('continue').catch(() => {});
    await release();
  }
};

/** As above, where nothing may be promoted beside it: the operator waits and says so until it answers again. */
export const freezeBeyondReachUnfenced: Act = async ({ stage }) => {
  const epoch = stage.epoch();
  const old = stage.primary();
  const grip = await stage.world.grip(old);
  const release = await stage.world.stopKubelet(old);
  try {
    await grip('stop');
    await stage.untilTold('PrimaryNotFenced');
    await last(SETTLE_MS);
    await stage.mustBeUnchangedSince(epoch);
  } finally {
    await grip('continue').catch(() => {});
    await release();
  }
  await stage.scene.ackAfter(Date.now());
};

/** Nobody decides while it happens: afterwards there is a new process under the old name. */
export function restartUnseen(disk: 'kept' | 'empty'): Act {
  return async ({ stage, operators }) => {
    const epoch = stage.epoch();
    const old = stage.primary();
    if (disk === 'kept') await stage.shell(old, 'valkey-cli SAVE');
    await unseen({ stage, operators }, async () => {
      if (disk === 'empty') await emptyDisk(stage, old);
      await killUntilReborn(stage, [old]);
    });
    await stage.untilChangedSince(epoch);
  };
}

/** While every operator is frozen. @throws when somebody decided all the same. */
export async function unseen(
  { stage, operators }: Pick<Scenery, 'stage' | 'operators'>,
  act: () => Promise<void>,
): Promise<void> {
  const pods = await operators.pods();
  const leader = await operators.leader();
  if (!pods.some(({ pod }) => pod === leader.pod))
    throw new Error(`${leader.pod} leads, which is none that can be frozen`);
  const grips = await Promise.all(pods.map((pod) => stage.world.grip(pod)));
  const epoch = stage.epoch();
  await whileFrozen(grips, async () => {
    await act();
    await stage.mustBeUnchangedSince(epoch);
  });
}

/** They go on afterwards, whatever became of the act. @throws what the act threw, or that one of them is gone. */
async function whileFrozen(grips: readonly Grip[], act: () => Promise<void>): Promise<void> {
  try {
    for (const grip of grips) await grip('stop');
    await act();
  } catch (error) {
    await thaw(grips).catch(() => {});
    throw error;
  }
  await thaw(grips);
}

/** All of them, also when one is gone. @throws when one is gone, which then was killed and not frozen. */
async function thaw(grips: readonly Grip[]): Promise<void> {
  const thawed = await Promise.allSettled(grips.map((grip) => grip('continue')));
  const gone = thawed.find((end) => end.status === 'rejected');
  if (gone !== undefined) throw gone.reason;
}

export const killReplica: Act = async ({ stage }) => {
  await stage.world.signal(firstOf(stage.replicas(), 'replica'), 'kill');
  await last(SETTLE_MS);
};

export const freezeReplica: Act = async ({ stage }) => {
  const grip = await stage.world.grip(firstOf(stage.replicas(), 'replica'));
  await whileFrozen([grip], () => last(FROZEN_MS));
  await last(SETTLE_MS);
};

/** Nobody confirms a write any more: it takes none, until writing alone is granted. */
export const freezeReplicas: Act = ({ stage }) => whileReplicasFrozen(stage, async () => {});

/** As above, with an act before the grant is there. */
export async function whileReplicasFrozen(stage: Stage, act: () => Promise<void>): Promise<void> {
  const grips = await Promise.all(stage.replicas().map((pod) => stage.world.grip(pod)));
  await whileFrozen(grips, async () => {
    await act();
    await stage.untilTold('WritesWithoutReplicas');
    await stage.scene.ackAfter(Date.now());
  });
  await last(SETTLE_MS);
}

/** Longer than it takes to believe a primary down, and nobody is there to take over. */
export const freezeAll: Act = async ({ stage }) => {
  const gripOf = (pod: PodName): Promise<Grip> => stage.world.grip(pod);
  const primary = await gripOf(stage.primary());
  const replicas = await Promise.all(stage.replicas().map(gripOf));
  await whileFrozen(replicas, async () => {
    await primary('stop');
    await last(FROZEN_MS);
  });
  // The operator may have ended it.
  await primary('continue').catch(() => {});
  await last(SETTLE_MS);
};

/** @param then `asks`: too little memory is left, and a user names the survivor. */
export function killPrimaryAndReplica(then: 'asks' | 'goesOn'): Act {
  return async ({ stage }) => {
    const epoch = stage.epoch();
    const [replica, survivor] = twoReplicas(stage);
    await killAtOnce(stage, [replica, stage.primary()]);
    if (then === 'asks') await acceptWhenAsked(stage, survivor);
    await stage.untilChangedSince(epoch);
  };
}

function twoReplicas(stage: Stage): readonly [PodName, PodName] {
  const [one, other] = stage.replicas();
  if (one === undefined || other === undefined) throw new Error('two replicas are needed');
  return [one, other];
}

/** A user answers a question of policy Durable. */
export async function acceptWhenAsked(stage: Stage, survivor: PodName): Promise<void> {
  await stage.untilTold('TooFewReplicasHeard');
  await stage.accept(survivor);
}

/** A replica begins anew and so forgets what it confirmed; then the primary dies. Nobody looks meanwhile. */
export function killAfterReplicaRestarted(then: 'asks' | 'goesOn'): Act {
  return async ({ stage, operators }) => {
    const epoch = stage.epoch();
    const [replica, survivor] = twoReplicas(stage);
    const primary = stage.primary();
    await unseen({ stage, operators }, async () => {
      await killUntilReborn(stage, [replica]);
      await killUntilReborn(stage, [primary]);
    });
    if (then === 'asks') await acceptWhenAsked(stage, survivor);
    await stage.untilChangedSince(epoch);
  };
}

export const killAll: Act = async ({ stage }) => {
  const epoch = stage.epoch();
  await killAllSaved(stage);
  await stage.untilChangedSince(epoch);
};

/** @returns once there are new processes, all over what was on the disks. */
export async function killAllSaved(stage: Stage): Promise<void> {
  const pods = stage.all();
  for (const pod of pods) await stage.shell(pod, 'valkey-cli SAVE');
  await killUntilReborn(stage, pods);
}

/** Without a save first: what the append-only file has is what there is. */
export const killAllAtOnce: Act = async ({ stage }) => {
  const epoch = stage.epoch();
  await killUntilReborn(stage, stage.all());
  await stage.untilChangedSince(epoch);
};

/** @param then `asks`: the run ends there; `accepted`: a user answers; `goesOn`: the definition did. */
export function killAllWithDisks(then: 'asks' | 'accepted' | 'goesOn'): Act {
  return async ({ stage }) => {
    const epoch = stage.epoch();
    const pods = stage.all();
    const primary = stage.primary();
    await Promise.all(pods.map((pod) => emptyDisk(stage, pod)));
    await killAtOnce(stage, pods);
    if (then !== 'goesOn') await stage.untilTold('AllEmpty');
    if (then === 'asks') return;
    if (then === 'accepted') await stage.accept(primary);
    await stage.untilChangedSince(epoch);
  };
}

/** The record counts keys with each change of primary, else once a minute. */
export const countKeys: Act = async ({ stage }) => {
  const epoch = stage.epoch();
  await stage.wishSwitchover(firstOf(stage.replicas(), 'replica'));
  await stage.untilChangedSince(epoch);
};

export const killTwice: Act = async ({ stage }) => {
  for (let round = 0; round < 2; round += 1) {
    const epoch = stage.epoch();
    await stage.world.signal(stage.primary(), 'kill');
    await stage.untilChangedSince(epoch);
    await last(BREATH_MS);
  }
};

/** All keys are gone by a user's wish, and the next crash must not take that for a lost disk. */
export const flushThenKill: Act = async ({ stage }) => {
  const epoch = stage.epoch();
  const primary = stage.primary();
  await stage.shell(primary, 'valkey-cli FLUSHALL');
  stage.mark('flush');
  await stage.world.signal(primary, 'kill');
  await stage.untilChangedSince(epoch);
};

/** The snapshot of the FLUSHALL is all that is on the disks. */
export const flushThenKillAll: Act = async ({ stage }) => {
  const epoch = stage.epoch();
  await stage.shell(stage.primary(), 'valkey-cli FLUSHALL');
  stage.mark('flush');
  await killAllSaved(stage);
  await stage.untilChangedSince(epoch);
};

/** Looked for first, so that nothing lies between the deaths but the sending. */
async function killAtOnce(stage: Stage, pods: readonly PodName[]): Promise<void> {
  const grips = await Promise.all(pods.map((pod) => stage.world.grip(pod)));
  await Promise.all(grips.map((grip) => grip('kill')));
}

async function emptyDisk(stage: Stage, pod: PodName): Promise<void> {
  const left = await stage.shell(pod, EMPTY_DISK);
  if (/\.rdb|append/.test(left)) throw new Error(`${pod.pod} still has ${left.trim()}`);
}

export async function killUntilReborn(stage: Stage, pods: readonly PodName[]): Promise<void> {
  const before = await Promise.all(pods.map((pod) => stage.runId(pod)));
  await killAtOnce(stage, pods);
  await Promise.all(pods.map((pod, index) => stage.untilReborn(pod, before[index] ?? '')));
}
