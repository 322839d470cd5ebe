/** What a valid definition means: defaults, the m that is wanted, warnings, amounts. */
import { expect, test } from 'vitest';
import { resolve, wantedMinReplicas } from '../../src/spec/defaults';
import { FailoverPolicy, FailoverPreference } from '../../src/spec/enums';
import { amountOf } from '../../src/spec/quantity';
import { warningsOf } from '../../src/spec/warnings';

test.each([
  { replicas: 1, asked: undefined, m: 0, why: 'one node has nobody to wait for' },
  { replicas: 2, asked: undefined, m: 1, why: 'the default' },
  { replicas: 3, asked: 2, m: 2, why: 'as asked' },
  { replicas: 3, asked: 5, m: 2, why: 'never more than there can be' },
])('m of $replicas pods, asked $asked: $m ($why)', ({ replicas, asked, m }) => {
  const failover = asked === undefined ? {} : { minReplicasToWrite: asked };
  expect(wantedMinReplicas({ replicas, failover })).toBe(m);
});

test.each([
  { failover: {}, prefer: FailoverPreference.PRIORITY, why: 'as Sentinel does' },
  {
    failover: { policy: FailoverPolicy.DURABLE },
    prefer: FailoverPreference.OFFSET,
    why: 'the only one under which WAIT is kept',
  },
  {
    failover: { policy: FailoverPolicy.DURABLE, prefer: FailoverPreference.PRIORITY },
    prefer: FailoverPreference.PRIORITY,
    why: 'asked for',
  },
])('$failover prefers $prefer ($why)', ({ failover, prefer }) => {
  expect(resolve({ failover }).failover.prefer).toBe(prefer);
});

test('a part that is given keeps the defaults of the rest', () => {
  expect(
    resolve({ persistence: { storageSize: '2Gi' }, sentinel: { downAfterMs: 9000 } }),
  ).toMatchObject({
    persistence: {
      enabled: true,
      storageSize: '2Gi',
      mode: 'RDB',
      retention: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    },
    sentinel: { pingIntervalMs: 1000, downAfterMs: 9000, failoverTimeoutMs: 60_000 },
  });
});

test.each([
  { spec: {}, paths: [], why: 'nothing to say' },
  { spec: { replicas: 1 }, paths: ['spec.replicas'], why: 'nothing takes over' },
  { spec: { replicas: 2 }, paths: ['spec.replicas'], why: 'while one is away there is no copy' },
  {
    spec: { failover: { minReplicasToWrite: 3 } },
    paths: ['spec.failover.minReplicasToWrite'],
    why: 'lowered to what there is',
  },
  { spec: { failover: { minReplicasToWrite: 2 } }, paths: [], why: 'as asked' },
  { spec: { maxMemory: {} }, paths: ['spec.maxMemory'], why: 'a share of no limit' },
  {
    spec: { maxMemory: {}, resources: { limits: { memory: '1Gi' } } },
    paths: [],
    why: 'a share of a limit',
  },
  {
    spec: { persistence: { enabled: false } },
    paths: ['spec.persistence.enabled'],
    why: 'no volume',
  },
])('warnings for $spec: $paths ($why)', ({ spec, paths }) => {
  expect(warningsOf(spec).map(({ path }) => path)).toEqual(paths);
});

test.each([
  { text: '1Gi', amount: 2 ** 30 },
  { text: '1.5Gi', amount: 1.5 * 2 ** 30 },
  { text: '500m', amount: 0.5 },
  { text: '1e3', amount: 1000 },
  { text: '1E', amount: 1e18 },
  { text: '2k', amount: 2000 },
  { text: 3, amount: 3 },
  { text: '.5', amount: 0.5 },
  { text: '+1', amount: 1 },
  { text: '1E-2', amount: 0.01 },
  { text: '1GB', amount: undefined },
  { text: '', amount: undefined },
  { text: '-1', amount: undefined },
])('$text is $amount', ({ text, amount }) => expect(amountOf(text)).toBe(amount));
