/**
 * `npm run engine` as a process: what it prints, how it ends, and that nothing of it stays behind, whenever and
 * however it ends. Never here: what the engine does; its own tests ask that.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundleOptions } from '../../build-tools/bundle-options';
import { putProgram } from '../build-tools/scratch';

interface Ended {
  /** null: ended by a signal. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Started {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Resolved when it has printed this. */
  printed(text: string): Promise<void>;
}

const built = mkdtempSync(join(tmpdir(), 'gungnir-start-'));
const program = join(built, 'main.mjs');
const scratches: string[] = [];

beforeAll(async () => {
  const entryPoints = ['examples/engine/main.ts'];
  await build({ ...bundleOptions, entryPoints, outfile: program });
});
afterAll(() => rmSync(built, { recursive: true }));

afterEach(() => {
  for (const folder of scratches.splice(0)) rmSync(folder, { recursive: true });
});

/** Its temporary files, and nothing else, are in here. */
function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-start-'));
  scratches.push(folder);
  return folder;
}

/** In a process group of its own, as a terminal starts it. */
function start(folder: string, env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, TMPDIR: folder, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    said.err += String(chunk);
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, ...said }));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    printed: (text) =>
      new Promise((resolve, reject) => {
        child.stdout.on('data', () => {
          if (said.out.includes(text)) resolve();
        });
        void ended.then(() => reject(new Error(`ended without '${text}': ${said.err}`)));
      }),
  };
}

/** Its servers are in its process group; a group without a process is none. */
function groupOf({ pid }: Started): 'there' | 'gone' {
  try {
    process.kill(-pid, 0);
    return 'there';
  } catch {
    return 'gone';
  }
}

function expectNothingLeft(started: Started, folder: string): void {
  expect(groupOf(started)).toBe('gone');
  expect(readdirSync(folder).filter((name) => name.startsWith('gungnir-'))).toEqual([]);
}

test('all of it holds: two timelines, a verdict for each promise, the count at the end', async () => {
  const folder = scratch();
  const started = start(folder);
  const { code, out, err } = await started.ended;
  expect({ code, err }, out).toEqual({ code: 0, err: '' });
  const lines = out.trimEnd().split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(out).not.toContain('\u001b');
  expect(lines.at(-1)).toBe('7 passed, 0 failed');
  expect(lines.filter((line) => line.startsWith('  ok '))).toHaveLength(7);
  const order = [
    'kill -9 ',
    'fenced:',
    'promoted:',
    'came back',
    'a planned switchover',
    'demoted',
  ];
  const places = order.map((text) => out.indexOf(text));
  expect(places.every((place, index) => place > (places[index - 1] ?? 0))).toBe(true);
  expectNothingLeft(started, folder);
});

describe('stopped in the middle: nothing is left behind', () => {
  test.each([
    { signal: 'SIGINT', to: 'group', code: 130, at: '1. kill -9', why: 'Ctrl-C in the crash' },
    { signal: 'SIGINT', to: 'group', code: 130, at: 'came back', why: 'Ctrl-C before the second' },
    { signal: 'SIGTERM', to: 'process', code: 143, at: 'Three real', why: 'ended by a supervisor' },
    { signal: 'SIGHUP', to: 'process', code: 129, at: '1. kill', why: 'the terminal is closed' },
  ] as const)('$signal to the $to at "$at" ($why)', async ({ signal, to, code, at }) => {
    const folder = scratch();
    const started = start(folder);
    await started.printed(at);
    expect(groupOf(started)).toBe('there');
    process.kill(to === 'group' ? -started.pid : started.pid, signal);
    const ended = await started.ended;
    expect({ code: ended.code, err: ended.err }).toEqual({ code, err: '' });
    expect(ended.out).not.toMatch(/passed, /);
    expectNothingLeft(started, folder);
  });
});

describe('it cannot begin: one sentence and what to do, at once', () => {
  const broken = (folder: string, script: string): string => {
    const program = join(folder, 'valkey-server');
    putProgram(program, `#!/bin/sh\n${script}\n`);
    return program;
  };
  test.each([
    {
      is: 'no valkey-server',
      env: () => ({ PATH: '/nowhere', VALKEY_SERVER: '' }),
      says: 'set VALKEY_SERVER',
    },
    {
      is: 'a VALKEY_SERVER that is not there',
      env: () => ({ VALKEY_SERVER: '/nowhere/valkey-server' }),
      says: 'set VALKEY_SERVER',
    },
    {
      is: 'a server that fails',
      env: (folder: string) => ({ VALKEY_SERVER: broken(folder, 'echo bad directive; exit 1') }),
      says: 'bad directive. To fix: ',
    },
    {
      is: 'a port that is taken meanwhile',
      env: (folder: string) => ({
        VALKEY_SERVER: broken(folder, 'echo "bind: Address already in use"; exit 1'),
      }),
      says: 'run it again',
    },
  ])('$is', async ({ env, says }) => {
    const folder = scratch();
    const started = start(folder, env(folder));
    const { code, out, err } = await started.ended;
    expect({ code, out }).toEqual({ code: 1, out: '\n0 passed, 1 failed\n' });
    expect(err).toMatch(/^npm run engine: .* To fix: .*\n$/);
    expect(err).toContain(says);
    expectNothingLeft(started, folder);
  });
});
