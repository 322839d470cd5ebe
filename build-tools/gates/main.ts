/**
 * `node build-tools/run.mjs tsx build-tools/gates/main.ts`: all gates over this tree, nothing else.
 */
import { gates } from './all';
import { readTree } from './tree';

const tree = readTree(process.cwd());
for (const gate of gates) {
  const startMs = performance.now();
  const findings = gate.check(tree);
  console.log(
    `${findings.length === 0 ? 'ok    ' : 'FAILED'} ${gate.name}: ${gate.holds} (${Math.round(performance.now() - startMs)} ms)`,
  );
  for (const { path, line, message } of findings) console.log(`       ${path}:${line} ${message}`);
  if (findings.length > 0) process.exitCode = 1;
}
