/**
 * The operator's flags and their environment twins, as one table: flag before environment before default.
 * The command line's help is made from the same table.
 * Never here: process.argv, process.env, files. Table: test/runtime/args.test.ts.
 */
import { type Millis, millis } from '../kit/brands';
import { GungnirError } from '../kit/reasons';
import { nearest } from '../spec/suggest';
import { type LogLevel, logLevels } from './ops/log';

/** A value, or in words what the value must be. */
type Parsed<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'limit'; readonly limit: string };

export interface Flag<T> {
  /** With its dashes. The environment twin is `GUNGNIR_` and the name in capitals. */
  readonly name: `--${string}`;
  /** The same in one letter, as kubectl has it. */
  readonly short?: `-${string}`;
  /** Shown in help; undefined for a switch, which needs no value. */
  readonly placeholder: string | undefined;
  /** As the user would write it; undefined when the default is the absence. */
  readonly fallback: string | undefined;
  readonly help: string;
  readonly parse: (text: string) => Parsed<T>;
}

type FlagTable = Readonly<Record<string, Flag<unknown>>>;
type Values<Table extends FlagTable> = {
  readonly [Key in keyof Table]: Table[Key] extends Flag<infer T> ? T : never;
};
type Environment = Readonly<Record<string, string | undefined>>;

export interface ListenAddress {
  /** '' means every address of this machine. */
  readonly host: string;
  readonly port: number;
}

const path: Flag<string | undefined>['parse'] = (value) => ({
  kind: 'value',
  value: value === '' ? undefined : value,
});

/** A DNS label (RFC 1123), or nothing. */
const namespaceName: Flag<string>['parse'] = (value) =>
  value === '' || (value.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value))
    ? { kind: 'value', value }
    : { kind: 'limit', limit: 'lower-case letters, digits and dashes, at most 63 of them' };

/** With commas between; '' names none. A name given twice is taken for a slip of the pen. */
const namespaceNames: Flag<readonly string[]>['parse'] = (value) => {
  const names = value === '' ? [] : value.split(',');
  if (names.includes('')) return { kind: 'limit', limit: 'a name on each side of every comma' };
  if (new Set(names).size < names.length)
    return { kind: 'limit', limit: 'each namespace once, with commas between' };
  const wrong = names.map(namespaceName).find(({ kind }) => kind === 'limit');
  return wrong?.kind === 'limit' ? wrong : { kind: 'value', value: names };
};

const objectName: Flag<string>['parse'] = (value) =>
  value.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(value)
    ? { kind: 'value', value }
    : { kind: 'limit', limit: 'lower-case letters, digits, dashes and dots, at most 253 of them' };

