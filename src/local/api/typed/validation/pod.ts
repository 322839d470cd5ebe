/**
 * Pods: what they need, and the little that may change.
 * Never here: their spec where it stands in templates too (pod-spec.ts).
 */
import { isObject, listAt, objectAt, same, textAt } from '../../json';
import type { Json, JsonObject } from '../../port';
import type { Cause } from '../../typing';
import { forbidden, invalid } from '../fault';
import type { Causes } from './checks';
import { podSpecFaults } from './pod-spec';

export function podFaults(pod: JsonObject): Causes {
  const spec = objectAt(pod, 'spec');
  return [
    ...podSpecFaults(spec, 'spec'),
    ...imageFaults(spec, 'containers'),
    ...imageFaults(spec, 'initContainers'),
  ];
}

function imageFaults(spec: JsonObject, key: string): Causes {
  return listAt(spec, key).flatMap((one, index) => {
    const image = textAt(one, 'image');
    const text = 'must not have leading or trailing whitespace';
    return image === image.trim() ? [] : [invalid(`spec.${key}[${index}].image`, image, text)];
  });
}

const changeable =
  '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

export function podUpdateFaults(old: JsonObject, pod: JsonObject): Causes {
  const [before, after] = [objectAt(old, 'spec'), objectAt(pod, 'spec')];
  const faults: Cause[] = [...podFaults(pod)];
  for (const key of ['containers', 'initContainers']) {
    if (listAt(before, key).length === listAt(after, key).length) continue;
    const text = 'pod updates may not add or remove containers';
    return [...faults, forbidden(`spec.${key}`, text)];
  }
  faults.push(...deadlineFaults(before, after), ...tolerationFaults(before, after));
  const isGated = listAt(before, 'schedulingGates').length > 0;
  if (same(fixed(before, isGated), fixed(after, isGated))) return faults;
  return [
    ...faults,
    forbidden('spec', `pod updates may not change fields other than ${changeable}`),
  ];
}

/** Without what may change. */
function fixed(spec: JsonObject, isGated: boolean): Json {
  const imageless = (key: string) =>
    listAt(spec, key).map((one) => ({ ...(one as JsonObject), image: '' }));
  const { tolerations, activeDeadlineSeconds, schedulingGates, nodeSelector, ...rest } = spec;
  return {
    ...rest,
    ...(isGated || nodeSelector === undefined ? {} : { nodeSelector }),
    containers: imageless('containers'),
    initContainers: imageless('initContainers'),
  };
}

function deadlineFaults(before: JsonObject, after: JsonObject): Causes {
  const [was, is] = [before.activeDeadlineSeconds, after.activeDeadlineSeconds];
  const at = 'spec.activeDeadlineSeconds';
  if (typeof was !== 'number') return [];
  if (typeof is !== 'number') {
    return [invalid(at, null, 'must not update from a positive integer to nil value')];
  }
  return is > was ? [invalid(at, is, 'must be less than or equal to previous value')] : [];
}

function tolerationFaults(before: JsonObject, after: JsonObject): Causes {
  const now = listAt(after, 'tolerations');
  const kept = listAt(before, 'tolerations').every((one) =>
    now.some((other) => same(withoutSeconds(one), withoutSeconds(other))),
  );
  const text = 'existing toleration can not be modified except its tolerationSeconds';
  return kept ? [] : [forbidden('spec.tolerations', text)];
}

function withoutSeconds(toleration: Json): Json {
  if (!isObject(toleration)) return toleration;
  const { tolerationSeconds, ...rest } = toleration;
  return rest;
}
