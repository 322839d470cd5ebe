/**
 * What Linux says of processes: whose they are, the processor time they took, their memory.
 * Never here: starting or judging them.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** As Linux counts processor time in /proc, nearly everywhere. */
const TICKS_PER_SECOND = 100;

/** Pods have their HOME in the local cluster's folder. valkey-servers write over theirs and are not found. */
export function podProcesses(folder: string): readonly number[] {
  return processes().filter((pid) => textOf(pid, 'environ').includes(`HOME=${folder}/`));
}

/** A valkey-server says in its name where it listens. */
export function valkeyAt(host: string, port: number): number | undefined {
  return processes().find((pid) => commandOf(pid).includes(`valkey-server ${host}:${port}`));
}

function processes(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The operators among them. @throws when there is none: what nobody took would be measured as nothing. */
export function operatorsOf(folder: string): readonly number[] {
  const pids = podProcesses(folder).filter(isOperator);
  if (pids.length === 0) throw new Error('no operator runs');
  return pids;
}

export function isValkey(pid: number): boolean {
  return commandOf(pid).includes('valkey-server');
}

function isOperator(pid: number): boolean {
  return commandOf(pid).includes('operator.mjs');
}

/** Its arguments, with a blank between; '' once it is gone. */
function commandOf(pid: number): string {
  return textOf(pid, 'cmdline').replaceAll('\0', ' ');
}

/** A zombie is not: it has ended, and only its parent has not asked how. */
export function isAlive(pid: number): boolean {
  const state = / ([A-Z]) /.exec(textOf(pid, 'stat').replace(/^.*\)/s, ''))?.[1];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** In user and kernel mode since its start: fields 14 and 15 of /proc/PID/stat. @throws when it is gone. */
export function cpuSeconds(pid: number): number {
  const stat = textOf(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, kernel] = fields.slice(11, 13);
  if (user === undefined || kernel === undefined) throw new Error(`process ${pid} is gone`);
  return (Number(user) + Number(kernel)) / TICKS_PER_SECOND;
}

/** Memory that would be free without it: pages that several share count in parts (PSS). @throws when it has ended. */
export function ownBytes(pid: number): number {
  return bytesIn(pid, 'smaps_rollup', 'Pss');
}

/** Resident memory (RSS), the program's own code included. @throws when it has ended. */
export function residentBytes(pid: number): number {
  return bytesIn(pid, 'status', 'VmRSS');
}

function bytesIn(pid: number, file: string, field: string): number {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(textOf(pid, file))?.[1];
  if (kilobytes === undefined) throw new Error(`process ${pid} has no ${field}: it has ended`);
  return Number(kilobytes) * 1024;
}

function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
