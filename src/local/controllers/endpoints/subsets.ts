/**
 * The older form, Endpoints: addresses in subsets by ports and readiness.
 * Never here: which pods they are (members.ts).
 */
import type { Action } from '../frame/action';
import { goJson } from '../objects/hash';
import {
  ENDPOINTS,
  type EndpointAddress,
  type EndpointPort,
  type Endpoints,
  HEADLESS_LABEL,
  isHeadless,
  type Service,
  type Subset,
} from '../objects/network';
import type { Member } from './members';

const MANAGER_LABEL = 'endpoints.kubernetes.io/managed-by';

export function planEndpoints(
  service: Service,
  members: readonly Member[],
  present: Endpoints | undefined,
): readonly Action[] {
  const subsets = subsetsOf(service, members);
  const labels = {
    ...service.metadata.labels,
    ...(isHeadless(service) ? { [HEADLESS_LABEL]: '' } : {}),
    [MANAGER_LABEL]: 'endpoint-controller',
  };
  const { name, namespace } = service.metadata;
  if (present === undefined) {
    const object = { metadata: { name, namespace, labels }, subsets };
    return [{ kind: 'create', of: ENDPOINTS, object }];
  }
  const isSame =
    goJson([present.subsets ?? [], present.metadata.labels]) === goJson([subsets, labels]);
  if (isSame) return [];
  const object = { ...present, metadata: { ...present.metadata, labels }, subsets };
  return [{ kind: 'update', of: ENDPOINTS, object }];
}

/** Ports that the same addresses offer stand together. */
function subsetsOf(service: Service, members: readonly Member[]): readonly Subset[] {
  const isPublished = service.spec.publishNotReadyAddresses === true;
  const served = members.filter(
    ({ pod }) => isPublished || pod.metadata.deletionTimestamp === undefined,
  );
  const ports = new Map<string, EndpointPort | undefined>();
  for (const member of served) {
    if (member.ports.length === 0 && isHeadless(service)) ports.set('', undefined);
    for (const port of member.ports) ports.set(goJson(port), port);
  }
  const groups = new Map<string, { ports: EndpointPort[]; members: readonly Member[] }>();
  for (const [key, port] of [...ports].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const offering = served.filter((member) =>
      port === undefined
        ? member.ports.length === 0
        : member.ports.some((entry) => goJson(entry) === key),
    );
    const group = goJson(offering.map(({ pod }) => pod.metadata.uid));
    const known = groups.get(group) ?? { ports: [], members: offering };
    if (port !== undefined) known.ports.push(port);
    groups.set(group, known);
  }
  return [...groups.values()].map((group) => subsetOf(group.ports, group.members));
}

function subsetOf(ports: readonly EndpointPort[], members: readonly Member[]): Subset {
  const sorted = [...members].sort((a, b) => (ipOf(a) < ipOf(b) ? -1 : 1));
  const addressesOf = (ready: boolean) =>
    sorted.filter(({ endpoint }) => endpoint.conditions.ready === ready).map(addressOf);
  const [addresses, notReadyAddresses] = [addressesOf(true), addressesOf(false)];
  return {
    ...(addresses.length > 0 ? { addresses } : {}),
    ...(notReadyAddresses.length > 0 ? { notReadyAddresses } : {}),
    ...(ports.length > 0 ? { ports: ports.map(withoutEmptyName) } : {}),
  };
}

function ipOf({ endpoint }: Member): string {
  return endpoint.addresses[0] ?? '';
}

function addressOf(member: Member): EndpointAddress {
  const { hostname, nodeName, targetRef } = member.endpoint;
  return {
    ip: ipOf(member),
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(targetRef === undefined ? {} : { targetRef }),
  };
}

function withoutEmptyName({ name, ...port }: EndpointPort): EndpointPort {
  return name ? { name, ...port } : port;
}
