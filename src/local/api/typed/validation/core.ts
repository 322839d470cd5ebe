/**
 * Services, Secrets, ConfigMaps, claims, budgets, leases and slices: what they need, and what may not
 * change.
 * Never here: pods (pod.ts), workloads (workloads.ts), roles (roles.ts).
 */
import { isIP } from 'node:net';
import { isObject, listAt, numberAt, objectAt, same, textAt } from '../../json';
import { labelName } from '../../names';
import type { Json, JsonObject } from '../../port';
import type { Cause } from '../../typing';
import {
  duplicate,
  forbidden,
  invalid,
  invalidStruct,
  notSupported,
  required,
  struct,
  tooLong,
} from '../fault';
import { nanosOf } from '../quantity';
import {
  type Causes,
  canonical,
  dnsSubdomain,
  each,
  immutable,
  intOrPercent,
  isCutShort,
  labelSelector,
  labels,
  notMoreThanAll,
  oneOf,
  portNumber,
  portNumberOrName,
} from './checks';
import { dataKeyFaults } from './container';

const dataBytesMax = 1_048_576;

function bytesOf(texts: JsonObject, encoding: 'utf8' | 'base64'): number {
  const sizes = Object.values(texts).map((one) => Buffer.byteLength(String(one), encoding));
  return sizes.reduce((total, one) => total + one, 0);
}

const secretKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

export function secretFaults(secret: JsonObject): Causes {
  const data = objectAt(secret, 'data');
  const type = textAt(secret, 'type');
  const faults = Object.keys(data).flatMap((key) => [
    ...each(`data[${key}]`, key, dataKeyFaults(key)),
  ]);
  if (bytesOf(data, 'base64') > dataBytesMax) faults.push(tooLong('data', dataBytesMax));
  for (const key of secretKeys[type] ?? []) {
    if (!Object.hasOwn(data, key)) faults.push(required(`data[${key}]`));
    else if (key.startsWith('.docker') && isCutShort(textAt(data, key))) {
      const text = 'unexpected end of JSON input';
      faults.push(invalid(`data[${key}]`, '<secret contents redacted>', text));
    }
  }
  if (type === 'kubernetes.io/basic-auth' && !('username' in data) && !('password' in data)) {
    faults.push(required('data[username]'), required('data[password]'));
  }
  const account = 'kubernetes.io/service-account.name';
  if (type === 'kubernetes.io/service-account-token') {
    const name = textAt(secret, 'metadata', 'annotations', account);
    if (name === '') faults.push(required(`metadata.annotations[${account}]`));
  }
  return faults;
}

function frozenFaults(old: JsonObject, object: JsonObject, keys: readonly string[]): Causes {
  if (old.immutable !== true) return [];
  const text = 'field is immutable when `immutable` is set';
  return [
    ...(object.immutable === true ? [] : [forbidden('immutable', text)]),
    ...keys.flatMap((key) =>
      same(old[key] ?? {}, object[key] ?? {}) ? [] : [forbidden(key, text)],
    ),
  ];
}

export function secretUpdateFaults(old: JsonObject, secret: JsonObject): Causes {
  return [
    ...immutable(secret.type, old.type, 'type'),
    ...frozenFaults(old, secret, ['data']),
    ...secretFaults(secret),
  ];
}

export function configMapFaults(map: JsonObject): Causes {
  const [data, binary] = [objectAt(map, 'data'), objectAt(map, 'binaryData')];
  const faults: Cause[] = [];
  for (const key of Object.keys(data)) {
    faults.push(...each(`data[${key}]`, key, dataKeyFaults(key)));
    if (Object.hasOwn(binary, key)) {
      faults.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    }
  }
  for (const key of Object.keys(binary)) {
    faults.push(...each(`binaryData[${key}]`, key, dataKeyFaults(key)));
  }
  const bytes = bytesOf(data, 'utf8') + bytesOf(binary, 'base64');
  return bytes > dataBytesMax ? [...faults, { ...tooLong('', dataBytesMax), field: '' }] : faults;
}

