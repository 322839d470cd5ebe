/**
 * A terminal for a command, by the machine's own `script`: Node has no pseudo-terminals.
 * Never here: bytes on their way; they go through its pipes as any others.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Of util-linux; that of other systems takes other arguments. */
const SCRIPT = '/usr/bin/script';

/** @returns the command within a terminal; undefined where this machine has none to give. */
export function inTerminal(argv: readonly string[]): readonly string[] | undefined {
  if (process.platform !== 'linux' || !existsSync(SCRIPT)) return undefined;
  const words = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  return [SCRIPT, '-q', '-e', '-c', `exec ${words}`, '/dev/null'];
}

/** @param pid of a process that `inTerminal` named. Does nothing when it has ended. */
export function resize(pid: number, { width, height }: { width: number; height: number }): void {
  const [child] = childrenOf(pid);
  if (child === undefined) return;
  const size = ['rows', String(height), 'cols', String(width)];
  execFile('stty', ['-F', `/proc/${child}/fd/0`, ...size], () => undefined);
}

function childrenOf(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter((word) => word !== '');
  } catch {
    return [];
  }
}
