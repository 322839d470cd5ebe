/**
 * How esbuild makes one file of a program of ours and its packages. The process tests of the command line
 * bundle the same way, so that they run what is shipped, from the sources of the moment.
 * Never here: which programs there are.
 */
import type { BuildOptions } from 'esbuild';

/** Packages in CommonJS ask for built-ins by require(), which an ES module has to make first. */
const requireBanner =
  "import{createRequire as __create}from'node:module';const require=__create(import.meta.url);";

export const bundleOptions = {
  absWorkingDir: process.cwd(),
  bundle: true,
  alias: { undici: './build-tools/no-undici.ts' },
  minify: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  charset: 'utf8',
  legalComments: 'none',
  banner: { js: requireBanner },
  logLevel: 'warning',
} as const satisfies BuildOptions;