export function configMapUpdateFaults(old: JsonObject, map: JsonObject): Causes {
  return [...frozenFaults(old, map, ['data', 'binaryData']), ...configMapFaults(map)];
}

const serviceTypes = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

export function serviceFaults(service: JsonObject): Causes {
  const spec = objectAt(service, 'spec');
  const ports = listAt(spec, 'ports').filter(isObject);
  const isHeadless = textAt(spec, 'clusterIP') === 'None';
  const type = textAt(spec, 'type');
  const faults: Cause[] = [];
  if (ports.length === 0 && !isHeadless && type !== 'ExternalName') {
    faults.push(required('spec.ports'));
  }
  if (isHeadless && (type === 'LoadBalancer' || type === 'NodePort')) {
    const text = `may not be set to 'None' for ${type} services`;
    faults.push(invalid('spec.clusterIPs[0]', 'None', text));
  }
  if (type === 'ExternalName') {
    const name = textAt(spec, 'externalName').replace(/\.$/, '');
    if (name === '') faults.push(required('spec.externalName'));
    else faults.push(...dnsSubdomain(name, 'spec.externalName'));
  }
  return [
    ...faults,
    ...servicePortFaults(ports),
    ...labels(spec.selector, 'spec.selector'),
    ...oneOf(spec.sessionAffinity, ['ClientIP', 'None'], 'spec.sessionAffinity'),
    ...addressFaults(spec),
    ...oneOf(spec.type, serviceTypes, 'spec.type'),
    ...nodePortFaults(type, ports),
    ...twinPortFaults(ports),
    ...policyFaults(spec),
  ];
}

function servicePortFaults(ports: readonly JsonObject[]): Causes {
  const names = new Set<string>();
  return ports.flatMap((port, index): Causes => {
    const at = `spec.ports[${index}]`;
    const name = textAt(port, 'name');
    const faults: Cause[] = [];
    if (name === '' && ports.length > 1) faults.push(required(`${at}.name`));
    if (name !== '') {
      faults.push(...each(`${at}.name`, name, labelName(name, 'name')));
      if (names.has(name)) faults.push(duplicate(`${at}.name`, name));
      names.add(name);
    }
    return [
      ...faults,
      ...portNumber(port.port, `${at}.port`),
      ...oneOf(port.protocol, ['SCTP', 'TCP', 'UDP'], `${at}.protocol`),
      ...portNumberOrName(port.targetPort, `${at}.targetPort`),
    ];
  });
}

function nodePortFaults(type: string, ports: readonly JsonObject[]): Causes {
  if (type !== 'ClusterIP') return [];
  const text = "may not be used when `type` is 'ClusterIP'";
  return ports.flatMap((port, index) =>
    (port.nodePort ?? 0) === 0 ? [] : [forbidden(`spec.ports[${index}].nodePort`, text)],
  );
}

function twinPortFaults(ports: readonly JsonObject[]): Causes {
  const taken = new Set<string>();
  return ports.flatMap((port, index) => {
    const key = `${textAt(port, 'protocol')}/${String(port.port)}`;
    const isTwin = taken.has(key);
    taken.add(key);
    if (!isTwin) return [];
    const shown = {
      Name: '',
      Protocol: port.protocol ?? '',
      AppProtocol: null,
      Port: port.port ?? 0,
      TargetPort: 0,
      NodePort: 0,
    };
    return [duplicate(`spec.ports[${index}]`, shown, struct)];
  });
}

