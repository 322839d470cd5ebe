/**
 * The stage of `npm run engine`: three real valkey-servers, the engine over them, two clients that write.
 * Never here: what is done to them (acts.ts).
 */
import { millis } from '../../src/kit/brands';
import {
  createEmbeddedEngine,
  type EmbeddedEngine,
  type EmbeddedNode,
  type EngineEvent,
} from '../../src/sentinel/io/embedded';
import { until } from '../../test/kit/until';
import { LAB_USERS, type Lab, type ValkeyProcess } from '../../test/kit/valkey';
import { startWriter, type Write, type Writer } from '../../test/kit/writer';

export interface Stage {
  readonly lab: Lab;
  readonly engine: EmbeddedEngine;
  /** Everything that the engine told, in order. */
  readonly events: readonly EngineEvent[];
  /** Takes an OK for an answer. */
  readonly quick: Writer;
  /** Asks with WAIT for one replica to have it too. */
  readonly careful: Writer;
  primary(): ValkeyProcess;
  /** Every server but the primary follows it, by the engine's own record and eyes. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const START_MS = 10_000;

export async function buildStage(lab: Lab): Promise<Stage> {
  const events: EngineEvent[] = [];
  let target: EmbeddedNode | undefined;
  const engine = createEmbeddedEngine({
    nodes: lab.servers,
    base: LAB_USERS.base,
    config: { pingIntervalMs: millis(100), downAfterMs: millis(1000) },
    onEvent(event) {
      events.push(event);
      if (event.kind === 'route') target = event.primary;
    },
  });
  await engine.start();
  const primary = (): ValkeyProcess => {
    const server = lab.servers.find(({ name }) => name === target?.name);
    if (server === undefined) throw new Error('the engine sends clients nowhere');
    return server;
  };
  const settled = async (): Promise<void> => {
    await until('a primary with two replicas in sync', () => isSettled(engine, lab), START_MS);
  };
  try {
    await settled();
  } catch (cause) {
    await engine.stop();
    throw cause;
  }
  const quick = startWriter({ name: 'quick', target: () => target, perSecond: 1000 });
  const careful = startWriter({
    name: 'careful',
    target: () => target,
    waitReplicas: 1,
    perSecond: 200,
  });
  return {
    lab,
    engine,
    events,
    quick,
    careful,
    primary,
    settled,
    async stop() {
      await Promise.all([quick.stop(), careful.stop()]);
      await engine.stop();
    },
  };
}

function isSettled(engine: EmbeddedEngine, lab: Lab): boolean {
  const { record, nodes } = engine.state();
  const attached = nodes.find(({ fact }) => fact.podUid === record?.primary?.podUid)?.facts
    ?.attached;
  const others = lab.servers.length - 1;
  const online = attached?.filter(({ state }) => state === 'online').length === others;
  return record?.phase === 'Steady' && record.members.length === others && online;
}

/** Writes that ended since then. */
export function since(writer: Writer, sinceMs: number): readonly Write[] {
  return writer.history.filter(({ endedMs }) => endedMs >= sinceMs);
}
