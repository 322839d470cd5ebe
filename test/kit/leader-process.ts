/**
 * A leader in a process of its own, for tests that stop it: the embedded engine whose lease check says
 * yes for ever (the worst clock there is) and whose record is kept by the parent. At one command it
 * stops itself by SIGSTOP: between lease check and send, or after the send.
 * Never here: the judgement; the parent looks at the servers.
 */

import { millis } from '../../src/kit/brands';
import type { SwapOutcome } from '../../src/sentinel/core/event';
import type { ClusterRecord } from '../../src/sentinel/core/record';
import { createEmbeddedEngine, type EmbeddedNode } from '../../src/sentinel/io/embedded';
import type { Authority, Connection, Leadership, Transport } from '../../src/sentinel/io/ports';
import type { Command } from '../../src/sentinel/io/resp';
import { createSocketTransport } from '../../src/sentinel/io/socket-transport';
import { LAB_USERS } from './valkey';

/** Where in the life of one command the process stops itself. */
export type StopAt = 'beforeSend' | 'afterSend';

/** `word`: the command that stops it, by its first word. */
export interface LeaderPlan {
  readonly nodes: readonly EmbeddedNode[];
  readonly word: string;
  readonly stopAt: StopAt;
}

export type ToChild =
  | { readonly kind: 'plan'; readonly plan: LeaderPlan }
  | { readonly kind: 'led'; readonly record: ClusterRecord | undefined }
  | { readonly kind: 'swapped'; readonly id: number; readonly outcome: SwapOutcome }
  /** From now on the command of the plan stops the process. */
  | { readonly kind: 'arm' }
  | { readonly kind: 'switchover' };

export type FromChild =
  | { readonly kind: 'up' }
  | { readonly kind: 'campaigns' }
  | {
      readonly kind: 'swap';
      readonly id: number;
      readonly expected: ClusterRecord | undefined;
      readonly next: ClusterRecord;
    }
  | { readonly kind: 'told'; readonly event: string };

function say(message: FromChild): void {
  process.send?.(message);
}

/** Parent and child share one record; the child goes on believing until a conflict tells it better. */
function remoteAuthority(
  onSwapped: Map<number, (outcome: SwapOutcome) => void>,
  leaders: ((leadership: Leadership) => void)[],
): Authority {
  let swaps = 0;
  return {
    start(onChange) {
      leaders.push(onChange);
      say({ kind: 'campaigns' });
    },
    mayAct: () => 'granted',
    swap(expected, next) {
      swaps += 1;
      const id = swaps;
      return new Promise((resolve) => {
        onSwapped.set(id, resolve);
        say({ kind: 'swap', id, expected, next });
      });
    },
    async stop() {},
  };
}

/** It stops the process once. */
interface Trap {
  state: 'open' | 'armed' | 'sprung';
}

/** The lease is checked in the tick of the request: a stop before it is one between check and send. */
function stoppingTransport(plan: LeaderPlan, trap: Trap): Transport {
  const inner = createSocketTransport();
  const stop = (): void => {
    trap.state = 'sprung';
    process.kill(process.pid, 'SIGSTOP');
  };
  const stops = (commands: readonly Command[]): boolean =>
    trap.state === 'armed' && commands.some(([word]) => word === plan.word);
  return {
    async connect(address, timeoutMs, onEnd) {
      const connected = await inner.connect(address, timeoutMs, onEnd);
      if (connected.kind === 'failed') return connected;
      const { connection } = connected;
      const request: Connection['request'] = (commands) => {
        if (!stops(commands)) return connection.request(commands);
        if (plan.stopAt === 'beforeSend') stop();
        const answer = connection.request(commands);
        if (plan.stopAt === 'afterSend') stop();
        return answer;
      };
      return { kind: 'open', connection: { request, destroy: connection.destroy } };
    },
  };
}

function main(): void {
  const onSwapped = new Map<number, (outcome: SwapOutcome) => void>();
  const leaders: ((leadership: Leadership) => void)[] = [];
  const trap: Trap = { state: 'open' };
  let engine: ReturnType<typeof createEmbeddedEngine> | undefined;
  process.on('message', (message: ToChild) => {
    if (message.kind === 'plan') engine = startEngine(message.plan);
    if (message.kind === 'led')
      for (const tell of leaders) tell({ kind: 'led', record: message.record });
    if (message.kind === 'swapped') onSwapped.get(message.id)?.(message.outcome);
    if (message.kind === 'arm') trap.state = 'armed';
    if (message.kind === 'switchover') engine?.switchover();
  });

  function startEngine(plan: LeaderPlan): ReturnType<typeof createEmbeddedEngine> {
    const created = createEmbeddedEngine({
      nodes: plan.nodes,
      base: LAB_USERS.base,
      transport: stoppingTransport(plan, trap),
      authority: remoteAuthority(onSwapped, leaders),
      config: { pingIntervalMs: millis(200), downAfterMs: millis(1000) },
      onEvent(event) {
        if (event.kind === 'tell') say({ kind: 'told', event: event.tell.event });
      },
    });
    void created.start();
    return created;
  }

  process.once('disconnect', () => process.exit());
  say({ kind: 'up' });
}

main();
