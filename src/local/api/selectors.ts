/**
 * Label and field selectors: from the text of the query to a test of an object. Messages as those of
 * apimachinery/pkg/labels and /fields.
 * Never here: which fields a kind offers (registry).
 */
import { labelValueFaults, qualifiedName } from './names';
import { quote } from './status';

export type Parsed<Value> =
  | { readonly kind: 'selector'; readonly value: Value }
  | { readonly kind: 'broken'; readonly message: string };

export type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

/** `undefined` tests nothing: everything matches. */
export function parseLabels(text: string | undefined): Parsed<LabelTest | undefined> {
  if (text === undefined || text === '') return { kind: 'selector', value: undefined };
  try {
    const tests = parseRequirements(tokensOf(text));
    return { kind: 'selector', value: (labels) => tests.every((test) => test(labels)) };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { kind: 'broken', message: error.message };
  }
}

class Broken extends Error {
  override readonly name = 'Broken';
}

interface Token {
  readonly kind: 'word' | 'sign' | 'end';
  readonly text: string;
}

const signs = new Set(['=', '!', '(', ')', ',', '>', '<']);
const operators = new Set(['=', '==', '!=', '!', '(', ')', ',', '>', '<']);

function tokensOf(text: string): Token[] {
  const found: Token[] = [];
  let i = 0;
  while (i < text.length) {
    const sign = text[i] as string;
    if (/\s/.test(sign)) {
      i += 1;
      continue;
    }
    const from = i;
    if (signs.has(sign)) {
      // As the real lexer: signs go on while what they make is an operator.
      i += 1;
      while (i < text.length && signs.has(text[i] as string)) {
        if (!operators.has(text.slice(from, i + 1))) break;
        i += 1;
      }
      found.push({ kind: 'sign', text: text.slice(from, i) });
    } else {
      while (i < text.length && !signs.has(text[i] as string) && !/\s/.test(text[i] as string))
        i += 1;
      found.push({ kind: 'word', text: text.slice(from, i) });
    }
  }
  found.push({ kind: 'end', text: '' });
  return found;
}

function parseRequirements(tokens: readonly Token[]): LabelTest[] {
  const tests: LabelTest[] = [];
  const reader = { tokens, next: 0 };
  for (;;) {
    const token = peek(reader);
    if (token.kind === 'end') return tests;
    if (token.kind === 'sign' && token.text !== '!') {
      throw new Broken(`found '${token.text}', expected: !, identifier, or 'end of string'`);
    }
    tests.push(parseRequirement(reader));
    const after = take(reader);
    if (after.kind === 'end') return tests;
    if (after.text !== ',') {
      throw new Broken(`found '${after.text}', expected: ',' or 'end of string'`);
    }
    const following = peek(reader);
    if (following.kind !== 'word' && following.text !== '!') {
      throw new Broken(`found '${following.text}', expected: identifier after ','`);
    }
  }
}

interface Reader {
  readonly tokens: readonly Token[];
  next: number;
}

function peek(reader: Reader): Token {
  return reader.tokens[reader.next] ?? { kind: 'end', text: '' };
}

function take(reader: Reader): Token {
  const token = peek(reader);
  reader.next += 1;
  return token;
}

function parseRequirement(reader: Reader): LabelTest {
  try {
    return parseOne(reader);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    throw new Broken(`unable to parse requirement: ${error.message}`);
  }
}

function parseOne(reader: Reader): LabelTest {
  const negated = peek(reader).text === '!';
  if (negated) take(reader);
  const word = take(reader);
  if (word.kind !== 'word') throw new Broken(`found '${word.text}', expected: identifier`);
  const key = word.text;
  const faults = qualifiedName(key);
  if (faults.length > 0) {
    throw new Broken(`<nil>: Invalid value: ${quote(key)}: ${faults.join('; ')}`);
  }
  if (negated) return (labels) => !Object.hasOwn(labels, key);
  const after = peek(reader);
  if (after.kind === 'end' || after.text === ',') return (labels) => Object.hasOwn(labels, key);
  const operator = take(reader);
  switch (operator.text) {
    case '=':
    case '==':
      return oneOf(key, [exactValue(reader, key)]);
    case '!=':
      return not(oneOf(key, [exactValue(reader, key)]));
    case 'in':
      return oneOf(key, valuesOf(reader, key));
    case 'notin':
      return not(oneOf(key, valuesOf(reader, key)));
    case '>':
    case '<':
      return compared(key, operator.text, exactValue(reader, key));
    default:
      throw new Broken(`found '${operator.text}', expected: in, notin, =, ==, !=, gt, lt`);
  }
}

