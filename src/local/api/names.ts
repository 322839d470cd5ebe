/**
 * Names, labels and annotations: what is allowed, in the words of apimachinery/pkg/util/validation.
 * Never here: which kind has which rule (registry).
 */

/** @returns what is wrong; empty: nothing. @param use `prefix`: a generateName, which may end with `-`. */
export type NameRule = (name: string, use: 'name' | 'prefix') => readonly string[];

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValue = `(${qualified})?`;

const qualifiedText =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const label1035Text =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const labelValueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

function rule(pattern: string, lengthMax: number, text: string, examples: readonly string[]) {
  const whole = new RegExp(`^${pattern}$`);
  return (value: string): string[] => {
    const found: string[] = [];
    if (value.length > lengthMax) found.push(tooLong(lengthMax));
    if (!whole.test(value)) found.push(regexError(text, pattern, examples));
    return found;
  };
}

function tooLong(max: number): string {
  return `must be no more than ${max} characters`;
}

function regexError(text: string, pattern: string, examples: readonly string[]): string {
  const each = examples.map((example) => `'${example}'`).join(',  or ');
  return `${text} (e.g. ${each}, regex used for validation is '${pattern}')`;
}

const isSubdomain = rule(subdomain, 253, subdomainText, ['example.com']);
const isLabel = rule(label, 63, labelText, ['my-name', '123-abc']);
const isLabel1035 = rule(label1035, 63, label1035Text, ['my-name', 'abc-123']);
const qualifiedExamples = ['MyName', 'my.name', '123-abc'];

export const subdomainName: NameRule = (name, use) => isSubdomain(unmasked(name, use));
export const labelName: NameRule = (name, use) => isLabel(unmasked(name, use));
export const label1035Name: NameRule = (name, use) => isLabel1035(unmasked(name, use));

/** RBAC and a few others take anything that can stand in a path. */
export const pathName: NameRule = (name, use) => {
  if (use === 'name' && (name === '.' || name === '..')) return [`may not be '${name}'`];
  return ['/', '%']
    .filter((sign) => name.includes(sign))
    .map((sign) => `may not contain '${sign}'`);
};

function unmasked(name: string, use: 'name' | 'prefix'): string {
  return use === 'prefix' && name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;
}

export function qualifiedName(value: string): readonly string[] {
  const parts = value.split('/');
  const [prefix, name] =
    parts.length === 2 ? [parts[0] ?? '', parts[1] ?? ''] : ['a', parts[0] ?? ''];
  if (parts.length > 2) {
    return [
      `a qualified name ${regexError(qualifiedText, qualified, qualifiedExamples)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const found: string[] = [];
  if (prefix === '') found.push('prefix part must be non-empty');
  else found.push(...isSubdomain(prefix).map((text) => `prefix part ${text}`));
  if (name === '') found.push('name part must be non-empty');
  else if (name.length > 63) found.push(`name part ${tooLong(63)}`);
  if (!new RegExp(`^${qualified}$`).test(name)) {
    found.push(`name part ${regexError(qualifiedText, qualified, qualifiedExamples)}`);
  }
  return found;
}

export function labelValueFaults(value: string): readonly string[] {
  const found: string[] = [];
  if (value.length > 63) found.push(tooLong(63));
  if (!new RegExp(`^${labelValue}$`).test(value)) {
    found.push(regexError(labelValueText, labelValue, ['MyValue', 'my_value', '12345']));
  }
  return found;
}
