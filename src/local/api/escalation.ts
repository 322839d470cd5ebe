/**
 * Nobody grants what he has not: whether somebody's rules cover those of a role that he writes or binds
 * (component-helpers/auth/rbac/validation, kubernetes/pkg/registry/rbac).
 * Never here: what a user's rules are (rbac.ts).
 */
import { isObject, listAt, objectAt, same, textAt } from './json';
import type { JsonObject, User } from './port';
import type { Authorizer } from './rbac';
import { forbidden, notFound, Refused } from './status';
import type { Store } from './store';

const group = 'rbac.authorization.k8s.io';

export interface Granting {
  readonly store: Store;
  readonly authorizer: Authorizer;
  readonly user: User;
}

/** A role as it is to be stored. @throws Refused */
export function checkRole(granting: Granting, resource: RoleKind, role: JsonObject): void {
  const { namespace, name } = placeOf(role);
  if (may(granting, 'escalate', resource, namespace, name)) return;
  checkCovered(granting, { group, resource }, name, namespace, rulesIn(role));
}

/** A binding as it is to be stored. @throws Refused */
export function checkBinding(granting: Granting, resource: string, binding: JsonObject): void {
  const { namespace, name } = placeOf(binding);
  const role = textAt(binding, 'roleRef', 'name');
  const of: RoleKind =
    textAt(binding, 'roleRef', 'kind') === 'ClusterRole' ? 'clusterroles' : 'roles';
  if (may(granting, 'bind', of, namespace, role)) return;
  const key = of === 'clusterroles' ? role : `${namespace}/${role}`;
  const found = granting.store.get(`${of}.${group}`, key);
  // As the real server: the role that is missing, under the resource that was asked for.
  if (found === undefined) throw new Refused(notFound({ group, resource }, role));
  checkCovered(granting, { group, resource }, name, namespace, rulesIn(found));
}

export type RoleKind = 'roles' | 'clusterroles';

/** Owners and finalizers are no grant: the garbage collector may not be held up. */
export function isOnlyForCollector(old: JsonObject, object: JsonObject): boolean {
  const without = ({ metadata, ...rest }: JsonObject): JsonObject => {
    const {
      ownerReferences: _owners,
      finalizers: _finalizers,
      managedFields: _managed,
      resourceVersion: _version,
      ...kept
    } = objectAt({ metadata: metadata ?? {} }, 'metadata');
    return { ...rest, metadata: kept };
  };
  return same(without(old), without(object));
}

function placeOf(object: JsonObject): { readonly namespace: string; readonly name: string } {
  const metadata = objectAt(object, 'metadata');
  return { namespace: textAt(metadata, 'namespace'), name: textAt(metadata, 'name') };
}

function rulesIn(role: JsonObject): readonly JsonObject[] {
  return listAt(role, 'rules').filter(isObject);
}

function may(
  { authorizer, user }: Granting,
  verb: string,
  resource: RoleKind,
  namespace: string,
  name: string,
): boolean {
  const asked = { verb, group, resource, subresource: '', namespace, name };
  return authorizer.decide(user, { kind: 'resource', ...asked }).kind === 'allowed';
}

function checkCovered(
  { authorizer, user }: Granting,
  of: { readonly group: string; readonly resource: string },
  name: string,
  namespace: string,
  rules: readonly JsonObject[],
): void {
  const own = authorizer.rulesOf(user, namespace);
  const missing = missingFrom(own, rules);
  if (missing.length === 0) return;
  const groups = user.groups.map((one) => JSON.stringify(one)).join(' ');
  const who = `user ${JSON.stringify(user.name)} (groups=[${groups}])`;
  const what = missing.join('\n');
  const why = `${who} is attempting to grant RBAC permissions not currently held:\n${what}`;
  throw new Refused(forbidden(of, name, why));
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly nonResourceURLs: readonly string[];
  readonly resourceNames: readonly string[];
  readonly verbs: readonly string[];
}

