/**
 * A real Kubernetes of three nodes for one test run: built when it never was, brought up beside any
 * other one, and always taken down, also when this process is killed.
 * Never here: what is tested on it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeCache, kubeFolder } from './world-real';

export interface RealKubernetes {
  readonly kubeconfig: string;
  /** Process id of its API server, which is nobody else's. */
  readonly apiServerPid: string;
  stop(): void;
}

/** Parts that a finished build has; the last of them is the images' store. */
const BUILT = ['bin/kubelet', 'bin/etcd', 'bin/coredns', 'bin/kubectl', 'golden'];

export async function startRealKubernetes(): Promise<RealKubernetes> {
  const folder = kubeFolder();
  if (!BUILT.every((part) => existsSync(join(kubeCache(), part)))) {
    console.log('kubernetes: the first build takes some 6 minutes');
    mustRun(join(folder, 'build.sh'), process.env);
  }
  const state = mkdtempSync(join(tmpdir(), 'gungnir-kube-'));
  const env = {
    ...process.env,
    NODES: '3',
    NS: `ge${randomBytes(2).toString('hex')}`,
    KUBE_RUN: state,
    HOST_PORT: String(await freePort()),
  };
  const down = join(folder, 'down.sh');
  startGuard(down, state, env);
  try {
    mustRun(join(folder, 'up.sh'), env);
  } catch (error) {
    spawnSync(down, { env, stdio: 'inherit' });
    throw error;
  }
  return {
    kubeconfig: join(state, 'kubeconfig'),
    apiServerPid: readFileSync(join(state, 'kube-apiserver.pid'), 'utf8').trim(),
    stop: () => void spawnSync(down, { env, stdio: 'inherit' }),
  };
}

function mustRun(script: string, env: NodeJS.ProcessEnv): void {
  const { status } = spawnSync(script, { env, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${script} failed (exit ${status})`);
}

/** Outlives this process by the time that taking down needs; ends by itself after a clean stop. */
function startGuard(down: string, state: string, env: NodeJS.ProcessEnv): void {
  const script = 'while kill -0 "$0" 2>/dev/null && [ -d "$1" ]; do sleep 1; done; exec "$2"';
  const args = ['-c', script, String(process.pid), state, down];
  spawn('sh', args, { env, stdio: 'ignore', detached: true }).unref();
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}
