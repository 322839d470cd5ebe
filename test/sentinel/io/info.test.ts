/**
 * INFO, ROLE and ACL USERS as real servers of three versions wrote them (fixtures), and anything else.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { factsOf, stoppedAt, termUsersOf } from '../../../src/sentinel/io/info';
import type { Reply } from '../../../src/sentinel/io/resp';
import type { Captured } from './fixtures/capture';

const seed = Number(process.env.SEED ?? 7);
const folder = join(__dirname, 'fixtures');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const atMs = millis(5);

function fixture(file: string): Record<string, Captured> {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

function captured(file: string, state: string): Captured {
  const found = fixture(file)[state];
  if (found === undefined) throw new Error(`${file} has no ${state}`);
  return found;
}

function facts(file: string, state: string) {
  const { info, role } = captured(file, state);
  const read = factsOf(info, role, atMs);
  if (read.kind !== 'read') throw new Error(`${file} ${state}: ${read.field} '${read.found}'`);
  return read.value;
}

/** One field of a good INFO replaced. */
function changed(file: string, state: string, field: string, value: string): Reply {
  const { info } = captured(file, state);
  const text = info.kind === 'bulk' ? info.text : '';
  return {
    kind: 'bulk',
    text: text.replace(new RegExp(`^${field}:.*\\r$`, 'm'), `${field}:${value}\r`),
  };
}

test('there are fixtures of three versions', () => {
  expect(files).toEqual(['info-8.0.json', 'info-8.1.json', 'info-9.1.json']);
});

describe.each(files)('%s', (file) => {
  test('two looks at one run tell the same start, within a second', () => {
    const [early, late] = [facts(file, 'fenced'), facts(file, 'primary')].map((one) => [
      one.runId,
      one.startedAtMs ?? 0,
    ]);
    expect(early?.[0]).toBe(late?.[0]);
    expect(Math.abs(Number(early?.[1]) - Number(late?.[1]))).toBeLessThan(1000);
  });

  test('a server that does not tell its clock tells no start', () => {
    const { role } = captured(file, 'fenced');
    const info = changed(file, 'fenced', 'uptime_in_seconds', '0');
    const silent = {
      ...info,
      text: info.kind === 'bulk' ? info.text.replace('uptime_in_s', 'x') : '',
    };
    const read = factsOf(silent as Reply, role, atMs);
    expect(read.kind === 'read' && read.value.startedAtMs).toBeUndefined();
  });

  test('a fenced, empty node is a replica of nobody that was never linked', () => {
    expect(facts(file, 'fenced')).toMatchObject({
      atMs: 5,
      role: 'replica',
      activity: 'ready',
      upstream: { host: '127.0.0.1', port: 0 },
      link: 'down',
      lastIoSeconds: -1,
      linkDownSeconds: -1,
      offset: 1,
      keys: 0,
      replid2: undefined,
      secondOffset: undefined,
      attached: [],
    });
  });

  test('a replica that acknowledged within the second that the server has not begun has lag=-1', () => {
    const info = changed(
      file,
      'primary',
      'slave0',
      'ip=10.0.0.2,port=6379,state=online,offset=7,lag=-1,type=replica',
    );
    const read = factsOf(info, captured(file, 'primary').role, atMs);
    expect(read.kind === 'read' ? read.value.attached[0] : read).toMatchObject({ lagSeconds: 0 });
  });

  test('a primary shows who follows it, sorted', () => {
    const primary = facts(file, 'primary');
    expect(primary).toMatchObject({
      role: 'master',
      upstream: undefined,
      keys: 3000,
      activity: 'ready',
    });
    expect(primary.attached.map(({ host, state }) => ({ host, state }))).toEqual([
      { host: '127.0.0.2', state: 'online' },
      { host: '127.0.0.3', state: 'online' },
    ]);
    expect(
      primary.attached.every(
        ({ offset, lagSeconds }) => offset <= primary.offset && lagSeconds <= 2,
      ),
    ).toBe(true);
  });

  test('a linked replica shares the history of its primary', () => {
    const [replica, primary] = [facts(file, 'replica'), facts(file, 'primary')];
    expect(replica).toMatchObject({
      role: 'replica',
      link: 'up',
      linkDownSeconds: 0,
      keys: 3000,
      priority: 100,
      replid: primary.replid,
    });
    expect(replica.upstream).toMatchObject({ host: '127.0.0.1' });
    expect(replica.lastIoSeconds).toBeGreaterThanOrEqual(0);
  });

  test('a held replica keeps its history and knows since when it has had no link', () => {
    const held = facts(file, 'held');
    expect(held).toMatchObject({
      role: 'replica',
      link: 'down',
      upstream: { host: '127.0.0.1', port: 0 },
      replid: facts(file, 'primary').replid,
    });
    expect(held.linkDownSeconds).toBeGreaterThanOrEqual(0);
  });

  test('a promoted replica names the history that it came from, and where it left it', () => {
    const [promoted, held] = [facts(file, 'promoted'), facts(file, 'held')];
    expect(promoted).toMatchObject({
      role: 'master',
      replid2: held.replid,
      secondOffset: held.offset + 1,
      linkDownSeconds: 0,
    });
    expect(promoted.replid).not.toBe(held.replid);
  });

  test('a loading node says so', () => {
    expect(facts(file, 'loading')).toMatchObject({ activity: 'loading', role: 'replica' });
  });

  test.each([
    { field: 'run_id', value: 'NaN', why: 'no id' },
    { field: 'run_id', value: 'Z'.repeat(40), why: 'not hex' },
    { field: 'run_id', value: 'ABCDEF0123'.repeat(4), why: 'servers write lower case' },
    { field: 'master_replid', value: 'a'.repeat(39), why: 'too short' },
    { field: 'slave_repl_offset', value: 'NaN', why: 'not a number' },
    { field: 'slave_repl_offset', value: '-1', why: 'no place in a stream' },
    { field: 'slave_repl_offset', value: '9007199254740993', why: 'not a safe integer' },
    { field: 'slave_repl_offset', value: '1e3', why: 'servers write digits' },
    { field: 'second_repl_offset', value: '-2', why: 'only -1 means none' },
    { field: 'master_link_status', value: 'sideways', why: 'unknown word' },
    { field: 'role', value: 'sentinel', why: 'not a data node' },
    { field: 'master_port', value: '', why: 'empty' },
    { field: 'loading', value: 'maybe', why: 'neither 0 nor 1' },
    { field: 'db0', value: 'expires=0', why: 'no key count' },
  ])('$field:$value is refused by name ($why)', ({ field, value }) => {
    const read = factsOf(
      changed(file, 'replica', field, value),
      captured(file, 'replica').role,
      atMs,
    );
    expect(read).toEqual({
      kind: 'unreadable',
      field,
      found: expect.stringContaining(value.slice(0, 20)),
    });
  });

  test('ROLE and INFO that disagree are refused: the node changed between them', () => {
    const read = factsOf(captured(file, 'replica').info, captured(file, 'primary').role, atMs);
    expect(read).toMatchObject({ kind: 'unreadable', field: 'ROLE' });
  });

  test('where a demoted primary stopped is read from a replica only', () => {
    const replica = facts(file, 'replica');
    expect(stoppedAt(captured(file, 'replica').info)).toEqual({
      kind: 'read',
      value: { replid: replica.replid, offset: replica.offset },
    });
    expect(stoppedAt(captured(file, 'primary').info)).toMatchObject({
      kind: 'unreadable',
      field: 'role',
    });
  });
});

