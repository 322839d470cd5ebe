/**
 * ClusterRoles made of others, over the wire. They are of the cluster: each row names its own, and takes them away.
 * Never here: what a rule allows (access.ts).
 */
import type { JsonObject } from '../../../../src/local/api/port';
import { type Group, get, patch, post, remove, type Step, silently } from '../row';

const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
const rule = (resource: string): JsonObject => ({
  ...{ verbs: ['get'], apiGroups: ['NS.gungnir.test'], resources: [resource] },
});
const part = (name: string, labels: JsonObject, ...resources: readonly string[]): Step =>
  silently(post(roles, { metadata: { name, labels }, rules: resources.map(rule) }));
const rulesOf = (name: string, count: number): Step =>
  get(`${roles}/${name}`, {
    until: ({ rules }) => ((rules ?? []) as readonly JsonObject[]).length === count,
    only: ['rules'],
  });
const gone = (...names: readonly string[]): readonly Step[] =>
  names.map((name) => silently(remove(`${roles}/${name}`)));

export const aggregation: Group = {
  name: 'aggregation',
  rows: [
    {
      why: 'an aggregated role has the rules of those it selects, each once, and no other ones',
      steps: [
        part('NS-a', { 'NS-all': 'y' }, 'pods'),
        part('NS-b', { 'NS-all': 'no' }, 'secrets'),
        silently(
          post(roles, {
            metadata: { name: 'NS-all' },
            aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'NS-all': 'y' } }] },
          }),
        ),
        rulesOf('NS-all', 1),
        part('NS-c', { 'NS-all': 'y' }, 'pods', 'nodes'),
        rulesOf('NS-all', 2),
        silently(patch('merge', `${roles}/NS-all`, { rules: [] })),
        rulesOf('NS-all', 2),
        silently(remove(`${roles}/NS-c`)),
        rulesOf('NS-all', 1),
        silently(patch('merge', `${roles}/NS-b`, { metadata: { labels: { 'NS-all': 'y' } } })),
        rulesOf('NS-all', 2),
        ...gone('NS-a', 'NS-b', 'NS-all'),
      ],
    },
    {
      why: 'what is to be viewed may be viewed by who views, edits and administers',
      steps: [
        part('NS-v', { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' }, 'things'),
        ...['view', 'edit', 'admin'].map((name) =>
          get(`${roles}/${name}`, {
            until: (body) => JSON.stringify(body).includes('"things"'),
            shown: ({ aggregationRule, metadata }) => ({
              aggregationRule: aggregationRule ?? null,
              labels: (metadata as JsonObject).labels ?? null,
            }),
          }),
        ),
        ...gone('NS-v'),
        get(`${roles}/admin`, {
          until: (body) => !JSON.stringify(body).includes('"things"'),
          only: ['kind'],
        }),
      ],
    },
  ],
};
