/**
 * What jsii sees, and so what other languages get: the structs of a definition.
 * Lists in the structs are `T[]`: jsii knows no readonly ones.
 * Never here: functions (jsii has none), the engine (gungnir/sentinel), the operator.
 */
export * from './spec/access';
export * from './spec/cluster';
export * from './spec/enums';
export * from './spec/failover';
export * from './spec/scheduling';
export * from './spec/surroundings';
