/**
 * What two answers to a bad object are compared by: status, message and causes, without what Go leaves to
 * chance (the order of maps) and its printed difference of two structs.
 * Never here: asking.
 */
import { isObject } from '../../../../src/local/api/json';
import type { Json, JsonObject } from '../../../../src/local/api/port';
import type { Cause, Refusal, Typed } from '../../../../src/local/api/typing';
import type { Told } from './oracle';

export interface Verdict {
  readonly code: number;
  readonly message: string;
  readonly causes: readonly string[];
}

const fine: Verdict = { code: 200, message: '', causes: [] };

function verdict(code: number, message: string, causes: readonly Json[]): Verdict {
  if (code < 300) return fine;
  const texts = causes.map((one) => {
    const { reason, message: text, field } = one as unknown as Cause;
    return `${field} ${reason} ${withoutDiff(text)}`;
  });
  const bare = withoutDiff(message).replace(/is invalid: .*/s, 'is invalid');
  return { code, message: bare, causes: texts.sort() };
}

function withoutDiff(text: string): string {
  return text.includes('ERROR: <input>') ? text : text.replace(/\n.*/s, '');
}

/** @param name of the object on the real server. */
export function localVerdict(answer: Typed | Refusal, name: string): Verdict {
  if (answer.kind === 'object') return fine;
  const message = answer.message.replace('"thing"', `"${name}"`);
  return verdict(answer.code, message, (answer.causes ?? []) as unknown as Json[]);
}

export function realVerdict({ status, body }: Told): Verdict {
  const causes = isObject(body.details) ? ((body.details as JsonObject).causes ?? []) : [];
  return verdict(status, String(body.message ?? ''), causes as readonly Json[]);
}
