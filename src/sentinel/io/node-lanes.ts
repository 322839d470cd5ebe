/**
 * All connections to one node: the order lane, the probe lane, and the knocks beside them.
 * Never here: what is asked, and what the answers mean.
 */
import type { Millis } from '../../kit/brands';
import type { Outcome, ProbeResult } from '../core/event';
import type { Address } from '../core/facts';
import type { Order } from '../core/ready';
import { knock } from './knock';
import { createOrderLane, type OrderLaneOptions } from './order-lane';
import { createProbeLane } from './probe-lane';

export interface NodeLanesOptions extends Omit<OrderLaneOptions, 'address'> {
  readonly address: () => Address | undefined;
  readonly onProbed: (result: ProbeResult) => void;
  /** A lane contradicted itself, which no order's outcome can tell. */
  readonly onBroken: (error: unknown) => void;
}

export interface NodeLanes {
  /** Its result comes through `onProbed`. */
  ping(timeoutMs: Millis): void;
  /** @returns `dropped` when nobody waits for the outcome any more. */
  send(
    order: Exclude<Order, { readonly kind: 'ping' }>,
    budgetMs: Millis,
  ): Promise<Outcome | 'dropped'>;
  /** It may be back: the next look goes out at once. */
  hurry(): void;
  /** Ends the order connections at once. The probe stays: its end is evidence. */
  disconnect(): void;
  close(): void;
}

export function createNodeLanes(options: NodeLanesOptions): NodeLanes {
  const orders = createOrderLane(options);
  const probe = createProbeLane({
    ...options,
    logins: () => orders.logins(),
    onResult: options.onProbed,
  });

  async function claim(
    order: Order & { readonly kind: 'take' | 'seal' | 'yield' },
    budgetMs: Millis,
  ): Promise<Outcome | 'dropped'> {
    probe.suspend();
    const outcome = await orders.send(order, budgetMs);
    const goesOn = order.kind === 'take' && outcome !== 'dropped' && outcome.kind === 'users';
    if (outcome !== 'dropped' && !goesOn) probe.resume();
    return outcome;
  }

  async function knockOnce(budgetMs: Millis): Promise<Outcome> {
    const address = options.address();
    if (address === undefined) return { kind: 'knocked', answers: 'unclear' };
    return knock(options.transport, address, budgetMs, options.nowMs);
  }

  return {
    ping: (timeoutMs) => probe.ping(timeoutMs),
    send(order, budgetMs) {
      switch (order.kind) {
        case 'knock':
          return knockOnce(budgetMs);
        case 'take':
        case 'seal':
        case 'yield':
          return claim(order, budgetMs);
        default:
          return orders.send(order, budgetMs);
      }
    },
    hurry: () => orders.hurry(),
    disconnect() {
      orders.disconnect();
      probe.resume();
    },
    close() {
      orders.disconnect();
      probe.close();
    },
  };
}
