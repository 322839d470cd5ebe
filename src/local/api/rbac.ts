/**
 * Role-based access control over the stored roles and bindings
 * (kubernetes/plugin/pkg/auth/authorizer/rbac).
 * Never here: who somebody is (http/), the roles that are there from the start (default-roles.ts).
 */
import { isObject, listAt, objectAt, textAt } from './json';
import type { JsonObject, Status, User } from './port';
import { failure, forbidden } from './status';
import type { Store } from './store';

export type Asked =
  | {
      readonly kind: 'resource';
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource: string;
      /** '' for all, or for a cluster-wide kind. */
      readonly namespace: string;
      readonly name: string;
    }
  | { readonly kind: 'path'; readonly verb: string; readonly path: string };

export type Decision =
  | { readonly kind: 'allowed'; readonly reason: string }
  /** The reason is '' or names roles that bindings refer to and that are not there. */
  | { readonly kind: 'denied'; readonly reason: string };

export interface Authorizer {
  decide(user: User, asked: Asked): Decision;
  /** What the user may do in a namespace, for SelfSubjectRulesReview. */
  rulesOf(user: User, namespace: string): readonly JsonObject[];
}

const collections = {
  clusterRoles: 'clusterroles.rbac.authorization.k8s.io',
  clusterBindings: 'clusterrolebindings.rbac.authorization.k8s.io',
  roles: 'roles.rbac.authorization.k8s.io',
  bindings: 'rolebindings.rbac.authorization.k8s.io',
} as const;

export function createAuthorizer(store: Store): Authorizer {
  return {
    decide(user, asked) {
      if (isTrusted(user)) return { kind: 'allowed', reason: '' };
      const missing: string[] = [];
      const namespace = asked.kind === 'resource' ? asked.namespace : '';
      for (const { binding, rules } of grants(store, user, namespace, missing)) {
        if (!rules.some((rule) => allows(rule, asked))) continue;
        return { kind: 'allowed', reason: `RBAC: allowed by ${binding}` };
      }
      const reason = missing.length === 0 ? '' : `RBAC: ${aggregate(missing)}`;
      return { kind: 'denied', reason };
    },
    rulesOf(user, namespace) {
      if (isTrusted(user)) return [everything, everyPath];
      return [...grants(store, user, namespace, [])].flatMap(({ rules }) => rules);
    },
  };
}

const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
const everyPath = { nonResourceURLs: ['*'], verbs: ['*'] };

/** The rooms of this process, and system:masters, which a real server does not ask about either. */
function isTrusted({ name, groups }: User): boolean {
  if (groups.includes('system:masters')) return true;
  return (
    name.startsWith('system:') &&
    !name.startsWith('system:serviceaccount:') &&
    name !== 'system:anonymous'
  );
}

interface Grant {
  readonly binding: string;
  readonly rules: readonly JsonObject[];
}

function* grants(store: Store, user: User, namespace: string, missing: string[]): Generator<Grant> {
  for (const { object } of store.list(collections.clusterBindings, '')) {
    yield* grantOf(store, object, user, '', missing);
  }
  if (namespace === '') return;
  for (const { object } of store.list(collections.bindings, `${namespace}/`)) {
    yield* grantOf(store, object, user, namespace, missing);
  }
}

function* grantOf(
  store: Store,
  binding: JsonObject,
  user: User,
  namespace: string,
  missing: string[],
): Generator<Grant> {
  const subject = listAt(binding, 'subjects').find((one) => appliesTo(user, one, namespace));
  if (subject === undefined) return;
  const kind = textAt(binding, 'roleRef', 'kind');
  const name = textAt(binding, 'roleRef', 'name');
  const role =
    kind === 'ClusterRole'
      ? store.get(collections.clusterRoles, name)
      : store.get(collections.roles, `${namespace}/${name}`);
  if (role === undefined) {
    missing.push(`${kind.toLowerCase()}.rbac.authorization.k8s.io "${name}" not found`);
    return;
  }
  yield {
    binding: describe(binding, subject, namespace),
    rules: listAt(role, 'rules').filter(isObject),
  };
}

function describe(binding: JsonObject, subject: unknown, namespace: string): string {
  const kind = textAt(subject, 'kind');
  const own = textAt(subject, 'namespace') || namespace;
  const name = textAt(subject, 'name') + (kind === 'ServiceAccount' ? `/${own}` : '');
  const where = textAt(binding, 'metadata', 'name') + (namespace === '' ? '' : `/${namespace}`);
  const role = `${textAt(binding, 'roleRef', 'kind')} "${textAt(binding, 'roleRef', 'name')}"`;
  const what = namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding';
  return `${what} "${where}" of ${role} to ${kind} "${name}"`;
}

function appliesTo(user: User, subject: unknown, namespace: string): boolean {
  const name = textAt(subject, 'name');
  switch (textAt(subject, 'kind')) {
    case 'User':
      return user.name === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount': {
      const own = textAt(subject, 'namespace') || namespace;
      return own !== '' && user.name === `system:serviceaccount:${own}:${name}`;
    }
    default:
      return false;
  }
}

function aggregate(messages: readonly string[]): string {
  const different = [...new Set(messages)];
  return different.length === 1 ? (different[0] ?? '') : `[${different.join(', ')}]`;
}

function allows(rule: JsonObject, asked: Asked): boolean {
  if (!has(rule, 'verbs', asked.verb)) return false;
  if (asked.kind === 'path') {
    return listAt(rule, 'nonResourceURLs').some((url) => matchesPath(String(url), asked.path));
  }
  const { group, resource, subresource, name } = asked;
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  const names = listAt(rule, 'resourceNames');
  return (
    has(rule, 'apiGroups', group) &&
    (has(rule, 'resources', combined) ||
      (subresource !== '' && listAt(rule, 'resources').includes(`*/${subresource}`))) &&
    (names.length === 0 || names.includes(name))
  );
}

function has(rule: JsonObject, member: string, value: string): boolean {
  const list = listAt(rule, member);
  return list.includes('*') || list.includes(value);
}

function matchesPath(rule: string, path: string): boolean {
  return (
    rule === '*' ||
    rule === path ||
    (rule.endsWith('*') && path.startsWith(rule.replace(/\*+$/, '')))
  );
}

/** How the real server tells a denial. */
export function denied(user: User, asked: Asked, reason: string): Status {
  const tail = reason === '' ? '' : `: ${reason}`;
  if (asked.kind === 'path') {
    const why = `User "${user.name}" cannot ${asked.verb} path "${asked.path}"${tail}`;
    return failure(403, 'Forbidden', `forbidden: ${why}`, {});
  }
  const { verb, group, resource, subresource, namespace, name } = asked;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const why = `User "${user.name}" cannot ${verb} resource "${what}" in API group "${group}" ${where}${tail}`;
  return forbidden({ group, resource }, name, why);
}

/** The attributes of a review's spec. */
export function askedBy(spec: JsonObject): Asked {
  const path = objectAt(spec, 'nonResourceAttributes');
  if (Object.keys(path).length > 0) {
    return { kind: 'path', verb: textAt(path, 'verb'), path: textAt(path, 'path') };
  }
  const attributes = objectAt(spec, 'resourceAttributes');
  return {
    kind: 'resource',
    verb: textAt(attributes, 'verb'),
    group: textAt(attributes, 'group'),
    resource: textAt(attributes, 'resource'),
    subresource: textAt(attributes, 'subresource'),
    namespace: textAt(attributes, 'namespace'),
    name: textAt(attributes, 'name'),
  };
}
