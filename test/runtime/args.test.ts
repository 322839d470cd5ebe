/** The operator's flags by table: precedence, each limit with its neighbour, each error with its remedy. */
import { describe, expect, test } from 'vitest';
import { GungnirError } from '../../src/kit/reasons';
import { environmentTwin, operatorFlags, parseOperatorArgs } from '../../src/runtime/args';

test('without anything, the defaults of the design', () => {
  expect(parseOperatorArgs([], {})).toEqual({
    namespaces: [],
    leaseName: 'gungnir-operator-lease',
    leaseNamespace: '',
    logLevel: 'info',
    reconcileIntervalMs: 30_000,
    leaseDurationMs: 15_000,
    renewDeadlineMs: 10_000,
    retryMs: 2_000,
    httpAddress: { host: '', port: 8_080 },
    kubeconfig: undefined,
    failpoints: 'refused',
  });
});

describe('precedence', () => {
  test.each([
    {
      argv: ['--namespace', 'flag'],
      env: { GUNGNIR_NAMESPACE: 'env' },
      is: ['flag'],
      why: 'flag before environment',
    },
    {
      argv: [],
      env: { GUNGNIR_NAMESPACE: 'env,too' },
      is: ['env', 'too'],
      why: 'environment before default',
    },
    {
      argv: ['--namespace='],
      env: { GUNGNIR_NAMESPACE: 'env' },
      is: [],
      why: 'an empty flag is a value',
    },
    { argv: [], env: { GUNGNIR_NAMESPACE: '' }, is: [], why: 'an empty twin is none' },
    {
      argv: ['--namespace', 'a', '--namespace', 'b'],
      env: {},
      is: ['b'],
      why: 'the last one counts, it adds nothing',
    },
  ])('$argv $env -> $is ($why)', ({ argv, env, is }) => {
    expect(parseOperatorArgs(argv, env).namespaces).toEqual(is);
  });

  test('a twin of another default is what it says: the limit of it is empty, not taken', () => {
    expect(parseOperatorArgs([], { GUNGNIR_LEASE_NAME: '' }).leaseName).toBe(
      'gungnir-operator-lease',
    );
  });

  test('every flag has its twin', () => {
    expect(Object.values(operatorFlags).map(({ name }) => environmentTwin(name))).toEqual([
      'GUNGNIR_NAMESPACE',
      'GUNGNIR_LEASE_NAME',
      'GUNGNIR_LEASE_NAMESPACE',
      'GUNGNIR_LOG_LEVEL',
      'GUNGNIR_RECONCILE_INTERVAL',
      'GUNGNIR_LEASE_DURATION_MS',
      'GUNGNIR_RENEW_DEADLINE_MS',
      'GUNGNIR_RETRY_MS',
      'GUNGNIR_HTTP_ADDRESS',
      'GUNGNIR_KUBECONFIG',
      'GUNGNIR_ALLOW_FAILPOINTS',
    ]);
  });
});

describe('values', () => {
  test.each([
    {
      argv: ['--reconcile-interval', '1s'],
      key: 'reconcileIntervalMs' as const,
      is: 1_000,
      why: 'the least',
    },
    {
      argv: ['--reconcile-interval', '2m'],
      key: 'reconcileIntervalMs' as const,
      is: 120_000,
      why: 'minutes',
    },
    {
      argv: ['--reconcile-interval', '45'],
      key: 'reconcileIntervalMs' as const,
      is: 45_000,
      why: 'a bare number is seconds',
    },
    {
      argv: ['--http-address', '127.0.0.1:0'],
      key: 'httpAddress' as const,
      is: { host: '127.0.0.1', port: 0 },
      why: 'any free port',
    },
    {
      argv: ['--http-address=[::1]:9'],
      key: 'httpAddress' as const,
      is: { host: '::1', port: 9 },
      why: 'IPv6 in brackets',
    },
    { argv: ['--allow-failpoints'], key: 'failpoints' as const, is: 'allowed', why: 'a switch' },
    {
      argv: ['--allow-failpoints=false'],
      key: 'failpoints' as const,
      is: 'refused',
      why: 'a switch with a value',
    },
    { argv: ['--log-level', 'debug'], key: 'logLevel' as const, is: 'debug', why: 'a level' },
    {
      argv: ['--renew-deadline-ms', '12000'],
      key: 'renewDeadlineMs' as const,
      is: 12_000,
      why: '80 % of the duration',
    },
    {
      argv: ['--retry-ms', '5000'],
      key: 'retryMs' as const,
      is: 5_000,
      why: 'half of the deadline',
    },
    { argv: ['--kubeconfig', './k'], key: 'kubeconfig' as const, is: './k', why: 'a path' },
  ])('$argv ($why)', ({ argv, key, is }) => {
    expect(parseOperatorArgs(argv, {})[key]).toEqual(is);
  });
});

