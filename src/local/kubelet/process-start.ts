/**
 * Which process a pid means: a number is used again, a number with its time of start is not.
 * Never here: signals.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** @returns a text that only this very process has; undefined: there is no such process. */
export function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const ticks = statOf(pid)?.[19];
    return ticks === undefined ? undefined : `${bootId()} ${ticks}`;
  }
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return text.trim() === '' ? undefined : text.trim();
  } catch {
    return undefined;
  }
}

/** The processes of a group whose environment names this text. Linux alone; elsewhere none. */
export function membersNaming(group: number, text: string): readonly number[] {
  return pids().filter(
    (pid) => Number(statOf(pid)?.[2]) === group && environmentOf(pid).includes(text),
  );
}

/** Whether anything of that group still runs; the dead that nobody has asked for do not. */
export function isGroupRunning(group: number): boolean {
  if (process.platform !== 'linux') return startOf(group) !== undefined;
  return pids().some((pid) => {
    const [state, , of] = statOf(pid) ?? [];
    return Number(of) === group && state !== 'Z';
  });
}

/** Processes whose HOME begins with this path. Linux alone; elsewhere none. */
export function atHomeIn(path: string): readonly number[] {
  return pids().filter((pid) => `\0${environmentOf(pid)}`.includes(`\0HOME=${path}`));
}

function pids(): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** Empty for a process that has ended, or is another user's. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

/** The fields of stat behind the name, which may hold blanks and brackets: state is the first. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
