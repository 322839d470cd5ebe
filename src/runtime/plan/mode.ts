/**
 * Whether the objects of a cluster are the operator's to make, Git's, or nobody's for now.
 * Never here: what is made (reconcile.ts).
 */
import type { ValkeyClusterSpec } from '../../spec/cluster';
import { resolve } from '../../spec/defaults';
import { ANNOTATIONS } from '../../spec/naming';
import type { InForce } from './in-force';
import type { Observed } from './reconcile';

interface Marked {
  readonly metadata: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
}

/** Objects that Git applies stay Git's: the ValkeyCluster says so, or a StatefulSet from before. */
export function modeOf(
  cluster: Marked & { readonly spec?: ValkeyClusterSpec },
  statefulSet: Marked | undefined,
  basis: InForce['basis'],
): Observed['mode'] {
  if (cluster.metadata.deletionTimestamp !== undefined) return 'ending';
  if (basis === 'remains') return 'invalid';
  if (resolve(cluster.spec ?? {}).paused) return 'paused';
  const isGits = [cluster, statefulSet].some(
    (marked) => marked?.metadata.annotations?.[ANNOTATIONS.managedBy] === 'gitops',
  );
  return isGits ? 'gitops' : 'managed';
}
