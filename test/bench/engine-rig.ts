/**
 * Three real servers under the embedded engine.
 * Never here: what is measured.
 */
import { millis } from '../../src/kit/brands';
import { createEmbeddedEngine, type EmbeddedNode } from '../../src/sentinel/io/embedded';
import { until } from '../kit/until';
import { LAB_USERS, type Lab, startLab } from '../kit/valkey';
import { type Rig, seenDirectly } from './rig';

/** The engine's settings in every row; downAfterMs matters to the rows that stop a process only. */
export const ENGINE_PING_MS = 100;
export const ENGINE_DOWN_AFTER_MS = 1_000;

export async function startEngineRig(killPort: 'present' | 'absent'): Promise<Rig> {
  const lab = await startLab();
  let target: EmbeddedNode | undefined;
  const engine = createEmbeddedEngine({
    nodes: lab.servers,
    base: LAB_USERS.base,
    config: {
      pingIntervalMs: millis(ENGINE_PING_MS),
      downAfterMs: millis(ENGINE_DOWN_AFTER_MS),
    },
    onEvent(event) {
      if (event.kind === 'route') target = event.primary;
    },
    ...(killPort === 'present' ? { kill: ({ name }) => killOf(lab, name) } : {}),
  });
  const stop = async (): Promise<void> => {
    await engine.stop();
    await lab.stop();
  };
  try {
    await engine.start();
    await until('a primary with two replicas under the engine', () => {
      const record = engine.record();
      return record?.phase === 'Steady' && record.members.length === lab.servers.length - 1;
    });
  } catch (cause) {
    await stop();
    throw cause;
  }
  return {
    ...seenDirectly(lab, () => target),
    switchover: async () => engine.switchover(),
    stop,
  };
}

function killOf(lab: Lab, name: string): void {
  const server = lab.servers.find((one) => one.name === name);
  if (server !== undefined) process.kill(server.pid(), 'SIGKILL');
}
