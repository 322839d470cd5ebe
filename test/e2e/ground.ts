/**
 * What a test stands on that shares its Kubernetes with others: the kind ValkeyCluster is served, and no operator of
 * somebody else acts on its objects. Never here: an object of that kind.
 */
import { expect } from 'vitest';
import { VALKEY_CLUSTER_CRD } from '../../src/spec/crds.generated';
import { type ApiServer, apply, goneFrom, pathOf } from '../kit/api-server';
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

const SYSTEM = 'gungnir-system';
const NAME = 'gungnir-operator';
/** A pod may take its whole grace period, on a busy machine. */
const STOPPED_MAX_MS = 60_000;

/** Its pods first, which hand their lease over with the rights that they still have; then all that is the operator's. */
export async function noOperator(server: ApiServer): Promise<void> {
  await goneFrom(server, pathOf('apps/v1', 'Deployment', SYSTEM, NAME));
  const stopped = async (): Promise<boolean> => {
    const { body } = await server.send('GET', pathOf('v1', 'Pod', SYSTEM));
    return (body as { readonly items?: readonly object[] }).items?.length === 0;
  };
  await until('the operator has stopped', stopped, STOPPED_MAX_MS, 100);
  await goneFrom(server, pathOf('v1', 'Namespace', undefined, SYSTEM));
  for (const kind of ['ClusterRole', 'ClusterRoleBinding'])
    await goneFrom(server, pathOf('rbac.authorization.k8s.io/v1', kind, undefined, NAME));
}
