#!/usr/bin/env node

/* The program is assets/cli.mjs, one file with its packages inlined; this only starts it. */
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const program = join(__dirname, '..', 'assets', 'cli.mjs');
if (existsSync(program)) {
  void import(pathToFileURL(program).href);
} else {
  process.stderr.write('gungnir: assets/cli.mjs has not been made. To fix: npm run bundle.\n');
  process.exitCode = 1;
}
