/**
 * The types of the engine's commands are what the installed valkey-server describes; further versions that
 * this machine has describe at least those forms.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Argument, commandTypes } from '../../build-tools/command-types';
import { COMMANDS_FILE, describeCommands, typesOf } from '../../build-tools/valkey-commands';
import type { ValkeyCommand } from '../../src/sentinel/io/commands.generated';
import { serverVersions } from '../kit/valkey-versions';

const file = readFileSync(COMMANDS_FILE, 'utf8');
const [, made = ''] = /valkey-server (\d+\.\d+) describes/.exec(file) ?? [];

/** Forms, and names with their arities. */
const formsIn = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => /^ {2}(\||\/\/)/.test(line))
    .map((line) => line.replace(/(, since .*)(arity -?\d+).*$/, ' $2').replace(/;$/, ''));

describe.each(serverVersions())('valkey-server $version', ({ version, program }) => {
  test(version === made ? 'the types are fresh' : 'describes at least the same forms', async () => {
    const now = typesOf(await describeCommands(program));
    if (version === made) expect(now, 'npm run generate').toBe(file);
    else expect(formsIn(now)).toEqual(expect.arrayContaining([...formsIn(file)]));
  });
});

test('a command that the server does not describe is told by name', async () => {
  const asked = describeCommands(undefined, ['ping', 'acl|gungnir']);
  await expect(asked).rejects.toThrow('the server does not describe acl|gungnir');
});

const plain = { token: undefined, flags: [], arguments: [] } as const;
const text: Argument = { ...plain, name: 'text', type: 'string' };
const whole: Argument = { ...plain, name: 'count', type: 'integer' };
const word = (token: string): Argument => ({ ...plain, name: token, type: 'pure-token', token });

describe('forms', () => {
  test.each<{ why: string; given: readonly Argument[]; forms: readonly string[] }>([
    { why: 'no argument', given: [], forms: ["['X']"] },
    { why: 'text and a whole number', given: [text, whole], forms: ["['X', string, Whole]"] },
    {
      why: 'optional: with it and without',
      given: [{ ...text, flags: ['optional'] }],
      forms: ["['X']", "['X', string]"],
    },
    {
      why: 'a token before its value',
      given: [{ ...whole, token: 'AT' }],
      forms: ["['X', 'AT', Whole]"],
    },
    {
      why: 'several texts',
      given: [{ ...text, flags: ['multiple'] }],
      forms: ["['X', string, ...string[]]"],
    },
    {
      why: 'one of two',
      given: [{ ...plain, name: 'mode', type: 'oneof', arguments: [word('ON'), word('OFF')] }],
      forms: ["['X', 'ON']", "['X', 'OFF']"],
    },
    {
      why: 'a block',
      given: [{ ...plain, name: 'pair', type: 'block', arguments: [text, whole] }],
      forms: ["['X', string, Whole]"],
    },
  ])('$why', ({ given, forms }) => {
    const command = { name: 'x', since: '1', arity: 1, flags: [], arguments: given };
    const made = commandTypes([command], '8.0', 'm').split('export type')[1] ?? '';
    const found = [...made.matchAll(/\| readonly (\[.*\])/g)].map(([, form]) => form);
    expect(found).toEqual(forms);
  });
});

test('what no server takes does not compile', () => {
  const commands: readonly ValkeyCommand[] = [
    ['CLIENT', 'PAUSE', '5000', 'WRITE'],
    // @ts-expect-error a time is digits
    ['CLIENT', 'PAUSE', 'soon'],
    ['REPLICAOF', 'NO', 'ONE'],
    // @ts-expect-error a port is missing
    ['REPLICAOF', '10.0.0.1'],
    // @ts-expect-error a value is missing
    ['CONFIG', 'SET', 'maxmemory'],
    // @ts-expect-error no such filter
    ['CLIENT', 'KILL', 'NAME', 'x'],
  ];
  expect(commands).toHaveLength(6);
});
