/**
 * Addresses and ports that the server gives to Services (pkg/registry/core/service). IPv4 only.
 * Never here: which range (the server's options), what proxies do with them.
 */
import { isObject, listAt, objectAt, textAt } from '../json';
import type { Json, JsonObject } from '../port';
import { internalError, invalid, invalidValue, Refused } from '../status';
import type { Hooks } from './kind';

const kind = { group: '', kind: 'Service' };

export function prepareService(service: JsonObject, hooks: Hooks): JsonObject {
  return complete(undefined, service, hooks);
}

/** A PUT without clusterIP keeps it, as long as the type has one. */
export function prepareServiceUpdate(
  old: JsonObject,
  service: JsonObject,
  hooks: Hooks,
): JsonObject {
  return complete(old, service, hooks);
}

function complete(old: JsonObject | undefined, service: JsonObject, hooks: Hooks): JsonObject {
  const spec = objectAt(service, 'spec');
  const type = textAt(spec, 'type');
  if (type === 'ExternalName') {
    const { clusterIP: _ip, clusterIPs: _ips, ipFamilies: _families, ...rest } = spec;
    const { ipFamilyPolicy: _policy, internalTrafficPolicy: _traffic, ...kept } = rest;
    return { ...service, spec: kept };
  }
  const clusterIP = addressOf(old, service, hooks);
  const outside = type === 'NodePort' || type === 'LoadBalancer';
  // Headless and without a selector: whoever writes its endpoints may use both families.
  const anywhere = clusterIP === 'None' && Object.keys(objectAt(spec, 'selector')).length === 0;
  const { externalTrafficPolicy, ...inside } = spec;
  const balancerAlone = type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts === false;
  const nodePorts = balancerAlone ? 'kept' : outside ? 'given' : 'none';
  return {
    ...service,
    spec: {
      ...inside,
      clusterIP,
      clusterIPs: [clusterIP],
      ...(outside ? { externalTrafficPolicy: externalTrafficPolicy ?? 'Cluster' } : {}),
      internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster',
      ipFamilies: spec.ipFamilies ?? (anywhere ? ['IPv4', 'IPv6'] : ['IPv4']),
      ipFamilyPolicy: spec.ipFamilyPolicy ?? (anywhere ? 'RequireDualStack' : 'SingleStack'),
      ...(spec.ports === undefined ? {} : { ports: portsOf(old, spec, nodePorts, hooks) }),
      ...(type === 'LoadBalancer'
        ? { allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? true }
        : {}),
    },
  };
}

function addressOf(old: JsonObject | undefined, service: JsonObject, hooks: Hooks): string {
  const asked = textAt(service, 'spec', 'clusterIP') || firstText(service, 'clusterIPs');
  const before = old === undefined ? '' : textAt(old, 'spec', 'clusterIP');
  if (asked === 'None' || (asked !== '' && asked === before)) return asked;
  if (asked === '' && before !== '') return before;
  const name = textAt(service, 'metadata', 'name');
  if (asked === '') {
    const found = hooks.serviceAddress();
    if (found !== undefined) return found;
    throw new Refused(internalError('failed to allocate a serviceIP: range is full'));
  }
  // A changed address of an existing Service is told by the types (`field is immutable`).
  if (old !== undefined) return asked;
  const state = hooks.serviceAddressState(asked);
  if (state === 'free') return asked;
  const why =
    state === 'taken'
      ? 'failed to allocate IP {}: provided IP is already allocated'
      : 'failed to allocate IP {}: the provided network does not match the current range';
  const cause = invalidValue('spec.clusterIPs', [asked], why.replace('{}', asked));

  throw new Refused(invalid(kind, name, [cause]));
}

function firstText(service: JsonObject, member: string): string {
  const first = listAt(service, 'spec', member)[0];
  return typeof first === 'string' ? first : '';
}

function portsOf(
  old: JsonObject | undefined,
  spec: JsonObject,
  /** kept: those that are there, and no new ones. */
  nodePorts: 'given' | 'kept' | 'none',
  hooks: Hooks,
): readonly Json[] {
  const before = listAt(old, 'spec', 'ports');
  return listAt(spec, 'ports').map((port, i) => {
    if (!isObject(port)) return port;
    if (nodePorts === 'none') {
      const { nodePort: _nodePort, ...kept } = port;
      return kept;
    }
    const earlier = before[i];
    const kept = isObject(earlier) ? earlier.nodePort : undefined;
    const given = port.nodePort ?? kept;
    if (given === undefined && nodePorts === 'kept') return port;
    return { ...port, nodePort: given ?? hooks.nodePort() };
  });
}
