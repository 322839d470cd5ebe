/**
 * The history of a StatefulSet: which revision its template is, which one its pods had before, and
 * which old ones go. Names and hashes are those of a real controller-manager.
 * Never here: pods.
 */
import type { Action } from '../frame/action';
import { fnv1, goJson, safeWord } from '../objects/hash';
import { controllerReference } from '../objects/owner';
import type { PodTemplate } from '../objects/pod';
import {
  CONTROLLER_REVISIONS,
  type ControllerRevision,
  type StatefulSet,
} from '../objects/workload';

const HASH_LABEL = 'controller.kubernetes.io/hash';

/** A revision that exists, or is made in this turn. */
export interface Revision {
  readonly name: string;
  readonly template: PodTemplate;
}

export interface Revisions {
  readonly current: Revision;
  readonly update: Revision;
  readonly collisionCount: number;
  readonly actions: readonly Action[];
}

/**
 * @param owned in order of their revision.
 * @param named any revision of the namespace, by name: another set may have taken one.
 */
export function planRevisions(
  set: StatefulSet,
  owned: readonly ControllerRevision[],
  named: (name: string) => ControllerRevision | undefined,
): Revisions {
  const { collisionCount = 0, currentRevision } = set.status ?? {};
  const data = patchOf(set);
  const raw = goJson(data);
  const last = owned.at(-1);
  const next = (last?.revision ?? 0) + 1;
  const equal = owned.filter((revision) => goJson(revision.data) === raw).at(-1);
  const old = owned.find(({ metadata }) => metadata.name === currentRevision);
  const planned = (name: string, actions: readonly Action[], count = collisionCount): Revisions => {
    const update = { name, template: templateOf(set, data) };
    const current =
      old === undefined ? update : { name: old.metadata.name, template: templateOf(set, old.data) };
    return { current, update, collisionCount: count, actions };
  };
  if (equal !== undefined) {
    if (equal === last || goJson(last?.data) === raw) return planned(last?.metadata.name ?? '', []);
    const object = { ...equal, revision: next };
    return planned(equal.metadata.name, [{ kind: 'update', of: CONTROLLER_REVISIONS, object }]);
  }
  return create(set, data, raw, next, named, planned);
}

function create(
  set: StatefulSet,
  data: unknown,
  raw: string,
  revision: number,
  named: (name: string) => ControllerRevision | undefined,
  planned: (name: string, actions: readonly Action[], count: number) => Revisions,
): Revisions {
  let count = set.status?.collisionCount ?? 0;
  for (;;) {
    const hash = safeWord(fnv1(`${raw}${count}`));
    const name = `${set.metadata.name}-${hash}`;
    const taken = named(name);
    if (taken !== undefined && goJson(taken.data) === raw) return planned(name, [], count);
    if (taken === undefined) {
      const object = draftOf(set, data, { name, hash, revision });
      return planned(name, [{ kind: 'create', of: CONTROLLER_REVISIONS, object }], count);
    }
    count += 1;
  }
}

function draftOf(
  set: StatefulSet,
  data: unknown,
  { name, hash, revision }: { name: string; hash: string; revision: number },
) {
  const { namespace, annotations } = set.metadata;
  return {
    metadata: {
      name,
      namespace,
      labels: { ...set.spec.template.metadata?.labels, [HASH_LABEL]: hash },
      annotations,
      ownerReferences: [controllerReference(set)],
    },
    data,
    revision,
  };
}

/** A patch that brings the template back. */
function patchOf(set: StatefulSet): unknown {
  return { spec: { template: { $patch: 'replace', ...set.spec.template } } };
}

/** The set as the patch makes it: one that says nothing of a template leaves the set's own. */
function templateOf(set: StatefulSet, data: unknown): PodTemplate {
  const patch = data as {
    readonly spec?: { readonly template?: PodTemplate & { readonly $patch?: string } };
  } | null;
  if (patch?.spec?.template === undefined) return set.spec.template;
  const { $patch: _, ...template } = patch.spec.template;
  return template;
}

/** Of those that no pod and no status names, the oldest beyond the limit go. */
export function truncate(
  set: StatefulSet,
  owned: readonly ControllerRevision[],
  live: ReadonlySet<string>,
): readonly Action[] {
  const history = owned.filter(({ metadata }) => !live.has(metadata.name));
  const limit = set.spec.revisionHistoryLimit ?? 10;
  return history
    .slice(0, Math.max(0, history.length - limit))
    .map((object) => ({ kind: 'delete', of: CONTROLLER_REVISIONS, object }));
}

export function inOrder(revisions: readonly ControllerRevision[]): readonly ControllerRevision[] {
  const age = ({ metadata }: ControllerRevision) => metadata.creationTimestamp;
  return [...revisions].sort(
    (a, b) =>
      a.revision - b.revision ||
      (age(a) === age(b) ? 0 : age(a) < age(b) ? -1 : 1) ||
      (a.metadata.name < b.metadata.name ? -1 : 1),
  );
}
