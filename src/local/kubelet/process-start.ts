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
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => {
    if (Number(statOf(pid)?.[2]) !== group) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
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
