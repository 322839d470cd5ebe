/** Log lines: one JSON object each, no secret in any, no value that breaks them. */
import { describe, expect, test } from 'vitest';
import { GungnirError } from '../../../src/kit/reasons';
import { createLog, createSecrets, type LogLevel } from '../../../src/runtime/ops/log';

function logTo(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const secrets = createSecrets();
  const log = createLog({
    level,
    secrets,
    write: (line) => lines.push(line),
    wallMs: () => 1_800_000_000_000,
  });
  return { log, lines, secrets };
}

test('a line is ts, level, msg, then facts, those of the log before those of the line', () => {
  const { log, lines } = logTo();
  log.with({ cluster: 'a/b' }).info('promoted', { pod: 'b-1', tookMs: 7 });
  expect(lines).toEqual([
    '{"ts":"2027-01-15T08:00:00.000Z","level":"info","msg":"promoted","cluster":"a/b","pod":"b-1","tookMs":7}',
  ]);
});

test.each([
  { level: 'debug' as const, passed: 4 },
  { level: 'warn' as const, passed: 2 },
  { level: 'error' as const, passed: 1 },
])('level $level lets $passed of 4 through', ({ level, passed }) => {
  const { log, lines } = logTo(level);
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
  expect(lines.length).toBe(passed);
});

describe('secrets', () => {
  test.each([
    { key: 'password', shown: '[redacted]' },
    { key: 'operator-password', shown: '[redacted]' },
    { key: 'authorization', shown: '[redacted]' },
    { key: 'bearerToken', shown: '[redacted]' },
    { key: 'secretName', shown: 'value' },
    { key: 'passwordSecretKey', shown: 'value' },
    { key: 'pod', shown: 'value' },
  ])('under the name $key: $shown', ({ key, shown }) => {
    const { log, lines } = logTo();
    log.info('m', { deep: { [key]: 'value' } });
    expect(JSON.parse(lines[0] ?? '').deep[key]).toBe(shown);
  });

  test('a registered value is gone from messages, facts and errors, also in its escaped form', () => {
    const { log, lines, secrets } = logTo();
    secrets.add('s3"cr\\et!');
    log.error('WRONGPASS s3"cr\\et!', {
      reply: 'x s3"cr\\et! y',
      error: new Error('auth s3"cr\\et!'),
    });
    expect(lines[0]).not.toContain('cr');
    expect(JSON.parse(lines[0] ?? '').msg).toBe('WRONGPASS [redacted]');
    secrets.remove('s3"cr\\et!');
    log.info('s3"cr\\et!');
    expect(JSON.parse(lines[1] ?? '').msg).toBe('s3"cr\\et!');
  });

  test('a value too short to be one would blacken ordinary words: it is ignored', () => {
    const { log, lines, secrets } = logTo();
    secrets.add('a');
    log.info('a b');
    expect(JSON.parse(lines[0] ?? '').msg).toBe('a b');
  });
});

describe('strange values', () => {
  const cycle: Record<string, unknown> = { a: 1 };
  cycle.self = cycle;
  const shared = { x: 1 };
  test.each([
    { what: 'a cycle', facts: { cycle }, shown: { cycle: { a: 1, self: '[seen above]' } } },
    {
      what: 'the same object twice',
      facts: { one: shared, two: shared },
      shown: { one: { x: 1 }, two: { x: 1 } },
    },
    {
      what: 'a bigint',
      facts: { offset: 9_007_199_254_740_993n },
      shown: { offset: '9007199254740993' },
    },
    {
      what: 'a map and a set',
      facts: { m: new Map([['k', 1]]), s: new Set([2]) },
      shown: { m: { k: 1 }, s: [2] },
    },
    { what: 'undefined', facts: { gone: undefined }, shown: {} },
  ])('$what', ({ facts, shown }) => {
    const { log, lines } = logTo();
    log.info('m', facts);
    const { ts, level, msg, ...rest } = JSON.parse(lines[0] ?? '');
    expect([rest, ts === undefined, level, msg]).toEqual([shown, false, 'info', 'm']);
  });

  test('a value that throws when shown does not end the caller', () => {
    const { log, lines } = logTo();
    const toJSON = (): never => {
      throw new Error('no');
    };
    log.info('m', { bad: { toJSON } });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'error',
      msg: 'm (its facts cannot be shown)',
    });
  });
});

test("a user's error is its reason and sentence; a programmer's carries its stack", () => {
  const { log, lines } = logTo();
  log.error('m', { error: new GungnirError('PortInUse', { port: 1 }), bug: new TypeError('x') });
  const { error, bug } = JSON.parse(lines[0] ?? '');
  expect([error.reason, error.stack, bug.name, typeof bug.stack]).toEqual([
    'PortInUse',
    undefined,
    'TypeError',
    'string',
  ]);
});
