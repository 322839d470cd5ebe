/**
 * The ReplicaSets of a Deployment: which one is its present template's, their annotations, and how a
 * new one looks.
 * Never here: how many pods each should have (scale.ts).
 */
import type { Draft } from '../frame/action';
import { fnv1a, goJson, safeWord } from '../objects/hash';
import { controllerReference } from '../objects/owner';
import type { PodTemplate } from '../objects/pod';
import { countOf, type Deployment, type ReplicaSet } from '../objects/workload';

const HASH_LABEL = 'pod-template-hash';
export const REVISION = 'deployment.kubernetes.io/revision';
const HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED = 'deployment.kubernetes.io/desired-replicas';
export const MAX = 'deployment.kubernetes.io/max-replicas';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const OWN = new Set([REVISION, HISTORY, DESIRED, MAX, LAST_APPLIED]);

type Annotations = Readonly<Record<string, string>>;

export interface Sets {
  /** Of the present template. */
  readonly fresh: ReplicaSet | undefined;
  /** The others, oldest first. */
  readonly old: readonly ReplicaSet[];
}

export function setsOf({ spec }: Deployment, owned: readonly ReplicaSet[]): Sets {
  const sorted = [...owned].sort(byAge);
  const wanted = shapeOf(spec.template);
  const fresh = sorted.find((set) => shapeOf(set.spec.template) === wanted);
  return { fresh, old: sorted.filter((set) => set !== fresh) };
}

function byAge({ metadata: a }: ReplicaSet, { metadata: b }: ReplicaSet): number {
  if (a.creationTimestamp !== b.creationTimestamp)
    return a.creationTimestamp < b.creationTimestamp ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

/** The template without the label that tells the sets apart. */
function shapeOf({ metadata, spec }: PodTemplate): string {
  const { [HASH_LABEL]: _, ...labels } = metadata?.labels ?? {};
  return goJson({ metadata: { ...metadata, labels }, spec });
}

export function replicasOf({ spec }: ReplicaSet): number {
  return spec.replicas ?? 1;
}

export function total(sets: readonly (ReplicaSet | undefined)[]): number {
  return sets.reduce((sum, set) => sum + (set === undefined ? 0 : replicasOf(set)), 0);
}

/** How far a rollout may go beyond and below the wanted number. */
export function leeway({ spec }: Deployment): {
  readonly surge: number;
  readonly unavailable: number;
} {
  const { strategy, replicas = 1 } = spec;
  if (strategy?.type === 'Recreate') return { surge: 0, unavailable: 0 };
  const { maxSurge, maxUnavailable } = strategy?.rollingUpdate ?? {};
  const surge = countOf(maxSurge, '25%', replicas, 'up');
  const unavailable = countOf(maxUnavailable, '25%', replicas, 'down');
  const atLeast = surge === 0 && unavailable === 0 ? 1 : unavailable;
  return { surge, unavailable: Math.min(atLeast, replicas) };
}

export function sizeAnnotations(deployment: Deployment): Annotations {
  const { replicas = 1 } = deployment.spec;
  return { [DESIRED]: String(replicas), [MAX]: String(replicas + leeway(deployment).surge) };
}

/** One more than that of any old set. */
export function nextRevision(old: readonly ReplicaSet[]): number {
  return Math.max(0, ...old.map(revisionOf)) + 1;
}

export function revisionOf({ metadata }: ReplicaSet): number {
  return Number(metadata.annotations?.[REVISION] ?? 0);
}

/** What the present set should have: the Deployment's annotations, and the highest revision. */
export function annotationsFor(
  deployment: Deployment,
  set: ReplicaSet,
  revision: number,
): Annotations {
  const own = set.metadata.annotations ?? {};
  const merged = { ...own, ...inherited(deployment) };
  const before = revisionOf(set);
  if (before >= revision) return merged;
  const history = own[HISTORY] ? `${own[HISTORY]},${before}` : String(before);
  return {
    ...merged,
    [REVISION]: String(revision),
    ...(own[REVISION] === undefined ? {} : { [HISTORY]: history }),
  };
}

function inherited({ metadata }: Deployment): Annotations {
  const entries = Object.entries(metadata.annotations ?? {}).filter(([key]) => !OWN.has(key));
  return Object.fromEntries(entries);
}

/** The name's end: of the template, and of how often such a name was taken by another. */
export function templateHash({ spec, status }: Deployment): string {
  return safeWord(fnv1a(`${goJson(spec.template)}${status?.collisionCount ?? ''}`));
}

export function draftSet(deployment: Deployment, replicas: number, revision: number): Draft {
  const { name, namespace } = deployment.metadata;
  const { template, selector, minReadySeconds = 0 } = deployment.spec;
  const hash = templateHash(deployment);
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash };
  return {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: {
        ...inherited(deployment),
        [REVISION]: String(revision),
        ...sizeAnnotations(deployment),
      },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds === 0 ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}