/** Descriptions of the rights that nobody of the owner's rules holds, in their order. */
export function missingFrom(
  own: readonly JsonObject[],
  wanted: readonly JsonObject[],
): readonly string[] {
  const held = own.map(ruleOf);
  const missing = wanted
    .flatMap((rule) => singleRights(ruleOf(rule)))
    .filter((right) => !held.some((rule) => covers(rule, right)));
  const texts = merged(missing).map(described);
  return [...texts].sort();
}

function ruleOf(rule: JsonObject): Rule {
  const texts = (member: string): readonly string[] => listAt(rule, member).map(String);
  return {
    apiGroups: texts('apiGroups'),
    resources: texts('resources'),
    nonResourceURLs: texts('nonResourceURLs'),
    resourceNames: texts('resourceNames'),
    verbs: texts('verbs'),
  };
}

const none: Omit<Rule, 'verbs'> = {
  apiGroups: [],
  resources: [],
  nonResourceURLs: [],
  resourceNames: [],
};

/** Each of one group, one resource, one name at most, and one verb. */
function singleRights(rule: Rule): readonly Rule[] {
  const names = rule.resourceNames.length === 0 ? [[]] : rule.resourceNames.map((one) => [one]);
  const ofResources = rule.apiGroups.flatMap((apiGroup) =>
    rule.resources.flatMap((resource) =>
      rule.verbs.flatMap((verb) =>
        names.map((resourceNames) => {
          return {
            ...none,
            apiGroups: [apiGroup],
            resources: [resource],
            resourceNames,
            verbs: [verb],
          };
        }),
      ),
    ),
  );
  const ofPaths = rule.nonResourceURLs.flatMap((url) =>
    rule.verbs.map((verb) => ({ ...none, nonResourceURLs: [url], verbs: [verb] })),
  );
  return [...ofResources, ...ofPaths];
}

function covers(rule: Rule, right: Rule): boolean {
  return (
    hasAll(rule.verbs, right.verbs) &&
    hasAll(rule.apiGroups, right.apiGroups) &&
    right.resources.every((one) => hasResource(rule.resources, one)) &&
    right.nonResourceURLs.every((one) => rule.nonResourceURLs.some((url) => matches(url, one))) &&
    (rule.resourceNames.length === 0 ||
      (right.resourceNames.length > 0 &&
        right.resourceNames.every((one) => rule.resourceNames.includes(one))))
  );
}

function hasAll(list: readonly string[], wanted: readonly string[]): boolean {
  return list.includes('*') || wanted.every((one) => list.includes(one));
}

function hasResource(list: readonly string[], wanted: string): boolean {
  if (list.includes('*') || list.includes(wanted)) return true;
  const slash = wanted.indexOf('/');
  return slash >= 0 && list.includes(`*${wanted.slice(slash)}`);
}

function matches(url: string, wanted: string): boolean {
  return url === wanted || (url.endsWith('*') && wanted.startsWith(url.replace(/\*+$/, '')));
}

/** Rights on one resource are told together. */
function merged(rights: readonly Rule[]): readonly Rule[] {
  const together = new Map<string, Rule>();
  for (const right of rights) {
    const key = JSON.stringify({ ...right, verbs: [] });
    const before = together.get(key);
    const isPath = right.nonResourceURLs.length > 0;
    if (before === undefined || isPath) together.set(isPath ? JSON.stringify(right) : key, right);
    else together.set(key, { ...before, verbs: [...before.verbs, ...right.verbs] });
  }
  return [...together.values()];
}

function described(rule: Rule): string {
  const members = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['ResourceNames', rule.resourceNames],
    ['Verbs', rule.verbs],
  ] as const;
  const parts = members
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `${name}:[${values.map((one) => JSON.stringify(one)).join(' ')}]`);
  return `{${parts.join(', ')}}`;
}
