/**
 * The real API server of these tests: named by GUNGNIR_TEST_KUBECONFIG, absent on most machines, and then
 * said aloud. Never here: starting one.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'vitest';
import type { KubeAccess } from '../../../src/runtime/kube/access';
import { createKubeClient, type KubeClient } from '../../../src/runtime/kube/client';
import { kubeconfigAccess } from '../../../src/runtime/kube/kubeconfig';
import { clusterWide } from '../../../src/runtime/kube/types';
import { realClock } from './support';

const path = process.env.GUNGNIR_TEST_KUBECONFIG;

export const namespaces = clusterWide('v1', 'Namespace', 'namespaces');

/** Runs the chapter against the real server, or says in the log and in the report that it did not. */
export function describeReal(name: string, chapter: () => void): void {
  if (path !== undefined && path !== '') {
    describe(`${name} (real API server)`, chapter);
    return;
  }
  test(`NOT RUN: ${name}: set GUNGNIR_TEST_KUBECONFIG to a real API server's kubeconfig`, () => {
    console.warn(`NOT RUN: ${name}: GUNGNIR_TEST_KUBECONFIG is not set`);
  });
}

export function realAccess(): Promise<KubeAccess> {
  return kubeconfigAccess({ clock: realClock, env: {}, path });
}

export async function realClient(): Promise<KubeClient> {
  return createKubeClient({ access: await realAccess(), pageSize: 2 });
}

export function realPath(): string {
  return path ?? '';
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

/** The API server's process, beside the kubeconfig; undefined where it runs elsewhere. */
export function apiServerPid(): number | undefined {
  const file = join(dirname(realPath()), 'kube-apiserver.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
}
