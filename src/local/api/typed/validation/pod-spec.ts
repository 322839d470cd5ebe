/**
 * The spec of a pod, also where it stands in a template.
 * Never here: single containers (container.ts), volumes (volumes.ts), what may change (pod.ts).
 */
import { isObject, listAt, numberAt, objectAt, textAt } from '../../json';
import { labelValueFaults, qualifiedName } from '../../names';
import type { Json, JsonObject } from '../../port';
import type { Cause } from '../../typing';
import { duplicate, forbidden, invalid, notSupported, required } from '../fault';
import {
  annotations,
  type Causes,
  dnsLabel,
  dnsSubdomain,
  each,
  int32Max,
  labelSelector,
  labels,
  nodeSelector,
  oneOf,
} from './checks';
import { containerFaults, idFaults, lifeFaults, type Surroundings } from './container';
import { volumeFaults } from './volumes';

/** @param more names of volumes that something else adds, such as claim templates. */
export function podSpecFaults(
  spec: JsonObject,
  path: string,
  more: readonly string[] = [],
): Causes {
  const volumes = listAt(spec, 'volumes').filter(isObject);
  const around: Surroundings = {
    volumes: new Set([...volumes.map((one) => textAt(one, 'name')), ...more]),
    gracePeriodSeconds: numberAt(spec, 'terminationGracePeriodSeconds'),
  };
  const kept = volumes.filter((one) => !more.includes(textAt(one, 'name')));
  return [
    ...volumeFaults(kept, `${path}.volumes`),
    ...containersFaults(spec, path, around),
    ...initFaults(spec, path, around),
    ...oneOf(spec.restartPolicy, ['Always', 'OnFailure', 'Never'], `${path}.restartPolicy`),
    ...oneOf(
      spec.dnsPolicy,
      ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'],
      `${path}.dnsPolicy`,
    ),
    ...labels(spec.nodeSelector, `${path}.nodeSelector`),
    ...securityFaults(objectAt(spec, 'securityContext'), `${path}.securityContext`),
    ...pullSecretFaults(listAt(spec, 'imagePullSecrets'), `${path}.imagePullSecrets`),
    ...affinityFaults(objectAt(spec, 'affinity'), `${path}.affinity`),
    ...spreadFaults(listAt(spec, 'topologySpreadConstraints'), `${path}.topologySpreadConstraints`),
    ...nameFaults(spec, path),
    ...tolerationFaults(listAt(spec, 'tolerations'), `${path}.tolerations`),
  ];
}

/** Metadata and spec of a template. */
export function podTemplateFaults(
  template: JsonObject,
  path: string,
  more: readonly string[] = [],
): Causes {
  const metadata = objectAt(template, 'metadata');
  return [
    ...labels(metadata.labels, `${path}.labels`),
    ...annotations(metadata.annotations, `${path}.annotations`),
    ...podSpecFaults(objectAt(template, 'spec'), `${path}.spec`, more),
  ];
}

function containersFaults(spec: JsonObject, path: string, around: Surroundings): Causes {
  const containers = listAt(spec, 'containers').filter(isObject);
  const at = `${path}.containers`;
  if (containers.length === 0) return [required(at)];
  const names = new Set<string>();
  const faults = containers.flatMap((one, index): Causes => {
    const name = textAt(one, 'name');
    const twin = names.has(name) ? [duplicate(`${at}[${index}].name`, name)] : [];
    names.add(name);
    return [
      ...containerFaults(one, `${at}[${index}]`, around),
      ...twin,
      ...lifeFaults(one, `${at}[${index}]`, around),
    ];
  });
  return [...faults, ...hostPortFaults(containers, at)];
}

function hostPortFaults(containers: readonly JsonObject[], path: string): Causes {
  const taken = new Set<string>();
  return containers.flatMap((one, index) =>
    listAt(one, 'ports').flatMap((port, portIndex) => {
      const hostPort = numberAt(port, 'hostPort') ?? 0;
      if (hostPort === 0) return [];
      const key = `${textAt(port, 'protocol')}/${textAt(port, 'hostIP')}/${hostPort}`;
      const twin = taken.has(key);
      taken.add(key);
      return twin ? [duplicate(`${path}[${index}].ports[${portIndex}].hostPort`, key)] : [];
    }),
  );
}

function initFaults(spec: JsonObject, path: string, around: Surroundings): Causes {
  const at = `${path}.initContainers`;
  const names = new Set(listAt(spec, 'containers').map((one) => textAt(one, 'name')));
  return listAt(spec, 'initContainers')
    .filter(isObject)
    .flatMap((one, index): Causes => {
      const own = `${at}[${index}]`;
      const name = textAt(one, 'name');
      const faults: Cause[] = [...containerFaults(one, own, around)];
      if (name !== '' && names.has(name)) faults.push(duplicate(`${own}.name`, name));
      names.add(name);
      if (one.restartPolicy === 'Always') return [...faults, ...lifeFaults(one, own, around)];
      const text = 'may not be set for init containers without restartPolicy=Always';
      for (const key of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']) {
        if (isObject(one[key])) faults.push(forbidden(`${own}.${key}`, text));
      }
      return faults;
    });
}

function securityFaults(context: JsonObject, path: string): Causes {
  return [
    ...idFaults(context.runAsUser, `${path}.runAsUser`),
    ...idFaults(context.runAsGroup, `${path}.runAsGroup`),
    ...idFaults(context.fsGroup, `${path}.fsGroup`),
  ];
}