function wholeMillis(least: number, most: number): Flag<Millis>['parse'] {
  return (value) => {
    const number = Number(value);
    return /^\d+$/.test(value) && number >= least && number <= most
      ? { kind: 'value', value: millis(number) }
      : { kind: 'limit', limit: `whole milliseconds from ${least} to ${most}` };
  };
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `500ms`, `30s`, `1m`, `1h`; a bare number is seconds. */
const interval: Flag<Millis>['parse'] = (value) => {
  const [, digits = '', unit = 's'] = /^(\d+)(ms|s|m|h)?$/.exec(value) ?? [];
  const ms = Number(digits) * (unitMs[unit] ?? 0);
  return digits !== '' && ms >= 1_000 && ms <= 3_600_000
    ? { kind: 'value', value: millis(ms) }
    : { kind: 'limit', limit: 'from 1s to 1h, such as 30s or 2m' };
};

const logLevel: Flag<LogLevel>['parse'] = (value) => {
  const level = logLevels.find((known) => known === value);
  return level === undefined
    ? { kind: 'limit', limit: `one of ${logLevels.join(', ')}` }
    : { kind: 'value', value: level };
};

/** `:8080`, `127.0.0.1:8080`, `[::1]:8080`. */
const listenAddress: Flag<ListenAddress>['parse'] = (value) => {
  const [, host = '', digits = ''] = /^(\[[0-9a-fA-F:.%]+\]|[^:[\]]*):(\d{1,5})$/.exec(value) ?? [];
  const port = Number(digits);
  return digits !== '' && port <= 65_535
    ? { kind: 'value', value: { host: host.replace(/^\[|\]$/g, ''), port } }
    : { kind: 'limit', limit: 'HOST:PORT or :PORT, the port from 0 to 65535' };
};

/** Not a boolean further on: what is allowed has a name. */
const permission: Flag<'allowed' | 'refused'>['parse'] = (value) => {
  if (value === 'true' || value === '1') return { kind: 'value', value: 'allowed' };
  if (value === 'false' || value === '0') return { kind: 'value', value: 'refused' };
  return { kind: 'limit', limit: 'true or false' };
};

export const operatorFlags = {
  namespaces: {
    name: '--namespace',
    placeholder: 'NAMES',
    fallback: '',
    help: 'look after the clusters of these namespaces only, as a,b; empty: of all',
    parse: namespaceNames,
  } satisfies Flag<readonly string[]>,
  leaseName: {
    name: '--lease-name',
    placeholder: 'NAME',
    fallback: 'gungnir-operator-lease',
    help: 'the Lease that elects the leader',
    parse: objectName,
  } satisfies Flag<string>,
  leaseNamespace: {
    name: '--lease-namespace',
    placeholder: 'NAME',
    fallback: '',
    help: 'where that Lease is; empty: the namespace of this pod',
    parse: namespaceName,
  } satisfies Flag<string>,
  logLevel: {
    name: '--log-level',
    placeholder: 'LEVEL',
    fallback: 'info',
    help: 'debug, info, warn or error',
    parse: logLevel,
  } satisfies Flag<LogLevel>,
  reconcileIntervalMs: {
    name: '--reconcile-interval',
    placeholder: 'TIME',
    fallback: '30s',
    help: 'look at every cluster again after this long, changed or not',
    parse: interval,
  } satisfies Flag<Millis>,
  leaseDurationMs: {
    name: '--lease-duration-ms',
    placeholder: 'MS',
    fallback: '15000',
    help: 'another may take a lease that did not change for this long',
    parse: wholeMillis(1_000, 600_000),
  } satisfies Flag<Millis>,
  renewDeadlineMs: {
    name: '--renew-deadline-ms',
    placeholder: 'MS',
    fallback: '10000',
    help: 'the leader stops when it could not renew for this long',
    parse: wholeMillis(500, 480_000),
  } satisfies Flag<Millis>,
  retryMs: {
    name: '--retry-ms',
    placeholder: 'MS',
    fallback: '2000',
    help: 'time between two tries to renew or to take the lease',
    parse: wholeMillis(50, 240_000),
  } satisfies Flag<Millis>,
  httpAddress: {
    name: '--http-address',
    placeholder: 'HOST:PORT',
    fallback: ':8080',
    help: 'where /healthz, /readyz and /metrics are',
    parse: listenAddress,
  } satisfies Flag<ListenAddress>,
  kubeconfig: {
    name: '--kubeconfig',
    placeholder: 'FILE',
    fallback: '',
    help: 'run outside a cluster with this kubeconfig',
    parse: path,
  } satisfies Flag<string | undefined>,
  failpoints: {
    name: '--allow-failpoints',
    placeholder: undefined,
    fallback: 'false',
    help: 'honour GUNGNIR_FAILPOINTS: for tests, never in production',
    parse: permission,
  } satisfies Flag<'allowed' | 'refused'>,
} as const;

export type OperatorArgs = Values<typeof operatorFlags>;

/** `--lease-name` -> `GUNGNIR_LEASE_NAME`. */
export function environmentTwin(flag: string): string {
  return `GUNGNIR_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`;
}

/** @throws GungnirError FlagUnknown, FlagValueMissing, FlagValueInvalid, ArgumentUnexpected. */
export function parseOperatorArgs(argv: readonly string[], env: Environment): OperatorArgs {
  const args = readFlags(operatorFlags, argv, env);
  const { leaseDurationMs, renewDeadlineMs, retryMs } = args;
  // A fifth is left for two clocks of different pace; without it two leaders could believe at once.
  const deadlineMaxMs = Math.floor(leaseDurationMs * 0.8);
  if (renewDeadlineMs > deadlineMaxMs) {
    throw invalid(
      operatorFlags.renewDeadlineMs.name,
      String(renewDeadlineMs),
      `at most ${deadlineMaxMs}, 80 % of --lease-duration-ms ${leaseDurationMs}`,
    );
  }
  // One lost answer must not cost the leadership.
  const retryMaxMs = Math.floor(renewDeadlineMs / 2);
  if (retryMs > retryMaxMs) {
    throw invalid(
      operatorFlags.retryMs.name,
      String(retryMs),
      `at most ${retryMaxMs}, half of --renew-deadline-ms ${renewDeadlineMs}`,
    );
  }
  return args;
}

/** Any table of flags; the last of a repeated flag counts. @throws as parseOperatorArgs. */
export function readFlags<Table extends FlagTable>(
  table: Table,
  argv: readonly string[],
  env: Environment,
): Values<Table> {
  const given = collect(Object.values(table), argv);
  const entries = Object.entries(table).map(([key, flag]) => {
    const twin = environmentTwin(flag.name);
    const fromFlag = given.get(flag.name);
    // An empty twin counts as absent: a Deployment often sets one it has no value for.
    const fromEnv = env[twin] === '' ? undefined : env[twin];
    const source = fromFlag === undefined && fromEnv !== undefined ? twin : flag.name;
    const written = fromFlag ?? fromEnv ?? flag.fallback ?? '';
    const parsed = flag.parse(written);
    if (parsed.kind === 'limit') throw invalid(source, written, parsed.limit);
    return [key, parsed.value] as const;
  });
  return Object.fromEntries(entries) as Values<Table>;
}

function collect(
  flags: readonly Flag<unknown>[],
  argv: readonly string[],
): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (!word.startsWith('-')) throw new GungnirError('ArgumentUnexpected', { word });
    const equals = word.indexOf('=');
    const flag = flagOf(flags, equals < 0 ? word : word.slice(0, equals));
    if (equals >= 0) given.set(flag.name, word.slice(equals + 1));
    else if (flag.placeholder === undefined) given.set(flag.name, 'true');
    else given.set(flag.name, valueAfter(flag, words.shift()));
  }
  return given;
}

function flagOf(flags: readonly Flag<unknown>[], written: string): Flag<unknown> {
  const flag = flags.find(({ name, short }) => name === written || short === written);
  if (flag !== undefined) return flag;
  const hint = nearest(
    written,
    flags.map(({ name }) => name),
  );
  throw new GungnirError('FlagUnknown', { flag: written, nearest: hint });
}

/** A value that looks like a flag is a forgotten value; `--flag=--x` says otherwise. */
function valueAfter(flag: Flag<unknown>, word: string | undefined): string {
  if (word !== undefined && !word.startsWith('--')) return word;
  throw new GungnirError('FlagValueMissing', { flag: flag.name, takes: flag.placeholder });
}

function invalid(setting: string, value: string, limit: string): GungnirError {
  return new GungnirError('FlagValueInvalid', { setting, value, limit });
}
