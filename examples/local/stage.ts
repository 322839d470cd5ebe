/**
 * The stage of `npm start`: a local Kubernetes in this process, the bundled operator as two pods of it, a
 * ValkeyCluster from examples/manifests, and a pod that writes through the client Service.
 * Never here: what is done to them (acts.ts).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type LocalCluster, startLocal } from '../../src/local/cluster';
import { findPrograms } from '../../src/local/programs';
import { NODE_IMAGE } from '../../src/resources/operator/options';
import { renderOperator } from '../../src/resources/operator/render';
import { readBundle } from '../../src/runtime/cli/pack';
import { followOperators, type OperatorLog, operatorReady } from '../../test/e2e/operator';
import { Scene, SYSTEM } from '../../test/e2e/scene';
import type { World } from '../../test/kit/world';
import { localWorld } from '../../test/kit/world-local';
import type { WriterPod } from '../../test/kit/writer-pod';

export const DEFINITION = 'examples/manifests/minimal.yaml';
const NAMESPACE = 'default';
const CLUSTER = 'my-valkey';
const PROGRAM = 'assets/operator.mjs';

export interface Stage {
  readonly cluster: LocalCluster;
  readonly world: World;
  readonly scene: Scene;
  readonly writer: WriterPod;
  readonly operators: OperatorLog;
  stop(): Promise<void>;
}

/** @param told each thing that stands, in ms since it was begun. */
export async function buildStage(told: (text: string, tookMs: number) => void): Promise<Stage> {
  const took = stopwatch();
  await bundled();
  const bundle = await readBundle(PROGRAM, async (path) => readFileSync(path, 'utf8'));
  told('the operator bundled, as it ships', took());
  const cluster = await startLocal({ programs: findPrograms(process.env) });
  try {
    const world = localWorld(cluster);
    await cluster.apply(renderOperator({ kind: 'bundle', bundle, image: NODE_IMAGE }));
    await operatorReady(world);
    told('a Kubernetes of three nodes, two operators ready in it', took());
    const scene = new Scene(world, { namespace: NAMESPACE, cluster: CLUSTER, system: SYSTEM });
    const operators = followOperators(world);
    await world.apply(readFileSync(DEFINITION, 'utf8'));
    await scene.settled();
    told(`${DEFINITION} applied, three pods serve`, took());
    const writer = await scene.startWriter();
    told('a pod writes through the client Service', took());
    return {
      cluster,
      world,
      scene,
      writer,
      operators,
      async stop() {
        scene.stop();
        operators.stop();
        await cluster.stop();
      },
    };
  } catch (cause) {
    await cluster.stop();
    throw cause;
  }
}

/** Beside this process, which hears a Ctrl-C meanwhile. */
async function bundled(): Promise<void> {
  const argv = ['--import', 'tsx', 'build-tools/bundle.ts'];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0)
    throw new Error('the operator cannot be bundled. To fix: npm run bundle says why');
}

function stopwatch(): () => number {
  let lastMs = performance.now();
  return () => {
    const nowMs = performance.now();
    const tookMs = nowMs - lastMs;
    lastMs = nowMs;
    return tookMs;
  };
}
