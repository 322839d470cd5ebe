/**
 * Roles and their bindings: what a rule needs, and what may not change.
 * Never here: what they allow (rbac.ts of the server).
 */
import { listAt, objectAt, same, textAt } from '../../json';
import type { JsonObject } from '../../port';
import type { Cause } from '../../typing';
import { invalid, invalidStruct, notSupported, required } from '../fault';
import type { Causes } from './checks';

/** @param scope of the role: only cluster-wide ones may name URLs. */
export function roleFaults(role: JsonObject, scope: 'namespace' | 'cluster'): Causes {
  return listAt(role, 'rules').flatMap((rule, index): Causes => {
    const at = `rules[${index}]`;
    const has = (key: string) => listAt(rule, key).length > 0;
    const faults: Cause[] = [];
    if (!has('verbs'))
      faults.push(required(`${at}.verbs`, 'verbs must contain at least one value'));
    if (has('nonResourceURLs')) {
      const urls = listAt(rule, 'nonResourceURLs');
      if (scope === 'namespace') {
        const text = 'namespaced rules cannot apply to non-resource URLs';
        return [...faults, invalid(`${at}.nonResourceURLs`, urls, text)];
      }
      if (has('apiGroups') || has('resources') || has('resourceNames')) {
        const text = 'rules cannot apply to both regular resources and non-resource URLs';
        faults.push(invalid(`${at}.nonResourceURLs`, urls, text));
      }
      return faults;
    }
    if (!has('apiGroups')) {
      faults.push(required(`${at}.apiGroups`, 'resource rules must supply at least one api group'));
    }
    if (!has('resources')) {
      faults.push(required(`${at}.resources`, 'resource rules must supply at least one resource'));
    }
    return faults;
  });
}

export function bindingFaults(binding: JsonObject, kinds: readonly string[]): Causes {
  const kind = textAt(binding, 'roleRef', 'kind');
  const faults: Cause[] = [];
  if (!kinds.includes(kind)) faults.push(notSupported('roleRef.kind', kind, kinds));
  if (textAt(binding, 'roleRef', 'name') === '') faults.push(required('roleRef.name'));
  const subjects = listAt(binding, 'subjects').flatMap((one, index): Causes => {
    const at = `subjects[${index}]`;
    const own = textAt(one, 'kind');
    const allowed = ['ServiceAccount', 'User', 'Group'];
    return [
      ...(textAt(one, 'name') === '' ? [required(`${at}.name`)] : []),
      ...(allowed.includes(own) ? [] : [notSupported(`${at}.kind`, own, allowed)]),
      ...(own === 'ServiceAccount' && textAt(one, 'namespace') === '' && kinds.length === 1
        ? [required(`${at}.namespace`)]
        : []),
    ];
  });
  return [...faults, ...subjects];
}

export function roleRefStays(old: JsonObject, binding: JsonObject): Causes {
  return same(old.roleRef ?? null, binding.roleRef ?? null)
    ? []
    : [invalidStruct('roleRef', goRef(binding), 'cannot change roleRef')];
}

function goRef(binding: JsonObject): JsonObject {
  const ref = objectAt(binding, 'roleRef');
  return { APIGroup: ref.apiGroup ?? '', Kind: ref.kind ?? '', Name: ref.name ?? '' };
}
