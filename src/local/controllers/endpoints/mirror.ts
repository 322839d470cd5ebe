/**
 * Mirrors Endpoints of a Service without selector into EndpointSlices, so that what a user wrote there
 * is served; and so that a Service that lost its selector keeps its last addresses, as on a real
 * cluster.
 * Never here: Services with a selector (slices.ts).
 */
import type { Action, Draft } from '../frame/action';
import { goJson } from '../objects/hash';
import {
  ENDPOINT_SLICES,
  type Endpoint,
  type EndpointAddress,
  type EndpointSlice,
  type Endpoints,
  hasSelector,
  SERVICE_NAME_LABEL,
  type Service,
  SLICE_MANAGER_LABEL,
  type Subset,
} from '../objects/network';
import { controllerReference } from '../objects/owner';

export const MIRROR_CONTROLLER = 'endpointslicemirroring-controller.k8s.io';
const SKIP_LABEL = 'endpointslice.kubernetes.io/skip-mirror';
/** Not for the mirror. */
const OWN_ANNOTATIONS = new Set([
  'endpoints.kubernetes.io/last-change-trigger-time',
  'kubectl.kubernetes.io/last-applied-configuration',
]);

/** @param present the mirrored slices of this name. */
export function planMirror(
  service: Service | undefined,
  endpoints: Endpoints | undefined,
  present: readonly EndpointSlice[],
): readonly Action[] {
  const isWanted =
    service !== undefined &&
    !hasSelector(service) &&
    endpoints?.metadata.labels?.[SKIP_LABEL] !== 'true';
  const wanted = isWanted && endpoints !== undefined ? draftsOf(endpoints) : [];
  const actions = wanted.flatMap((draft, index) => write(draft, present[index]));
  const spare = present.slice(wanted.length);
  return [
    ...actions,
    ...spare.map((object) => ({ kind: 'delete', of: ENDPOINT_SLICES, object }) as const),
  ];
}

function write(draft: Draft, present: EndpointSlice | undefined): readonly Action[] {
  if (present === undefined) return [{ kind: 'create', of: ENDPOINT_SLICES, object: draft }];
  const { labels, annotations } = draft.metadata;
  const object = { ...present, ...draft, metadata: { ...present.metadata, labels, annotations } };
  const told = ({ metadata, endpoints, ports }: EndpointSlice | typeof object) =>
    goJson([metadata.labels, metadata.annotations ?? {}, endpoints ?? [], ports ?? []]);
  if (told(present) === told(object as EndpointSlice)) return [];
  return [{ kind: 'update', of: ENDPOINT_SLICES, object: object as EndpointSlice }];
}

function draftsOf(endpoints: Endpoints): readonly Draft[] {
  const { name, namespace, labels, annotations = {} } = endpoints.metadata;
  const kept = Object.entries(annotations).filter(([key]) => !OWN_ANNOTATIONS.has(key));
  return (endpoints.subsets ?? []).map((subset) => ({
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: { ...labels, [SERVICE_NAME_LABEL]: name, [SLICE_MANAGER_LABEL]: MIRROR_CONTROLLER },
      annotations: Object.fromEntries(kept),
      ownerReferences: [controllerReference(endpoints)],
    },
    addressType: 'IPv4',
    endpoints: endpointsOf(subset),
    ports: (subset.ports ?? []).map(({ name: portName = '', ...port }) => ({
      name: portName,
      ...port,
    })),
  }));
}

function endpointsOf({ addresses = [], notReadyAddresses = [] }: Subset): readonly Endpoint[] {
  return [
    ...addresses.map((address) => endpointOf(address, true)),
    ...notReadyAddresses.map((address) => endpointOf(address, false)),
  ];
}

function endpointOf({ ip, ...rest }: EndpointAddress, ready: boolean): Endpoint {
  return { addresses: [ip], conditions: { ready }, ...rest };
}