describe('total', () => {
  const anyReply: fc.Arbitrary<Reply> = fc.oneof(
    fc.string().map((text): Reply => ({ kind: 'bulk', text })),
    fc.string().map((text): Reply => ({ kind: 'status', text })),
    fc.integer().map((value): Reply => ({ kind: 'integer', value })),
    fc
      .array(fc.string(), { maxLength: 3 })
      .map(
        (texts): Reply => ({ kind: 'array', items: texts.map((text) => ({ kind: 'bulk', text })) }),
      ),
    fc.constant<Reply>({ kind: 'null' }),
  );

  test('replies of any shape are refused, never thrown at', () => {
    fc.assert(
      fc.property(anyReply, anyReply, (info, role) => {
        expect(factsOf(info, role, atMs).kind).toBe('unreadable');
        expect(['read', 'unreadable']).toContain(termUsersOf(info).kind);
        expect(stoppedAt(info).kind).toBe('unreadable');
      }),
      { seed },
    );
  });

  test('one damaged line of a real INFO gives facts or a refusal', () => {
    const { info, role } = captured('info-8.0.json', 'primary');
    const lines = info.kind === 'bulk' ? info.text.split('\r\n') : [];
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.string(), (index, junk) => {
        const text = lines
          .map((line, at) => (at === index ? line.slice(0, line.indexOf(':') + 1) + junk : line))
          .join('\r\n');
        expect(['read', 'unreadable']).toContain(factsOf({ kind: 'bulk', text }, role, atMs).kind);
      }),
      { seed },
    );
  });
});

describe('ACL USERS', () => {
  const users = (...names: string[]): Reply => ({
    kind: 'array',
    items: names.map((text) => ({ kind: 'bulk', text })),
  });

  test.each([
    {
      names: ['default', 'gungnir', 'gungnir-t3-12'],
      found: [{ term: 3, n: 12 }],
      why: 'users of claims only',
    },
    {
      names: ['gungnir-t3', 'gungnir-tx-1', 'xgungnir-t3-1', 'gungnir-t3-1x'],
      found: [],
      why: 'names that only look like it',
    },
    { names: ['gungnir-t9999999999999999-1'], found: [], why: 'more digits than a term can have' },
  ])('$names -> $found ($why)', ({ names, found }) => {
    expect(termUsersOf(users(...names))).toEqual({ kind: 'read', value: found });
  });
});
