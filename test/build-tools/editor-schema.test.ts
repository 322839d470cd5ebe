/** The schema for editors, judged by a validator that knows nothing of where it comes from. */
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { generatedFiles } from '../../build-tools/generate';
import { CLUSTER_SCHEMA } from '../../src/spec/cluster-schema';
import { walk } from '../../src/spec/walk';
import { rows } from '../spec/definitions';

const text = generatedFiles().get('deploy/schemas/valkeycluster.schema.json') ?? '';
const schema = z.fromJSONSchema(JSON.parse(text));

const documentOf = (name: string | undefined, spec: unknown): unknown => ({
  apiVersion: 'valkey.verilean.io/v1',
  kind: 'ValkeyCluster',
  metadata: { name: name ?? 'orders' },
  spec,
});

/** The server takes a null for absent; an editor shows it as what it is. */
const holdsNull = (value: unknown): boolean => JSON.stringify(value)?.includes('null') ?? true;

const plain = rows.filter(({ spec }) => !holdsNull(spec));
const legal = plain.filter(({ refused }) => refused === undefined);

test.each(legal)('takes $why', ({ name, spec }) => {
  expect(schema.safeParse(documentOf(name, spec)).error).toBeUndefined();
});

const wrong = plain.filter(({ refused }) => refused !== undefined);

test.each(wrong)(
  'refuses what the structural schema refuses, and leaves rules to others: $why',
  ({ name, spec }) => {
    const document = documentOf(name, spec);
    const shape = walk(CLUSTER_SCHEMA, document, '').length > 0;
    const badName = !/^[a-z]([-a-z0-9]{0,44}[a-z0-9])?$/.test(name ?? 'orders');
    expect(schema.safeParse(document).success).toBe(!shape && !badName);
  },
);

test('both kinds of refusal are in the table', () => {
  const seen = wrong.filter(({ name, spec }) => !schema.safeParse(documentOf(name, spec)).success);
  expect(seen.length).toBeGreaterThan(30);
  expect(wrong.length - seen.length).toBeGreaterThan(10);
});

describe.each([
  { why: 'a wrong kind', change: { kind: 'ValkeyClusters' } },
  { why: 'another version', change: { apiVersion: 'valkey.verilean.io/v2' } },
  { why: 'no name', change: { metadata: {} } },
  { why: 'a name too long', change: { metadata: { name: 'a'.repeat(47) } } },
  { why: 'a field that is none', change: { spec: { replica: 3 } } },
  { why: 'a field at the top', change: { replicas: 3 } },
  { why: 'a number as text', change: { spec: { replicas: '3' } } },
])('$why', ({ change }) => {
  test('is refused', () => {
    const good = documentOf('orders', { replicas: 3 }) as object;
    expect(schema.safeParse(good).success).toBe(true);
    expect(schema.safeParse({ ...good, ...change }).success).toBe(false);
  });
});

test('brings the words of the fields to the editor', () => {
  expect(text).toContain('Number of all pods: one primary, the rest replicas.');
});
