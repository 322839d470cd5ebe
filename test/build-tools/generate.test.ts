import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { docsOfStructs } from '../../build-tools/docs-of-structs';
import { generatedFiles } from '../../build-tools/generate';
import { DEFAULTS } from '../../src/spec/defaults';
import { structuralOf } from '../../src/spec/schema/structural';

test.each([...generatedFiles()])('%s is fresh', (path, text) => {
  expect(readFileSync(path, 'utf8'), 'npm run generate').toBe(text);
});

const docs = { Known: { a: 'A.' } };
test.each([
  {
    schema: z.strictObject({ a: z.string() }).meta({ struct: 'Known' }),
    fault: undefined,
    why: 'all is known',
  },
  {
    schema: z.strictObject({ b: z.string() }).meta({ struct: 'Known' }),
    fault: /b: Known.b has no comment/,
    why: 'a member without a comment',
  },
  {
    schema: z.strictObject({ a: z.string() }),
    fault: /no struct named/,
    why: 'an object without a struct',
  },
  {
    schema: z.strictObject({ a: z.union([z.string(), z.int()]) }).meta({ struct: 'Known' }),
    fault: /no structural twin of anyOf/,
    why: 'a union',
  },
  {
    schema: z.strictObject({ a: z.string().regex(/^(?!x)/) }).meta({ struct: 'Known' }),
    fault: /look-ahead/,
    why: 'a look-ahead',
  },
])('the post-processor is strict: $why', ({ schema, fault }) => {
  if (fault === undefined) expect(structuralOf(schema, docs).properties).toHaveProperty('a');
  else expect(() => structuralOf(schema, docs)).toThrow(fault);
});

test('every @default of a scalar in the structs is the default that is filled in', () => {
  const written = ['cluster', 'failover', 'surroundings', 'scheduling', 'access'].flatMap(
    (file) => {
      const source = readFileSync(`src/spec/${file}.ts`, 'utf8');
      return [...source.matchAll(/@default ("?[^\s"-][^\n]*)\n\s+\*\/\n\s+readonly (\w+)\?/g)].map(
        ([, value = '', name = '']) => ({ name, value }),
      );
    },
  );
  expect(written.length).toBeGreaterThan(30);
  const known = new Map(leavesOf(DEFAULTS));
  // Off switches are false in the schema; an operator of a toleration is Kubernetes' own default.
  const rest = written.filter(
    ({ name, value }) =>
      !known.get(name)?.includes(value) && value !== 'false' && name !== 'operator',
  );
  expect(rest).toEqual([]);
});

/** Names of leaves with every value that they have anywhere. */
function leavesOf(value: object): [string, string[]][] {
  const found = new Map<string, string[]>();
  const visit = (name: string, inner: unknown): void => {
    if (typeof inner === 'object' && inner !== null)
      for (const [key, below] of Object.entries(inner)) visit(key, below);
    else found.set(name, [...(found.get(name) ?? []), JSON.stringify(inner)]);
  };
  visit('', value);
  return [...found];
}

test('comments become descriptions, without their tags', () => {
  expect(docsOfStructs('src/spec').SentinelSpec?.pingIntervalMs).toBe(
    'Milliseconds between two probes. 100..600000.',
  );
});
