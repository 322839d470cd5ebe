/**
 * The functions that Kubernetes adds to CEL, as far as rules of CRDs use them: texts, lists, regular
 * expressions, quantities, URLs, addresses.
 * Never here: the rules (rules.ts); what is missing is listed in docs/decisions/0030-cel.md.
 */
import { isIP } from 'node:net';
import type { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { isCidr } from '../custom/formats';
import { patternOf } from '../custom/pattern';
import { parseQuantity, type Quantity } from '../quantity';

/** An amount that rules compare. */
export class QuantityValue {
  constructor(readonly amount: Quantity) {}
}

type List = readonly unknown[];

function compare(a: unknown, b: unknown): number {
  const [x, y] = [a as number, b as number];
  return x < y ? -1 : x > y ? 1 : 0;
}

function text(value: unknown): string {
  return JSON.stringify(value, (_key, one) => (typeof one === 'bigint' ? `${one}n` : one)) ?? '';
}

function fail(message: string): never {
  throw new Error(message);
}

function first(list: List, name: string): unknown {
  return list.length === 0 ? fail(`${name} called on empty list`) : list[0];
}

function sum(list: List): unknown {
  if (list.length === 0) return 0n;
  return list.reduce((total, one) => (total as number) + (one as number));
}

function extreme(list: List, sign: 1 | -1, name: string): unknown {
  const start = first(list, name);
  return list.reduce((best, one) => (compare(one, best) * sign > 0 ? one : best), start);
}

function addLists(env: Environment): void {
  env
    .registerFunction('list<dyn>.sum(): dyn', sum)
    .registerFunction('list<dyn>.min(): dyn', (list: List) => extreme(list, -1, 'min'))
    .registerFunction('list<dyn>.max(): dyn', (list: List) => extreme(list, 1, 'max'))
    .registerFunction('list<dyn>.isSorted(): bool', (list: List) =>
      list.every((one, index) => index === 0 || compare(list[index - 1], one) <= 0),
    )
    .registerFunction('list<dyn>.indexOf(dyn): int', (list: List, item: unknown) =>
      BigInt(list.map(text).indexOf(text(item))),
    )
    .registerFunction('list<dyn>.lastIndexOf(dyn): int', (list: List, item: unknown) =>
      BigInt(list.map(text).lastIndexOf(text(item))),
    )
    .registerFunction(
      'list<dyn>.slice(int, int): list<dyn>',
      (list: List, from: bigint, to: bigint) => list.slice(Number(from), Number(to)),
    );
}

function re2(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function findAll(subject: string, pattern: string, max: number): readonly string[] {
  const matcher = re2(pattern).matcher(subject);
  const found: string[] = [];
  while ((max < 0 || found.length < max) && matcher.find()) found.push(matcher.group() ?? '');
  return found;
}

function replace(subject: string, from: string, to: string, limit: number): string {
  const parts = subject.split(from);
  if (limit < 0 || parts.length - 1 <= limit) return parts.join(to);
  const head = parts.slice(0, limit + 1).join(to);
  return [head, ...parts.slice(limit + 1)].join(from);
}

function formatted(template: string, values: List): string {
  let index = 0;
  return template.replace(/%(%|(?:\.(\d+))?([sdfexXob]))/g, (whole, all, digits, verb) => {
    if (all === '%') return '%';
    const value = values[index];
    index += 1;
    if (value === undefined) return fail(`index ${index - 1} out of range`);
    if (verb === 'f') return Number(value).toFixed(digits === undefined ? 6 : Number(digits));
    if (verb === 'e') return Number(value).toExponential(digits === undefined ? 6 : Number(digits));
    if (verb === 'x' || verb === 'X') {
      const hex = Number(value).toString(16);
      return verb === 'x' ? hex : hex.toUpperCase();
    }
    if (verb === 'o' || verb === 'b') return Number(value).toString(verb === 'o' ? 8 : 2);
    return whole === '' ? '' : shown(value);
  });
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  return String(value);
}

function addTexts(env: Environment): void {
  env
    .registerFunction('string.re2Matches(string): bool', (subject: string, pattern: string) => {
      const test = patternOf(pattern);
      return typeof test === 'string' ? fail(test) : test(subject);
    })
    .registerFunction(
      'string.find(string): string',
      (subject: string, pattern: string) => findAll(subject, pattern, 1)[0] ?? '',
    )
    .registerFunction('string.findAll(string): list<string>', (subject: string, pattern: string) =>
      findAll(subject, pattern, -1),
    )
    .registerFunction(
      'string.findAll(string, int): list<string>',
      (subject: string, pattern: string, max: bigint) => findAll(subject, pattern, Number(max)),
    )
    .registerFunction(
      'string.replace(string, string): string',
      (one: string, a: string, b: string) => replace(one, a, b, -1),
    )
    .registerFunction(
      'string.replace(string, string, int): string',
      (one: string, a: string, b: string, max: bigint) => replace(one, a, b, Number(max)),
    )
    .registerFunction(
      'string.charAt(int): string',
      (one: string, at: bigint) => [...one].at(Number(at)) ?? '',
    )
    .registerFunction('string.reverse(): string', (one: string) => [...one].reverse().join(''))
    .registerFunction('string.format(list<dyn>): string', formatted);
}

function quantityOf(value: string): QuantityValue {
  const parsed = parseQuantity(value);
  return typeof parsed === 'string' ? fail(parsed) : new QuantityValue(parsed);
}

const billion = 1_000_000_000n;

function addQuantities(env: Environment): void {
  const nanos = (one: QuantityValue) => one.amount.nanos;
  const made = (one: QuantityValue, total: bigint) =>
    new QuantityValue({ ...one.amount, nanos: total });
  env
    .registerType('kubernetes.Quantity', QuantityValue)
    .registerFunction('quantity(string): kubernetes.Quantity', quantityOf)
    .registerFunction(
      'isQuantity(string): bool',
      (one: string) => typeof parseQuantity(one) !== 'string',
    )
    .registerFunction(
      'kubernetes.Quantity.isGreaterThan(kubernetes.Quantity): bool',
      (a: QuantityValue, b: QuantityValue) => nanos(a) > nanos(b),
    )
    .registerFunction(
      'kubernetes.Quantity.isLessThan(kubernetes.Quantity): bool',
      (a: QuantityValue, b: QuantityValue) => nanos(a) < nanos(b),
    )
    .registerFunction(
      'kubernetes.Quantity.compareTo(kubernetes.Quantity): int',
      (a: QuantityValue, b: QuantityValue) => BigInt(compare(nanos(a), nanos(b))),
    )
    .registerFunction('kubernetes.Quantity.sign(): int', (a: QuantityValue) =>
      BigInt(compare(nanos(a), 0n)),
    )
    .registerFunction(
      'kubernetes.Quantity.isInteger(): bool',
      (a: QuantityValue) => nanos(a) % billion === 0n,
    )
    .registerFunction('kubernetes.Quantity.asInteger(): int', (a: QuantityValue) =>
      nanos(a) % billion === 0n ? nanos(a) / billion : fail('cannot convert value to integer'),
    )
    .registerFunction(
      'kubernetes.Quantity.asApproximateFloat(): double',
      (a: QuantityValue) => Number(nanos(a)) / 1e9,
    )
    .registerFunction(
      'kubernetes.Quantity.add(kubernetes.Quantity): kubernetes.Quantity',
      (a: QuantityValue, b: QuantityValue) => made(a, nanos(a) + nanos(b)),
    )
    .registerFunction(
      'kubernetes.Quantity.sub(kubernetes.Quantity): kubernetes.Quantity',
      (a: QuantityValue, b: QuantityValue) => made(a, nanos(a) - nanos(b)),
    );
}

function isAbsolute(one: string): boolean {
  return one.startsWith('/') || URL.canParse(one);
}

function urlOf(one: string): URL {
  if (!isAbsolute(one))
    fail(
      `URL parse error during conversion from string: parse ${JSON.stringify(one)}: invalid URI for request`,
    );
  return new URL(one, 'none://');
}

function addAddresses(env: Environment): void {
  env
    .registerType('kubernetes.URL', URL)
    .registerFunction('url(string): kubernetes.URL', urlOf)
    .registerFunction('isURL(string): bool', isAbsolute)
    .registerFunction('kubernetes.URL.getScheme(): string', (one: URL) =>
      one.protocol === 'none:' ? '' : one.protocol.replace(/:$/, ''),
    )
    .registerFunction('kubernetes.URL.getHost(): string', (one: URL) => one.host)
    .registerFunction('kubernetes.URL.getHostname(): string', (one: URL) => one.hostname)
    .registerFunction('kubernetes.URL.getPort(): string', (one: URL) => one.port)
    .registerFunction('kubernetes.URL.getEscapedPath(): string', (one: URL) => one.pathname)
    .registerFunction('isIP(string): bool', (one: string) => isIP(one) !== 0)
    .registerFunction('isCIDR(string): bool', isCidr);
}

export function addKubernetesFunctions(env: Environment): Environment {
  addLists(env);
  addTexts(env);
  addQuantities(env);
  addAddresses(env);
  return env;
}
