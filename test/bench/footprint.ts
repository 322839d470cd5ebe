/**
 * The operator in numbers, of the program that is shipped (assets/operator.mjs): its size, and on a local
 * cluster its start and its memory at rest.
 * Never here: building it (main.ts does); starting the cluster (local.ts).
 */
import { existsSync, readFileSync } from 'node:fs';
import { bundleConfigMap } from '../../src/resources/operator/bundle';
import { packBundle } from '../../src/runtime/cli/pack';
import type { Wire } from '../kit/api-server';
import { residentBytes } from './processes';
import type { Footprint } from './results';

const PROGRAM = 'assets/operator.mjs';
const PODS = '/api/v1/namespaces/gungnir-system/pods';

/** @param say told, loudly, what could not be measured and why. */
export function sizeOf(say: (line: string) => void): Footprint {
  if (existsSync(PROGRAM)) {
    const map = bundleConfigMap(packBundle(readFileSync(PROGRAM, 'utf8')), 'gungnir-system');
    return { bundleBytes: Buffer.byteLength(JSON.stringify(map)) };
  }
  say(`NOT MEASURED: the operator's size: ${PROGRAM} is not built (npm run bundle)`);
  return {};
}

/** Of several operators the slowest one, by its own log, and the largest one. @throws when one of them has ended. */
export async function measureOperators(wire: Wire, pids: readonly number[]): Promise<Footprint> {
  const { text } = await wire.ask({ method: 'GET', path: PODS });
  const { items } = JSON.parse(text) as {
    readonly items: readonly { readonly metadata: { readonly name: string } }[];
  };
  const starts = await Promise.all(
    items.map(async ({ metadata }) => {
      const log = await wire.ask({ method: 'GET', path: `${PODS}/${metadata.name}/log` });
      return Number(/"msg":"ready","startMs":(\d+)/.exec(log.text)?.[1] ?? Number.NaN);
    }),
  );
  if (starts.length === 0 || starts.some(Number.isNaN))
    throw new Error('the logs of the operators were not found');
  return { readyMs: Math.max(...starts), idleBytes: Math.max(...pids.map(residentBytes)) };
}
