/**
 * What a Deployment does next: makes the ReplicaSet of its template, moves pods over as its strategy
 * allows, forgets old sets, and says how far it is. Each turn does one thing; the change that follows
 * brings the next one.
 * Never here: pods themselves (replica-set/).
 */
import type { Action, Decision } from '../frame/action';
import { conditionOf } from '../objects/condition';
import { goJson } from '../objects/hash';
import { isFinished, type Pod } from '../objects/pod';
import { DEPLOYMENTS, type Deployment, REPLICA_SETS, type ReplicaSet } from '../objects/workload';
import { freshSize, isScaling, rescale, resize, shrinkOld, wantedOf } from './scale';
import {
  annotationsFor,
  draftSet,
  nextRevision,
  REVISION,
  replicasOf,
  revisionOf,
  type Sets,
  setsOf,
  templateHash,
} from './sets';
import { deadlineOf, isComplete, progressing, set, statusOf, untilLate } from './status';

export interface Observed {
  readonly deployment: Deployment;
  readonly owned: readonly ReplicaSet[];
  /** Of its sets, in any phase. */
  readonly pods: readonly Pod[];
  readonly setNamed: (name: string) => ReplicaSet | undefined;
}

interface Turn extends Observed {
  readonly sets: Sets;
  readonly nowMs: number;
}

export function decideDeployment(observed: Observed, nowMs: number): Decision {
  const { deployment, owned } = observed;
  const turn = { ...observed, sets: setsOf(deployment, owned), nowMs };
  if (deployment.metadata.deletionTimestamp !== undefined) return told(turn, [], 'none');
  const { paused = false } = deployment.spec;
  const annotated = annotate(turn);
  if (annotated.length > 0) return { actions: annotated };
  if (paused) {
    const actions = rescale(deployment, turn.sets);
    return told(turn, [...actions, ...forget(turn)], 'none');
  }
  if (isScaling(deployment, turn.sets)) return told(turn, rescale(deployment, turn.sets), 'none');
  return deployment.spec.strategy?.type === 'Recreate' ? recreate(turn) : roll(turn);
}

/** The present set carries the highest revision and the Deployment's annotations. */
function annotate({ deployment, sets }: Turn): readonly Action[] {
  const { fresh, old } = sets;
  if (fresh === undefined) return [];
  const annotations = annotationsFor(deployment, fresh, nextRevision(old));
  const { minReadySeconds = 0 } = deployment.spec;
  const isSame =
    goJson(annotations) === goJson(fresh.metadata.annotations ?? {}) &&
    (fresh.spec.minReadySeconds ?? 0) === minReadySeconds;
  if (isSame) return [];
  const metadata = { ...fresh.metadata, annotations };
  const object = { ...fresh, metadata, spec: { ...fresh.spec, minReadySeconds } };
  return [{ kind: 'update', of: REPLICA_SETS, object }];
}

function roll(turn: Turn): Decision {
  const { deployment, sets } = turn;
  const { fresh, old } = sets;
  if (fresh === undefined) return createSet(turn);
  const wanted = wantedOf(deployment);
  const size = replicasOf(fresh);
  const next = size > wanted ? wanted : freshSize(deployment, old, size);
  const grown = size === next ? [] : resize(deployment, fresh, next);
  if (grown.length > 0) return told(turn, grown, 'judged');
  const shrunk = shrinkOld(deployment, fresh, old);
  if (shrunk.length > 0) return told(turn, shrunk, 'judged');
  return told(turn, isComplete(deployment, deployment.status) ? forget(turn) : [], 'judged');
}

function recreate(turn: Turn): Decision {
  const { deployment, sets, pods } = turn;
  const { fresh, old } = sets;
  const down = old
    .filter((entry) => replicasOf(entry) > 0)
    .flatMap((entry) => resize(deployment, entry, 0));
  if (down.length > 0) return told(turn, down, 'judged');
  const oldUids = new Set(old.map(({ metadata }) => metadata.uid));
  const isRunning = (pod: Pod) =>
    !isFinished(pod) && (pod.metadata.ownerReferences ?? []).some(({ uid }) => oldUids.has(uid));
  const isBusy = old.some(({ status }) => (status?.replicas ?? 0) > 0) || pods.some(isRunning);
  if (isBusy) return told(turn, [], 'judged');
  if (fresh === undefined) return createSet(turn);
  const wanted = wantedOf(deployment);
  const up = replicasOf(fresh) === wanted ? [] : resize(deployment, fresh, wanted);
  if (up.length > 0) return told(turn, up, 'judged');
  return told(turn, isComplete(deployment, deployment.status) ? forget(turn) : [], 'judged');
}

