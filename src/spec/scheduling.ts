/**
 * Where pods may run, in the shapes of Kubernetes, so that what is known from a Pod can be written
 * as it is known. Never here: the constraints that we add; those stand in resources/stateful-set.ts.
 */
import type { Spread } from './enums';

/** One condition on labels. */
export interface LabelSelectorRequirement {
  /** The label's key. */
  readonly key: string;
  /** In, NotIn, Exists or DoesNotExist. */
  readonly operator: string;
  /**
   * Values for In and NotIn; none for Exists and DoesNotExist.
   * @default - none
   */
  readonly values?: string[];
}

/** Selects objects by their labels; all conditions must hold. */
export interface LabelSelector {
  /**
   * Labels with exactly these values.
   * @default - none
   */
  readonly matchLabels?: { readonly [key: string]: string };
  /**
   * Conditions on labels.
   * @default - none
   */
  readonly matchExpressions?: LabelSelectorRequirement[];
}

/** One condition on a node's labels or fields. */
export interface NodeSelectorRequirement {
  /** The label's key, or the field's name. */
  readonly key: string;
  /** In, NotIn, Exists, DoesNotExist, Gt or Lt. */
  readonly operator: string;
  /**
   * Values for In and NotIn; exactly one whole number for Gt and Lt; none otherwise.
   * @default - none
   */
  readonly values?: string[];
}

/** Nodes that meet all of these conditions. */
export interface NodeSelectorTerm {
  /**
   * Conditions on the node's labels.
   * @default - none
   */
  readonly matchExpressions?: NodeSelectorRequirement[];
  /**
   * Conditions on the node's fields (metadata.name).
   * @default - none
   */
  readonly matchFields?: NodeSelectorRequirement[];
}

/** Nodes that meet at least one of the terms. */
export interface NodeSelector {
  /** At least one term. */
  readonly nodeSelectorTerms: NodeSelectorTerm[];
}

/** A wish with a weight. */
export interface PreferredSchedulingTerm {
  /** 1..100; weights of the terms that a node meets are added. */
  readonly weight: number;
  /** The nodes that are preferred. */
  readonly preference: NodeSelectorTerm;
}

/** Which nodes pods may or should run on. */
export interface NodeAffinity {
  /**
   * Nodes that must be met.
   * @default - any node
   */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector;
  /**
   * Nodes that are preferred.
   * @default - none
   */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: PreferredSchedulingTerm[];
}

/** Pods near which, or away from which, ours run. */
export interface PodAffinityTerm {
  /**
   * The pods that count.
   * @default - none
   */
  readonly labelSelector?: LabelSelector;
  /**
   * Namespaces by their labels.
   * @default - the pod's own namespace
   */
  readonly namespaceSelector?: LabelSelector;
  /**
   * Namespaces by name.
   * @default - the pod's own namespace
   */
  readonly namespaces?: string[];
  /** The node label that says what "near" means, such as topology.kubernetes.io/zone. */
  readonly topologyKey: string;
}

/** A wish with a weight. */
export interface WeightedPodAffinityTerm {
  /** 1..100; weights of the terms that a node meets are added. */
  readonly weight: number;
  /** The pods that count. */
  readonly podAffinityTerm: PodAffinityTerm;
}

/** Pods near which ours run. */
export interface PodAffinity {
  /**
   * Terms that must be met.
   * @default - none
   */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];
  /**
   * Terms that are preferred.
   * @default - none
   */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: WeightedPodAffinityTerm[];
}

/** Affinity of the data pods, as in a Pod. */
export interface Affinity {
  /**
   * Which nodes.
   * @default - any node
   */
  readonly nodeAffinity?: NodeAffinity;
  /**
   * Near which pods.
   * @default - none
   */
  readonly podAffinity?: PodAffinity;
  /**
   * Away from which pods.
   * @default - none
   */
  readonly podAntiAffinity?: PodAffinity;
}

/** A taint that the data pods tolerate, as in a Pod. */
export interface Toleration {
  /**
   * The taint's key; without it every key, and then the operator must be Exists.
   * @default - every key
   */
  readonly key?: string;
  /**
   * Equal or Exists.
   * @default "Equal"
   */
  readonly operator?: string;
  /**
   * The taint's value; not with Exists.
   * @default - the empty value
   */
  readonly value?: string;
  /**
   * NoSchedule, PreferNoSchedule or NoExecute.
   * @default - every effect
   */
  readonly effect?: string;
  /**
   * How long a NoExecute taint is tolerated, in seconds.
   * @default - for ever
   */
  readonly tolerationSeconds?: number;
}

/** How evenly the data pods are spread, as in a Pod. The operator fills in the pods that count. */
export interface TopologySpreadConstraint {
  /** The largest difference between two places. 1..64. */
  readonly maxSkew: number;
  /** The node label that names the place. */
  readonly topologyKey: string;
  /** DoNotSchedule or ScheduleAnyway. */
  readonly whenUnsatisfiable: string;
}

/** How strongly pods are kept on different nodes and in different zones. */
export interface SpreadSpec {
  /**
   * Across nodes (kubernetes.io/hostname): Preferred, Required or None.
   * @default "Preferred"
   */
  readonly node?: Spread;
  /**
   * Across zones (topology.kubernetes.io/zone): Preferred, Required or None.
   * @default "Preferred"
   */
  readonly zone?: Spread;
}

/** Where the data pods may run. */
export interface SchedulingSpec {
  /**
   * Affinity, as in a Pod.
   * @default - none
   */
  readonly affinity?: Affinity;
  /**
   * Taints that are tolerated, as in a Pod.
   * @default - none
   */
  readonly tolerations?: Toleration[];
  /**
   * Further spread constraints, beside those of `spread`.
   * @default - none
   */
  readonly topologySpreadConstraints?: TopologySpreadConstraint[];
  /**
   * Name of a PriorityClass.
   * @default - the cluster's default class
   */
  readonly priorityClassName?: string;
  /**
   * How strongly pods are kept apart.
   * @default - Preferred for nodes and zones
   */
  readonly spread?: SpreadSpec;
}
