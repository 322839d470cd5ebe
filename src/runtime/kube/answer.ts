/**
 * What a request to the API server can come to, as facts. Refused, late and unreachable are never
 * confused, and a write whose answer was not read is known to be in doubt.
 * Never here: sockets, retries. Tests: test/runtime/kube/client.test.ts.
 */
import { type Millis, millis } from '../../kit/brands';
import { GungnirError } from '../../kit/reasons';

/** What the server said when it did not do what was asked. */
export interface Refusal {
  /** HTTP status code. */
  readonly code: number;
  /** Status.reason, or '' when the answer was no Status object. */
  readonly reason: string;
  readonly message: string;
  /** The server's own wish (Retry-After, Status.details), when it has one. */
  readonly retryAfterMs: Millis | undefined;
}

/** Whether a request without an answer may have been carried out. */
export type Effect = 'none' | 'unknown';

export type RefusalKind =
  | 'conflict'
  | 'alreadyExists'
  | 'notFound'
  | 'gone'
  | 'unauthorized'
  | 'forbidden'
  | 'invalid'
  | 'throttled'
  | 'failed';

export type Failure =
  | { readonly kind: RefusalKind; readonly status: Refusal }
  | { readonly kind: 'timedOut'; readonly afterMs: Millis; readonly effect: Effect }
  | { readonly kind: 'unreachable'; readonly cause: string; readonly effect: Effect }
  | { readonly kind: 'aborted'; readonly effect: Effect };

export type Answer<T> = { readonly kind: 'ok'; readonly value: T } | Failure;

const kindByCode: Readonly<Record<number, RefusalKind>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  405: 'invalid',
  409: 'conflict',
  410: 'gone',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
  429: 'throttled',
};

/** Longest excerpt of a body that is no Status object, in characters. */
const excerptMax = 200;

/** Reads a refusal from the body of an answer, which may be anything (a proxy's HTML page too). */
export function refusalOf(code: number, body: string, retryAfter: string | undefined): Refusal {
  const status = parseStatus(body);
  const seconds = Number(retryAfter ?? status?.retryAfterSeconds ?? Number.NaN);
  return {
    code,
    reason: status?.reason ?? '',
    message: status?.message ?? body.trim().slice(0, excerptMax),
    retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? millis(seconds * 1_000) : undefined,
  };
}

/** @returns the refusal's kind; any other code than those of the table is `failed`. */
export function refused(status: Refusal): Failure {
  if (status.code === 409 && status.reason === 'AlreadyExists') {
    return { kind: 'alreadyExists', status };
  }
  // Server-side apply answers 500 to a field that the kind does not have: no retry will help.
  if (status.code === 500 && status.message.startsWith('failed to create typed patch object')) {
    return { kind: 'invalid', status };
  }
  return { kind: kindByCode[status.code] ?? 'failed', status };
}

interface ParsedStatus {
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly retryAfterSeconds: number | undefined;
}

function parseStatus(body: string): ParsedStatus | undefined {
  const parsed = parseObject(body);
  if (parsed === undefined || parsed.kind !== 'Status') return undefined;
  const details = isRecord(parsed.details) ? parsed.details : {};
  return {
    reason: typeof parsed.reason === 'string' ? parsed.reason : undefined,
    message: typeof parsed.message === 'string' ? parsed.message : undefined,
    retryAfterSeconds:
      typeof details.retryAfterSeconds === 'number' ? details.retryAfterSeconds : undefined,
  };
}

/** @returns undefined when the text is not the JSON of an object. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What was asked, in RBAC's words: they go into the sentence that names what is missing. */
export interface Asked {
  readonly verb: string;
  /** Plural with its group, as `kubectl auth can-i` takes it: `leases.coordination.k8s.io`. */
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly server: string;
}

/** One sentence for a person, with the remedy. */
export function explainFailure(failure: Failure, asked: Asked): GungnirError {
  const { verb, resource, namespace, name, server } = asked;
  const request = { verb, resource, namespace, name };
  switch (failure.kind) {
    case 'forbidden':
      return new GungnirError('KubeForbidden', { ...request, said: failure.status.message });
    case 'unauthorized':
      return new GungnirError('KubeUnauthorized', { server, said: failure.status.message });
    case 'timedOut':
      return new GungnirError('KubeUnreachable', { server, silentMs: failure.afterMs });
    case 'unreachable':
      return new GungnirError(
        /certificate|altnames/i.test(failure.cause) ? 'KubeCertificateRefused' : 'KubeUnreachable',
        { server, cause: failure.cause },
      );
    case 'aborted':
      return new GungnirError('KubeRequestFailed', { ...request, said: 'given up by the caller' });
    case 'notFound':
      // A kind that the server does not know is answered without a Status reason.
      return new GungnirError(failure.status.reason === '' ? 'KubeKindMissing' : 'KubeNotFound', {
        ...request,
      });
    default:
      return new GungnirError('KubeRequestFailed', {
        ...request,
        code: failure.status.code,
        said: failure.status.message,
      });
  }
}
