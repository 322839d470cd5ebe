/**
 * What a write's options may say, in the words of apimachinery/pkg/apis/meta/v1/validation.
 * Never here: what the options do.
 */
import { isObject, listAt } from '../json';
import type { Request } from '../port';
import { forbiddenValue, invalid, Refused, requiredValue } from '../status';
import type { Cause } from '../typing';

const managerBytesMax = 128;

const kinds: Partial<Record<Request['verb'], string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
  delete: 'DeleteOptions',
  deletecollection: 'DeleteOptions',
};

/** @throws Refused */
export function checkOptions(request: Request): void {
  const kind = kinds[request.verb];
  if (kind === undefined) return;
  const query: Readonly<Record<string, unknown>> = { ...request.query };
  const causes: Cause[] = request.verb === 'patch' ? patchFaults(request) : [];
  const { fieldValidation, fieldManager } = query;
  const dryRuns = dryRunsOf(request);
  if (typeof fieldManager === 'string' && Buffer.byteLength(fieldManager) > managerBytesMax) {
    const message = `Too long: may not be more than ${managerBytesMax} bytes`;
    causes.push({ reason: 'FieldValueTooLong', message, field: 'fieldManager' });
  }
  const odd = [...String(fieldManager ?? '')].findIndex((sign) => /\p{C}/u.test(sign));
  if (odd >= 0) causes.push(oddSign(String(fieldManager), odd));
  if (dryRuns.some((one) => one !== 'All')) {
    causes.push(unsupported('dryRun', dryRuns, ['All']));
  }
  if (fieldValidation !== undefined && !levels.includes(String(fieldValidation))) {
    causes.push(unsupported('fieldValidation', fieldValidation, levels));
  }
  if (causes.length > 0) throw new Refused(invalid({ group: 'meta.k8s.io', kind }, '', causes));
}

/** The options of a deletion stand in its body, and only where there is none in the query. */
export function hasBodyOptions({ verb, body }: Request): boolean {
  return (verb === 'delete' || verb === 'deletecollection') && isObject(body);
}

export function dryRunsOf(request: Request): readonly unknown[] {
  if (hasBodyOptions(request)) return listAt(request.body, 'dryRun');
  const said = request.query?.dryRun;
  return said === undefined ? [] : [said];
}

function oddSign(manager: string, at: number): Cause {
  const code = [...manager][at]?.codePointAt(0) ?? 0;
  const hex = (digits: number): string => code.toString(16).padStart(digits, '0');
  const shown = JSON.stringify(manager).replace(/\\u00([0-9a-f]{2})/g, '\\x$1');
  const why = `invalid character U+${hex(4).toUpperCase()} (at position ${at})`;
  const message = `Invalid value: ${shown}: ${why}`;
  return { reason: 'FieldValueInvalid', message, field: 'fieldManager' };
}

const levels = ['', 'Ignore', 'Strict', 'Warn'];

export function unsupported(field: string, value: unknown, supported: readonly string[]): Cause {
  const list = supported.map((one) => `"${one}"`).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`;
  return { reason: 'FieldValueNotSupported', message, field };
}

function patchFaults({ patch, query }: Request): Cause[] {
  if (patch !== 'apply') {
    if (query?.force === undefined) return [];
    return [forbiddenValue('force', 'may not be specified for non-apply patch')];
  }
  if ((query?.fieldManager ?? '') !== '') return [];
  return [requiredValue('fieldManager', 'is required for apply patch')];
}
