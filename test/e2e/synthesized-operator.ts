/**
 * The operator as an infrastructure repository brings it: the YAML that cdk8s synthesizes of the constructs, and
 * nothing else.
 * Never here: applying it (operator.ts).
 */
import { execFileSync } from 'node:child_process';
import { App, Chart, Yaml } from 'cdk8s';
import { ValkeyCrds, ValkeyOperator, type ValkeyOperatorProps } from '../../src/index';

/** With the program that was just built. */
export function synthesizedOperator(props: ValkeyOperatorProps = {}): string {
  execFileSync(process.execPath, ['--import', 'tsx', 'build-tools/bundle.ts']);
  const chart = new Chart(new App(), 'platform');
  new ValkeyCrds(chart, 'crds');
  new ValkeyOperator(chart, 'operator', props);
  return Yaml.stringify(...chart.toJson());
}
