/**
 * What is legal but weaker than it looks: told in the condition ConfigurationWarning.
 * Never here: what is refused (validate.ts).
 */
import type { ValkeyClusterSpec } from './cluster';
import { resolve, wantedMinReplicas } from './defaults';

export interface Warning {
  readonly path: string;
  /** A sentence without a full stop: what follows, and what would help. */
  readonly message: string;
}

/** @param spec a valid spec. */
export function warningsOf(spec: ValkeyClusterSpec): readonly Warning[] {
  return [...fewReplicas(spec), ...loweredM(spec), ...noLimit(spec), ...noVolume(spec)];
}

function fewReplicas(spec: ValkeyClusterSpec): readonly Warning[] {
  const { replicas } = resolve(spec);
  if (replicas >= 3) return [];
  const message =
    replicas === 1
      ? 'one pod: nothing takes over when it is lost; set 3 or more'
      : 'two pods: while one is away, writes are not replicated; set 3 or more';
  return [{ path: 'spec.replicas', message }];
}

function loweredM(spec: ValkeyClusterSpec): readonly Warning[] {
  const asked = spec.failover?.minReplicasToWrite;
  const inForce = wantedMinReplicas(spec);
  if (asked === undefined || asked === inForce) return [];
  const message = `${asked} is more than replicas - 1, so ${inForce} is in force; raise replicas or lower it`;
  return [{ path: 'spec.failover.minReplicasToWrite', message }];
}

function noLimit(spec: ValkeyClusterSpec): readonly Warning[] {
  if (spec.maxMemory === undefined || spec.resources?.limits?.memory !== undefined) return [];
  return [
    {
      path: 'spec.maxMemory',
      message: 'has no effect without spec.resources.limits.memory; set that too',
    },
  ];
}

function noVolume(spec: ValkeyClusterSpec): readonly Warning[] {
  if (resolve(spec).persistence.enabled) return [];
  return [
    {
      path: 'spec.persistence.enabled',
      message: 'without a volume the data is gone when all pods restart at once',
    },
  ];
}
