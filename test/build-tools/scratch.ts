/**
 * A scratch folder for one test file, and programs run in it. Never here: an assertion.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Ended {
  /** undefined: ended by a signal. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export function scratchFolder(): string {
  return mkdtempSync(join(tmpdir(), 'gungnir-scratch-'));
}

/** Writes a file that can be started. */
export function putProgram(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

/** @param env the whole environment of the program. */
export function runIn(
  folder: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: folder, env });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    out.stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    out.stderr += String(chunk);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? undefined, ...out }));
  });
}
