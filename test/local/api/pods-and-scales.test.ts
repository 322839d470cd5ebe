/**
 * What only pods can do, and scales, against what a real 1.34 server answered to the same requests.
 * Never here: the verbs that every kind has (verbs.test.ts).
 */
import { describe, expect, test } from 'vitest';
import { listAt, textAt } from '../../../src/local/api/json';
import type { JsonObject } from '../../../src/local/api/port';
import { createLab, refusalOf } from './lab';

describe('pods', () => {
  const pod = (name: string, spec: JsonObject): JsonObject => ({
    metadata: { name, labels: { app: 'v' } },
    spec: { containers: [{ name: 'c', image: 'x' }], terminationGracePeriodSeconds: 30, ...spec },
  });

  test('get their account, token volume, tolerations and first status', () => {
    const lab = createLab();
    const { value } = lab.ask('create', 'ns:pods', { body: pod('p', {}) });
    expect(value).toMatchObject({
      metadata: { generation: 1 },
      spec: { serviceAccountName: 'default', serviceAccount: 'default', priority: 0 },
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    });
    expect(listAt(value, 'spec', 'tolerations')).toHaveLength(2);
    expect(textAt(listAt(value, 'spec', 'volumes')[0], 'name')).toMatch(/^kube-api-access-/);
  });

  test('an account that is not there refuses the pod', () => {
    const lab = createLab();
    const body = pod('p', { serviceAccountName: 'other' });
    expect(refusalOf(lab.ask('create', 'ns:pods', { body }))).toEqual([
      403,
      'Forbidden',
      'pods "p" is forbidden: error looking up service account ns/other: serviceaccount "other" not found',
    ]);
  });

  test('end gracefully on a node, at once without one, and at once when asked for 0 s', () => {
    const lab = createLab();
    lab.ask('create', 'ns:pods', { body: pod('placed', { nodeName: 'n1' }) });
    lab.ask('create', 'ns:pods', { body: pod('loose', {}) });
    const ending = lab.ask('delete', 'ns:pods/placed').value;
    expect(ending.metadata).toMatchObject({
      deletionTimestamp: '2026-11-21T12:00:30Z',
      deletionGracePeriodSeconds: 30,
      generation: 2,
    });
    lab.ask('delete', 'ns:pods/loose');
    expect(lab.ask('get', 'ns:pods/loose').code).toBe(404);
    lab.advance(5_000);
    const sooner = lab.ask('delete', 'ns:pods/placed', { query: { gracePeriodSeconds: 10 } });
    expect(sooner.value.metadata).toMatchObject({ deletionTimestamp: '2026-11-21T12:00:10Z' });
    const later = lab.ask('delete', 'ns:pods/placed', { query: { gracePeriodSeconds: 60 } });
    expect(later.value.metadata).toMatchObject({ deletionTimestamp: '2026-11-21T12:00:10Z' });
    lab.ask('delete', 'ns:pods/placed', { query: { gracePeriodSeconds: 0 } });
    expect(lab.ask('get', 'ns:pods/placed').code).toBe(404);
  });

  test('are bound once', () => {
    const lab = createLab();
    lab.ask('create', 'ns:pods', { body: pod('p', {}) });
    const body = { metadata: { name: 'p' }, target: { kind: 'Node', name: 'n1' } };
    expect(lab.ask('create', 'ns:pods/p/binding', { body }).code).toBe(201);
    expect(textAt(lab.ask('get', 'ns:pods/p').value, 'spec', 'nodeName')).toBe('n1');
    expect(refusalOf(lab.ask('create', 'ns:pods/p/binding', { body }))[2]).toBe(
      'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n1"',
    );
  });

  test('are evicted within their budget only', () => {
    const lab = createLab();
    lab.ask('create', 'ns:pods', { body: pod('p', { nodeName: 'n1' }) });
    const running = {
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    };
    lab.ask('patch', 'ns:pods/p/status', { body: running, patch: 'merge' });
    const budgets = 'ns:policy/v1:poddisruptionbudgets';
    const spec = { selector: { matchLabels: { app: 'v' } }, minAvailable: 1 };
    lab.ask('create', budgets, { body: { metadata: { name: 'b' }, spec } });
    const allow = (disruptionsAllowed: number): void => {
      const status = {
        observedGeneration: 1,
        desiredHealthy: 1,
        currentHealthy: 1,
        disruptionsAllowed,
      };
      lab.ask('patch', `${budgets}/b/status`, { body: { status }, patch: 'merge' });
    };
    allow(0);
    const body = { metadata: { name: 'p' } };
    const refused = lab.ask('create', 'ns:pods/p/eviction', { body });
    expect(refusalOf(refused)).toEqual([
      429,
      'TooManyRequests',
      "Cannot evict pod as it would violate the pod's disruption budget.",
    ]);
    expect(listAt(refused.value, 'details', 'causes')).toEqual([
      {
        reason: 'DisruptionBudget',
        message: 'The disruption budget b needs 1 healthy pods and has 1 currently',
      },
    ]);
    allow(1);
    expect(lab.ask('create', 'ns:pods/p/eviction', { body }).code).toBe(201);
    expect(textAt(lab.ask('get', 'ns:pods/p').value, 'metadata', 'deletionTimestamp')).not.toBe('');
    const after = lab.ask('get', `${budgets}/b`).value;
    expect(after.status).toMatchObject({ disruptionsAllowed: 0 });
  });
});

describe('scale', () => {
  test('reads and writes the replicas of its object', () => {
    const lab = createLab();
    const path = 'ns:apps/v1:statefulsets';
    const selector = { matchLabels: { b: '2', a: '1' } };
    lab.ask('create', path, { body: { metadata: { name: 's' }, spec: { replicas: 1, selector } } });
    expect(lab.ask('get', `${path}/s/scale`).value).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 1 },
      status: { replicas: 0, selector: 'a=1,b=2' },
    });
    const body = { spec: { replicas: 3 } };
    lab.ask('patch', `${path}/s/scale`, { body, patch: 'merge' });
    expect(lab.ask('get', `${path}/s`).value).toMatchObject({
      metadata: { generation: 2 },
      spec: { replicas: 3 },
    });
    const bad = lab.ask('patch', `${path}/s/scale`, {
      body: { spec: { replicas: -1 } },
      patch: 'merge',
    });
    expect(refusalOf(bad)[2]).toBe(
      'Scale.autoscaling "s" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
  });
});
