/**
 * What may not change once a cluster exists. Pods could not follow such a change without losing
 * their data or their clients. Never here: rules on one definition alone (rules.ts).
 */
import { DEFAULTS } from './defaults';

export interface TransitionRule {
  readonly kind: 'immutable' | 'growing';
  readonly path: string;
  /** What an absent field means. */
  readonly absent: string | number | boolean | undefined;
  /** The object in the CRD that holds the rule, and the rule; undefined where CEL cannot say it. */
  readonly cel: { readonly at: string; readonly rule: string } | undefined;
  readonly limit: string;
  readonly remedy: string;
}

const anew = 'put the old value back, or create a new cluster and move the data';

export const TRANSITION_RULES: readonly TransitionRule[] = [
  {
    kind: 'immutable',
    path: 'spec.port',
    absent: DEFAULTS.port,
    cel: { at: 'spec', rule: 'self.port == oldSelf.port' },
    limit: 'port is immutable',
    remedy: anew,
  },
  {
    kind: 'immutable',
    path: 'spec.persistence.enabled',
    absent: DEFAULTS.persistence.enabled,
    cel: { at: 'spec.persistence', rule: 'self.enabled == oldSelf.enabled' },
    limit: 'persistence.enabled is immutable',
    remedy: anew,
  },
  {
    kind: 'immutable',
    path: 'spec.persistence.storageClassName',
    absent: undefined,
    cel: {
      at: 'spec.persistence',
      rule:
        'has(self.storageClassName) == has(oldSelf.storageClassName) && ' +
        '(!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)',
    },
    limit: 'persistence.storageClassName is immutable',
    remedy: anew,
  },
  {
    kind: 'growing',
    path: 'spec.persistence.storageSize',
    absent: DEFAULTS.persistence.storageSize,
    cel: undefined,
    limit: 'persistence.storageSize may not shrink',
    remedy: 'choose at least the old size',
  },
];
