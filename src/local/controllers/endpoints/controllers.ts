/**
 * The three controllers of endpoints: EndpointSlices and Endpoints from pods, and mirrored slices.
 * Never here: what they write (slices.ts, subsets.ts, mirror.ts).
 */
import { type Action, type Decision, NOTHING } from '../frame/action';
import { type Controller, type Source, source } from '../frame/controller';
import { joinKey, keyOf, splitKey } from '../frame/kind';
import type { Reader } from '../frame/reader';
import {
  ENDPOINT_SLICES,
  ENDPOINTS,
  type EndpointSlice,
  hasSelector,
  SERVICE_NAME_LABEL,
  SERVICES,
  type Service,
  SLICE_MANAGER_LABEL,
} from '../objects/network';
import { NODES } from '../objects/node';
import { PODS, type Pod } from '../objects/pod';
import { containsAll } from '../objects/selector';
import { type Member, memberOf } from './members';
import { MIRROR_CONTROLLER, planMirror } from './mirror';
import { planSlices, SLICE_CONTROLLER } from './slices';
import { planEndpoints } from './subsets';

const fromPods: readonly Source[] = [
  source(SERVICES, (service) => [keyOf(service)]),
  source(PODS, servicesOf),
];

export const endpointSliceController: Controller = {
  name: 'endpoint-slice-controller',
  sources: [...fromPods, source(ENDPOINT_SLICES, (slice) => serviceOf(slice, SLICE_CONTROLLER))],
  reads: [NODES],
  decide: (key, reader) => decideSlices(key, reader),
};

export const endpointsController: Controller = {
  name: 'endpoint-controller',
  sources: [
    ...fromPods,
    // What stands there without a Service is somebody else's: only the end of a Service takes it along.
    { ...source(ENDPOINTS, (endpoints) => [keyOf(endpoints)]), on: ['removed'] },
  ],
  reads: [NODES],
  decide: (key, reader) => decideEndpoints(key, reader),
};

export const mirroringController: Controller = {
  name: 'endpoint-slice-mirroring-controller',
  sources: [
    source(SERVICES, (service) => [keyOf(service)]),
    source(ENDPOINTS, (endpoints) => [keyOf(endpoints)]),
    source(ENDPOINT_SLICES, (slice) => serviceOf(slice, MIRROR_CONTROLLER)),
  ],
  decide: (key, reader) => {
    const { namespace, name } = splitKey(key);
    const service = reader.get(SERVICES, namespace, name);
    const endpoints = reader.get(ENDPOINTS, namespace, name);
    const present = slicesOf(reader, key, MIRROR_CONTROLLER);
    return { actions: planMirror(service, endpoints, present) };
  },
};

function decideSlices(key: string, reader: Reader): Decision {
  const service = withSelector(key, reader);
  if (service === undefined) return NOTHING;
  const { members, lost } = membersOf(service, reader);
  const actions = planSlices(service, members, slicesOf(reader, key, SLICE_CONTROLLER));
  if (lost.length === 0) return { actions };
  const { name, namespace } = service.metadata;
  const [pod] = lost;
  const at = `${namespace}/${name}: Node ${pod?.spec.nodeName} Not Found`;
  const message = `Error updating Endpoint Slices for Service ${namespace}/${name}: skipping Pod ${pod?.metadata.name} for Service ${at}`;
  const reason = 'FailedToUpdateEndpointSlices';
  const tale: Action = { kind: 'tell', about: service, type: 'Warning', reason, message };
  return { actions: [...actions, tale, { kind: 'giveUp' }] };
}

function decideEndpoints(key: string, reader: Reader): Decision {
  const { namespace, name } = splitKey(key);
  const present = reader.get(ENDPOINTS, namespace, name);
  if (reader.get(SERVICES, namespace, name) === undefined)
    return present === undefined
      ? NOTHING
      : { actions: [{ kind: 'delete', of: ENDPOINTS, object: present }] };
  const service = withSelector(key, reader);
  if (service === undefined) return NOTHING;
  const { members, lost } = membersOf(service, reader);
  const lostMembers = lost.flatMap((pod) => memberOf(service, pod, undefined) ?? []);
  return { actions: planEndpoints(service, [...members, ...lostMembers], present) };
}

/** Without a selector a Service gets nothing from here, and loses nothing. */
function withSelector(key: string, reader: Reader): Service | undefined {
  const { namespace, name } = splitKey(key);
  const service = reader.get(SERVICES, namespace, name);
  return service !== undefined && service.spec.type !== 'ExternalName' && hasSelector(service)
    ? service
    : undefined;
}

/** `lost`: pods whose node is not there; they are left out until it is. */
function membersOf(
  service: Service,
  reader: Reader,
): { readonly members: readonly Member[]; readonly lost: readonly Pod[] } {
  const members: Member[] = [];
  const lost: Pod[] = [];
  for (const pod of reader.list(PODS, service.metadata.namespace)) {
    if (!containsAll(pod.metadata.labels, service.spec.selector ?? {})) continue;
    const node = reader.get(NODES, undefined, pod.spec.nodeName ?? '');
    const member = memberOf(service, pod, node);
    if (member === undefined) continue;
    const isLost = node === undefined && service.spec.publishNotReadyAddresses !== true;
    if (isLost) lost.push(pod);
    else members.push(member);
  }
  members.sort((a, b) => (a.pod.metadata.name < b.pod.metadata.name ? -1 : 1));
  return { members, lost };
}

function slicesOf(reader: Reader, key: string, manager: string): readonly EndpointSlice[] {
  const { namespace, name } = splitKey(key);
  const wanted = { [SERVICE_NAME_LABEL]: name, [SLICE_MANAGER_LABEL]: manager };
  return reader
    .list(ENDPOINT_SLICES, namespace)
    .filter(
      ({ metadata }) =>
        containsAll(metadata.labels, wanted) && metadata.deletionTimestamp === undefined,
    );
}

function serviceOf({ metadata }: EndpointSlice, manager: string): readonly string[] {
  const name = metadata.labels?.[SERVICE_NAME_LABEL];
  if (name === undefined || metadata.labels?.[SLICE_MANAGER_LABEL] !== manager) return [];
  return [joinKey(metadata.namespace, name)];
}

function servicesOf({ metadata }: Pod, reader: Reader): readonly string[] {
  return reader
    .list(SERVICES, metadata.namespace)
    .filter(
      (service) =>
        hasSelector(service) && containsAll(metadata.labels, service.spec.selector ?? {}),
    )
    .map(keyOf);
}
