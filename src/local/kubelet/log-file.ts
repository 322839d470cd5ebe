/**
 * The log of one run of a container: whole lines with their time and stream, in a file of bounded size.
 * Never here: which lines a reader wants (agent.ts).
 */
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
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
  /** `no`: the line goes on in the next one, or its writer ended before it did. */
  readonly whole: 'yes' | 'no';
}

interface Follower {
  readonly onLine: (line: LogLine) => void;
  readonly onEnd: () => void;
}

/** @param onLost that lines are lost, once: nothing that writes here can fail by it. */
export function openLogFile(path: string, onLost: (message: string) => void): LogFile {
  const file = appendTo(path, onLost);
  let state: 'open' | 'ended' = 'open';
  const rests: Record<Output, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  const followers = new Set<Follower>();
  const write = (pieces: readonly Piece[], stream: Output, nowMs: number): void => {
    if (pieces.length === 0 || state === 'ended') return;
    const time = timeOf(nowMs);
    const lines = pieces.map(({ bytes, whole }) => ({ time, text: bytes.toString('utf8'), whole }));
    file.write(
      lines.map(({ text, whole }) => `${time} ${stream} ${TAGS[whole]} ${text}\n`).join(''),
    );
    for (const { onLine } of followers) {
      for (const line of lines) onLine(line);
    }
  };
  return {
    append(stream, chunk, nowMs) {
      const { pieces, rest } = split(Buffer.concat([rests[stream], chunk]));
      rests[stream] = rest;
      write(pieces, stream, nowMs);
    },
    end(nowMs) {
      if (state === 'ended') return;
      for (const stream of ['stdout', 'stderr'] as const) {
        const bytes = rests[stream];
        write(bytes.length === 0 ? [] : [{ bytes, whole: 'no' }], stream, nowMs);
      }
      state = 'ended';
      file.close();
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

/** A file that is put aside when it is too long. What cannot be written is lost, and told once. */
function appendTo(path: string, onLost: (message: string) => void) {
  mkdirSync(dirname(path), { recursive: true });
  let file: number | undefined = openSync(path, 'a');
  let bytes = 0;
  let told: 'no' | 'yes' = 'no';
  const close = (): void => {
    // Not known any more before it is closed: its number may be another file's next.
    const open = file;
    file = undefined;
    if (open !== undefined) closeSync(open);
  };
  const orTell = (act: () => void): void => {
    try {
      act();
    } catch (problem) {
      if (told === 'no') onLost(`lines of the log are lost: ${(problem as Error).message}`);
      told = 'yes';
    }
  };
  return {
    write: (text: string) =>
      orTell(() => {
        file ??= openSync(path, 'a');
        writeFileSync(file, text);
        bytes += Buffer.byteLength(text);
        if (bytes <= FILE_MAX_BYTES) return;
        close();
        renameSync(path, `${path}.1`);
        bytes = 0;
      }),
    close: () => orTell(close),
  };
}

interface Piece {
  readonly bytes: Buffer;
  readonly whole: 'yes' | 'no';
}

/** Full and partial, as container runtimes mark their lines. */
const TAGS = { yes: 'F', no: 'P' } as const;

function split(text: Buffer): { readonly pieces: readonly Piece[]; readonly rest: Buffer } {
  const pieces: Piece[] = [];
  let start = 0;
  for (;;) {
    const end = text.indexOf(10, start);
    const cutAt = start + LINE_MAX_BYTES;
    if (end < 0 && text.length <= cutAt) break;
    const isWhole = end >= 0 && end <= cutAt;
    const bytes = text.subarray(start, isWhole ? end : cutAt);
    pieces.push({ bytes, whole: isWhole ? 'yes' : 'no' });
    start = isWhole ? end + 1 : cutAt;
  }
  return { pieces, rest: text.subarray(start) };
}

function read(path: string): readonly LogLine[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => {
      const [time = '', stream = '', tag] = line.split(' ', 3);
      const text = line.slice(time.length + stream.length + 4);
      return { time, text, whole: tag === TAGS.yes ? 'yes' : 'no' };
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
