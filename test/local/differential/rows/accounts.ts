/**
 * What the rows about rights share: an account of the row's namespace, and what it is granted.
 * Never here: rows.
 */
import { listAt } from '../../../../src/local/api/json';
import type { JsonObject } from '../../../../src/local/api/port';
import { named, post, type Step, silently } from '../row';

export const rbac = 'rbac.authorization.k8s.io/v1';
const account = { 'impersonate-user': 'system:serviceaccount:NS:default' };
export const asAccount = (step: Step): Step => ({
  ...step,
  headers: { ...step.headers, ...account },
});
export const rule = (
  verbs: readonly string[],
  resources: readonly string[],
  names?: readonly string[],
) => ({
  apiGroups: [''],
  verbs,
  resources,
  ...(names === undefined ? {} : { resourceNames: names }),
});
/** What a rule's first words allow. */
function askedOf(allowing: JsonObject): JsonObject {
  const first = (key: string): string => String(listAt(allowing, key)[0] ?? '');
  const [resource = '', subresource = ''] = first('resources').split('/');
  return {
    namespace: 'NS',
    verb: first('verbs'),
    group: first('apiGroups'),
    resource,
    subresource,
    name: first('resourceNames'),
  };
}

export const grant = (...rules: readonly JsonObject[]): readonly Step[] => [
  silently(post(named(rbac, 'roles'), { metadata: { name: 'r' }, rules })),
  silently(
    post(named(rbac, 'rolebindings'), {
      metadata: { name: 'r' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'NS' }],
    }),
  ),
  // A real server learns of a role a moment later.
  silently(
    post(
      '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      {
        spec: {
          user: 'system:serviceaccount:NS:default',
          resourceAttributes: askedOf(rules[0] ?? {}),
        },
      },
      { until: (body) => (body.status as JsonObject).allowed === true },
    ),
  ),
];