function pullSecretFaults(secrets: readonly Json[], path: string): Causes {
  return secrets.flatMap((one, index) =>
    textAt(one, 'name') === '' ? [required(`${path}[${index}].name`)] : [],
  );
}

function nameFaults(spec: JsonObject, path: string): Causes {
  const faults: Cause[] = [];
  for (const key of ['serviceAccountName', 'nodeName', 'priorityClassName', 'runtimeClassName']) {
    const value = textAt(spec, key);
    if (value !== '') faults.push(...dnsSubdomain(value, `${path}.${key}`));
  }
  for (const key of ['hostname', 'subdomain']) {
    const value = textAt(spec, key);
    if (value !== '') faults.push(...dnsLabel(value, `${path}.${key}`));
  }
  const deadline = numberAt(spec, 'activeDeadlineSeconds');
  if (deadline !== undefined && (deadline < 1 || deadline > int32Max)) {
    const text = `must be between 1 and ${int32Max}, inclusive`;
    faults.push(invalid(`${path}.activeDeadlineSeconds`, deadline, text));
  }
  return faults;
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function tolerationFaults(tolerations: readonly Json[], path: string): Causes {
  return tolerations.filter(isObject).flatMap((one, index): Causes => {
    const at = `${path}[${index}]`;
    const [key, operator, value, effect] = ['key', 'operator', 'value', 'effect'].map((name) =>
      textAt(one, name),
    ) as [string, string, string, string];
    const faults: Cause[] = [];
    if (key !== '') faults.push(...each(`${at}.key`, key, qualifiedName(key)));
    else if (operator !== 'Exists') {
      const text =
        'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      faults.push(invalid(`${at}.operator`, operator, text));
    }
    if (one.tolerationSeconds !== undefined && effect !== 'NoExecute') {
      const text = "effect must be 'NoExecute' when `tolerationSeconds` is set";
      faults.push(invalid(`${at}.effect`, effect, text));
    }
    if (operator === 'Exists') {
      const text = "value must be empty when `operator` is 'Exists'";
      if (value !== '') faults.push(invalid(`${at}.operator`, value, text));
    } else if (operator === 'Equal' || operator === '') {
      const wrong = labelValueFaults(value);
      if (wrong.length > 0) faults.push(invalid(`${at}.operator`, value, wrong.join(';')));
    } else faults.push(notSupported(`${at}.operator`, operator, ['Equal', 'Exists']));
    if (effect !== '' && !effects.includes(effect)) {
      faults.push(notSupported(`${at}.effect`, effect, effects));
    }
    return faults;
  });
}

function spreadFaults(constraints: readonly Json[], path: string): Causes {
  return constraints.filter(isObject).flatMap((one, index): Causes => {
    const at = `${path}[${index}]`;
    const skew = numberAt(one, 'maxSkew') ?? 0;
    const when = ['DoNotSchedule', 'ScheduleAnyway'];
    return [
      ...(skew <= 0 ? [invalid(`${at}.maxSkew`, skew, 'must be greater than zero')] : []),
      ...(textAt(one, 'topologyKey') === ''
        ? [required(`${at}.topologyKey`, 'can not be empty')]
        : each(
            `${at}.topologyKey`,
            textAt(one, 'topologyKey'),
            qualifiedName(textAt(one, 'topologyKey')),
          )),
      ...(when.includes(textAt(one, 'whenUnsatisfiable'))
        ? []
        : [notSupported(`${at}.whenUnsatisfiable`, textAt(one, 'whenUnsatisfiable'), when)]),
      ...labelSelector(one.labelSelector, `${at}.labelSelector`),
    ];
  });
}

const mustHave = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

function affinityFaults(affinity: JsonObject, path: string): Causes {
  const faults: Cause[] = [];
  for (const key of ['podAffinity', 'podAntiAffinity']) {
    const at = `${path}.${key}`;
    for (const [index, term] of listAt(affinity, key, mustHave).entries()) {
      faults.push(...termFaults(term, `${at}.${mustHave}[${index}]`));
    }
    for (const [index, one] of listAt(affinity, key, preferred).entries()) {
      const own = `${at}.${preferred}[${index}]`;
      faults.push(...weightFaults(one, own));
      faults.push(...termFaults(objectAt(one, 'podAffinityTerm'), `${own}.podAffinityTerm`));
    }
  }
  const nodes = objectAt(affinity, 'nodeAffinity')[mustHave];
  return [...faults, ...nodeSelector(nodes, `${path}.nodeAffinity.${mustHave}`)];
}

function weightFaults(one: Json, path: string): Causes {
  const weight = numberAt(one, 'weight') ?? 0;
  return weight >= 1 && weight <= 100
    ? []
    : [invalid(`${path}.weight`, weight, 'must be in the range 1-100')];
}

function termFaults(term: Json, path: string): Causes {
  const key = textAt(term, 'topologyKey');
  return [
    ...(isObject(term) ? labelSelector(term.labelSelector, `${path}.labelSelector`) : []),
    ...(key === ''
      ? [
          required(`${path}.topologyKey`, 'can not be empty'),
          ...each(`${path}.topologyKey`, key, qualifiedName(key)),
        ]
      : each(`${path}.topologyKey`, key, qualifiedName(key))),
  ];
}
