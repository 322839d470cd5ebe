/** One chart of one app, synthesized as plain objects. Never here: what is in it. */
import { App, Chart, type ChartProps, Testing } from 'cdk8s';

export interface Made {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

export function synth(fill: (chart: Chart) => void, props: ChartProps = {}): readonly Made[] {
  const chart = new Chart(new App(), 'app', props);
  fill(chart);
  return Testing.synth(chart) as Made[];
}

/** As it stands in a file: without what is undefined. */
export const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
