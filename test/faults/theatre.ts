/**
 * Where the rows are run: a local cluster of their own, or the Kubernetes of GUNGNIR_TEST_KUBECONFIG; there
 * with its own operators where GUNGNIR_FAULTS_OPERATORS says `present`, else with those of this tree.
 * Never here: a row.
 */
import { openWorld } from '../kit/this-world';
import { startFaultyApi } from './faulty-api';
import { Operators } from './operators';
import type { Need } from './row';
import type { Theatre } from './run';

export interface OpenTheatre extends Theatre {
  close(): Promise<void>;
}

export async function openTheatre(): Promise<OpenTheatre> {
  const { world, stop } = await openWorld();
  const given = process.env.GUNGNIR_FAULTS_OPERATORS === 'present';
  const operators = new Operators(world, given ? 'present' : 'ours');
  const api = await startFaultyApi(world);
  const close = async (): Promise<void> => {
    api.close();
    await stop();
  };
  const offers: readonly Need[] = [
    ...(given ? [] : (['operators', 'api'] as const)),
    ...(world.reuseAddresses === undefined ? [] : (['addresses'] as const)),
  ];
  return { world, operators, api, offers, close };
}
