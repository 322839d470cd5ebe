/**
 * Finds tools that only some machines have: on the PATH, or in the folder that GUNGNIR_TOOLS names, and kubectl in
 * that of the test Kubernetes, KUBE_CACHE.
 * Never here: what is tested with them.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export type Tool = 'helm' | 'kubeconform' | 'kubectl';

/** @returns its path, or undefined. */
export function optionalTool(name: Tool, env = process.env): string | undefined {
  const cache = join(homedir(), '.cache');
  const { GUNGNIR_TOOLS = join(cache, 'gungnir-tools'), PATH = '' } = env;
  const { KUBE_CACHE = join(cache, 'gungnir-kube') } = env;
  return [...PATH.split(delimiter), GUNGNIR_TOOLS, join(KUBE_CACHE, 'bin')]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(existsSync);
}

/** What is not run for want of it; said where it is missing, so that nobody takes it for run. */
export function notRun(name: Tool, what: string): string {
  const place = name === 'kubectl' ? 'KUBE_CACHE/bin' : 'GUNGNIR_TOOLS';
  return `NOT RUN here: ${what} (there is no ${name} on the PATH or in ${place})`;
}
