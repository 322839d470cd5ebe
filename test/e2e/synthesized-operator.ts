/**
 * The operator as an infrastructure repository brings it: the YAML that cdk8s synthesizes of the constructs, and
 * nothing else.
 * Never here: applying it (operator.ts).
 */
import { execFileSync } from 'node:child_process';
import { App, Chart, Yaml } from 'cdk8s';
import { ValkeyCrds, ValkeyOperator } from '../../src/index';

/** With the program that was just built. */
export function synthesizedOperator(): string {
  execFileSync(process.execPath, ['--import', 'tsx', 'build-tools/bundle.ts']);
  const chart = new Chart(new App(), 'platform');
  new ValkeyCrds(chart, 'crds');
  new ValkeyOperator(chart, 'operator');
  return Yaml.stringify(...chart.toJson());
}
