/**
 * The choices of the environment: every fault, client's write, wish, takeover and late order that may
 * come between two steps of the engine, each paid from a budget.
 * Never here: what happens by itself (schedule.ts).
 */
import type { Choice } from './choice';
import { leaderFaults } from './leader-faults';
import { lateOrders, messageFaults } from './message-faults';
import { processFaults } from './process-faults';
import { userActs } from './user-acts';
import type { Model, World } from './world';

export function choices(model: Model, world: World): readonly Choice[] {
  return [
    ...processFaults(world),
    ...messageFaults(world),
    ...lateOrders(model, world),
    ...leaderFaults(model, world),
    ...userActs(model, world),
  ];
}
