/**
 * Lays endpoints into EndpointSlices: those that are there keep their place, new ones go where there
 * is room, and an empty slice stays behind when there is nobody.
 * Never here: which pods they are (members.ts).
 */
import type { Action, Draft } from '../frame/action';
import { goJson } from '../objects/hash';
import {
  ENDPOINT_SLICES,
  type Endpoint,
  type EndpointPort,
  type EndpointSlice,
  HEADLESS_LABEL,
  isHeadless,
  SERVICE_NAME_LABEL,
  type Service,
  SLICE_MANAGER_LABEL,
} from '../objects/network';
import { controllerReference, isControlledBy } from '../objects/owner';
import type { Labels } from '../objects/selector';
import type { Member } from './members';

export const SLICE_CONTROLLER = 'endpointslice-controller.k8s.io';
/** Of one slice. */
const ENDPOINTS_MAX = 100;

interface Wanted {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

/** What a slice is to hold; without `slice` it is a new one. */
interface Filled {
  readonly slice: EndpointSlice | undefined;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: Endpoint[];
}

/** @param present the slices of this Service and this controller. */
export function planSlices(
  service: Service,
  members: readonly Member[],
  present: readonly EndpointSlice[],
): readonly Action[] {
  const ours = present.filter((slice) => isControlledBy(slice, service));
  const foreign = present.filter((slice) => !ours.includes(slice));
  const groups = groupsOf(members);
  const filled = [...groups].flatMap(([key, wanted]) =>
    fill(
      wanted,
      ours.filter((slice) => portKey(slice.ports ?? []) === key),
    ),
  );
  const used = new Set(filled.map(({ slice }) => slice));
  const spare = [...ours.filter((slice) => !used.has(slice)), ...foreign];
  const kept = filled.length > 0 ? filled : [{ slice: undefined, ports: [], endpoints: [] }];
  const reused = kept.map((entry) => (entry.slice ? entry : { ...entry, slice: spare.shift() }));
  return [
    ...reused.flatMap((entry) => write(service, entry)),
    ...spare.map((object) => ({ kind: 'delete', of: ENDPOINT_SLICES, object }) as const),
  ];
}

function groupsOf(members: readonly Member[]): ReadonlyMap<string, Wanted> {
  const groups = new Map<string, { ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
  for (const { ports, endpoint } of members) {
    const key = portKey(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push(endpoint);
    groups.set(key, group);
  }
  return groups;
}

function portKey(ports: readonly EndpointPort[]): string {
  const sorted = [...ports].sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
  return goJson(sorted);
}

function fill({ ports, endpoints }: Wanted, slices: readonly EndpointSlice[]): readonly Filled[] {
  const left = new Map(endpoints.map((endpoint) => [identityOf(endpoint), endpoint]));
  const kept = slices.map((slice) => {
    const still: Endpoint[] = [];
    for (const old of slice.endpoints ?? []) {
      const endpoint = left.get(identityOf(old));
      if (endpoint === undefined) continue;
      left.delete(identityOf(old));
      still.push(endpoint);
    }
    return { slice, ports, endpoints: still };
  });
  const filled: Filled[] = kept.filter((entry) => entry.endpoints.length > 0);
  const additional = [...left.values()];
  for (const entry of [...filled].sort((a, b) => b.endpoints.length - a.endpoints.length))
    entry.endpoints.push(...additional.splice(0, ENDPOINTS_MAX - entry.endpoints.length));
  while (additional.length > 0)
    filled.push({ slice: undefined, ports, endpoints: additional.splice(0, ENDPOINTS_MAX) });
  return filled;
}

function identityOf({ addresses, targetRef, hostname }: Endpoint): string {
  return [...addresses, targetRef?.uid ?? '', hostname ?? ''].join(' ');
}

function write(service: Service, { slice, ports, endpoints }: Filled): readonly Action[] {
  const labels = labelsOf(service);
  if (slice === undefined)
    return [{ kind: 'create', of: ENDPOINT_SLICES, object: draft(service, ports, endpoints) }];
  const metadata = { ...slice.metadata, labels, ownerReferences: [controllerReference(service)] };
  const object = { ...slice, metadata, ports, endpoints };
  const isSame =
    goJson([slice.metadata.labels, slice.ports ?? [], slice.endpoints ?? []]) ===
      goJson([labels, ports, endpoints]) && isControlledBy(slice, service);
  return isSame ? [] : [{ kind: 'update', of: ENDPOINT_SLICES, object }];
}

function draft(
  service: Service,
  ports: readonly EndpointPort[],
  endpoints: readonly Endpoint[],
): Draft {
  const { name, namespace } = service.metadata;
  const [family = 'IPv4'] = service.spec.ipFamilies ?? [];
  return {
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: labelsOf(service),
      ownerReferences: [controllerReference(service)],
    },
    addressType: family,
    endpoints,
    // As the real controller's list, which nobody has added to yet.
    ...(ports.length === 0 ? {} : { ports }),
  };
}

function labelsOf(service: Service): Labels {
  return {
    ...service.metadata.labels,
    ...(isHeadless(service) ? { [HEADLESS_LABEL]: '' } : {}),
    [SERVICE_NAME_LABEL]: service.metadata.name,
    [SLICE_MANAGER_LABEL]: SLICE_CONTROLLER,
  };
}
