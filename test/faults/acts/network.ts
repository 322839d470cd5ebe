/**
 * Acts on what is between: the API server gone, slow or broken for the operator, a consumer of the
 * primary's stream that belongs to nobody.
 * Never here: how the faults are made (../faulty-api.ts).
 */
import type { ChildProcess } from 'node:child_process';
import { namesOf, replicationUser, SECRET_KEYS } from '../../../src/spec/naming';
import { until } from '../../kit/until';
import { type Act, type ApiFaults, firstOf, last, type Scenery } from './act';
import { untilTermAfter } from './operators';
import { untilDecided } from './planned';

const GONE_MS = 30_000;
const SLOW_MS = 3_000;
const BROKEN_MS = 10_000;
/** Into the silence of the API, the primary dies. */
const INTO_MS = 2_000;
/** Slow is not wrong, hung is. */
const ATTACHED_MS = 30_000;

/** Nobody can decide: the data path goes on, and nothing is failed over for the silence alone. */
export const apiGone: Act = async (scenery) => {
  const { stage } = scenery;
  const api = faultsOf(scenery);
  const atMs = Date.now();
  await api.gone();
  await last(GONE_MS);
  await stage.scene.ackAfter(Math.max(atMs, Date.now() - 1_000));
  const term = stage.term();
  await api.mend();
  await untilTermAfter(stage, term, GONE_MS);
};

/** The price that the README states: no failover before the API is back. */
export const apiGoneAndPrimaryKilled: Act = async (scenery) => {
  const { stage } = scenery;
  const api = faultsOf(scenery);
  const epoch = stage.epoch();
  const replicas = stage.replicas();
  await api.gone();
  await last(INTO_MS);
  await stage.world.signal(stage.primary(), 'kill');
  await last(INTO_MS);
  for (const replica of replicas) {
    const { out } = await stage.world.exec(replica, 'valkey-cli', 'ROLE');
    if (!out.startsWith('slave\n'))
      throw new Error(`${replica.pod} was promoted while nobody could record it: ${out}`);
  }
  await api.mend();
  await stage.untilChangedSince(epoch);
};

export const apiSlowAndPrimaryKilled: Act = async (scenery) => {
  const { stage } = scenery;
  const epoch = stage.epoch();
  await faultsOf(scenery).slow(SLOW_MS);
  await last(INTO_MS);
  await stage.world.signal(stage.primary(), 'kill');
  await stage.untilChangedSince(epoch);
  await faultsOf(scenery).mend();
};

export function killDuring(fault: 'broken' | 'conflicts'): Act {
  return async (scenery) => {
    const { stage } = scenery;
    const epoch = stage.epoch();
    await faultsOf(scenery)[fault]();
    await last(BROKEN_MS / 2);
    await stage.world.signal(stage.primary(), 'kill');
    await stage.untilChangedSince(epoch);
    await last(BROKEN_MS / 2);
    await faultsOf(scenery).mend();
  };
}

/** Nothing else happens: for as long as it lasts there is nothing to decide. */
export function only(fault: 'slow' | 'broken' | 'conflicts'): Act {
  return async (scenery) => {
    await bring(scenery, fault);
    await last(BROKEN_MS);
    await faultsOf(scenery).mend();
  };
}

/** Planned work meanwhile: it is done, or given up. */
export function switchOverDuring(fault: 'slow' | 'broken' | 'conflicts'): Act {
  return async (scenery) => {
    const { stage } = scenery;
    await bring(scenery, fault);
    await last(INTO_MS);
    await stage.wishSwitchover(firstOf(stage.replicas(), 'replica'));
    await untilDecided(scenery);
    await faultsOf(scenery).mend();
  };
}

function bring(scenery: Scenery, fault: 'slow' | 'broken' | 'conflicts'): Promise<void> {
  const api = faultsOf(scenery);
  return fault === 'slow' ? api.slow(SLOW_MS) : api[fault]();
}

function faultsOf({ api }: Scenery): ApiFaults {
  if (api === undefined) throw new Error('this world has no faulty API');
  return api;
}

/** A backup or change stream counts as a good replica for the primary, so it voids starvation. */
export function withForeignConsumer(act: Act): Act {
  return async (scenery) => {
    const consumer = await startConsumer(scenery);
    try {
      await scenery.stage.settled();
      await act(scenery);
    } finally {
      consumer.kill('SIGKILL');
    }
  };
}

/** @returns once the record knows of it. */
async function startConsumer({ stage }: Pick<Scenery, 'stage'>): Promise<ChildProcess> {
  const { namespace, cluster } = stage.options;
  const secret = await stage.world.get<{ readonly data: Readonly<Record<string, string>> }>({
    kind: 'secret',
    namespace,
    name: namesOf(cluster).secret,
  });
  const password = secret?.data[SECRET_KEYS.replicationPassword] ?? '';
  const [host = ''] = (stage.status().currentMaster ?? '').split(':');
  if (host === '') throw new Error('the address of the primary is not known');
  const consumer = stage.world.spawn(process.execPath, [
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
    'test/faults/consumer-program.ts',
    JSON.stringify({
      host,
      user: replicationUser(stage.clusterUid()),
      password: Buffer.from(password, 'base64').toString(),
    }),
  ]);
  const recorded = (): boolean => stage.status().record?.foreign === true;
  await until('the foreign consumer is recorded', recorded, ATTACHED_MS, 50);
  return consumer;
}
