/** gungnir/sentinel/kubernetes over HTTPS against the API server of a local cluster, and what it refuses. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalCluster, startLocal } from '../../../src/local/cluster';
import { findPrograms } from '../../../src/local/programs';
import { kubeconfigAccess } from '../../../src/runtime/kube/kubeconfig';
import { leaseAuthority } from '../../../src/runtime/lease';
import { realClock } from '../kube/support';
import { type Ground, holdsTheLeaseContract } from './contract';

describe('on a local cluster', () => {
  let cluster: LocalCluster | undefined;
  let ground: Ground | undefined;
  beforeAll(async () => {
    cluster = await startLocal({ programs: findPrograms(process.env), nodes: 1 });
    const path = cluster.kubeconfig;
    const access = await kubeconfigAccess({ clock: realClock, env: {}, path });
    ground = { access, namespace: 'default' };
  });
  afterAll(() => cluster?.stop());

  holdsTheLeaseContract(() => {
    if (ground === undefined) throw new Error('the cluster did not start');
    return ground;
  });
});

test.each([
  { options: { lease: undefined }, paths: ['lease.namespace', 'lease.name'], why: 'no lease' },
  {
    options: { lease: { namespace: 'Shop', name: 'a' } },
    paths: ['lease.namespace'],
    why: 'no name of Kubernetes',
  },
  {
    options: { lease: { namespace: 'a', name: 'a' }, access: { server: 'api:6443', cert: 'x' } },
    paths: ['access.server', 'access.key'],
    why: 'no address, half a pair',
  },
  {
    options: { lease: { namespace: 'a', name: 'a' }, renewDeadlineMs: 20_000 },
    paths: ['renewDeadlineMs'],
    why: 'a deadline behind the lease',
  },
])('$why', async ({ options, paths }) => {
  const refused = await leaseAuthority(options as never).catch((error: unknown) => error);
  const { problems = [] } = refused as { readonly problems?: readonly { readonly path: string }[] };
  expect(problems.map(({ path }) => path)).toEqual(paths);
});

test('outside of a pod, without access, it says what to give', async () => {
  const asked = leaseAuthority({ lease: { namespace: 'a', name: 'a' } });
  await expect(asked).rejects.toMatchObject({ reason: 'NotInCluster' });
});
