/**
 * Log lines: one JSON object each, `ts`, `level`, `msg`, then facts. Secrets never pass: neither under a
 * telling name nor as a value that was registered.
 * Never here: where the lines go; the sink is handed in. Tests: test/runtime/ops/log.test.ts.
 */
import { GungnirError } from '../../kit/reasons';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof logLevels)[number];

export type LogFacts = Readonly<Record<string, unknown>>;

export interface Log {
  debug(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  error(message: string, facts?: LogFacts): void;
  /** The same log with these facts in every line. */
  with(facts: LogFacts): Log;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Takes one line without its newline. */
  readonly write: (line: string) => void;
  readonly wallMs: () => number;
  readonly secrets?: Secrets;
}

/** Values that must never be printed, wherever they turn up. */
export interface Secrets {
  /** Shorter than 6 characters is ignored: it would blacken ordinary words. */
  add(value: string): void;
  remove(value: string): void;
  /** @returns the text of JSON with each registered value replaced. */
  redact(json: string): string;
}

const secretMinLength = 6;
const blackened = '[redacted]';
/** `secretName`, a reference, stays readable; `secret`, `operator-password`, `bearerToken` do not. */
const tellingName = /(password|passwd|passphrase|secret|token|authorization|private-?key)s?$/i;

export function createSecrets(): Secrets {
  const values = new Set<string>();
  const inJson = (value: string): string => JSON.stringify(value).slice(1, -1);
  return {
    add(value) {
      if (value.length >= secretMinLength) values.add(inJson(value));
    },
    remove(value) {
      values.delete(inJson(value));
    },
    redact(json) {
      let text = json;
      for (const value of values) text = text.replaceAll(value, blackened);
      return text;
    },
  };
}

export function createLog(options: LogOptions, base: LogFacts = {}): Log {
  const { level, write, wallMs, secrets } = options;
  const least = logLevels.indexOf(level);
  function line(at: LogLevel, message: string, facts: LogFacts = {}): void {
    if (logLevels.indexOf(at) < least) return;
    const ts = new Date(wallMs()).toISOString();
    const json = jsonOf({ ts, level: at, msg: message, ...base, ...facts });
    write(secrets === undefined ? json : secrets.redact(json));
  }
  return {
    debug: (message, facts) => line('debug', message, facts),
    info: (message, facts) => line('info', message, facts),
    warn: (message, facts) => line('warn', message, facts),
    error: (message, facts) => line('error', message, facts),
    with: (facts) => createLog(options, { ...base, ...facts }),
  };
}

/** Never throws: a log line about a strange value must not be the end of a failover. */
function jsonOf(value: LogFacts): string {
  for (const seen of [undefined, new WeakSet<object>()]) {
    try {
      return JSON.stringify(value, replacer(seen));
    } catch {
      // A cycle: once more, naming what was seen before. A toJSON that throws: given up below.
    }
  }
  const { ts, msg } = value;
  return JSON.stringify({ ts, level: 'error', msg: `${String(msg)} (its facts cannot be shown)` });
}

function replacer(seen: WeakSet<object> | undefined): (key: string, value: unknown) => unknown {
  return (key, value) => {
    if (tellingName.test(key) && value !== undefined) return blackened;
    if (typeof value === 'bigint') return value.toString();
    if (value instanceof Error) return errorFacts(value);
    if (value instanceof Map) return Object.fromEntries(value);
    if (value instanceof Set) return [...value];
    if (typeof value === 'object' && value !== null) {
      if (seen?.has(value)) return '[seen above]';
      seen?.add(value);
    }
    return value;
  };
}

function errorFacts(error: Error): LogFacts {
  const cause = error.cause instanceof Error ? error.cause.message : error.cause;
  if (error instanceof GungnirError) return { reason: error.reason, message: error.message, cause };
  return { name: error.name, message: error.message, cause, stack: error.stack };
}
