/**
 * The log of one run of a container: whole lines with their time and stream, in a file of bounded size.
 * Never here: which lines a reader wants (log-reader.ts).
 */
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Output } from './processes';

/** As a real kubelet's containerLogMaxSize; one such file more is kept. */
const FILE_MAX_BYTES = 10 * 1024 * 1024;
/** A longer line is cut into several, as container runtimes do. */
const LINE_MAX_BYTES = 16 * 1024;

export interface LogFile {
  /** Splits into lines; an unfinished one waits for its rest. */
  append(stream: Output, chunk: Buffer, nowMs: number): void;
  /** The run is over: writes what is unfinished, and tells the followers. */
  end(nowMs: number): void;
  /** All lines that are kept. */
  lines(): readonly LogLine[];
  /** New lines from here on; `onEnd` at once if the run is over. @returns ends it. */
  follow(onLine: (line: LogLine) => void, onEnd: () => void): () => void;
}

export interface LogLine {
  /** RFC 3339 with 9 digits. */
  readonly time: string;
  readonly text: string;
}

interface Follower {
  readonly onLine: (line: LogLine) => void;
  readonly onEnd: () => void;
}

export function openLogFile(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  let file = openSync(path, 'a');
  let bytes = 0;
  let state: 'open' | 'ended' = 'open';
  const rests: Record<Output, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  const followers = new Set<Follower>();
  const write = (lines: readonly Buffer[], stream: Output, nowMs: number): void => {
    if (lines.length === 0 || state === 'ended') return;
    const time = timeOf(nowMs);
    const text = lines.map((line) => `${time} ${stream} ${line.toString('utf8')}\n`).join('');
    bytes += writeSync(file, text);
    if (bytes > FILE_MAX_BYTES) {
      closeSync(file);
      renameSync(path, `${path}.1`);
      file = openSync(path, 'a');
      bytes = 0;
    }
    for (const { onLine } of followers) {
      for (const line of lines) onLine({ time, text: line.toString('utf8') });
    }
  };
  return {
    append(stream, chunk, nowMs) {
      const { lines, rest } = split(Buffer.concat([rests[stream], chunk]));
      rests[stream] = rest;
      write(lines, stream, nowMs);
    },
    end(nowMs) {
      if (state === 'ended') return;
      for (const stream of ['stdout', 'stderr'] as const) {
        write(rests[stream].length === 0 ? [] : [rests[stream]], stream, nowMs);
      }
      state = 'ended';
      closeSync(file);
      for (const { onEnd } of followers) onEnd();
      followers.clear();
    },
    lines: () => [...read(`${path}.1`), ...read(path)],
    follow(onLine, onEnd) {
      const follower = { onLine, onEnd };
      if (state === 'ended') onEnd();
      else followers.add(follower);
      return () => void followers.delete(follower);
    },
  };
}

function split(text: Buffer): { readonly lines: readonly Buffer[]; readonly rest: Buffer } {
  const lines: Buffer[] = [];
  let start = 0;
  for (;;) {
    const end = text.indexOf(10, start);
    if (end < 0 && text.length - start <= LINE_MAX_BYTES) break;
    const stop = end < 0 ? start + LINE_MAX_BYTES : Math.min(end, start + LINE_MAX_BYTES);
    lines.push(text.subarray(start, stop));
    start = stop === end ? stop + 1 : stop;
  }
  return { lines, rest: text.subarray(start) };
}

function read(path: string): readonly LogLine[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => {
      const [time = ''] = line.split(' ', 1);
      return { time, text: line.slice(line.indexOf(' ', time.length + 1) + 1) };
    });
  } catch {
    return [];
  }
}

function timeOf(nowMs: number): string {
  const nanoseconds = Math.floor((nowMs - Math.floor(nowMs)) * 1e6);
  const base = new Date(Math.floor(nowMs)).toISOString().slice(0, -1);
  return `${base}${String(nanoseconds).padStart(6, '0')}Z`;
}
