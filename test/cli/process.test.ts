/** The command line as a process: pipes, signals, environment, and that it ends. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleOptions } from '../../build-tools/bundle-options';
import { until } from '../kit/until';
import { kubeconfigFor, startApi } from './api';
import { objects } from './objects';

interface Ended {
  /** null: ended by a signal. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Started {
  readonly ended: Promise<Ended>;
  signal(signal: NodeJS.Signals): void;
  closeOut(): void;
}

const folder = mkdtempSync(join(tmpdir(), 'gungnir-cli-'));
const program = join(folder, 'cli.mjs');

beforeAll(async () => {
  const entryPoints = ['src/runtime/cli/main.ts'];
  await build({ ...bundleOptions, entryPoints, outfile: program });
});
afterAll(() => rmSync(folder, { recursive: true }));

function start(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [program, ...argv], {
    env: { PATH: process.env.PATH, ...env },
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  const text = { out: '', err: '' };
  child.stdin.end();
  child.stdout.on('data', (chunk) => {
    text.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    text.err += String(chunk);
  });
  return {
    ended: new Promise((resolve) => {
      child.on('close', (code) => resolve({ code, ...text }));
    }),
    signal: (signal) => void child.kill(signal),
    closeOut: () => void child.stdout.destroy(),
  };
}

test('an output that takes nothing more is told, and is no success', async () => {
  const child = spawn('sh', ['-c', '"$0" "$1" crds >/dev/full', process.execPath, program]);
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('OutputUnwritable') });
});

test('a pipe that is closed early is no error', async () => {
  const crds = start(['crds']);
  crds.closeOut();
  expect(await crds.ended).toEqual({ code: 0, out: '', err: '' });
});

test('COLUMNS is how wide an error is; a pipe has no colours', async () => {
  const narrow = await start(['statsu'], { COLUMNS: '40' }).ended;
  const whole = await start(['statsu']).ended;
  expect([narrow.code, whole.code]).toEqual([2, 2]);
  expect(narrow.err.split('\n').filter((line) => line.length > 40)).toEqual([]);
  expect(narrow.err.replace(/\n */g, ' ').trim()).toBe(whole.err.trim());
  expect(whole.err).toMatch(/^error: CommandUnknown: .*nearest=status.*\n$/);
});

test('Ctrl-C while switchover waits ends it with 130', async () => {
  const api = await startApi([objects.running]);
  const waiting = start(['switchover', 'cart'], { KUBECONFIG: api.kubeconfig });
  api.onPatch = () => waiting.signal('SIGINT');
  const { code, out, err } = await waiting.ended;
  expect({ code, out }).toEqual({ code: 130, out: '' });
  expect(err).toMatch(/^stopped waiting; .*switchover-\n$/s);
});

describe('the operator cannot start: it says so once, and ends', () => {
  test('a used port', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const api = await startApi([]);
    const argv = ['operator', '--http-address', `127.0.0.1:${port}`];
    const ended = await start([...argv, '--kubeconfig', api.kubeconfig]).ended;
    await new Promise((resolve) => other.close(resolve));
    expect({ code: ended.code, out: ended.out }).toEqual({ code: 1, out: '' });
    expect(ended.err).toMatch(/^error: PortInUse: .*--http-address.*\n$/);
    expect(api.server.asked).toEqual([]);
  });

  test.each([
    {
      argv: ['--lease-duration', '1'],
      code: 2,
      says: 'nearest=--lease-duration-ms',
      why: 'a flag',
    },
    { argv: ['--retry-ms', '9000'], code: 2, says: 'at most 5000', why: 'a value' },
    { argv: ['shop'], code: 2, says: 'ArgumentUnexpected', why: 'a word' },
  ])('$why: exit code $code', async ({ argv, code, says }) => {
    const ended = await start(['operator', '--http-address', '127.0.0.1:0', ...argv]).ended;
    expect({ code: ended.code, out: ended.out }).toEqual({ code, out: '' });
    expect(ended.err).toMatch(/^error: .* To fix: .*\n$/);
    expect(ended.err).toContain(says);
  });

  test('no API server', async () => {
    const KUBECONFIG = kubeconfigFor({ server: 'https://127.0.0.1:1' });
    const { code, err } = await start(['operator', '--http-address', '127.0.0.1:0'], { KUBECONFIG })
      .ended;
    expect(code).toBe(1);
    expect(err).toMatch(/^error: KubeUnreachable: .* To fix: .*\n$/);
  });

  test('in a pod without a token', async () => {
    const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '1' };
    const { code, err } = await start(['operator'], env).ended;
    expect(code).toBe(1);
    expect(err).toMatch(/^error: NotInCluster: .* To fix: .*\n$/);
  });
});

describe('local up', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'gungnir-cli-up-'));
  afterAll(() => rmSync(scratch, { recursive: true }));

  /** Processes of its pods have its folder in their environment. */
  function left(): readonly string[] {
    return readdirSync('/proc').filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${scratch}/gungnir-local-`);
      } catch {
        return false;
      }
    });
  }

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends all that it started',
    async (signal) => {
      // In the operator's place: a program that never ends by itself.
      writeFileSync(join(folder, 'operator.mjs'), 'setInterval(() => {}, 60_000);\n');
      const up = start(['local', 'up'], { TMPDIR: scratch });
      await until('its pods run', () => left().length > 0, 15_000);
      up.signal(signal);
      expect((await up.ended).code).toBe(130);
      expect(left()).toEqual([]);
      expect(readdirSync(scratch).filter((name) => name.startsWith('gungnir-local-'))).toEqual([]);
    },
  );
});
