/**
 * What a real API server makes of our Events; run by `npm run test:kubernetes`.
 * Never here: the pace and the counting; events.test.ts.
 */
import { expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { resources } from '../../../src/runtime/kube/types';
import { createRecorder } from '../../../src/runtime/ops/events';
import type { EventFact } from '../../../src/runtime/ops/series';
import { freshNamespace, namespaces, realClient } from '../kube/real';
import { realClock } from '../kube/support';

test('the API server takes an Event, its count, and a note of the full length', async () => {
  const client = await realClient();
  const namespace = await freshNamespace(client);
  const dropped: string[] = [];
  const recorder = createRecorder({
    client,
    clock: realClock,
    instance: 'operator-0',
    makeId: () => Math.random().toString(36).slice(2, 10),
    onDropped: (why) => dropped.push(why),
  });
  const here: EventFact = {
    regarding: {
      apiVersion: 'valkey.verilean.io/v1',
      kind: 'ValkeyCluster',
      namespace,
      name: 'orders',
      uid: 'u1',
    },
    type: 'Warning',
    reason: 'PrimaryDown',
    action: 'Failover',
    note: 'é'.repeat(600),
  };
  recorder.record(here);
  recorder.record(here);
  await recorder.stop(millis(5_000));
  const answer = await client.list(resources.events, { namespace });
  await client.remove(namespaces, { name: namespace });
  client.close();
  expect(dropped).toEqual([]);
  expect(answer).toMatchObject({
    kind: 'ok',
    value: { items: [{ reason: 'PrimaryDown', type: 'Warning', series: { count: 2 } }] },
  });
}, 30_000);
