/**
 * The small checks that validation of many kinds is made of, in the words of apimachinery and of core/v1.
 * Never here: which field is checked.
 */
import { isObject, listAt, objectAt, same, textAt } from '../../json';
import { labelName, labelValueFaults, qualifiedName, subdomainName } from '../../names';
import type { Json, JsonObject } from '../../port';
import type { Cause } from '../../typing';
import { invalid, notSupported, required } from '../fault';
import { formatQuantity, nanosOf, parseQuantity } from '../quantity';

export type Causes = readonly Cause[];

export const int32Max = 2 ** 31 - 1;

/** Each text becomes a cause of its own. */
export function each(path: string, value: Json, faults: readonly string[]): Causes {
  return faults.map((fault) => invalid(path, value, fault));
}

export function dnsLabel(value: string, path: string): Causes {
  return each(path, value, labelName(value, 'name'));
}

export function dnsSubdomain(value: string, path: string): Causes {
  return each(path, value, subdomainName(value, 'name'));
}

export function nonNegative(value: Json | undefined, path: string): Causes {
  if (typeof value !== 'number' || value >= 0) return [];
  return [invalid(path, value, 'must be greater than or equal to 0')];
}

export function portNumber(value: Json | undefined, path: string): Causes {
  const fits = typeof value === 'number' && value >= 1 && value <= 65_535;
  return fits ? [] : [invalid(path, value ?? 0, 'must be between 1 and 65535, inclusive')];
}

export function portName(value: string, path: string): Causes {
  const faults: string[] = [];
  if (value.length > 15) faults.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(value)) {
    faults.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(value)) faults.push('must contain at least one letter (a-z)');
  if (value.includes('--')) faults.push('must not contain consecutive hyphens');
  if (/^-|-$/.test(value)) faults.push('must not begin or end with a hyphen');
  return each(path, value, faults);
}

export function portNumberOrName(value: Json | undefined, path: string): Causes {
  return typeof value === 'string' ? portName(value, path) : portNumber(value, path);
}

export function oneOf(value: Json | undefined, allowed: readonly string[], path: string): Causes {
  if (value === undefined || value === null || value === '') return [required(path)];
  return allowed.includes(String(value)) ? [] : [notSupported(path, value, allowed)];
}

export function labels(value: Json | undefined, path: string): Causes {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, text]) => [
    ...each(path, key, qualifiedName(key)),
    ...each(path, text, labelValueFaults(String(text))),
  ]);
}

export function annotations(value: Json | undefined, path: string): Causes {
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((key) => each(path, key, qualifiedName(key.toLowerCase())));
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

export function labelSelector(selector: Json | undefined, path: string): Causes {
  if (!isObject(selector)) return [];
  const expressions = listAt(selector, 'matchExpressions').flatMap((one, index) => {
    const at = `${path}.matchExpressions[${index}]`;
    const operator = textAt(one, 'operator');
    const values = listAt(one, 'values');
    const faults: Cause[] = [];
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) {
        faults.push(
          required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"),
        );
      }
    } else if (operators.includes(operator)) {
      if (values.length > 0) {
        const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
        faults.push({
          reason: 'FieldValueForbidden',
          message: `Forbidden: ${detail}`,
          field: `${at}.values`,
        });
      }
    } else faults.push(invalid(`${at}.operator`, operator, 'not a valid selector operator'));
    faults.push(...each(`${at}.key`, textAt(one, 'key'), qualifiedName(textAt(one, 'key'))));
    for (const [valueIndex, value] of values.entries()) {
      faults.push(...each(`${at}.values[${valueIndex}]`, value, labelValueFaults(String(value))));
    }
    return faults;
  });
  return [...labels(selector.matchLabels, `${path}.matchLabels`), ...expressions];
}

/** What nodes must be: at least one term; none takes no node. */
export function nodeSelector(selector: Json | undefined, path: string): Causes {
  if (!isObject(selector) || listAt(selector, 'nodeSelectorTerms').length > 0) return [];
  return [required(`${path}.nodeSelectorTerms`, 'must have at least one node selector term')];
}

/** Whether a selector says nothing: it would match everything. */
export function isEmptySelector(selector: JsonObject): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return Object.keys(matchLabels as object).length + (matchExpressions as Json[]).length === 0;
}

export function selects(selector: JsonObject, set: JsonObject): boolean {
  const matches = Object.entries(objectAt(selector, 'matchLabels')).every(
    ([key, value]) => set[key] === value,
  );
  return (
    matches &&
    listAt(selector, 'matchExpressions').every((one) => {
      const key = textAt(one, 'key');
      const values = listAt(one, 'values');
      switch (textAt(one, 'operator')) {
        case 'In':
          return Object.hasOwn(set, key) && values.includes(set[key] ?? '');
        case 'NotIn':
          return !(Object.hasOwn(set, key) && values.includes(set[key] ?? ''));
        case 'Exists':
          return Object.hasOwn(set, key);
        default:
          return !Object.hasOwn(set, key);
      }
    })
  );
}

const percentPattern = /^[0-9]+%$/;

export function intOrPercent(value: Json | undefined, path: string): Causes {
  if (typeof value === 'number') return nonNegative(value, path);
  if (typeof value !== 'string' || percentPattern.test(value)) return [];
  const text = "a valid percent string must be a numeric string followed by an ending '%'";
  return [
    invalid(path, value, `${text} (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')`),
  ];
}

/** 0 where it is neither. */
export function countOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : Number.parseInt(String(value ?? 0), 10);
}

export function notMoreThanAll(value: Json | undefined, path: string): Causes {
  if (typeof value !== 'string' || !percentPattern.test(value) || countOf(value) <= 100) return [];
  return [invalid(path, value, 'must not be greater than 100%')];
}

export function immutable(value: Json | undefined, old: Json | undefined, path: string): Causes {
  return same(value ?? null, old ?? null) ? [] : [invalid(path, value, 'field is immutable')];
}

/** Amounts of resources: no negative ones, whole ones where a thing cannot be split. */
export function resourceAmount(name: string, amount: Json, path: string): Causes {
  const text = canonical(amount);
  const nanos = nanosOf(amount);
  const faults: Cause[] = [];
  if (nanos < 0n) faults.push(invalid(path, text, 'must be greater than or equal to 0'));
  if (isWhole(name) && nanos % 1_000_000_000n !== 0n) {
    faults.push(invalid(path, text, 'must be an integer'));
  }
  return faults;
}

function isWhole(name: string): boolean {
  const counted = ['pods', 'services', 'secrets', 'configmaps', 'persistentvolumeclaims'];
  return counted.includes(name) || (name.includes('/') && !name.startsWith('kubernetes.io/'));
}

export function canonical(amount: Json): string {
  const parsed = parseQuantity(String(amount));
  return typeof parsed === 'string' ? String(amount) : formatQuantity(parsed);
}

export function exceeds(amount: Json, limit: Json): boolean {
  return nanosOf(amount) > nanosOf(limit);
}

/** Of a registry's login: JSON that ends too early. */
export function isCutShort(base64: string): boolean {
  const text = Buffer.from(base64, 'base64').toString();
  try {
    JSON.parse(text);
    return false;
  } catch (cause) {
    const at = /position (\d+)/.exec(String(cause))?.[1];
    return at === undefined || Number(at) >= text.length;
  }
}
