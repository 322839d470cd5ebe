/**
 * One container: names, ports, environment, mounts, probes, hooks, resources.
 * Never here: what containers of one pod may not have in common (pod-spec.ts).
 */
import { isObject, listAt, objectAt, textAt } from '../../json';
import { qualifiedName } from '../../names';
import type { Json, JsonObject } from '../../port';
import type { Cause } from '../../typing';
import {
  duplicate,
  forbidden,
  invalid,
  invalidStruct,
  notFound,
  notSupported,
  required,
} from '../fault';
import {
  type Causes,
  canonical,
  dnsLabel,
  dnsSubdomain,
  each,
  exceeds,
  nonNegative,
  oneOf,
  portName,
  portNumber,
  portNumberOrName,
  resourceAmount,
} from './checks';

export interface Surroundings {
  /** Names of volumes. */
  readonly volumes: ReadonlySet<string>;
  readonly gracePeriodSeconds: number | undefined;
}

/** What holds of every container, init containers too. */
export function containerFaults(one: JsonObject, path: string, around: Surroundings): Causes {
  const name = textAt(one, 'name');
  return [
    ...(name === '' ? [required(`${path}.name`)] : dnsLabel(name, `${path}.name`)),
    ...(textAt(one, 'image') === '' ? [required(`${path}.image`)] : []),
    ...oneOf(
      one.terminationMessagePolicy,
      ['File', 'FallbackToLogsOnError'],
      `${path}.terminationMessagePolicy`,
    ),
    ...portFaults(listAt(one, 'ports'), `${path}.ports`),
    ...envFaults(listAt(one, 'env'), `${path}.env`),
    ...envFromFaults(listAt(one, 'envFrom'), `${path}.envFrom`),
    ...mountFaults(listAt(one, 'volumeMounts'), `${path}.volumeMounts`, around.volumes),
    ...oneOf(one.imagePullPolicy, ['Always', 'IfNotPresent', 'Never'], `${path}.imagePullPolicy`),
    ...resourceFaults(objectAt(one, 'resources'), `${path}.resources`),
    ...securityFaults(objectAt(one, 'securityContext'), `${path}.securityContext`),
  ];
}

/** Hooks and probes. */
export function lifeFaults(one: JsonObject, path: string, around: Surroundings): Causes {
  const hook = (key: string): Causes => {
    const handler = objectAt(one, 'lifecycle')[key];
    return isObject(handler) ? handlerFaults(handler, `${path}.lifecycle.${key}`, around) : [];
  };
  return [
    ...hook('postStart'),
    ...hook('preStop'),
    ...probeFaults(one.livenessProbe, `${path}.livenessProbe`, around, 'once'),
    ...probeFaults(one.readinessProbe, `${path}.readinessProbe`, around, 'often'),
    ...probeFaults(one.startupProbe, `${path}.startupProbe`, around, 'once'),
  ];
}

function portFaults(ports: readonly Json[], path: string): Causes {
  const names = new Set<string>();
  return ports.filter(isObject).flatMap((port, index) => {
    const at = `${path}[${index}]`;
    const name = textAt(port, 'name');
    const faults: Cause[] = [];
    if (name !== '') {
      const wrong = portName(name, `${at}.name`);
      if (wrong.length > 0) faults.push(...wrong);
      else if (names.has(name)) faults.push(duplicate(`${at}.name`, name));
      else names.add(name);
    }
    if ((port.containerPort ?? 0) === 0) faults.push(required(`${at}.containerPort`));
    else faults.push(...portNumber(port.containerPort, `${at}.containerPort`));
    if ((port.hostPort ?? 0) !== 0) faults.push(...portNumber(port.hostPort, `${at}.hostPort`));
    faults.push(...oneOf(port.protocol, ['SCTP', 'TCP', 'UDP'], `${at}.protocol`));
    return faults;
  });
}

/** Any printable ASCII but `=`. */
function envNameFaults(name: string): readonly string[] {
  return /^[ -<>-~]+$/.test(name)
    ? []
    : [
        "a valid environment variable name must consist only of printable ASCII characters other than '='",
      ];
}

function envFaults(variables: readonly Json[], path: string): Causes {
  return variables.filter(isObject).flatMap((one, index) => {
    const at = `${path}[${index}]`;
    const name = textAt(one, 'name');
    return [
      ...(name === '' ? [required(`${at}.name`)] : each(`${at}.name`, name, envNameFaults(name))),
      ...sourceFaults(one, `${at}.valueFrom`),
    ];
  });
}

const fieldPaths = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

