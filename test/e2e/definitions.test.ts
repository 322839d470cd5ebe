/**
 * The table of test/spec/definitions.ts before a real API server, which must judge as `validate` does.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { VALKEY_CLUSTER_CRD } from '../../src/spec/crds.generated';
import type { ValkeyClusterStatus } from '../../src/spec/status';
import { type ApiServer, apiServer, apply, pathOf } from '../kit/api-server';
import { definitionOf, rows } from '../spec/definitions';
import { namesPlace } from '../spec/row';
import { transitions } from '../spec/transitions';
import { crdPath, noOperator, serveKind } from './ground';

const clusters = pathOf('valkey.verilean.io/v1', 'ValkeyCluster', 'default');
const strict = 'fieldValidation=Strict';

let server: ApiServer;
beforeAll(async () => {
  server = await apiServer();
  await noOperator(server);
  await serveKind(server);
});

test('the CRD is structural, its rules compile within the cost limit, a second apply changes nothing', async () => {
  const before = (await server.send('GET', crdPath)).body as {
    metadata: { resourceVersion: string; generation: number };
  };
  const again = (await apply(server, crdPath, VALKEY_CLUSTER_CRD)).body as typeof before & {
    status: { conditions: { type: string; status: string }[] };
  };
  expect(again.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  const states = Object.fromEntries(
    again.status.conditions.map(({ type, status }) => [type, status]),
  );
  expect(states).toMatchObject({ NamesAccepted: 'True', Established: 'True' });
  expect(states.NonStructuralSchema).toBeUndefined();
});

describe.each(rows)('$why', (row) => {
  const accepted = row.refused === undefined || row.only === 'operator';
  test(
    accepted
      ? 'is accepted by the API server'
      : `is refused by the API server at ${row.refused?.path}`,
    async () => {
      const answer = await server.send(
        'POST',
        `${clusters}?dryRun=All&${strict}`,
        definitionOf(row),
      );
      const message = String(answer.body.message ?? '');
      expect(answer.status < 300, message).toBe(accepted);
      if (accepted || row.refused === undefined) return;
      expect([400, 422]).toContain(answer.status);
      expect(message).toMatch(new RegExp(row.refused.word));
      expect(namesPlace(message, row.refused.path), message).toBe(true);
    },
  );
});

test.each(transitions)('changed later: $why', async ({ before, after, refused, only }) => {
  const name = `change-${transitions.findIndex((row) => row.before === before && row.after === after)}`;
  const made = await server.send(
    'POST',
    `${clusters}?${strict}`,
    definitionOf({ why: '', name, spec: before }),
  );
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  try {
    const { resourceVersion } = made.body.metadata as { readonly resourceVersion: string };
    const changed = {
      ...definitionOf({ why: '', name, spec: after }),
      metadata: { name, resourceVersion },
    };
    const answer = await server.send('PUT', `${clusters}/${name}?dryRun=All&${strict}`, changed);
    const message = String(answer.body.message ?? '');
    expect(answer.status === 200, message).toBe(refused === undefined || only === 'operator');
    if (answer.status !== 200) expect(message).toMatch(new RegExp(refused?.word ?? '-'));
  } finally {
    await server.send('DELETE', `${clusters}/${name}`);
  }
});

const someProcess = {
  pod: 'a-0',
  podUid: 'u',
  containerId: 'containerd://c',
  runId: 'r',
  pvcUid: 'p',
};
const big = 2 ** 53 - 1;
const status = {
  phase: 'Running',
  masterPod: 'a-0',
  currentMaster: '10.0.0.1:6379',
  replicas: 3,
  readyReplicas: 3,
  lastReconcileTime: '2026-11-21T10:00:00Z',
  observedGeneration: 1,
  selector: 'a=b',
  nodeStatuses: [
    {
      podName: 'a-0',
      role: 'Master',
      healthy: true,
      lastPingSuccess: big,
      consecutivePingFailures: 0,
      replOffset: big,
    },
  ],
  record: {
    term: big,
    epoch: big,
    primary: someProcess,
    members: [someProcess],
    everAttached: true,
    foreign: false,
    lineage: [{ epoch: 1, replid: 'x', fromOffset: big, cut: 'Joined' }],
    phase: 'Switchover',
    target: someProcess,
    from: { replid: 'x', offset: big },
    m: 1,
    L: 2,
    offset: big,
    keys: big,
    at: big,
  },
  failovers: { count: 1, last: { reason: 'r', from: 'a', to: 'b', durationMs: 3, lostBytes: 0 } },
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'R',
      message: 'm',
      lastTransitionTime: '2026-11-21T10:00:00Z',
      observedGeneration: 1,
    },
  ],
} as const satisfies ValkeyClusterStatus;

test('a status with every field of the record is stored as it was written', async () => {
  const name = 'status-kept';
  const made = await server.send(
    'POST',
    `${clusters}?${strict}`,
    definitionOf({ why: '', name, spec: {} }),
  );
  try {
    const object = { ...made.body, status };
    const answer = await server.send('PUT', `${clusters}/${name}/status?${strict}`, object);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(answer.body.status).toEqual(status);
    const scale = await server.send('GET', `${clusters}/${name}/scale`);
    expect(scale.body).toMatchObject({
      spec: { replicas: 3 },
      status: { replicas: 3, selector: 'a=b' },
    });
    const stale = await server.send('PUT', `${clusters}/${name}/status?${strict}`, object);
    expect(stale.status, 'compare-and-swap').toBe(409);
  } finally {
    await server.send('DELETE', `${clusters}/${name}`);
  }
});

test.each(['minimal', 'earlier-fields', 'production'])(
  'the sample %s applies unchanged',
  async (sample) => {
    const definition = parse(readFileSync(`examples/manifests/${sample}.yaml`, 'utf8')) as {
      metadata: { namespace?: string };
    };
    const answer = await server.send('POST', `${clusters}?dryRun=All&${strict}`, {
      ...definition,
      metadata: { ...definition.metadata, namespace: 'default' },
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  },
);
