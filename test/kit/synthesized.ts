/**
 * What each user of the one renderer makes of a definition, as plain objects in the order in which it
 * makes them. Never here: which of them are equal.
 */
import { App, Chart, Testing } from 'cdk8s';
import { parseAllDocuments, stringify } from 'yaml';
import { ManagementMode, ValkeyCluster } from '../../src/index';
import { render } from '../../src/resources/render';
import type { ValkeyClusterDefinition } from '../../src/spec/definition';
import { run } from '../cli/fake-io';

export interface Synthesized {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly object[];
  };
}

const plain = (value: unknown): readonly Synthesized[] => JSON.parse(JSON.stringify(value));

/** The ValkeyCluster and its objects, as cdk8s synthesizes them for Git. */
export function byCdk8s({ metadata, spec }: ValkeyClusterDefinition): readonly Synthesized[] {
  const { name, namespace } = metadata;
  const chart = new Chart(new App(), 'app', namespace === undefined ? {} : { namespace });
  new ValkeyCluster(chart, 'db', { ...spec, metadata: { name }, mode: ManagementMode.WORKLOAD });
  return plain(Testing.synth(chart));
}

/** The objects that the operator applies, once the ValkeyCluster has that uid. */
export function byOperator(
  { metadata, spec }: ValkeyClusterDefinition,
  uid: string,
): readonly Synthesized[] {
  return plain(render({ metadata: { ...metadata, uid }, spec }));
}

/** What `gungnir render` prints for the definition in a file. */
export async function byCommand(
  definition: ValkeyClusterDefinition,
): Promise<readonly Synthesized[]> {
  const file = stringify({
    apiVersion: 'valkey.verilean.io/v1',
    kind: 'ValkeyCluster',
    ...definition,
  });
  const { out, err } = await run(['render', 'a.yaml'], { 'a.yaml': file });
  if (err !== '') throw new Error(err);
  return parseAllDocuments(out).map((document) => document.toJS() as Synthesized);
}
