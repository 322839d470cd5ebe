/**
 * What a real API server refuses, as `gungnir` tells it. Found by GUNGNIR_TEST_KUBECONFIG; its own namespace
 * is deleted at the end. Never here: what works; readme.test.ts runs those lines.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { gungnir, kubeconfigFor } from '../cli/api';
import { type ApiServer, apiServer, pathOf } from '../kit/api-server';
import { until } from '../kit/until';
import { caPem } from '../runtime/kube/tls-fixture';
import { serveKind } from './ground';

const namespace = `gungnir-cli-${process.pid}`;
const file = process.env.GUNGNIR_TEST_KUBECONFIG ?? '';

let server: ApiServer;
let place: { readonly server: string; readonly ca: string };

beforeAll(async () => {
  server = await apiServer();
  const config = parse(readFileSync(file, 'utf8')) as {
    clusters: { cluster: { server: string; 'certificate-authority-data'?: string } }[];
  };
  const cluster = config.clusters[0]?.cluster;
  place = {
    server: cluster?.server ?? '',
    ca: atob(cluster?.['certificate-authority-data'] ?? ''),
  };
  await serveKind(server);
  const metadata = { name: namespace };
  await server.send('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata,
  });
  const accounts = pathOf('v1', 'ServiceAccount', namespace);
  const nobody = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'nobody' } };
  await until('an account', async () => (await server.send('POST', accounts, nobody)).status < 300);
});

afterAll(async () => {
  await server.send('DELETE', `/api/v1/namespaces/${namespace}`);
});

/** As an account without any right. */
async function nobody(): Promise<string> {
  const path = `${pathOf('v1', 'ServiceAccount', namespace, 'nobody')}/token`;
  const wish = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const { body } = await server.send('POST', path, wish);
  return kubeconfigFor({ ...place, token: (body as { status: { token: string } }).status.token });
}

const whole = { columns: undefined };

test('no right: the verb and the resource, as kubectl auth can-i takes them', async () => {
  const { code, out, err } = await gungnir(await nobody(), ['status', '-n', namespace], whole);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(
    `verb=list resource=valkeyclusters.valkey.verilean.io namespace=${namespace}`,
  );
  expect(err).toMatch(/^error: KubeForbidden: .*said=.*cannot list.* To fix: .*\n$/);
});

test('a token that the server does not know', async () => {
  const { code, err } = await gungnir(kubeconfigFor(place), ['status'], whole);
  expect(code).toBe(1);
  expect(err).toMatch(/^error: KubeUnauthorized: .* To fix: .*\n$/);
});

test('a certificate of somebody else', async () => {
  const { code, err } = await gungnir(kubeconfigFor({ ...place, ca: caPem }), ['status'], whole);
  expect(code).toBe(1);
  expect(err).toMatch(/^error: KubeCertificateRefused: .* To fix: .*\n$/);
});

test('no such cluster', async () => {
  const { code, err } = await gungnir(file, ['status', 'cart', '-n', namespace], whole);
  expect(code).toBe(1);
  expect(err).toMatch(/^error: ClusterUnknown: .*known=\(none\)/);
});

test('Events can be asked for by the object they are about', async () => {
  const events = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
  const { status } = await server.send('GET', `${events}?fieldSelector=regarding.uid%3Du1`);
  expect(status).toBe(200);
});
