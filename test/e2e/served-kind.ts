/**
 * The kind ValkeyCluster on an API server, without an operator. Never here: an object of it.
 */
import { expect } from 'vitest';
import { VALKEY_CLUSTER_CRD } from '../../src/spec/crds.generated';
import { type ApiServer, apply, pathOf } from '../kit/api-server';
import { until } from '../kit/until';

export const crdPath = pathOf(
  'apiextensions.k8s.io/v1',
  'CustomResourceDefinition',
  undefined,
  VALKEY_CLUSTER_CRD.metadata.name,
);

/** Applies the definition and waits until its kind is served. */
export async function serveKind(server: ApiServer): Promise<void> {
  const applied = await apply(server, crdPath, VALKEY_CLUSTER_CRD);
  expect(applied.status, JSON.stringify(applied.body)).toBeLessThan(300);
  const clusters = pathOf('valkey.verilean.io/v1', 'ValkeyCluster', 'default');
  const served = async () => (await server.send('GET', clusters)).status === 200;
  await until('the kind is served', served, 20_000, 100);
}
