/** An invalid definition is never half in force. */
import { expect, test } from 'vitest';
import { type InForce, inForce, problemFacts } from '../../../src/runtime/plan/in-force';
import type { ValkeyClusterSpec } from '../../../src/spec/cluster';

function given(spec: object, generation: number) {
  return {
    apiVersion: 'valkey.verilean.io/v1',
    kind: 'ValkeyCluster',
    metadata: { name: 'cart', namespace: 'shop', uid: 'u', generation },
    spec: spec as ValkeyClusterSpec,
  };
}

function after(...specs: readonly object[]): InForce {
  const start: InForce = inForce(given(specs[0] ?? {}, 1), undefined);
  return specs
    .slice(1)
    .reduce<InForce>((before, spec, index) => inForce(given(spec, index + 2), before), start);
}

const good = { replicas: 5, failover: { waitForBestMs: 700 } };
const bad = { replicas: 99, failover: { waitForBestMs: 10 } };

test.each([
  { why: 'a good one', specs: [good], basis: 'given', spec: good },
  { why: 'good after good', specs: [{ replicas: 3 }, good], basis: 'given', spec: good },
  { why: 'bad after good: whole', specs: [good, bad], basis: 'lastGood', spec: good },
  { why: 'bad twice after good', specs: [good, bad, { port: 0 }], basis: 'lastGood', spec: good },
  {
    why: 'good again after bad',
    specs: [good, bad, { replicas: 4 }],
    basis: 'given',
    spec: { replicas: 4 },
  },
  {
    why: 'bad from the start: without what breaks a rule',
    specs: [bad],
    basis: 'remains',
    spec: { failover: { waitForBestMs: 10 } },
  },
  {
    why: 'bad by a rule over two fields',
    specs: [{ sentinel: { pingIntervalMs: 5000, downAfterMs: 6000 } }],
    basis: 'remains',
    spec: {},
  },
  {
    why: 'a good one after remains is no transition',
    specs: [{ port: 0 }, { port: 7000 }],
    basis: 'given',
    spec: { port: 7000 },
  },
  {
    why: 'a port that changes',
    specs: [good, { ...good, port: 7000 }],
    basis: 'lastGood',
    spec: good,
  },
  {
    why: 'storage that shrinks',
    specs: [{ persistence: { storageSize: '4Gi' } }, { persistence: { storageSize: '1Gi' } }],
    basis: 'lastGood',
    spec: { persistence: { storageSize: '4Gi' } },
  },
  {
    why: 'storage that grows',
    specs: [{ persistence: { storageSize: '1Gi' } }, { persistence: { storageSize: '4Gi' } }],
    basis: 'given',
    spec: { persistence: { storageSize: '4Gi' } },
  },
])('$why -> $basis', ({ specs, basis, spec }) => {
  const result = after(...specs);
  expect({ basis: result.basis, spec: result.spec }).toEqual({ basis, spec });
  expect(result.problems.length > 0).toBe(basis !== 'given');
});

test('a problem is told by field, value, limit and remedy', () => {
  expect(problemFacts(after(good, bad))).toEqual({
    field: 'spec.replicas',
    value: '99',
    limit: expect.stringContaining('64'),
    remedy: expect.stringMatching(/\w/),
    more: undefined,
    inForce: 'the last good definition',
  });
});

test('the same generation is judged once', () => {
  const first = after(good);
  expect(inForce(given(bad, 1), first)).toBe(first);
});
