/**
 * No process outlives its program: also not one that crashed, and never one that is somebody else's.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { startOf } from '../../../src/local/kubelet/process-start';
import { openProcesses, type Processes, type Running } from '../../../src/local/kubelet/processes';
import { until } from '../../kit/until';

const folder = mkdtempSync(join(tmpdir(), 'gungnir-processes-'));
/** Here nothing needs longer, and one row waits for all of it. */
const LEFTOVER_MS = 1_000;
const others: ChildProcess[] = [];
const opened: Processes[] = [];
afterEach(async () => {
  for (const processes of opened.splice(0)) await processes.endAll(0);
  for (const other of others.splice(0)) other.kill('SIGKILL');
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

function open(): Processes {
  const processes = openProcesses(folder, folder, join(folder, 'pods/'), LEFTOVER_MS);
  opened.push(processes);
  return processes;
}

function start(script: string): Running {
  const env = { PATH: process.env.PATH ?? '', MARK: folder };
  const running = open().spawn({
    argv: ['/bin/sh', '-c', script],
    env,
    cwd: folder,
    stdin: 'closed',
  });
  if ('kind' in running) throw new Error(running.message);
  return running;
}

/** Each has said something. */
async function startedIn(
  processes: Processes,
  scripts: readonly string[],
): Promise<readonly Running[]> {
  const env = { PATH: process.env.PATH ?? '', MARK: folder };
  const runs = scripts.map((script) => {
    const argv = ['/bin/sh', '-c', script];
    const running = processes.spawn({ argv, env, cwd: folder, stdin: 'closed' });
    if ('kind' in running) throw new Error(running.message);
    return running;
  });
  const said = runs.map((running) => new Promise<void>((done) => running.onOutput(() => done())));
  await Promise.all(said);
  return runs;
}

function stranger(): number {
  const other = spawn('sleep', ['1000'], { detached: true });
  others.push(other);
  return other.pid ?? 0;
}

describe('what a crashed program left', () => {
  test('is ended with its children by the next one', async () => {
    const running = start('sleep 1000 & echo $!; wait');
    let child = 0;
    running.onOutput((_, chunk) => {
      child = Number(chunk.toString());
    });
    await until('its child', () => child > 0);
    // The first program knows nothing of the second: as if it had crashed.
    open();
    expect(await running.ended).toBe(143);
    await until('its child is gone', () => startOf(child) === undefined);
    await until('its file is gone', () => readdirSync(folder).length === 0);
  });

  test('may save first; what does not end by itself is killed', async () => {
    const saved = join(folder, 'saved');
    const scripts = [
      `trap 'sleep 0.2; echo done > ${saved}; exit 0' TERM; echo up; while true; do sleep 0.05; done`,
      'trap "" TERM; echo up; while true; do sleep 0.05; done',
    ];
    const runs = await startedIn(open(), scripts);
    open();
    expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual([0, 137]);
    expect(readFileSync(saved, 'utf8')).toBe('done\n');
    rmSync(saved);
  });

  test('is ended also where only a child of it is left', async () => {
    const left = spawn('sh', ['-c', 'sleep 1000 & echo $!; exit 0'], {
      detached: true,
      env: { PATH: process.env.PATH, MARK: folder },
    });
    let orphan = 0;
    left.stdout.on('data', (chunk: Buffer) => {
      orphan = Number(chunk.toString());
    });
    await until('its leader has ended', () => orphan > 0 && startOf(left.pid ?? 0) === undefined);
    writeFileSync(join(folder, String(left.pid)), 'an older start');
    open();
    await until('the orphan is gone', () => startOf(orphan) === undefined);
  });
});

describe("what is somebody else's", () => {
  test.each([
    { wrote: 'another start', why: 'the number is used again' },
    { wrote: '', why: 'its start was never written' },
  ])('stays: $why', async ({ wrote }) => {
    const pid = stranger();
    writeFileSync(join(folder, String(pid)), wrote);
    open();
    expect(readdirSync(folder)).toEqual([]);
    expect(startOf(pid)).toBeDefined();
  });

  test('is ended only where number and start are those that were written', async () => {
    const pid = stranger();
    writeFileSync(join(folder, String(pid)), startOf(pid) ?? '');
    open();
    await until('is gone', () => others.every(({ signalCode }) => signalCode === 'SIGTERM'));
  });

  test.each(['1', '0', '-5', 'words'])('a file named %s names nobody', (name) => {
    writeFileSync(join(folder, name), startOf(process.pid) ?? '');
    expect(() => open()).not.toThrow();
  });
});

describe('the end of a program', () => {
  test('ends every group, also a stopped one, and tells when it is gone', async () => {
    const processes = open();
    const env = { PATH: process.env.PATH ?? '' };
    const spawned = ['trap "" TERM; while true; do sleep 1; done', 'sleep 1000'].map((script) =>
      processes.spawn({ argv: ['/bin/sh', '-c', script], env, cwd: folder, stdin: 'closed' }),
    );
    const pids = spawned.map((running) => ('kind' in running ? 0 : running.pid));
    process.kill(-(pids[0] ?? 0), 'SIGSTOP');
    await processes.endAll(0);
    expect(pids.map(startOf)).toEqual([undefined, undefined]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('lets them end by themselves where it has time, and kills who does not', async () => {
    const processes = open();
    const traps = ['trap "exit 7" TERM', 'trap "" TERM'];
    const scripts = traps.map((trap) => `${trap}; echo up; while true; do sleep 0.05; done`);
    const runs = await startedIn(processes, scripts);
    await processes.endAll(500);
    expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual([7, 137]);
  });

  test('a program that is not there is an answer, not an exception', () => {
    const answer = open().spawn({
      argv: ['/no/such/program'],
      env: {},
      cwd: folder,
      stdin: 'closed',
    });
    expect(answer).toMatchObject({ kind: 'failed' });
  });
});
