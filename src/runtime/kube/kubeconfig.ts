/**
 * Access by a kubeconfig, read by @kubernetes/client-node (it knows every kind of login). Imported by the
 * CLI only: that library would make the operator's bundle ten times as large.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../../kit/clock';
import { GungnirError } from '../../kit/reasons';
import { type Credentials, type KubeAccess, keepCredentials } from './access';
import { causeOf } from './wire';

export interface KubeconfigOptions {
  readonly clock: Clock;
  /** KUBECONFIG is read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One file; default KUBECONFIG, else ~/.kube/config. */
  readonly path?: string | undefined;
  /** Default: the file's current-context. */
  readonly context?: string | undefined;
}

/** @throws GungnirError KubeconfigUnreadable, KubeContextUnknown, KubeCredentialsExpired, KubeProxyUnsupported. */
export async function kubeconfigAccess(options: KubeconfigOptions): Promise<KubeAccess> {
  const path = pathOf(options);
  const config = load(path, options);
  const cluster = config.getCurrentCluster();
  const context = config.getContextObject(config.getCurrentContext());
  if (cluster === null || context === null) throw unknownContext(path, config);
  if (cluster.proxyUrl !== undefined && cluster.proxyUrl !== '') {
    throw new GungnirError('KubeProxyUnsupported', { path, proxy: cluster.proxyUrl });
  }
  const server = cluster.server.replace(/\/+$/, '');
  if (!/^https?:\/\//.test(server)) {
    throw new GungnirError('KubeconfigUnreadable', { path, server, limit: 'an http(s) URL' });
  }
  const first = await credentialsOf(config).catch((error: unknown) => {
    throw new GungnirError('KubeconfigUnreadable', { path, cause: causeOf(error) }, error);
  });
  refuseExpired(first, path, options.clock.wallMs());
  return {
    server,
    namespace: context.namespace ?? 'default',
    origin: `kubeconfig ${path}, context ${context.name}`,
    credentials: keepCredentials(first, options.clock, () => credentialsOf(load(path, options))),
  };
}

function pathOf({ path, env }: KubeconfigOptions): string {
  const named = path ?? env.KUBECONFIG ?? '';
  return named === '' ? join(homedir(), '.kube', 'config') : named;
}

/** KUBECONFIG may name several files, the first one winning. */
function load(path: string, options: KubeconfigOptions): KubeConfig {
  const files = options.path === undefined ? path.split(':').filter((file) => file !== '') : [path];
  const config = new KubeConfig();
  for (const [index, file] of files.entries()) {
    if (index > 0 && !existsSync(file)) continue;
    try {
      const one = index === 0 ? config : new KubeConfig();
      one.loadFromFile(file);
      if (index > 0) addMissing(config, one);
    } catch (error) {
      throw new GungnirError('KubeconfigUnreadable', { path: file, cause: oneLine(error) }, error);
    }
  }
  if (options.context !== undefined) config.setCurrentContext(options.context);
  return config;
}

/** As kubectl merges: what an earlier file names stays. (The library's own merge refuses a repeated name.) */
function addMissing(config: KubeConfig, other: KubeConfig): void {
  for (const one of other.getClusters()) {
    if (config.getCluster(one.name) === null) config.addCluster(one);
  }
  for (const one of other.getUsers()) {
    if (config.getUser(one.name) === null) config.addUser(one);
  }
  for (const one of other.getContexts()) {
    if (config.getContextObject(one.name) === null) config.addContext(one);
  }
  if (config.getCurrentContext() === '') config.setCurrentContext(other.getCurrentContext());
}

/** A YAML error shows the place over several lines; the first says what it is. A wrong type names the library's inside. */
function oneLine(error: unknown): string {
  if (error instanceof TypeError) return 'a field has another type than in a kubeconfig';
  return causeOf(error).split('\n')[0] ?? '';
}

function unknownContext(path: string, config: KubeConfig): GungnirError {
  const known = config.getContexts().map((context) => context.name);
  return new GungnirError('KubeContextUnknown', {
    path,
    context: config.getCurrentContext() === '' ? '(none)' : config.getCurrentContext(),
    known: known.length === 0 ? '(none)' : known.join(','),
  });
}

async function credentialsOf(config: KubeConfig): Promise<Credentials> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers: Record<string, string> = {};
  const given: object = options.headers ?? {};
  for (const [name, value] of Object.entries(given)) headers[name.toLowerCase()] = String(value);
  if (typeof options.auth === 'string') {
    headers.authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  }
  return {
    headers,
    tls: {
      ca: pem(options.ca),
      cert: pem(options.cert),
      key: pem(options.key),
      serverName: options.servername,
      verify: options.rejectUnauthorized === false ? 'never' : 'always',
    },
  };
}

function pem(material: unknown): string | undefined {
  if (material === undefined || material === null) return undefined;
  return Buffer.isBuffer(material) ? material.toString('utf8') : String(material);
}

function refuseExpired(credentials: Credentials, path: string, wallMs: number): void {
  const { cert } = credentials.tls;
  if (cert === undefined) return;
  const validTo = certificateEnd(cert, path);
  if (wallMs <= validTo) return;
  throw new GungnirError('KubeCredentialsExpired', {
    path,
    validTo: new Date(validTo).toISOString(),
  });
}

function certificateEnd(cert: string, path: string): number {
  try {
    return Date.parse(new X509Certificate(cert).validTo);
  } catch (error) {
    throw new GungnirError(
      'KubeconfigUnreadable',
      { path, field: 'client-certificate-data', cause: causeOf(error) },
      error,
    );
  }
}