function addressFaults(spec: JsonObject): Causes {
  const addresses = listAt(spec, 'clusterIPs');
  const outside = listAt(spec, 'externalIPs').flatMap((address, index): Causes => {
    const at = `spec.externalIPs[${index}]`;
    const text = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
    if (isIP(String(address)) === 0) return [invalid(at, address, text)];
    const isOwn = /^127\.|^::1$/.test(String(address));
    return isOwn
      ? [invalid(at, address, 'may not be in the loopback range (127.0.0.0/8, ::1/128)')]
      : [];
  });
  const inside = addresses.flatMap((address, index) => {
    if (address === 'None' && index === 0) return [];
    if (isIP(String(address)) !== 0) return [];
    const text = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
    return [invalid(`spec.clusterIPs[${index}]`, address, text)];
  });
  return [...inside, ...outside];
}

function policyFaults(spec: JsonObject): Causes {
  const traffic = ['Cluster', 'Local'];
  return ['internalTrafficPolicy', 'externalTrafficPolicy'].flatMap((key) => {
    const value = spec[key];
    if (value === undefined || traffic.includes(String(value))) return [];
    return [notSupported(`spec.${key}`, value, traffic)];
  });
}

/** The first address stays as long as the type has one. */
export function serviceUpdateFaults(old: JsonObject, service: JsonObject): Causes {
  const [before, after] = [objectAt(old, 'spec'), objectAt(service, 'spec')];
  const had = textAt(before, 'clusterIP');
  const has = textAt(after, 'clusterIP');
  const changes =
    before.type !== 'ExternalName' && after.type !== 'ExternalName' && had !== '' && had !== has;
  const text = 'may not change once set';
  return [
    ...(changes ? [invalid('spec.clusterIPs[0]', [has], text)] : []),
    ...serviceFaults(service),
  ];
}

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

export function claimFaults(claim: JsonObject): Causes {
  const spec = objectAt(claim, 'spec');
  const modes = listAt(spec, 'accessModes');
  const storage = objectAt(spec, 'resources', 'requests').storage;
  const at = 'spec.resources[storage]';
  const faults: Cause[] = [];
  if (modes.length === 0) {
    faults.push(required('spec.accessModes', 'at least 1 access mode is required'));
  }
  faults.push(...labelSelector(spec.selector, 'spec.selector'));
  for (const mode of modes) {
    if (!accessModes.includes(String(mode))) {
      faults.push(notSupported('spec.accessModes', mode, accessModes));
    }
  }
  if (modes.includes('ReadWriteOncePod') && modes.length > 1) {
    const text = 'may not use ReadWriteOncePod with other access modes';
    faults.push(forbidden('spec.accessModes', text));
  }
  if (storage === undefined) faults.push(required(at));
  else if (nanosOf(storage) <= 0n) {
    faults.push(invalid(at, canonical(storage), 'must be greater than zero'));
  }
  const className = textAt(spec, 'storageClassName');
  if (className !== '') faults.push(...dnsSubdomain(className, 'spec.storageClassName'));
  const modesOfVolume = ['Block', 'Filesystem'];
  if (spec.volumeMode !== undefined && !modesOfVolume.includes(textAt(spec, 'volumeMode'))) {
    faults.push(notSupported('spec.volumeMode', spec.volumeMode, modesOfVolume));
  }
  return faults;
}

/** A bound claim may grow; the volume's name may be set once. */
export function claimUpdateFaults(old: JsonObject, claim: JsonObject): Causes {
  const [before, after] = [objectAt(old, 'spec'), objectAt(claim, 'spec')];
  const isBound = textAt(claim, 'status', 'phase') === 'Bound';
  const sizeOf = (spec: JsonObject) => objectAt(spec, 'resources', 'requests').storage ?? '0';
  const comparable = (spec: JsonObject): Json => {
    const { volumeName, resources, storageClassName, volumeAttributesClassName, ...rest } = spec;
    const { storage, ...requests } = objectAt(resources, 'requests');
    const size = isBound ? null : (storage ?? null);
    const name = textAt(before, 'volumeName') === '' ? null : (volumeName ?? null);
    const className = textAt(before, 'storageClassName') === '' ? null : (storageClassName ?? null);
    return { ...rest, requests, limits: objectAt(resources, 'limits'), size, name, className };
  };
  const faults: Cause[] = [...claimFaults(claim)];
  if (!same(comparable(before), comparable(after))) {
    const text =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    faults.push(forbidden('spec', text));
  }
  const capacity = objectAt(old, 'status', 'capacity').storage ?? '0';
  const shrinks = nanosOf(sizeOf(after)) < nanosOf(sizeOf(before));
  if (shrinks && nanosOf(sizeOf(after)) <= nanosOf(capacity)) {
    const text = 'field can not be less than status.capacity';
    faults.push(forbidden('spec.resources.requests.storage', text));
  }
  faults.push(...immutable(after.volumeMode, before.volumeMode, 'volumeMode'));
  return faults;
}

