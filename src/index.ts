/**
 * What jsii sees, and so what other languages get: the structs of a definition, and the constructs.
 * Lists in the structs are `T[]`: jsii knows no readonly ones.
 * Never here: free functions (jsii has none), the engine (gungnir/sentinel), the operator.
 */

import './constructs/cdk8s/peers';

export * from './constructs/cdk8s/connection';
export * from './constructs/cdk8s/management-mode';
export * from './constructs/cdk8s/valkey-cluster';
export * from './constructs/cdk8s/valkey-crds';
export * from './constructs/cdk8s/valkey-operator';
export * from './spec/access';
export * from './spec/cluster';
export * from './spec/enums';
export * from './spec/failover';
export * from './spec/scheduling';
export * from './spec/surroundings';
