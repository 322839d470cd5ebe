/** What a failover would come to if it had to begin now, by stories in virtual time. */
import { expect, test } from 'vitest';
import { outlookOf } from '../../src/sentinel/core/outlook';
import { runCommand } from './scripts/commands';
import { defaultConfig, newWorld } from './scripts/world';

const durable = 'policy=Durable prefer=Offset minReplicasToWrite=2';

test.each([
  { why: 'all members follow', story: ['steady 3'], expected: undefined },
  { why: 'under Durable too', story: [`steady 3 ${durable}`], expected: undefined },
  {
    why: 'two of three pods are gone for long',
    story: [
      'steady 3 policy=Durable prefer=Offset',
      'pod p1 removed',
      'pod p2 removed',
      'run 9000',
    ],
    expected: { reason: 'FailoverNeedsMembers', living: 0, needed: 2 },
  },
  {
    why: 'one of two copies is enough where every write has both',
    story: [`steady 3 ${durable}`, 'pod p1 terminated=c1 container=none', 'kill p1', 'run 1000'],
    expected: undefined,
  },
  {
    why: 'Balanced needs one that is heard',
    story: ['steady 3', 'pod p1 removed', 'pod p2 removed', 'run 1000'],
    expected: { reason: 'FailoverNeedsMembers', living: 0, needed: 1 },
  },
  {
    why: 'a member that is gone without proof may still acknowledge, so starvation proves nothing',
    story: ['steady 3', 'pod p2 removed', 'run 1000'],
    expected: { reason: 'FenceNeedsMembers', living: 1, missing: 'p2' },
  },
  {
    why: 'one that is proven dead does not',
    story: ['steady 3', 'kill p2', 'pod p2 terminated=c2 container=none', 'run 1000'],
    expected: undefined,
  },
  {
    why: 'Available fences by consent',
    story: ['steady 3 policy=Available', 'pod p2 removed', 'run 1000'],
    expected: undefined,
  },
  { why: 'a single pod has no members', story: ['steady 1'], expected: undefined },
  { why: 'nobody leads', story: ['cluster 3', 'pods'], expected: undefined },
])('$why', ({ story, expected }) => {
  const told = { world: newWorld(3, defaultConfig) };
  for (const line of story) runCommand(told, line);
  const outlook = outlookOf(told.world.config, told.world.state);
  if (expected === undefined) expect(outlook).toBeUndefined();
  else {
    const { reason, ...facts } = expected;
    expect(outlook).toMatchObject({ reason, facts });
  }
});