function sourceFaults(variable: JsonObject, path: string): Causes {
  const { valueFrom } = variable;
  if (!isObject(valueFrom)) return [];
  const faults: Cause[] = [];
  const sources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'].filter(
    (key) => isObject(valueFrom[key]),
  );
  const { fieldRef } = valueFrom;
  if (isObject(fieldRef)) faults.push(...fieldRefFaults(fieldRef, `${path}.fieldRef`, fieldPaths));
  for (const key of ['configMapKeyRef', 'secretKeyRef']) {
    const ref = valueFrom[key];
    if (!isObject(ref)) continue;
    if (textAt(ref, 'key') === '') faults.push(required(`${path}.${key}.key`));
    else
      faults.push(
        ...each(`${path}.${key}.key`, textAt(ref, 'key'), dataKeyFaults(textAt(ref, 'key'))),
      );
  }
  if (sources.length === 0) {
    const one =
      'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`';
    return [invalid(path, '', one)];
  }
  if (textAt(variable, 'value') !== '') {
    faults.push(invalid(path, '', 'may not be specified when `value` is not empty'));
  }
  if (sources.length > 1) {
    faults.push(invalid(path, '', 'may not have more than one field specified at a time'));
  }
  return faults;
}

/** What a field may be at all (pkg/apis/core/pods: ConvertDownwardAPIFieldLabel). */
const fieldLabels: ReadonlySet<string> = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.serviceAccountName',
  'spec.schedulerName',
  'status.phase',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
  'spec.host',
]);

export function fieldRefFaults(ref: JsonObject, path: string, allowed: readonly string[]): Causes {
  const fieldPath = textAt(ref, 'fieldPath');
  if (textAt(ref, 'apiVersion') === '') return [required(`${path}.apiVersion`)];
  if (fieldPath === '') return [required(`${path}.fieldPath`)];
  const keyed = /^metadata\.(annotations|labels)\['(.*)'\]$/.exec(fieldPath);
  if (keyed !== null)
    return each(path, keyed[2] ?? '', qualifiedName((keyed[2] ?? '').toLowerCase()));
  if (!fieldLabels.has(fieldPath)) {
    const why = /\['.*'\]$/.test(fieldPath) ? 'does not support subscript' : 'not supported';
    const text = `error converting fieldPath: field label ${why}: ${fieldPath}`;
    return [invalid(`${path}.fieldPath`, fieldPath, text)];
  }
  return allowed.includes(fieldPath)
    ? []
    : [notSupported(`${path}.fieldPath`, fieldPath, [...allowed].sort())];
}

/** Keys of ConfigMaps and Secrets. */
export function dataKeyFaults(key: string): readonly string[] {
  const faults: string[] = [];
  if (key.length > 253) faults.push('must be no more than 253 characters');
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) {
    faults.push(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    );
  } else if (key === '.' || key === '..') faults.push(`must not be '${key}'`);
  else if (key.startsWith('..')) faults.push("must not start with '..'");
  return faults;
}

