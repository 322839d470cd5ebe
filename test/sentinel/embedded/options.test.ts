/**
 * Bad input: every field at once, by its path, with what to do; good input beside it.
 */
import { describe, expect, test } from 'vitest';
import type { SentinelOptions } from '../../../src/sentinel';
import { fileAuthority, InvalidOptionsError, Sentinel, serverFiles } from '../../../src/sentinel';

const good = {
  nodes: [{ host: '127.0.0.1', port: 1 }, { host: '127.0.0.2' }],
  credentials: { username: 'gungnir', password: 'x' },
} as const;

function pathsOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof InvalidOptionsError) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
}

const made = (options: unknown) => (): Sentinel => new Sentinel(options as SentinelOptions);

describe('a Sentinel', () => {
  test.each([
    { change: {}, paths: [], why: 'as it should be' },
    { change: { nodes: [] }, paths: ['nodes'], why: 'nobody to watch' },
    {
      change: { nodes: [{ host: 'a b' }, { host: 'c', port: 70_000 }] },
      paths: ['nodes[0].host', 'nodes[1].port'],
      why: 'two nodes, each by its place',
    },
    {
      change: { nodes: [{ host: 'a' }, { host: 'a', port: 6379 }] },
      paths: ['nodes[1].name'],
      why: 'the same server twice',
    },
    {
      change: { credentials: { username: 'x', password: '' } },
      paths: ['credentials.password'],
      why: 'no password',
    },
    {
      change: { credentials: { username: 'default', password: 'x' } },
      paths: ['credentials.username'],
      why: 'the user of clients',
    },
    {
      change: { credentials: { username: 'default', password: 'x' }, mode: 'observe' },
      paths: [],
      why: 'which may observe',
    },
    {
      change: { downAfterMs: 1500, pingIntervalMs: 1000 },
      paths: ['downAfterMs'],
      why: 'one lost ping is no death',
    },
    { change: { downAfterMs: 2000, pingIntervalMs: 1000 }, paths: [], why: 'two are enough' },
    {
      change: { policy: 'Bold', pingIntervalMs: -1 },
      paths: ['pingIntervalMs', 'policy'],
      why: 'all at once',
    },
    { change: { downAfter: 5 }, paths: ['downAfter'], why: 'a field that nobody reads' },
    { change: { authority: {} }, paths: ['authority'], why: 'no authority' },
    {
      change: { mode: 'observe', kill: () => {} },
      paths: ['kill'],
      why: 'an observer kills nobody',
    },
  ])('$why', ({ change, paths }) => {
    expect(pathsOf(made({ ...good, ...change }))).toEqual(paths);
  });

  test('the message names each field and the remedy, and never a password', () => {
    const bad = { nodes: [{ host: '' }], credentials: { username: 'a', password: 'geheim\n' } };
    try {
      made(bad)();
      expect.unreachable();
    } catch (error) {
      const { message } = error as Error;
      expect(message).toContain('nodes[0].host is "": give an IP address or a host name.');
      expect(message).toContain(
        'credentials.password is "of several lines": give one without line ends.',
      );
      expect(message).not.toContain('geheim');
    }
  });
});

test.each([
  { options: { folder: '' }, paths: ['folder'] },
  {
    options: { folder: 'x', leaseDurationMs: 1000, renewDeadlineMs: 1000 },
    paths: ['renewDeadlineMs', 'retryMs'],
  },
  {
    options: { folder: 'x', leaseDurationMs: 2000, renewDeadlineMs: 1000, retryMs: 200 },
    paths: [],
  },
])('fileAuthority: $paths', ({ options, paths }) => {
  expect(pathsOf(() => fileAuthority(options))).toEqual(paths);
});

describe('the files of a server', () => {
  const user = (username: string) => ({ username, password: 'p w"x' });

  test('passwords are hashed where they can be, and quoted where they cannot', () => {
    const { conf, acl } = serverFiles({
      credentials: user('g'),
      replication: user('r'),
      clientPassword: 'c',
    });
    expect(acl).not.toContain('p w');
    expect(conf).toContain('masterauth "p w\\"x"');
    expect(conf).toContain('replicaof 127.0.0.1 0');
  });

  test.each([
    { change: { credentials: user('default') }, paths: ['credentials'] },
    { change: { observer: user('r') }, paths: ['credentials'] },
    {
      change: { replication: user('a b'), maxLagSeconds: 0 },
      paths: ['replication.username', 'maxLagSeconds'],
    },
    { change: {}, paths: [] },
  ])('$paths', ({ change, paths }) => {
    const options = {
      credentials: user('g'),
      replication: user('r'),
      clientPassword: '',
      ...change,
    };
    expect(pathsOf(() => serverFiles(options))).toEqual(paths);
  });
});
