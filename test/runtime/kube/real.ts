/**
 * The real API server of these tests: named by GUNGNIR_TEST_KUBECONFIG, absent on most machines, and then
 * said aloud. Never here: starting one.
 */
import { test } from 'vitest';
import type { KubeAccess } from '../../../src/runtime/kube/access';
import { createKubeClient, type KubeClient } from '../../../src/runtime/kube/client';
import { kubeconfigAccess } from '../../../src/runtime/kube/kubeconfig';
import { clusterWide } from '../../../src/runtime/kube/types';
import { realClock } from './support';

const path = process.env.GUNGNIR_TEST_KUBECONFIG;

export const namespaces = clusterWide('v1', 'Namespace', 'namespaces');

/**
 * To be asked first in a chapter that needs the real server. Where it is absent, a test of that name says so
 * in the report and in the log.
 */
export function realServer(chapter: string): 'present' | 'absent' {
  if (path !== undefined && path !== '') return 'present';
  test(`NOT RUN: ${chapter}: set GUNGNIR_TEST_KUBECONFIG to a real API server's kubeconfig`, () => {
    console.warn(`NOT RUN: ${chapter}: GUNGNIR_TEST_KUBECONFIG is not set`);
  });
  return 'absent';
}

export function realAccess(): Promise<KubeAccess> {
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
 * Process id of the API server, given only where nobody else needs it: a test stops it for some seconds, so
 * run that with `vitest --no-file-parallelism`.
 * Where it is absent, a test of that name says so.
 */
export function stoppableServer(chapter: string): number | undefined {
  const pid = Number(process.env.GUNGNIR_TEST_APISERVER_PID ?? Number.NaN);
  if (Number.isSafeInteger(pid) && pid > 1) return pid;
  test(`NOT RUN: ${chapter}: set GUNGNIR_TEST_APISERVER_PID to a kube-apiserver that may be stopped`, () => {
    console.warn(`NOT RUN: ${chapter}: GUNGNIR_TEST_APISERVER_PID is not set`);
  });
  return undefined;
}
