/**
 * Binds the command line to this process. A mistake of the user is told without a stack trace
 * (dispatcher.ts); a bug keeps its own.
 */
import { existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { version } from '../../../package.json';
import { explain } from '../../kit/reasons';
import type { CliIo } from './command';
import { runCli } from './dispatcher';

const here = dirname(realpathSync(process.argv[1] ?? '.'));
/** Beside the program in assets/, beside bin/, and below the tree's root. */
const places = ['operator.mjs', '../assets/operator.mjs', '../../../assets/operator.mjs'].map(
  (place) => join(here, place),
);

/** Ctrl-C, a service manager's stop, a closed terminal. */
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const io: CliIo = {
  readFile: (path) => (path === '-' ? text(process.stdin) : readFile(path, 'utf8')),
  writeOut: (out) => void process.stdout.write(out),
  writeErr: (err) => void process.stderr.write(err),
  env: process.env,
  errIsTerminal: process.stderr.isTTY,
  outColumns: columnsOf(process.stdout),
  errColumns: columnsOf(process.stderr),
  wallMs: () => Date.now(),
  onInterrupt(react) {
    for (const signal of ENDINGS) process.once(signal, react);
    return () => {
      for (const signal of ENDINGS) process.removeListener(signal, react);
    };
  },
  bundlePath: places.find((place) => existsSync(place)) ?? places[2] ?? '',
};

function columnsOf(stream: NodeJS.WriteStream): number | undefined {
  const named = Number(process.env.COLUMNS);
  return Number.isSafeInteger(named) && named > 0
    ? named
    : stream.isTTY
      ? stream.columns
      : undefined;
}

// `gungnir render ... | head` closes the pipe early: that is no error.
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(0);
  process.stderr.write(`error: ${explain('OutputUnwritable', { because: message })}\n`);
  process.exit(1);
});

void runCli(process.argv.slice(2), io, version).then((code) => {
  process.exitCode = code;
});
