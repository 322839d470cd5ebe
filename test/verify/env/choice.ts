/**
 * What a choice of the environment is, and how it is paid for.
 * Never here: a choice.
 */
import type { Budget } from './budget';
import { settled } from './replication';
import type { Step, World } from './world';

export interface Choice {
  readonly name: string;
  readonly take: () => Step;
}

/** What clients, users and the engine's own process do disturbs no server. */
const calm: readonly (keyof Budget)[] = [
  'takeover',
  'stall',
  'conceal',
  'write',
  'flush',
  'intrude',
  'wish',
  'withdraw',
  'accept',
  'scale',
];

export function paid(world: World, item: keyof Budget): World {
  const budget = { ...world.budget, [item]: world.budget[item] - 1 };
  if (calm.includes(item) || world.ghost.faults === 'some') return { ...world, budget };
  return { ...world, budget, ghost: { ...world.ghost, faults: 'some' } };
}

export function quiet(world: World): Step {
  return { world: settled(world), notes: [] };
}
