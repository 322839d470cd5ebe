/**
 * The language of rules: operators, macros and the functions of Kubernetes, on one object.
 * Never here: where rules stand and how they are told (custom-real.test.ts).
 */
import { expect, test } from 'vitest';
import { compileFault } from '../../../../src/local/api/typed/cel/check';
import { evaluationFault, programOf } from '../../../../src/local/api/typed/cel/program';
import { celValue } from '../../../../src/local/api/typed/cel/values';

const self = celValue(
  { a: 1, l: [3, 1, 2], t: ['x', 'y'], m: { k: 1, j: 2 }, s: 'Hello', d: 1.5, o: { x: 1 } },
  undefined,
);
const oldSelf = celValue({ a: 0 }, undefined);

function resultOf(expression: string): unknown {
  const program = programOf(expression);
  if ('fault' in program) return program.fault;
  try {
    return program.run({ self, oldSelf });
  } catch (error) {
    return evaluationFault(error);
  }
}

test.each([
  'self.l.sum() > 3',
  'self.l.min() == 1 && self.l.max() == 3',
  '!self.l.isSorted() && [1, 2].isSorted()',
  'self.t.indexOf("y") == 1 && self.t.lastIndexOf("z") == -1',
  'self.s.find("l+") == "ll"',
  'self.s.findAll("l").size() == 2',
  'self.m["k"] < self.m["j"]',
  'self.m.all(k, self.m[k] > 0)',
  'self.l.map(x, x * 2).sum() == 12',
  'self.l.filter(x, x > 1).max() == 3',
  'self.l.all(x, self.l.exists_one(y, y == x))',
  'self.a == 1 ? self.d > 1.0 : self.d < 1.0',
  'self.a - oldSelf.a < 2',
  'has(self.o.x) && !has(self.o.y)',
  'self.?q.orValue("none") == "none"',
  'quantity("1Gi").compareTo(quantity("1024Mi")) == 0',
  'quantity("1k").asInteger() == 1000 && !isQuantity("x")',
  'quantity("1").add(quantity("500m")).isGreaterThan(quantity("1.4"))',
  'url("https://a:80/b?x").getHost() == "a:80" && !isURL("a b")',
  'isIP("10.0.0.1") && isCIDR("10.0.0.0/8") && !isIP("10.0.0")',
  '"%s is %d".format([self.s, self.a]) == "Hello is 1"',
  'self.s.lowerAscii().startsWith("h") && self.s.upperAscii().endsWith("O")',
  'self.s.matches("(?i)^hello$")',
  'self.s.split("l").join("-") == "He--o"',
  'self.s.replace("l", "") == "Heo" && self.s.replace("l", "L", 1) == "HeLlo"',
  'duration("1h") > duration("30m")',
  'timestamp("2026-01-01T00:00:00Z") < timestamp("2026-01-02T00:00:00Z")',
  'self.t == ["x", "y"] && self.m == {"k": 1, "j": 2}',
  'int(self.d) == 1 && string(self.a) == "1"',
])('%s', (expression) => {
  expect(resultOf(expression)).toBe(true);
});

test.each([
  ['self.zzz', 'no such key: zzz'],
  ['self.l[7]', 'index out of bounds, index 7 >= size 3'],
  ['self.a / 0', 'division by zero'],
])('%s fails with %s', (expression, fault) => {
  expect(resultOf(expression)).toBe(fault);
});

const schema = {
  type: 'object',
  properties: {
    a: { type: 'string' },
    'b-c': { type: 'integer' },
    list: { type: 'array', items: { type: 'object', properties: { k: { type: 'string' } } } },
    any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};

test.each<[string, string | undefined, string]>([
  ['self.a == "x"', undefined, 'a field'],
  ['self.b__dash__c > 1', undefined, 'an escaped field'],
  ['self.any.thing == 1', undefined, 'whatever'],
  ['self.list.all(i, i.k != "")', undefined, 'a field of an item'],
  ['self.z == "x"', "undefined field 'z'", 'no field'],
  ['self.list.all(i, i.z != "")', "undefined field 'z'", 'no field of an item'],
  ['1 + 1', 'cel expression must evaluate to a bool', 'no bool'],
  ['self.a ==', 'ERROR: <input>:1:', 'no expression'],
  ['other == 1', "undeclared reference to 'other'", 'no variable'],
])('%s: %s (%s)', (expression, fault) => {
  const found = compileFault(expression, schema, false, 'bool');
  if (fault === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(fault);
});

test('metadata is there at the root alone, and of it the name', () => {
  expect(compileFault('self.metadata.name != ""', schema, true, 'bool')).toBeUndefined();
  expect(compileFault('self.metadata.labels != {}', schema, true, 'bool')).toContain('labels');
  expect(compileFault('self.metadata.name != ""', schema, false, 'bool')).toContain('metadata');
});
