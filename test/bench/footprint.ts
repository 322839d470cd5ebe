/**
 * The operator's size, start and idle memory, of the program that is shipped (assets/operator.mjs).
 * Start and memory need a real API server, named by GUNGNIR_TEST_KUBECONFIG.
 * Never here: building it; `npm run bundle` does.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { bundleConfigMap } from '../../src/resources/operator/bundle';
import { packBundle } from '../../src/runtime/cli/pack';
import { until } from '../kit/until';
import type { Footprint } from './results';

const PROGRAM = 'assets/operator.mjs';
const IDLE_MS = 5_000;

/** @param say told, loudly, what could not be measured and why. */
export async function measureFootprint(say: (line: string) => void): Promise<Footprint> {
  if (!existsSync(PROGRAM)) {
    say(`NOT MEASURED: the operator's size: ${PROGRAM} is not built (npm run bundle)`);
    return {};
  }
  const map = bundleConfigMap(packBundle(readFileSync(PROGRAM, 'utf8')), 'gungnir-system');
  const bundleBytes = Buffer.byteLength(JSON.stringify(map));
  const kubeconfig = process.env.GUNGNIR_TEST_KUBECONFIG ?? '';
  if (kubeconfig === '') {
    say(
      "NOT MEASURED: the operator's start and idle memory: GUNGNIR_TEST_KUBECONFIG names no cluster",
    );
    return { bundleBytes };
  }
  try {
    return { bundleBytes, ...(await measureProcess(kubeconfig)) };
  } catch (cause) {
    say(`NOT MEASURED: the operator's start and idle memory: ${(cause as Error).message}`);
    return { bundleBytes };
  }
}

async function measureProcess(
  kubeconfig: string,
): Promise<{ readonly readyMs: number; readonly idleBytes: number }> {
  const address = `127.0.0.1:${await freePort()}`;
  // A lease of its own and a namespace without clusters: an operator at work there is left alone.
  const scope = ['--namespace', 'gungnir-bench', '--lease-namespace', 'default'];
  const flags = [
    '--kubeconfig',
    kubeconfig,
    '--http-address',
    address,
    '--lease-name',
    'gungnir-bench',
    ...scope,
  ];
  const sinceMs = performance.now();
  const child = spawn(process.execPath, [PROGRAM, ...flags], { stdio: 'ignore' });
  try {
    await until('the operator is ready', () => isReady(address), 20_000, 2);
    const readyMs = performance.now() - sinceMs;
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    return { readyMs, idleBytes: residentBytes(child.pid ?? 0) };
  } finally {
    if (child.exitCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
  }
}

async function isReady(address: string): Promise<boolean> {
  const answer = await fetch(`http://${address}/readyz`).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer?.status === 200;
}

/** @throws where there is no /proc. */
function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const closed = once(server, 'close');
  server.close();
  await closed;
  return typeof address === 'object' && address !== null ? address.port : 0;
}
