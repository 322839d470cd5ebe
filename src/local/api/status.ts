/**
 * Every refusal in the words of the real server (apimachinery/pkg/api/errors). A verb throws it, the
 * server turns it into an answer: it never leaves the API.
 * Never here: when something is refused.
 */
import type { Status } from './port';
import type { Cause } from './typing';

/** `statefulsets.apps`, `pods`: how messages name a resource. */
export interface Named {
  readonly group: string;
  readonly resource: string;
}

/** Thrown by verbs only. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(readonly status: Status) {
    super(status.message);
  }
}

type Details = NonNullable<Status['details']>;

export function failure(code: number, reason: string, message: string, details?: Details): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
}

export function qualified({ group, resource }: Named): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function detailsOf({ group, resource }: Named, name: string): Details {
  return {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    ...(resource === '' ? {} : { kind: resource }),
  };
}

export function notFound(of: Named, name: string): Status {
  const message = `${qualified(of)} ${quote(name)} not found`;
  return failure(404, 'NotFound', message, detailsOf(of, name));
}

/** What no path leads to. */
export function noSuchPath(): Status {
  return failure(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(of: Named, name: string, prefix = ''): Status {
  const message = `${prefix}${qualified(of)} ${quote(name)} already exists`;
  return failure(409, 'AlreadyExists', message, detailsOf(of, name));
}

export function generateNameConflict(of: Named, name: string): Status {
  const message = `${qualified(of)} ${quote(name)} already exists, the server was not able to generate a unique name for the object`;
  return failure(409, 'AlreadyExists', message, { ...detailsOf(of, name), retryAfterSeconds: 1 });
}

export function conflict(of: Named, name: string, why: string): Status {
  const message = `Operation cannot be fulfilled on ${qualified(of)} ${quote(name)}: ${why}`;
  return failure(409, 'Conflict', message, detailsOf(of, name));
}

export const changedMeanwhile =
  'the object has been modified; please apply your changes to the latest version and try again';

export function forbidden(of: Named, name: string, why: string, causes?: readonly Cause[]): Status {
  const what = of.resource === '' ? '' : `${qualified(of)} `;
  const message =
    name === ''
      ? `${what === '' ? '' : `${what}is `}forbidden: ${why}`
      : `${what}${quote(name)} is forbidden: ${why}`;
  return failure(403, 'Forbidden', message, {
    ...detailsOf(of, name),
    ...(causes === undefined ? {} : { causes }),
  });
}

export function badRequest(message: string): Status {
  return failure(400, 'BadRequest', message);
}

export function unauthorized(): Status {
  return failure(401, 'Unauthorized', 'Unauthorized');
}

export function expired(message: string): Status {
  return failure(410, 'Expired', message);
}

export function methodNotAllowed(of: Named, action: string): Status {
  const message = `${action} is not supported on resources of kind ${quote(qualified(of))}`;
  const { group, resource } = of;
  const details = { ...(group === '' ? {} : { group }), kind: resource };
  return failure(405, 'MethodNotAllowed', message, details);
}

export function internalError(message: string): Status {
  return failure(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });
}

/** `X.group "name" is invalid: ...`; causes keep their order. */
export function invalid(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly Cause[],
): Status {
  // An Event of either group is judged as the core's.
  const group = kind.group === 'events.k8s.io' ? '' : kind.group;
  const subject = group === '' ? kind.kind : `${kind.kind}.${group}`;
  const message = `${subject} ${quote(name)} is invalid${aggregate(causes)}`;
  return failure(422, 'Invalid', message, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    ...(kind.kind === '' ? {} : { kind: kind.kind }),
    causes,
  });
}

/** One as it is, several in brackets; the same text twice is told once. */
function aggregate(causes: readonly Cause[]): string {
  const texts = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  if (texts.length === 0) return '';
  return texts.length === 1 ? `: ${texts[0]}` : `: [${texts.join(', ')}]`;
}

/** Go's %q, for the characters that appear in names. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

export function invalidValue(field: string, value: unknown, detail: string): Cause {
  return {
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${goValue(value)}: ${detail}`,
    field,
  };
}

export function requiredValue(field: string, detail: string): Cause {
  const message = detail === '' ? 'Required value' : `Required value: ${detail}`;
  return { reason: 'FieldValueRequired', message, field };
}

export function forbiddenValue(field: string, detail: string): Cause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${detail}`, field };
}

function goValue(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (value === undefined || value === null) return 'null';
  return JSON.stringify(value);
}
