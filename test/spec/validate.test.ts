import { describe, expect, test } from 'vitest';
import { keysOf } from '../../src/spec/problem';
import { isNode, RULES } from '../../src/spec/rules';
import { clusterSpec } from '../../src/spec/schema/cluster';
import { explainProblems, normalized, validate } from '../../src/spec/validate';
import { definitionOf, rows } from './definitions';

describe.each(rows)('$why', (row) => {
  const definition = definitionOf(row);

  test(row.refused === undefined ? 'is accepted' : `is refused at ${row.refused.path}`, () => {
    const problems = validate(definition);
    const told = explainProblems(problems);
    if (row.refused === undefined) expect(told).toBe('');
    else {
      expect(problems.map(({ path }) => path)).toContain(row.refused.path);
      expect(told).toMatch(new RegExp(row.refused.word));
      for (const { limit, remedy, value } of problems)
        expect([limit, remedy, value]).not.toContain('');
    }
  });

  test('zod with the rules across fields says the same', () => {
    const normal = normalized(definition);
    const spec = isNode(normal) ? normal.spec : undefined;
    const shape = clusterSpec.safeParse(spec);
    const ruled = validate(definition).some(({ limit }) =>
      RULES.some((rule) => rule.limit === limit),
    );
    expect(shape.success && !ruled).toBe(row.refused === undefined);
  });
});

test('all problems are told at once, each with its own place', () => {
  const spec = { replicas: 0, port: 0, config: { port: '1' }, tls: { enabled: true }, zz: 1 };
  expect(
    validate(definitionOf({ why: '', spec }))
      .map(({ path }) => path)
      .sort(),
  ).toEqual(['spec.config.port', 'spec.port', 'spec.replicas', 'spec.tls.enabled', 'spec.zz']);
});

test.each([
  { wrong: { sentinel: { downAfter: 1 } }, hint: 'downAfterMs', why: 'a forgotten unit' },
  { wrong: { replcias: 1 }, hint: 'replicas', why: 'two letters changed places' },
  { wrong: { storageSize: '1Gi' }, hint: undefined, why: 'nothing here has that name, nor nearly' },
])('$why: hint $hint', ({ wrong, hint }) => {
  const [problem] = validate(definitionOf({ why: '', spec: wrong }));
  if (hint === undefined) expect(problem?.remedy).toMatch(/^remove it; known here: replicas, /);
  else expect(problem?.remedy).toBe(`did you mean \`${hint}\``);
});

test.each([
  { value: undefined, why: 'nothing at all' },
  { value: 'text', why: 'a word' },
  { value: [], why: 'a list' },
  { value: { metadata: 1, spec: 'x' }, why: 'wrong all the way' },
  {
    value: {
      metadata: { name: 'a' },
      spec: { scheduling: { tolerations: 'x' }, config: [1], resources: { limits: 3 } },
    },
    why: 'wrong types where rules look',
  },
])('$why is refused without a throw', ({ value }) => {
  expect(validate(value)).not.toEqual([]);
});

test.each([
  { path: 'spec.labels[example.com/a.b]', keys: ['spec', 'labels', 'example.com/a.b'] },
  { path: 'spec.users[0].name', keys: ['spec', 'users', '0', 'name'] },
  { path: '', keys: [] },
])('the keys of "$path"', ({ path, keys }) => expect(keysOf(path)).toEqual(keys));
