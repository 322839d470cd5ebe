import { expect, test } from 'vitest';
import type { Command } from '../../src/runtime/cli/command';
import { commands } from '../../src/runtime/cli/dispatcher';
import { run } from './fake-io';

const pages = [['help'], ...commands.map(({ name }) => ['help', name])];

test.each(pages)('%s %s fits 80 columns and shows exit codes', async (...argv) => {
  const { code, out, err } = await run(argv);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(out).toContain('Exit codes:\n  0   done\n');
});

test.each(commands.map(({ name }) => name))(
  '%s --help is its page, with examples',
  async (name) => {
    const page = await run([name, '--help']);
    expect(page).toEqual(await run(['help', name]));
    expect(page.out).toContain('Examples:\n  gungnir ');
    expect((await run(['help'])).out).toContain(`  ${name}`);
  },
);

test.each([
  { argv: [], code: 0, out: 'Usage: gungnir COMMAND', err: '', why: 'nothing said' },
  { argv: ['version'], code: 0, out: 'gungnir 1.2.3\n', err: '', why: 'the version' },
  { argv: ['crd'], code: 2, out: '', err: 'nearest=crds', why: 'nearly a command' },
  { argv: ['status', ''], code: 2, out: '', err: 'ArgumentMissing', why: 'a variable was not set' },
  {
    argv: ['local', 'down'],
    code: 2,
    out: '',
    err: '(word=down). To fix: gungnir local up starts it, Ctrl-C there ends it',
    why: 'there is no such word',
  },
  { argv: ['help', 'nothing-like-it'], code: 2, out: '', err: 'CommandUnknown', why: 'no command' },
])('gungnir $argv ends with $code ($why)', async ({ argv, code, out, err }) => {
  const ran = await run(argv);
  expect(ran.code).toBe(code);
  expect(ran.out).toContain(out);
  expect(ran.err).toContain(err);
});

test.each([
  { errIsTerminal: true, env: {}, colour: true, why: 'a person reads' },
  { errIsTerminal: true, env: { NO_COLOR: '1' }, colour: false, why: 'asked not to' },
  { errIsTerminal: false, env: {}, colour: false, why: 'a file reads' },
])('colour: $colour ($why)', async ({ errIsTerminal, env, colour }) => {
  const { err } = await run(['x'], {}, { errIsTerminal, env });
  expect(err.includes('\u001b[')).toBe(colour);
});

test('a bug is not taken for a mistake of the user', async () => {
  const broken: Command = {
    name: 'x',
    summary: '',
    usage: '',
    details: [],
    examples: [],
    run: () => Promise.reject(new TypeError('bug')),
  };
  await expect(run(['x'], {}, undefined, [broken])).rejects.toThrow('bug');
});
