/** `gungnir/pulumi`: the components, their arguments, and the values of their enums. Never here: code. */
import './peers';

export * from '../../spec/enums';
export * from './args.generated';
export { componentProvider } from './provider';
export {
  ValkeyCluster,
  type ValkeyClusterArgs,
  type ValkeyClusterMetadataArgs,
} from './valkey-cluster';
export { ValkeyCrds } from './valkey-crds';
export { ValkeyOperator, type ValkeyOperatorArgs } from './valkey-operator';