export function budgetFaults(budget: JsonObject): Causes {
  const spec = objectAt(budget, 'spec');
  const { minAvailable, maxUnavailable, selector } = spec;
  const faults: Cause[] = [];
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const shown = {
      MinAvailable: minAvailable,
      Selector: selector ?? null,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
    };
    faults.push(invalidStruct('spec', shown, 'minAvailable and maxUnavailable cannot be both set'));
  }
  for (const [key, value] of Object.entries({ minAvailable, maxUnavailable })) {
    faults.push(...intOrPercent(value, `spec.${key}`), ...notMoreThanAll(value, `spec.${key}`));
  }
  return [...faults, ...labelSelector(selector, 'spec.selector')];
}

export function leaseFaults(lease: JsonObject): Causes {
  const spec = objectAt(lease, 'spec');
  const duration = numberAt(spec, 'leaseDurationSeconds');
  const transitions = numberAt(spec, 'leaseTransitions');
  return [
    ...(duration !== undefined && duration <= 0
      ? [invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0')]
      : []),
    ...(transitions !== undefined && transitions < 0
      ? [invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0')]
      : []),
  ];
}

function addressText(address: Json): string {
  return isIP(String(address)) === 0
    ? 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
    : 'must be an IPv4 address';
}

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];

export function sliceFaults(slice: JsonObject): Causes {
  const type = textAt(slice, 'addressType');
  const endpoints = listAt(slice, 'endpoints').flatMap((one, index): Causes => {
    const at = `endpoints[${index}].addresses`;
    const addresses = listAt(one, 'addresses');
    if (addresses.length === 0) return [required(at, 'must contain at least 1 address')];
    if (type === 'FQDN')
      return addresses.flatMap((name, i) => dnsSubdomain(String(name), `${at}[${i}]`));
    if (type !== 'IPv4') return [];
    return addresses.flatMap((address, i) =>
      isIP(String(address)) === 4
        ? []
        : // Of the other family it is said of the whole list.
          [
            invalid(
              isIP(String(address)) === 6 ? at : `${at}[${i}]`,
              address,
              addressText(address),
            ),
          ],
    );
  });
  return [...oneOf(slice.addressType, addressTypes, 'addressType'), ...endpoints];
}

export function sliceUpdateFaults(old: JsonObject, slice: JsonObject): Causes {
  return [...sliceFaults(slice), ...immutable(slice.addressType, old.addressType, 'addressType')];
}

export function storageClassFaults(one: JsonObject): Causes {
  return textAt(one, 'provisioner') === '' ? [required('provisioner')] : [];
}

export function storageClassUpdateFaults(old: JsonObject, one: JsonObject): Causes {
  const text = 'updates to parameters are forbidden.';
  return [
    ...(same(old.parameters ?? {}, one.parameters ?? {}) ? [] : [forbidden('parameters', text)]),
    ...(old.provisioner === one.provisioner
      ? []
      : [forbidden('provisioner', 'updates to provisioner are forbidden.')]),
    ...(old.reclaimPolicy === one.reclaimPolicy
      ? []
      : [forbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.')]),
    ...immutable(one.volumeBindingMode, old.volumeBindingMode, 'volumeBindingMode'),
  ];
}
