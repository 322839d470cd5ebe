/**
 * A Sentinel that only looks: what the watcher tells, as events.
 * Never here: an engine, an authority, an order.
 */
import { millis } from '../kit/brands';
import type { Observation } from './core/observer';
import type { SentinelEvent } from './events';
import { systemClock } from './io/clock';
import { addressOf, defaultConfig } from './io/embedded';
import { createSocketTransport } from './io/socket-transport';
import { startWatcher } from './io/watcher';
import { nodeName, type SentinelOptions } from './options';
import { observerStatus, roleOf, type SentinelStatus } from './status';

export interface Onlooker {
  status(): SentinelStatus;
  stop(): void;
}

export async function createOnlooker(
  options: SentinelOptions,
  emit: (event: SentinelEvent) => void,
): Promise<Onlooker> {
  const { nodes, credentials, transport, pingIntervalMs, downAfterMs } = options;
  const known = await Promise.all(
    nodes.map(async (node) => {
      const at = { name: nodeName(node), host: node.host, port: node.port ?? 6379 };
      return { name: at.name, address: { host: await addressOf(at), port: at.port } };
    }),
  );
  const watcher = startWatcher({
    nodes: known,
    credentials,
    transport: transport ?? createSocketTransport(),
    clock: systemClock,
    pingIntervalMs: millis(pingIntervalMs ?? defaultConfig.pingIntervalMs),
    downAfterMs: millis(downAfterMs ?? defaultConfig.downAfterMs),
    onTell: (told, atMs) => {
      for (const event of eventsOf(options, told, atMs)) emit(event);
    },
  });
  return { status: () => observerStatus(nodes, watcher.state()), stop: () => watcher.stop() };
}

function eventsOf(
  { nodes }: SentinelOptions,
  told: Observation,
  atMs: number,
): readonly SentinelEvent[] {
  switch (told.kind) {
    case 'down':
      return [{ type: '+sdown', atMs, node: told.node, silentMs: told.silentMs }];
    case 'up':
      return [{ type: '-sdown', atMs, node: told.node, downMs: told.downMs }];
    case 'role':
      return [{ type: '+role', atMs, node: told.node, role: roleOf(told) }];
    case 'rivals':
      return [{ type: '+several-primaries', atMs, nodes: told.nodes.join(',') }];
    case 'moved': {
      const { from, to } = told;
      const at = nodes.find((node) => nodeName(node) === to);
      const why = 'observed';
      return [
        {
          type: '+switch-master',
          atMs,
          from,
          to,
          epoch: 0,
          fencedBy: '',
          why,
          lostBytes: undefined,
        },
        { type: '+route', atMs, node: to, host: at?.host, port: at?.port ?? 6379, epoch: 0 },
      ];
    }
  }
}
