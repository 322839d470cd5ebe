/**
 * Finds tools that only some machines have: on the PATH, or in the folder that GUNGNIR_TOOLS names.
 * Never here: what is tested with them.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export type Tool = 'helm' | 'kubeconform' | 'kubectl';

/** @returns its path, or undefined. */
export function optionalTool(name: Tool): string | undefined {
  const { GUNGNIR_TOOLS = join(homedir(), '.cache', 'gungnir-tools'), PATH = '' } = process.env;
  return [...PATH.split(delimiter), GUNGNIR_TOOLS]
    .map((folder) => join(folder, name))
    .find(existsSync);
}

/** What is not run for want of it; said where it is missing, so that nobody takes it for run. */
export function notRun(name: Tool, what: string): string {
  return `NOT RUN here: ${what} (there is no ${name} on the PATH or in GUNGNIR_TOOLS)`;
}
