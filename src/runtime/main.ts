/**
 * What esbuild makes assets/operator.mjs of: `node operator.mjs operator [FLAGS]`.
 * Never here: anything else.
 */
import { inCluster, runOperator } from './operator-process';

async function main(argv: readonly string[]): Promise<void> {
  const flags = argv[0] === 'operator' ? argv.slice(1) : argv;
  process.exit(await runOperator(flags, inCluster));
}

void main(process.argv.slice(2));