function envFromFaults(sources: readonly Json[], path: string): Causes {
  return sources.filter(isObject).flatMap((one, index) => {
    const at = `${path}[${index}]`;
    const given = ['configMapRef', 'secretRef'].filter((key) => isObject(one[key]));
    if (given.length === 0) {
      return [invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`')];
    }
    if (given.length > 1) {
      return [invalid(path, '', 'may not have more than one field specified at a time')];
    }
    const [key = ''] = given;
    const name = textAt(one, key, 'name');
    return name === '' ? [required(`${at}.${key}.name`)] : dnsSubdomain(name, `${at}.${key}.name`);
  });
}

function mountFaults(mounts: readonly Json[], path: string, volumes: ReadonlySet<string>): Causes {
  const paths = new Set<string>();
  return mounts.filter(isObject).flatMap((mount, index) => {
    const at = `${path}[${index}]`;
    const name = textAt(mount, 'name');
    const mountPath = textAt(mount, 'mountPath');
    const faults: Cause[] = [];
    if (name === '') faults.push(required(`${at}.name`));
    if (!volumes.has(name)) faults.push(notFound(`${at}.name`, name));
    if (mountPath === '') faults.push(required(`${at}.mountPath`));
    if (paths.has(mountPath)) faults.push(invalid(`${at}.mountPath`, mountPath, 'must be unique'));
    paths.add(mountPath);
    const subPath = textAt(mount, 'subPath');
    if (subPath.startsWith('/')) {
      faults.push(invalid(`${path}.subPath`, subPath, 'must be a relative path'));
    }
    if (subPath.split('/').includes('..')) {
      faults.push(invalid(`${path}.subPath`, subPath, "must not contain '..'"));
    }
    const expression = textAt(mount, 'subPathExpr');
    if (subPath !== '' && expression !== '') {
      const text = 'subPathExpr and subPath are mutually exclusive';
      faults.push(invalid(`${at}.subPathExpr`, expression, text));
    }
    return faults;
  });
}

function probeFaults(
  probe: Json | undefined,
  path: string,
  around: Surroundings,
  success: 'once' | 'often',
): Causes {
  if (!isObject(probe)) return [];
  const numbers = [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ];
  const grace = probe.terminationGracePeriodSeconds;
  const faults: Cause[] = [
    ...handlerFaults(probe, path, around),
    ...numbers.flatMap((key) => nonNegative(probe[key], `${path}.${key}`)),
  ];
  const graceAt = `${path}.terminationGracePeriodSeconds`;
  if (typeof grace === 'number' && grace <= 0) {
    faults.push(invalid(graceAt, grace, 'must be greater than 0'));
  }
  if (success === 'once' && probe.successThreshold !== 1) {
    faults.push(invalid(`${path}.successThreshold`, probe.successThreshold ?? 0, 'must be 1'));
  }
  if (success === 'often' && typeof grace === 'number') {
    faults.push(invalid(graceAt, grace, 'must not be set for readinessProbes'));
  }
  return faults;
}

const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;

function handlerFaults(handler: JsonObject, path: string, around: Surroundings): Causes {
  const given = handlers.filter((key) => isObject(handler[key]));
  if (given.length === 0) return [required(path, 'must specify a handler type')];
  return given.flatMap((key, index) =>
    index > 0
      ? [forbidden(`${path}.${key}`, 'may not specify more than 1 handler type')]
      : actionFaults(key, objectAt(handler, key), `${path}.${key}`, around),
  );
}

function actionFaults(
  kind: (typeof handlers)[number],
  action: JsonObject,
  path: string,
  around: Surroundings,
): Causes {
  switch (kind) {
    case 'exec':
      return listAt(action, 'command').length === 0 ? [required(`${path}.command`)] : [];
    case 'httpGet':
      return [
        ...(textAt(action, 'path') === '' ? [required(`${path}.path`)] : []),
        ...portNumberOrName(action.port, `${path}.port`),
        ...oneOf(action.scheme, ['HTTP', 'HTTPS'], `${path}.scheme`),
      ];
    case 'sleep': {
      const { seconds } = action;
      const most = around.gracePeriodSeconds;
      if (typeof seconds !== 'number' || most === undefined) return [];
      const text = `must be non-negative and less than terminationGracePeriodSeconds (${most})`;
      return seconds < 0 || seconds > most ? [invalid(path, seconds, text)] : [];
    }
    default:
      return portNumberOrName(action.port, `${path}.port`);
  }
}

const standardResources = new Set(['cpu', 'memory', 'ephemeral-storage']);

function resourceNameFaults(name: string, path: string): Causes {
  const wrong = each(path, name, qualifiedName(name));
  if (wrong.length > 0 || name.includes('/')) return wrong;
  return standardResources.has(name) || name.startsWith('hugepages-')
    ? []
    : [
        invalid(path, name, 'must be a standard resource type or fully qualified'),
        invalid(path, name, 'must be a standard resource for containers'),
      ];
}

function resourceFaults(resources: JsonObject, path: string): Causes {
  const limits = objectAt(resources, 'limits');
  const requests = objectAt(resources, 'requests');
  const own = (list: JsonObject, at: string) =>
    Object.entries(list).flatMap(([name, amount]) => [
      ...resourceNameFaults(name, `${at}[${name}]`),
      ...resourceAmount(name, amount, `${at}[${name}]`),
    ]);
  const over = Object.entries(requests).flatMap(([name, amount]) => {
    const limit = limits[name];
    if (limit === undefined || !exceeds(amount, limit)) return [];
    const text = `must be less than or equal to ${name} limit of ${canonical(limit)}`;
    return [invalid(`${path}.requests`, canonical(amount), text)];
  });
  return [...own(limits, `${path}.limits`), ...own(requests, `${path}.requests`), ...over];
}

const idMax = 2 ** 31 - 1;

export function idFaults(value: Json | undefined, path: string): Causes {
  if (typeof value !== 'number' || (value >= 0 && value <= idMax)) return [];
  return [invalid(path, value, `must be between 0 and ${idMax}, inclusive`)];
}

function securityFaults(context: JsonObject, path: string): Causes {
  const faults: Cause[] = [
    ...idFaults(context.runAsUser, `${path}.runAsUser`),
    ...idFaults(context.runAsGroup, `${path}.runAsGroup`),
  ];
  if (context.allowPrivilegeEscalation !== false) return faults;
  const cannot = 'cannot set `allowPrivilegeEscalation` to false and';
  if (context.privileged === true) {
    faults.push(invalidStruct(path, goSecurity(context), `${cannot} \`privileged\` to true`));
  }
  if (listAt(context, 'capabilities', 'add').includes('CAP_SYS_ADMIN')) {
    const text = `${cannot} \`capabilities.Add\` CAP_SYS_ADMIN`;
    faults.push(invalidStruct(path, goSecurity(context), text));
  }
  return faults;
}

/** As Go prints it. */
function goSecurity(context: JsonObject): JsonObject {
  const { capabilities } = context;
  const own = (key: string): Json => context[key] ?? null;
  const lists = isObject(capabilities)
    ? { Add: capabilities.add ?? null, Drop: capabilities.drop ?? null }
    : null;
  return {
    Capabilities: lists,
    Privileged: own('privileged'),
    SELinuxOptions: own('seLinuxOptions'),
    WindowsOptions: own('windowsOptions'),
    RunAsUser: own('runAsUser'),
    RunAsGroup: own('runAsGroup'),
    RunAsNonRoot: own('runAsNonRoot'),
    ReadOnlyRootFilesystem: own('readOnlyRootFilesystem'),
    AllowPrivilegeEscalation: own('allowPrivilegeEscalation'),
    ProcMount: own('procMount'),
    SeccompProfile: own('seccompProfile'),
    AppArmorProfile: own('appArmorProfile'),
  };
}
