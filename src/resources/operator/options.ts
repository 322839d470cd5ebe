/**
 * What may be chosen about the operator's own objects, with the defaults of `gungnir render --operator`.
 * Never here: how the program runs (flags of src/runtime/args.ts).
 */
import type { JsonMap } from '../kube-object';
import type { Bundle } from './bundle';

/** Where the program comes from. */
export type Program =
  /** In an immutable ConfigMap under a stock image with Node 24. */
  | { readonly kind: 'bundle'; readonly bundle: Bundle; readonly image: string }
  /** In the image, which is made of the published package. */
  | { readonly kind: 'image'; readonly image: string };

/** What the operator looks after. */
export type Scope =
  | { readonly kind: 'allNamespaces' }
  /** Its rights in those namespaces only, one at least; of the cluster-wide kinds it reads nodes. */
  | { readonly kind: 'namespaces'; readonly namespaces: readonly string[] };

export interface OperatorOptions {
  /** Where the operator lives. */
  readonly namespace: string;
  /** Whether that namespace is one of the objects. */
  readonly namespaceObject: 'rendered' | 'absent';
  readonly scope: Scope;
  /** One leads, the others are warm standbys. 1..8. */
  readonly replicas: number;
  /** Compute resources of its container, as in a Container. */
  readonly resources: JsonMap;
  /** Flags after `operator`. */
  readonly flags: readonly string[];
  /** A NetworkPolicy that lets in nothing but metrics and probes. */
  readonly networkPolicy: 'rendered' | 'absent';
  /** A PodMonitor of the Prometheus operator, whose definitions must be there. */
  readonly podMonitor: 'rendered' | 'absent';
}

/** Image with Node 24 under which the bundle runs. */
export const NODE_IMAGE = 'node:24-alpine';

export const OPERATOR_DEFAULTS: OperatorOptions = {
  namespace: 'gungnir-system',
  namespaceObject: 'rendered',
  scope: { kind: 'allNamespaces' },
  replicas: 2,
  resources: {
    requests: { cpu: '100m', memory: '128Mi' },
    limits: { cpu: '500m', memory: '256Mi' },
  },
  flags: [],
  networkPolicy: 'absent',
  podMonitor: 'absent',
};
