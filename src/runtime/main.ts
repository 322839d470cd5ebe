/**
 * What esbuild makes assets/operator.mjs of: `node operator.mjs operator [FLAGS]`.
 * Never here: anything else.
 */
import { inCluster, runOperator } from './operator-process';

const [command, ...argv] = process.argv.slice(2);
process.exitCode = await runOperator(command === 'operator' ? argv : process.argv.slice(2), inCluster);
process.exit();
