/**
 * Role labels of pods: they feed the read Service and `kubectl get pods -L`. A pod whose role is not
 * known has none, so that the read Service never sends readers to a stranger.
 * Never here: routing of writes; the client Service selects by name.
 */
import { follows } from '../../sentinel/core/process';
import type { State } from '../../sentinel/core/state';
import { LABELS, ROLES } from '../../spec/naming';
import { servingPrimary } from './status';

export interface LabelPatch {
  readonly pod: string;
  readonly podUid: string;
  /** null removes the label. */
  readonly role: string | null;
}

/** @param current what the pods carry by now, by uid. */
export function labelPatches(
  state: State,
  current: ReadonlyMap<string, string | undefined>,
): readonly LabelPatch[] {
  const primary = servingPrimary(state);
  if (primary === undefined) return [];
  return state.nodes.flatMap(({ fact }) => {
    if (fact.lifecycle === 'gone' || !current.has(fact.podUid)) return [];
    const node = state.nodes.find((other) => other.fact.podUid === fact.podUid);
    const attached = node !== undefined && node !== primary && follows(node, primary);
    const role = node === primary ? ROLES.primary : attached ? ROLES.replica : null;
    const before = current.get(fact.podUid) ?? null;
    return before === role ? [] : [{ pod: fact.pod, podUid: fact.podUid, role }];
  });
}

export const ROLE_LABEL = LABELS.role;
