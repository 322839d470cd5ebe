/**
 * Aggregated ClusterRoles: their rules are those of the roles that they select by label, and nothing else.
 * Never here: what a rule allows (api/rbac.ts).
 */
import { NOTHING } from '../frame/action';
import { type Controller, source } from '../frame/controller';
import { keyOf, splitKey } from '../frame/kind';
import type { Reader } from '../frame/reader';
import { goJson } from '../objects/hash';
import { CLUSTER_ROLES, type ClusterRole } from '../objects/role';
import { selects } from '../objects/selector';

type Rules = NonNullable<ClusterRole['rules']>;

export const roleAggregationController: Controller = {
  name: 'clusterrole-aggregation-controller',
  // A role that changes may have been selected before, or be selected now.
  sources: [source(CLUSTER_ROLES, (_role, reader) => aggregatedIn(reader).map(keyOf))],
  decide(key, reader) {
    const { name } = splitKey(key);
    const role = reader.get(CLUSTER_ROLES, undefined, name);
    if (role?.aggregationRule === undefined) return NOTHING;
    const rules = aggregated(role, reader.list(CLUSTER_ROLES));
    if (goJson(rules) === goJson(role.rules ?? [])) return NOTHING;
    return { actions: [{ kind: 'patch', of: CLUSTER_ROLES, object: role, patch: { rules } }] };
  },
};

function aggregatedIn(reader: Reader): readonly ClusterRole[] {
  return reader.list(CLUSTER_ROLES).filter(({ aggregationRule }) => aggregationRule !== undefined);
}

/** By selector, then by name; a rule that is there already is not said again. */
export function aggregated(role: ClusterRole, all: readonly ClusterRole[]): Rules {
  const others = all
    .filter(({ metadata }) => metadata.name !== role.metadata.name)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const rules = new Map<string, Rules[number]>();
  for (const selector of role.aggregationRule?.clusterRoleSelectors ?? [])
    for (const other of others.filter(({ metadata }) => selects(selector, metadata.labels)))
      for (const rule of other.rules ?? [])
        if (!rules.has(goJson(rule))) rules.set(goJson(rule), rule);
  return [...rules.values()];
}
