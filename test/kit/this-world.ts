/**
 * The world that a suite runs in: the Kubernetes of GUNGNIR_TEST_KUBECONFIG where one is named, else a
 * local cluster of its own.
 * Never here: what the suite expects.
 */

import { type LocalOptions, startLocal } from '../../src/local/cluster';
import { findPrograms } from '../../src/local/programs';
import type { World } from './world';
import { localWorld } from './world-local';
import { realWorld } from './world-real';

export interface OpenWorld {
  readonly world: World;
  readonly kind: 'real' | 'local';
  stop(): Promise<void>;
}

export async function openWorld(options: Partial<LocalOptions> = {}): Promise<OpenWorld> {
  if ((process.env.GUNGNIR_TEST_KUBECONFIG ?? '') !== '')
    return { world: realWorld(), kind: 'real', stop: async () => {} };
  const cluster = await startLocal({ programs: findPrograms(process.env), ...options });
  return { world: localWorld(cluster), kind: 'local', stop: () => cluster.stop() };
}
