/**
 * Acts of a cluster that is deleted and made again, its volumes kept.
 * Never here: what may be lost by them (../table-around.ts).
 */
import { until } from '../../kit/until';
import { ofKind } from '../history/lines';
import type { Act, Scenery } from './act';

const GONE_MS = 30_000;

export const deleteAndCreateAgain: Act = (scenery) => madeAgain(scenery, async () => {});

/**
 * No replication id outlives an append-only file, so a user says whose data is kept: here that of the last
 * primary. A leader that takes over in between knows nothing of the answer but the epoch it was for, and asks anew.
 */
export const deleteAndCreateAgainAsked: Act = async (scenery) => {
  const { stage } = scenery;
  const last = stage.primary();
  await madeAgain(scenery, async () => {
    await stage.untilTold('SeveralHistories');
    await stage.accept(last);
    await stage.untilToldOneOf(['AllAttached', 'ForeignHistory']);
    const asked = ofKind(stage.lines, 'told').some(({ reason }) => reason === 'ForeignHistory');
    if (asked) await stage.accept(last);
  });
};

/** @param act comes between the definition and the first primary. */
export async function madeAgain({ stage }: Scenery, act: () => Promise<void>): Promise<void> {
  const { namespace, cluster } = stage.options;
  await stage.stopWriters();
  await stage.world.remove({ kind: 'valkeycluster', namespace, name: cluster }, 'and wait');
  const gone = async (): Promise<boolean> => (await stage.podObjects()).length === 0;
  await until('no pod is left', gone, GONE_MS, 100);
  await stage.applyCluster();
  await act();
  await stage.settled();
  await stage.startWriter();
}
