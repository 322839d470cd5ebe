/** Which change of primary a new leader has to tell for one that died behind its last step. */
import { describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { untoldChange } from '../../../src/runtime/plan/announce';
import type { ClusterRecord } from '../../../src/sentinel/core/record';
import { feed, runUntil } from '../../sentinel/scripts/engine';
import { defaultConfig, newWorld } from '../../sentinel/scripts/world';

/** Of a simulated cluster in its first epoch. @param primary undefined: none is recorded. */
function recordOf(phase: ClusterRecord['phase'], primary: string | undefined): ClusterRecord {
  const world = newWorld(3, defaultConfig);
  feed(world, { kind: 'pods', nowMs: millis(world.nowMs), pods: world.pods });
  feed(world, { kind: 'led', nowMs: millis(world.nowMs), record: undefined });
  runUntil(world, 5000);
  const { record } = world.state;
  if (record?.primary === undefined) throw new Error('no primary was recorded');
  const process = primary === undefined ? undefined : { ...record.primary, pod: primary };
  return { ...record, phase, primary: process };
}

describe('a change that its leader recorded and did not tell', () => {
  test.each([
    { shown: 'p1', labelled: ['p1'], to: 'p0', from: 'p1', why: 'the status has the old one' },
    {
      shown: '',
      labelled: ['p1'],
      to: 'p0',
      from: 'p1',
      why: 'nobody served then; the labels know',
    },
    { shown: 'p0', labelled: ['p1'], to: 'p0', from: undefined, why: 'the status has the new one' },
    {
      shown: '',
      labelled: ['p1', 'p0'],
      to: 'p0',
      from: undefined,
      why: 'a label has the new one',
    },
    { shown: undefined, labelled: [], to: 'p0', from: undefined, why: 'there never was another' },
    { shown: 'p1', labelled: [], to: undefined, from: undefined, why: 'no primary is recorded' },
  ])('$why', ({ shown, labelled, to, from }) => {
    const untold = untoldChange(recordOf('Steady', to), shown, labelled);
    expect(untold?.reason).toBe(from === undefined ? undefined : 'PrimaryChanged');
    if (from !== undefined)
      expect(untold?.note).toMatch(
        new RegExp(`^${to} is the primary instead of ${from}: .*epoch 1`),
      );
  });

  test.each(['Boot', 'Failover', 'Switchover'] as const)(
    '%s: the successor ends and tells it',
    (phase) => {
      expect(untoldChange(recordOf(phase, 'p0'), 'p1', [])).toBeUndefined();
    },
  );

  test('without a record nothing is known', () => {
    expect(untoldChange(undefined, 'p1', ['p1'])).toBeUndefined();
  });
});
