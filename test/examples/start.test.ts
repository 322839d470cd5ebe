/**
 * `npm start` as a process: what it prints is what the README shows, it ends well, and nothing of it stays
 * behind, also when it is ended in the middle.
 * Never here: faults on the local cluster (test/faults), what the engine does.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { processesAt } from '../kit/local-up';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly tookMs: number;
}

/** `npm start` after its set-up, which run.mjs does before this program is started. */
const START_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'gungnir-start-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The run that the README shows. */
const [, transcript = ''] = /^```text\n(.*?)^```$/ms.exec(readFileSync('README.md', 'utf8')) ?? [];

/** Lines without what differs from run to run: numbers, and which pod it was. */
function shapesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) =>
      line
        .replace(/[\d.]+/g, '0')
        .replace(/ +/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '');
}

function start(onOut: (out: string, pid: number) => void = () => {}): Promise<Ended> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', 'examples/local/main.ts'], {
    env: { ...process.env, TMPDIR: folder },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += String(chunk);
    onOut(said.out, child.pid ?? 0);
  });
  child.stderr.on('data', (chunk) => {
    said.err += String(chunk);
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, ...said, tookMs: performance.now() - startedMs }));
  });
}

function expectNothingLeft(): void {
  expect(readdirSync(folder).filter((name) => name.startsWith('gungnir-local-'))).toEqual([]);
  expect(processesAt(`${folder}/gungnir-local-`)).toEqual([]);
}

test('what the README shows is what it prints; all of it holds, within half a minute', async () => {
  const { code, out, err, tookMs } = await start();
  process.stderr.write(`npm start after its set-up: ${(tookMs / 1_000).toFixed(1)} s\n`);
  expect({ code, err }, out).toEqual({ code: 0, err: '' });
  expect(tookMs).toBeLessThan(START_MS);
  const lines = out.trimEnd().split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.at(-1)).toBe('6 passed, 0 failed');
  expect(lines.filter((line) => line.startsWith('  ok '))).toHaveLength(6);
  const shown = shapesOf(transcript);
  expect(shown.length).toBeGreaterThan(20);
  expect(shown.filter((shape) => !shapesOf(out).includes(shape))).toEqual([]);
  expectNothingLeft();
}, 130_000);

test.each(['From a definition', '1. kill -9'])(
  'Ctrl-C after %j: its processes end, its folder goes, the exit code says it',
  async (moment) => {
    let sent: 'no' | 'yes' = 'no';
    const { code, out, err } = await start((so_far, pid) => {
      if (sent === 'yes' || !so_far.includes(moment)) return;
      sent = 'yes';
      // As a terminal does: to each process of the group.
      process.kill(-pid, 'SIGINT');
    });
    expect({ code, err }).toEqual({ code: 130, err: '' });
    expect(out).not.toMatch(/passed, /);
    expectNothingLeft();
  },
  130_000,
);
