/**
 * Where the rows are run: the Kubernetes of GUNGNIR_TEST_KUBECONFIG, with its own operators where
 * GUNGNIR_FAULTS_OPERATORS says `present`, else with those of this tree.
 * Never here: a row.
 */
import { realWorld } from '../kit/world-real';
import { startFaultyApi } from './faulty-api';
import { Operators } from './operators';
import type { Need } from './row';
import type { Theatre } from './run';

export interface OpenTheatre extends Theatre {
  close(): Promise<void>;
}

export async function openTheatre(): Promise<OpenTheatre> {
  const world = realWorld();
  const given = process.env.GUNGNIR_FAULTS_OPERATORS === 'present';
  const operators = new Operators(world, given ? 'present' : 'ours');
  const api = await startFaultyApi(world);
  const offers: readonly Need[] = [
    ...(given ? [] : (['operators', 'api'] as const)),
    ...(world.reuseAddresses === undefined ? [] : (['addresses'] as const)),
  ];
  return { world, operators, api, offers, close: async () => api.close() };
}