function exactValue(reader: Reader, key: string): string {
  const token = peek(reader);
  if (token.kind === 'end' || token.text === ',') return '';
  take(reader);
  if (token.kind !== 'word') throw new Broken(`found '${token.text}', expected: identifier`);
  return checkedValue(key, token.text, 0);
}

function checkedValue(key: string, value: string, index: number): string {
  const faults = labelValueFaults(value);
  if (faults.length === 0) return value;
  const place = `values[${index}][${key}]`;
  throw new Broken(`${place}: Invalid value: ${quote(value)}: ${faults.join('; ')}`);
}

function valuesOf(reader: Reader, key: string): string[] {
  const open = take(reader);
  if (open.text !== '(') throw new Broken(`found '${open.text}' expected: '('`);
  const values: string[] = [];
  for (;;) {
    const token = take(reader);
    if (token.kind === 'word') {
      values.push(checkedValue(key, token.text, values.length));
      const after = take(reader);
      if (after.text === ')') return values;
      if (after.text !== ',') throw new Broken(`found '${after.text}', expected: ',' or ')'`);
    } else if (token.text === ',') values.push('');
    else if (token.text === ')') return values.length === 0 ? [''] : values;
    else throw new Broken(`found '${token.text}', expected: ',', ')' or identifier`);
  }
}

function oneOf(key: string, values: readonly string[]): LabelTest {
  return (labels) => Object.hasOwn(labels, key) && values.includes(labels[key] as string);
}

function not(test: LabelTest): LabelTest {
  return (labels) => !test(labels);
}

function compared(key: string, operator: '>' | '<', limit: string): LabelTest {
  const than = Number(limit);
  if (limit === '' || !Number.isInteger(than)) {
    const why = "for 'Gt', 'Lt' operators, the value must be an integer";
    throw new Broken(`values[0]: Invalid value: ${quote(limit)}: ${why}`);
  }
  return (labels) => {
    const value = Number(labels[key]);
    if (!Object.hasOwn(labels, key) || !Number.isInteger(value)) return false;
    return operator === '>' ? value > than : value < than;
  };
}

/** `metav1.LabelSelector` as a test; an empty one matches everything. */
export function labelSelectorTest(selector: {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}): LabelTest {
  const equal = Object.entries(selector.matchLabels ?? {}).map(([key, value]) =>
    oneOf(key, [value]),
  );
  const others = (selector.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    switch (operator) {
      case 'In':
        return oneOf(key, values);
      case 'NotIn':
        return not(oneOf(key, values));
      case 'Exists':
        return (labels: Readonly<Record<string, string>>) => Object.hasOwn(labels, key);
      default:
        return (labels: Readonly<Record<string, string>>) => !Object.hasOwn(labels, key);
    }
  });
  const tests = [...equal, ...others];
  return (labels) => tests.every((test) => test(labels));
}

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

export function parseFields(text: string | undefined): Parsed<readonly FieldRequirement[]> {
  const found: FieldRequirement[] = [];
  for (const part of splitTerms(text ?? '')) {
    if (part === '') continue;
    const match = /^((?:\\.|[^=!\\])*)(==|!=|=)((?:\\.|[^\\])*)$/s.exec(part);
    if (match === null) {
      return { kind: 'broken', message: `invalid selector: '${text}'; can't understand '${part}'` };
    }
    const [, field = '', operator, value = ''] = match;
    found.push({
      field,
      operator: operator === '!=' ? '!=' : '=',
      value: value.replace(/\\([\\,=])/g, '$1'),
    });
  }
  return { kind: 'selector', value: found };
}

/** At commas that are not escaped. */
function splitTerms(text: string): string[] {
  return text.split(/(?<!\\)(?:\\\\)*,/);
}
