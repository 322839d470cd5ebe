/**
 * The faulty API server of a fault run: a proxy in front of the real one, ordered about by the acts.
 * Never here: how a fault is done (faulty-api-program.ts).
 */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { until } from '../kit/until';
import type { World } from '../kit/world';
import type { ApiFaults } from './acts/act';

/** Beside the server's own. */
const PORT = 7_443;
/** Slow is not wrong, hung is. */
const STARTED_MS = 30_000;

export interface FaultyApi extends ApiFaults {
  /** Where operators find it, as the environment of their pods. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

/** @throws when the proxy does not start. */
export async function startFaultyApi(
  world: Pick<World, 'spawn' | 'api'>,
  port = PORT,
): Promise<FaultyApi> {
  const { host, port: targetPort, certFile, keyFile } = world.api;
  const place = JSON.stringify({ host, port, certFile, keyFile, targetPort });
  const proxy = world.spawn(process.execPath, [
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
    'test/faults/faulty-api-program.ts',
    place,
  ]);
  const said: string[] = [];
  if (proxy.stdout !== null)
    createInterface({ input: proxy.stdout }).on('line', (line) => said.push(line));
  await until('the faulty API server listens', () => said.includes('ready'), STARTED_MS);
  const order = (line: string): Promise<void> => ordered(proxy, said, line);
  return {
    env: { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: String(port) },
    gone: () => order('gone'),
    slow: (byMs) => order(`slow ${byMs}`),
    broken: () => order('broken'),
    conflicts: () => order('conflicts'),
    mend: () => order('none'),
    close: () => void proxy.kill('SIGKILL'),
  };
}

/** @returns once the proxy does it. */
async function ordered(proxy: ChildProcess, said: readonly string[], line: string): Promise<void> {
  const [kind = ''] = line.split(' ');
  const before = said.length;
  proxy.stdin?.write(`${line}\n`);
  await until(
    `the API server is ${kind}`,
    () => said.slice(before).includes(`is ${kind}`),
    STARTED_MS,
  );
}
