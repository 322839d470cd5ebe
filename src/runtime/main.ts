/**
 * What esbuild makes assets/operator.mjs of: `node operator.mjs operator [FLAGS]`. Ends with 0 when asked
 * to, with 1 and one sentence when it could not work.
 * Never here: anything else.
 */
import { GungnirError } from '../kit/reasons';
import { inCluster, runOperator } from './operator-process';

async function main(argv: readonly string[]): Promise<void> {
  const flags = argv[0] === 'operator' ? argv.slice(1) : argv;
  try {
    await runOperator(flags, inCluster);
  } catch (error) {
    if (!(error instanceof GungnirError)) throw error;
    process.stderr.write(`gungnir: ${error.message}\n`);
    process.exit(1);
  }
  process.exit(0);
}

void main(process.argv.slice(2));
