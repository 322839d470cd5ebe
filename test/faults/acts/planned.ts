/**
 * Acts of planned work: a switchover that a user wishes, a setting that only a restart applies; and a
 * crash amid it.
 * Never here: what may be lost by them (../table-around.ts).
 */
import { until } from '../../kit/until';
import { type Act, firstOf, type Scenery } from './act';

const RESTARTED_MS = 60_000;

export const switchOver: Act = async ({ stage }) => {
  const epoch = stage.epoch();
  await stage.wishSwitchover(firstOf(stage.replicas(), 'replica'));
  await stage.untilChangedSince(epoch);
};

/** The first pod is already another one when the primary dies; then the rest is still to be done. */
export const killDuringRollingRestart: Act = async ({ stage }) => {
  const { namespace, cluster } = stage.options;
  const before = await stage.podUids();
  const ref = { kind: 'valkeycluster', namespace, name: cluster };
  await stage.world.patch(ref, { spec: { config: { databases: '32' } } });
  const anew = async (least: number): Promise<boolean> => {
    const now = await stage.podUids();
    return now.length === before.length && kept(before, now) <= before.length - least;
  };
  await until('the first pod is a new one', () => anew(1), RESTARTED_MS, 20);
  await stage.world.signal(stage.primary(), 'kill');
  if (kept(before, await stage.podUids()) === 0) throw new Error('the restart was over already');
  await until('every pod is a new one', () => anew(before.length), RESTARTED_MS, 100);
};

/** A planned change may be given up or done: both are right, one of them is told, and then it is over. */
export async function untilDecided({ stage }: Pick<Scenery, 'stage'>): Promise<void> {
  await stage.untilToldOneOf(['PrimaryChanged', 'SwitchoverGivenUp', 'SwitchoverRefused']);
  await stage.until(
    'the change is done or given up',
    ({ record }) => record?.phase === 'Steady' && record.target === undefined,
  );
}

function kept(before: readonly string[], now: readonly string[]): number {
  return now.filter((uid) => before.includes(uid)).length;
}
