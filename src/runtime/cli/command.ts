/**
 * What a command of `gungnir` is, what it may do to the world, and what its exit codes mean.
 * Never here: a command.
 */

/** Exit codes, the same for every command. */
export const EXIT = {
  ok: { code: 0, means: 'done' },
  failed: { code: 1, means: 'it could not be done' },
  usage: { code: 2, means: 'the command line is wrong' },
  invalid: { code: 3, means: 'a definition breaks a rule' },
  unserved: { code: 4, means: 'a cluster that was asked about has no primary' },
  interrupted: { code: 130, means: 'ended by Ctrl-C' },
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]['code'];

/** The world as a command sees it. */
export interface CliIo {
  /** @throws Error when the file cannot be read; `-` is the standard input. */
  readFile(path: string): Promise<string>;
  writeOut(text: string): void;
  /** Errors and notes; nothing that a pipe should carry. */
  writeErr(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the errors are read on a terminal, which decides colour with NO_COLOR. */
  readonly errIsTerminal: boolean;
  /** COLUMNS, else those of the terminal; undefined: neither, so lines stay whole. */
  readonly outColumns: number | undefined;
  readonly errColumns: number | undefined;
  /** Milliseconds since 1970: how old a status is. */
  wallMs(): number;
  /** Calls back at Ctrl-C, once, instead of ending the process. @returns how to leave that again. */
  onInterrupt(react: () => void): () => void;
  /** Where the built operator lies, beside this program. */
  readonly bundlePath: string;
}

export interface Command {
  readonly name: string;
  /** One line of `gungnir help`: at most 56 characters. */
  readonly summary: string;
  /** `gungnir render FILE [flags]`. */
  readonly usage: string;
  /** Lines of `--help`: what it does, then flags. At most 80 columns. */
  readonly details: readonly string[];
  readonly examples: readonly string[];
  /** @throws GungnirError for what a user can mend. */
  run(argv: readonly string[], io: CliIo): Promise<ExitCode>;
}
