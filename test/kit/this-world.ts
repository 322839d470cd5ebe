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
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

export async function openWorld(options: Partial<LocalOptions> = {}): Promise<OpenWorld> {
  const { GUNGNIR_TEST_KUBECONFIG: named = '' } = process.env;
  if (named !== '')
    return { world: realWorld(), kind: 'real', kubeconfig: named, stop: async () => {} };
  const cluster = await startLocal({ programs: findPrograms(process.env), ...options });
  const { kubeconfig } = cluster;
  return { world: localWorld(cluster), kind: 'local', kubeconfig, stop: () => cluster.stop() };
}