function createSet({ deployment, sets, setNamed, nowMs }: Turn): Decision {
  const name = `${deployment.metadata.name}-${templateHash(deployment)}`;
  const { status = {} } = deployment;
  if (setNamed(name) !== undefined) {
    const collisionCount = (status.collisionCount ?? 0) + 1;
    const object = { ...deployment, status: { ...status, collisionCount } };
    return { actions: [{ kind: 'status', of: DEPLOYMENTS, object }] };
  }
  const revision = nextRevision(sets.old);
  const size = freshSize(deployment, sets.old, 0);
  const draft = draftSet(deployment, size, revision);
  const created = progressing('True', 'NewReplicaSetCreated', `Created new replica set "${name}"`);
  const conditions =
    deadlineOf(deployment) === undefined
      ? (status.conditions ?? [])
      : set(status.conditions ?? [], created, nowMs);
  const metadata = withRevision(deployment, String(revision));
  const object = { ...deployment, metadata, status: { ...status, conditions } };
  const message = `Failed to create new replica set "${name}": `;
  const failed = { about: deployment, reason: 'ReplicaSetCreateError', message };
  const scaled = `Scaled up replica set ${name} from 0 to ${size}`;
  const told = { about: deployment, reason: 'ScalingReplicaSet', message: scaled };
  return {
    actions: [
      {
        ...{ kind: 'create', of: REPLICA_SETS, object: draft, onRefusal: failed },
        ...(size === 0 ? {} : { onSuccess: told }),
      },
      { kind: 'status', of: DEPLOYMENTS, object },
    ],
  };
}

function withRevision({ metadata }: Deployment, revision: string): Deployment['metadata'] {
  return { ...metadata, annotations: { ...metadata.annotations, [REVISION]: revision } };
}

/** Old sets without pods beyond the limit, the oldest revision first. */
function forget({ deployment, sets }: Turn): readonly Action[] {
  const { revisionHistoryLimit = 10 } = deployment.spec;
  const alive = sets.old.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return [...alive]
    .sort((a, b) => revisionOf(a) - revisionOf(b))
    .slice(0, Math.max(0, alive.length - revisionHistoryLimit))
    .filter(
      (entry) =>
        replicasOf(entry) === 0 &&
        (entry.status?.replicas ?? 0) === 0 &&
        (entry.metadata.generation ?? 0) <= (entry.status?.observedGeneration ?? 0),
    )
    .map((object) => ({ kind: 'delete', of: REPLICA_SETS, object }));
}

/** The actions, and what the status says before they take effect. */
function told(turn: Turn, actions: readonly Action[], progress: 'judged' | 'none'): Decision {
  const { deployment, sets, nowMs } = turn;
  const conditions = reported(turn);
  const status = statusOf(deployment, sets, conditions, progress, nowMs);
  const { fresh } = sets;
  const revision = fresh?.metadata.annotations?.[REVISION];
  const isRevised =
    revision !== undefined && deployment.metadata.annotations?.[REVISION] !== revision;
  const metadata = isRevised ? withRevision(deployment, revision) : deployment.metadata;
  const object = { ...deployment, metadata, status };
  const isSame = !isRevised && goJson(status) === goJson(deployment.status ?? {});
  return {
    actions: [
      ...actions,
      ...(isSame ? [] : [{ kind: 'status', of: DEPLOYMENTS, object } as const]),
    ],
    recheckAfterMs: progress === 'none' ? undefined : untilLate(deployment, status, nowMs),
  };
}

/** A pause is told, so that the time of it does not count as time without progress. */
function reported({
  deployment,
  sets,
  nowMs,
}: Turn): NonNullable<Deployment['status']>['conditions'] & {} {
  const conditions = deployment.status?.conditions ?? [];
  if (deadlineOf(deployment) === undefined) return conditions;
  const { reason } = conditionOf(conditions, 'Progressing') ?? {};
  const { paused = false } = deployment.spec;
  if (paused && reason !== 'DeploymentPaused' && reason !== 'ProgressDeadlineExceeded')
    return set(
      conditions,
      progressing('Unknown', 'DeploymentPaused', 'Deployment is paused'),
      nowMs,
    );
  if (!paused && reason === 'DeploymentPaused')
    return set(
      conditions,
      progressing('Unknown', 'DeploymentResumed', 'Deployment is resumed'),
      nowMs,
    );
  if (reason !== undefined || sets.fresh === undefined) return conditions;
  const found = `Found new replica set "${sets.fresh.metadata.name}"`;
  return set(conditions, progressing('True', 'FoundNewReplicaSet', found), nowMs);
}
