/** `gungnir crds`: prints the definitions that the API server needs. */
import { VALKEY_CLUSTER_CRD } from '../../spec/crds.generated';
import { readFlags } from '../args';
import { type Command, EXIT } from './command';
import { formatObjects, outputFlag } from './output';

export const crds: Command = {
  name: 'crds',
  summary: 'print the CustomResourceDefinitions',
  usage: 'gungnir crds [--output yaml|json]',
  details: ['Prints the CustomResourceDefinitions, for kubectl or Git.'],
  examples: ['gungnir crds | kubectl apply --server-side -f -', 'gungnir crds > crds.yaml'],
  async run(argv, io) {
    const { output } = readFlags({ output: outputFlag }, argv, {});
    io.writeOut(formatObjects([VALKEY_CLUSTER_CRD], output));
    return EXIT.ok.code;
  },
};
