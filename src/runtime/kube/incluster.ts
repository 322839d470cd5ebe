/**
 * Access with the service account of the pod that we run in: token, CA and namespace as files, read again
 * each minute. Never here: kubeconfigs (kubeconfig.ts, outside the operator's bundle).
 */
import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../../kit/clock';
import { GungnirError } from '../../kit/reasons';
import { type Credentials, type KubeAccess, keepCredentials } from './access';
import { causeOf } from './wire';

export interface InClusterOptions {
  readonly clock: Clock;
  /** KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default: where Kubernetes mounts it. */
  readonly directory?: string;
}

const mountedAt = '/var/run/secrets/kubernetes.io/serviceaccount';

/** @throws GungnirError NotInCluster naming what is missing. */
export async function inClusterAccess(options: InClusterOptions): Promise<KubeAccess> {
  const { clock, env, directory = mountedAt } = options;
  const host = env.KUBERNETES_SERVICE_HOST ?? '';
  const port = env.KUBERNETES_SERVICE_PORT ?? '443';
  if (host === '') throw new GungnirError('NotInCluster', { missing: 'KUBERNETES_SERVICE_HOST' });
  const first = await readServiceAccount(directory).catch((error: unknown) => {
    throw new GungnirError('NotInCluster', { cause: causeOf(error) }, error);
  });
  const namespace = await readFile(join(directory, 'namespace'), 'utf8').catch(() => 'default');
  return {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    namespace: namespace.trim(),
    origin: 'the service account of this pod',
    credentials: keepCredentials(first, clock, () => readServiceAccount(directory)),
  };
}

async function readServiceAccount(directory: string): Promise<Credentials> {
  const token = (await readFile(join(directory, 'token'), 'utf8')).trim();
  const ca = await readFile(join(directory, 'ca.crt'), 'utf8');
  if (token === '') throw new Error(`${join(directory, 'token')} is empty`);
  return {
    headers: { authorization: `Bearer ${token}` },
    tls: { ca, cert: undefined, key: undefined, serverName: undefined, verify: 'always' },
  };
}
