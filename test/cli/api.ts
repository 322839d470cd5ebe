/**
 * An API server that holds ValkeyClusters and Events in memory, and a kubeconfig that leads to it: what a
 * person at a terminal meets. The real one is asked in test/e2e/cli.test.ts.
 * Never here: an operator; a test plays it by changing what is held.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import {
  type Asked,
  type FaultServer,
  type Reply,
  startFaultServer,
} from '../runtime/kube/fault-server';
import { caPem, serverKeyPem, serverPem } from '../runtime/kube/tls-fixture';
import { type Ran, run, type Surroundings } from './fake-io';

interface Held {
  metadata: Record<string, unknown> & { name: string; namespace: string };
  [field: string]: unknown;
}

export interface Api {
  readonly server: FaultServer;
  /** Of the kubeconfig; its context stands in the namespace shop. */
  readonly kubeconfig: string;
  readonly clusters: Held[];
  readonly events: object[];
  /** Bodies of the patches that were stored, and `dry` for those that were not. */
  readonly patches: unknown[];
  /** Called after each patch that was stored: the operator's part. */
  onPatch: (cluster: Held) => void;
  /** Answers before anything else does; undefined leaves it to the rest. */
  instead: ((asked: Asked, reply: Reply) => 'answered' | 'not mine') | undefined;
}

/** When "now" is, for ages: two minutes after the statuses of objects.ts. */
export const NOW_MS = Date.parse('2026-11-21T03:02:00Z');

const ends: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-cli-'));
  ends.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

export interface Place {
  readonly server: string;
  /** PEM; '' trusts what the machine trusts. */
  readonly ca?: string;
  readonly token?: string;
}

/** @returns the path of a kubeconfig. */
export function kubeconfigFor({ server, ca = '', token = 't' }: Place): string {
  const trust = ca === '' ? {} : { 'certificate-authority-data': btoa(ca) };
  const file = join(scratch(), 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, ...trust } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'night', context: { cluster: 'c', user: 'u', namespace: 'shop' } }],
    'current-context': 'night',
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

export async function startApi(clusters: readonly object[]): Promise<Api> {
  const server = await startFaultServer((asked, reply) => answer(api, asked, reply), {
    tls: { cert: serverPem, key: serverKeyPem },
  });
  ends.push(() => server.close());
  const api: Api = {
    server,
    kubeconfig: kubeconfigFor({ server: server.url, ca: caPem }),
    clusters: structuredClone(clusters) as Held[],
    events: [],
    patches: [],
    onPatch: () => {},
    instead: undefined,
  };
  return api;
}

/** A command of `gungnir` against it, in 80 columns, at NOW_MS. */
export function gungnir(
  kubeconfig: string,
  argv: readonly string[],
  around: Partial<Surroundings> = {},
): Promise<Ran> {
  const env = { KUBECONFIG: kubeconfig };
  return run(argv, {}, { columns: 80, nowMs: NOW_MS, ...around, env: { ...env, ...around.env } });
}

function answer(api: Api, asked: Asked, reply: Reply): void {
  if (api.instead?.(asked, reply) === 'answered') return;
  const [, namespace, plural, name] =
    /^\/apis\/[^/]+\/v1(?:\/namespaces\/([^/]+))?\/(valkeyclusters|events)(?:\/([^/]+))?$/.exec(
      asked.path,
    ) ?? [];
  const here = api.clusters.filter(
    ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
  );
  const items = plural === 'events' ? api.events : here;
  if (plural === undefined) reply.text(404, '404 page not found');
  else if (name === undefined) reply.json(200, { metadata: { resourceVersion: '1' }, items });
  else
    answerOne(
      api,
      asked,
      reply,
      here.find(({ metadata }) => metadata.name === name),
    );
}

function answerOne(api: Api, asked: Asked, reply: Reply, found: Held | undefined): void {
  if (found !== undefined && asked.method === 'PATCH') patch(api, found, asked);
  if (found === undefined) reply.status(404, 'NotFound', `${asked.path} not found`);
  else reply.json(200, found);
}

/** Annotations only; nothing else of a cluster is written by the command line. */
function patch(api: Api, found: Held, { body, query }: Asked): void {
  if (query.get('dryRun') === 'All') {
    api.patches.push('dry');
    return;
  }
  const { metadata } = JSON.parse(body) as {
    readonly metadata: { readonly annotations: Readonly<Record<string, string | null>> };
  };
  api.patches.push(metadata.annotations);
  const before = (found.metadata.annotations ?? {}) as Readonly<Record<string, string>>;
  const merged = Object.entries({ ...before, ...metadata.annotations });
  found.metadata.annotations = Object.fromEntries(merged.filter(([, value]) => value !== null));
  api.onPatch(found);
}