describe('errors', () => {
  test.each([
    {
      argv: ['--lease-nam', 'x'],
      says: 'FlagUnknown: there is no such flag (flag=--lease-nam nearest=--lease-name)',
      why: 'nearest name',
    },
    {
      argv: ['--frobnicate'],
      says: 'FlagUnknown: there is no such flag (flag=--frobnicate).',
      why: 'nothing near: no guess',
    },
    {
      argv: ['operator'],
      says: 'ArgumentUnexpected: a word stands where only flags may (word=operator)',
      why: 'a stray word',
    },
    {
      argv: ['--namespace'],
      says: 'FlagValueMissing: this flag needs a value (flag=--namespace takes=NAMES)',
      why: 'the end',
    },
    {
      argv: ['--namespace', '--log-level', 'info'],
      says: '(flag=--namespace takes=NAMES)',
      why: 'the next flag is no value',
    },
    {
      argv: ['--namespace', 'Not_A_Label'],
      says: 'setting=--namespace value=Not_A_Label limit=lower-case',
      why: 'no namespace',
    },
    {
      argv: ['--lease-name', ''],
      says: 'setting=--lease-name value= limit=',
      why: 'a name is needed',
    },
    {
      argv: ['--log-level', 'loud'],
      says: 'limit=one of debug, info, warn, error',
      why: 'no level',
    },
    { argv: ['--reconcile-interval', '999ms'], says: 'limit=from 1s to 1h', why: 'too short' },
    { argv: ['--reconcile-interval', '61m'], says: 'limit=from 1s to 1h', why: 'too long' },
    { argv: ['--reconcile-interval', 'soon'], says: 'value=soon', why: 'no time' },
    {
      argv: ['--lease-duration-ms', '999'],
      says: 'limit=whole milliseconds from 1000 to 600000',
      why: 'too short',
    },
    { argv: ['--lease-duration-ms', '1e4'], says: 'value=1e4', why: 'no plain number' },
    { argv: ['--lease-duration-ms', '-1'], says: 'value=-1', why: 'negative' },
    {
      argv: ['--renew-deadline-ms', '12001'],
      says: 'limit=at most 12000, 80 % of --lease-duration-ms 15000',
      why: 'no room for clocks of different pace',
    },
    {
      argv: ['--retry-ms', '5001'],
      says: 'limit=at most 5000, half of --renew-deadline-ms 10000',
      why: 'one lost answer would end it',
    },
    { argv: ['--http-address', '8080'], says: 'limit=HOST:PORT or :PORT', why: 'a port alone' },
    { argv: ['--http-address', ':65536'], says: 'limit=HOST:PORT', why: 'no port' },
    {
      argv: ['--http-address', '::1:80'],
      says: 'limit=HOST:PORT',
      why: 'IPv6 without brackets is ambiguous',
    },
    ...[
      { given: 'a,a', limit: 'each namespace once, with commas between', why: 'given twice' },
      { given: 'a,', limit: 'a name on each side of every comma', why: 'a comma too many' },
      { given: 'a,,b', limit: 'a name on each side of every comma', why: 'nothing between' },
      { given: 'a, b', limit: 'lower-case letters, digits and dashes', why: 'a blank' },
      { given: 'a,B', limit: 'lower-case letters, digits and dashes', why: 'the second one' },
    ].map(({ given, limit, why }) => ({
      argv: ['--namespace', given],
      says: `setting=--namespace value=${given} limit=${limit}`,
      why,
    })),
    { argv: ['--allow-failpoints=yes'], says: 'limit=true or false', why: 'neither' },
  ])('$argv -> $says ($why)', ({ argv, says }) => {
    const parse = (): unknown => parseOperatorArgs(argv, {});
    expect(parse).toThrow(GungnirError);
    expect(parse).toThrow(says);
    expect(parse).toThrow(/To fix: /);
  });

  test('a wrong twin is named by its own name', () => {
    expect(() => parseOperatorArgs([], { GUNGNIR_RETRY_MS: 'x' })).toThrow(
      'setting=GUNGNIR_RETRY_MS value=x',
    );
  });
});
