#!/usr/bin/env node

/* The program is assets/cli.mjs, one file with its packages inlined; this only starts it. */
const { existsSync, readdirSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const program = join(__dirname, '..', 'assets', 'cli.mjs');
/* Only a clone has it. */
const sources = join(__dirname, '..', 'src');

if (existsSync(program)) {
  if (existsSync(sources) && isChangedSince(statSync(program).mtimeMs)) {
    process.stderr.write('gungnir: assets/cli.mjs is older than src. To fix: npm run bundle.\n');
  }
  void import(pathToFileURL(program).href);
} else {
  process.stderr.write('gungnir: assets/cli.mjs has not been made. To fix: npm run bundle.\n');
  process.exitCode = 1;
}

function isChangedSince(madeMs) {
  const files = readdirSync(sources, { recursive: true });
  return files.some(
    (file) => file.endsWith('.ts') && statSync(join(sources, file)).mtimeMs > madeMs,
  );
}
