/**
 * The configurations that scopes start from, and what the world offers beside them: addresses or
 * Kubernetes facts, a deposed leader that stands still or goes on.
 * Never here: a start, a budget, a scope.
 */
import { millis } from '../../../src/kit/brands';
import type { Config } from '../../../src/sentinel/core/config';
import { initialState } from '../../../src/sentinel/core/on-lease';
import { step } from '../../../src/sentinel/core/step';
import type { Engine, Model } from '../env/world';

export const config: Config = {
  pingIntervalMs: millis(1000),
  downAfterMs: millis(2000),
  failoverTimeoutMs: millis(5000),
  waitForBestMs: millis(500),
  policy: 'Durable',
  prefer: 'Offset',
  minReplicasToWrite: 1,
  maxLagSeconds: 2,
  dataLossPolicy: 'Stop',
  onDiskError: 'Switchover',
  replicas: 3,
  clientUsers: ['default'],
  addresses: 'exclusive',
  killPort: 'absent',
  serviceQuietMs: millis(0),
  serviceSettleMs: undefined,
  drainMs: millis(50),
  settings: [],
};

const SETTLE_MS = millis(20);

export const shipped: Engine = { step, initialState };

export function modelOf(
  engine: Engine,
  patch: Partial<Model> = {},
  settings: Partial<Config> = {},
): Model {
  return {
    config: { ...config, ...settings },
    engine,
    pods: 'addresses',
    deposed: 'freezes',
    zombieOrders: 'all',
    endpoints: 'stay',
    ...patch,
  };
}

export interface Models {
  readonly plain: Model;
  readonly goesOn: Model;
  readonly watched: Model;
  readonly balanced: Model;
  readonly available: Model;
  /** No write waits for a replica. */
  readonly loose: Model;
  /** The same under Available. */
  readonly careless: Model;
  /** Each write waits for two. */
  readonly pairs: Model;
  /** A definition of two replicas, with Kubernetes facts. */
  readonly pair: Model;
  /** Kubernetes facts, and no way to kill a hung process. */
  readonly twins: Model;
  /** Clients come through a Service, which a switchover turns first. */
  readonly served: Model;
  /** A Service whose endpoints stay as they were. */
  readonly stuck: Model;
}

export function modelsOf(engine: Engine): Models {
  return {
    plain: modelOf(engine),
    goesOn: modelOf(engine, { deposed: 'goesOn' }),
    watched: modelOf(engine, { pods: 'watched' }, { addresses: 'reusable', killPort: 'present' }),
    balanced: modelOf(engine, {}, { policy: 'Balanced' }),
    available: modelOf(engine, {}, { policy: 'Available' }),
    loose: modelOf(engine, {}, { policy: 'Balanced', minReplicasToWrite: 0 }),
    careless: modelOf(engine, {}, { policy: 'Available', minReplicasToWrite: 0 }),
    pairs: modelOf(engine, {}, { minReplicasToWrite: 2 }),
    pair: modelOf(engine, { pods: 'watched' }, { addresses: 'reusable', replicas: 2 }),
    twins: modelOf(engine, { pods: 'watched' }, { addresses: 'reusable', policy: 'Balanced' }),
    served: modelOf(engine, { endpoints: 'follow' }, { serviceSettleMs: SETTLE_MS }),
    stuck: modelOf(engine, {}, { serviceSettleMs: SETTLE_MS }),
  };
}
