/**
 * The real API server of these tests, named by GUNGNIR_TEST_KUBECONFIG. They are files `real-*.test.ts` of the
 * e2e project, which starts one where none is named. Never here: starting one.
 */
import type { KubeAccess } from '../../../src/runtime/kube/access';
import { createKubeClient, type KubeClient } from '../../../src/runtime/kube/client';
import { kubeconfigAccess } from '../../../src/runtime/kube/kubeconfig';
import { clusterWide } from '../../../src/runtime/kube/types';
import { realClock } from './support';

const path = process.env.GUNGNIR_TEST_KUBECONFIG;

export const namespaces = clusterWide('v1', 'Namespace', 'namespaces');

/** @throws one sentence when no server is named: a test that needs one must not pass without. */
export async function realAccess(): Promise<KubeAccess> {
  if (path === undefined || path === '')
    throw new Error('NO API SERVER: run npm run test:kubernetes, or set GUNGNIR_TEST_KUBECONFIG');
  return kubeconfigAccess({ clock: realClock, env: {}, path });
}

export async function realClient(): Promise<KubeClient> {
  return createKubeClient({ access: await realAccess(), pageSize: 2 });
}

/** A namespace of this test run alone. */
export async function freshNamespace(client: KubeClient): Promise<string> {
  const answer = await client.create(namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { generateName: 'gungnir-test-' },
  });
  if (answer.kind !== 'ok') throw new Error(`no namespace: ${JSON.stringify(answer)}`);
  return answer.value.metadata.name;
}

/**
 * Process id of the API server, given only where nobody else needs it: a test stops it for some seconds.
 * `npm run test:kubernetes` gives that of the server which it starts itself.
 * @throws where it is not given: a test that needs it must not pass without.
 */
export function stoppableServer(): number {
  const pid = Number(process.env.GUNGNIR_TEST_APISERVER_PID ?? Number.NaN);
  if (Number.isSafeInteger(pid) && pid > 1) return pid;
  throw new Error('set GUNGNIR_TEST_APISERVER_PID to a kube-apiserver that may be stopped');
}
