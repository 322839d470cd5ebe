/**
 * Whether this machine has what the package of a language is made and used with: the program, and new enough.
 * Never here: running it for more than its version.
 */
import { spawnSync } from 'node:child_process';

export const languages = ['python', 'java', 'go', 'dotnet'] as const;
export type Language = (typeof languages)[number];

interface Need {
  readonly name: string;
  /** Prints a version, whose first two numbers count. */
  readonly ask: readonly string[];
  readonly least: readonly [major: number, minor: number];
}

const python =
  'import ensurepip, sys, venv; print(str(sys.version_info[0]) + "." + str(sys.version_info[1]))';
const needs: Readonly<Record<Language, readonly Need[]>> = {
  // Debian's python3 has no venv; its package python3-venv has.
  python: [{ name: 'Python with venv', ask: ['python3', '-c', python], least: [3, 10] }],
  java: [
    { name: 'a JDK', ask: ['javac', '-version'], least: [17, 0] },
    { name: 'Maven', ask: ['mvn', '--batch-mode', '--version'], least: [3, 6] },
  ],
  go: [{ name: 'Go', ask: ['go', 'env', 'GOVERSION'], least: [1, 25] }],
  dotnet: [],
};

const ASK_MAX_MS = 20_000;

/** @returns what a program prints; undefined when it is not there or fails. */
export type Ask = (command: readonly string[]) => string | undefined;

/** @returns what the language wants and what is there instead, or undefined when nothing is missing. */
export function missingFor(language: Language, ask: Ask = askProgram): string | undefined {
  for (const { name, ask: command, least } of needs[language]) {
    const said = ask(command);
    // Not the number of a colour, which Maven begins with.
    const [, major, minor = '0'] = /(?<![[\d])(\d+)(?:\.(\d+))?/.exec(said ?? '') ?? [];
    const wants = `it wants ${name} ${least.join('.')} or later`;
    if (major === undefined) return `${wants}, which is not there`;
    const isEnough = Number(major) - least[0] || Number(minor) - least[1];
    if (isEnough < 0) return `${wants}, and here is ${major}.${minor}`;
  }
  return undefined;
}

function askProgram([program = '', ...args]: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: ASK_MAX_MS });
  return status === 0 ? stdout : undefined;
}

/** Said where it is missing, so that nobody takes it for run. */
export function notMade(language: Language, missing: string): string {
  return `NOT RUN here: the package for ${language} (${missing})`;
}
