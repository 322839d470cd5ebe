/** gungnir/sentinel/kubernetes on a real API server. */
import { afterAll, beforeAll, describe } from 'vitest';
import type { KubeClient } from '../../../src/runtime/kube/client';
import { freshNamespace, namespaces, realAccess, realClient } from '../kube/real';
import { type Ground, holdsTheLeaseContract } from './contract';

describe('on a real API server', () => {
  let client: KubeClient;
  let ground: Ground;
  beforeAll(async () => {
    client = await realClient();
    ground = { access: await realAccess(), namespace: await freshNamespace(client) };
  });
  afterAll(async () => {
    await client.remove(namespaces, { name: ground.namespace });
    client.close();
  });

  holdsTheLeaseContract(() => ground);
});
