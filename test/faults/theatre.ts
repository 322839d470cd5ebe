/**
 * Where the rows are run: a local cluster of their own, or the Kubernetes of GUNGNIR_TEST_KUBECONFIG; there
 * with its own operators where GUNGNIR_FAULTS_OPERATORS says `present`, else with those of this tree.
 * Never here: a row.
 */
import { renderedOperator } from '../e2e/operator';
import { openWorld } from '../kit/this-world';
import { startFaultyApi } from './faulty-api';
import { Operators } from './operators';
import type { Need } from './row';
import type { Theatre } from './run';

export interface OpenTheatre extends Theatre {
  close(): Promise<void>;
}

/** @param rendered the operator as YAML; made once, for it holds up this process. */
export async function openTheatre(rendered = renderedOperator()): Promise<OpenTheatre> {
  const { world, stop } = await openWorld();
  const given = process.env.GUNGNIR_FAULTS_OPERATORS === 'present';
  const operators = new Operators(world, given ? 'present' : 'ours', rendered);
  const api = await startFaultyApi(world).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const close = async (): Promise<void> => {
    api.close();
    await stop();
  };
  const offers: readonly Need[] = [
    ...(given ? [] : (['operators', 'api'] as const)),
    ...(world.addresses === undefined ? [] : (['addresses'] as const)),
  ];
  return { world, operators, api, offers, close };
}
