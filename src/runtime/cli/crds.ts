/**
 * `gungnir crds`: prints the definitions that the API server needs.
 * Never here: the definitions; spec/crds.generated.ts has them.
 */
import { VALKEY_CLUSTER_CRD } from '../../spec/crds.generated';
import { readFlags } from '../args';
import { type Command, EXIT } from './command';
import { flagLines } from './help';
import { formatObjects, outputFlag } from './output';

const flags = { output: outputFlag } as const;

export const crds: Command = {
  name: 'crds',
  summary: 'print the CustomResourceDefinitions',
  usage: 'gungnir crds [--output yaml|json]',
  details: ['Prints the CustomResourceDefinitions, for kubectl or Git.', '', ...flagLines(flags)],
  examples: ['gungnir crds | kubectl apply --server-side -f -', 'gungnir crds > crds.yaml'],
  async run(argv, io) {
    const { output } = readFlags(flags, argv, {});
    io.writeOut(formatObjects([VALKEY_CLUSTER_CRD], output));
    return EXIT.ok.code;
  },
};
