/**
 * Which pods stand behind a Service, with which addresses and ports.
 * Never here: how they are laid into objects (slices.ts, subsets.ts).
 */

import type { Endpoint, EndpointPort, Service, ServicePort } from '../objects/network';
import { isHeadless } from '../objects/network';
import { type Node, ZONE_LABEL } from '../objects/node';
import { isFinished, isReady, isTerminating, type Pod } from '../objects/pod';

export interface Member {
  readonly pod: Pod;
  readonly endpoint: Endpoint;
  readonly ports: readonly EndpointPort[];
}

/** @returns undefined for a pod that has no address of the family, or whose containers have ended. */
export function memberOf(service: Service, pod: Pod, node: Node | undefined): Member | undefined {
  const address = addressOf(service, pod);
  if (address === undefined || isFinished(pod)) return undefined;
  const serving = isReady(pod);
  const terminating = isTerminating(pod);
  const isPublished = service.spec.publishNotReadyAddresses === true;
  const { namespace, name, uid } = pod.metadata;
  const zone = node?.metadata.labels?.[ZONE_LABEL];
  const endpoint: Endpoint = {
    addresses: [address],
    conditions: { ready: isPublished || (serving && !terminating), serving, terminating },
    ...(isNamedBy(service, pod) ? { hostname: pod.spec.hostname ?? '' } : {}),
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: { kind: 'Pod', name, namespace, uid },
    ...(zone ? { zone } : {}),
  };
  return { pod, endpoint, ports: portsOf(service, pod) };
}

function addressOf({ spec }: Service, { status }: Pod): string | undefined {
  const [family = 'IPv4'] = spec.ipFamilies ?? [];
  const ips = status?.podIPs?.map(({ ip }) => ip) ?? (status?.podIP ? [status.podIP] : []);
  return ips.find((ip) => ip.includes(':') === (family === 'IPv6'));
}

/** Of its governing Service: the pod gets a name of its own. */
function isNamedBy(service: Service, { spec }: Pod): boolean {
  return Boolean(spec.hostname) && spec.subdomain === service.metadata.name;
}

function portsOf(service: Service, pod: Pod): readonly EndpointPort[] {
  const { ports = [] } = service.spec;
  if (ports.length === 0 && isHeadless(service)) return [];
  return ports.flatMap((entry) => {
    const port = portOf(pod, entry);
    if (port === undefined) return [];
    const { name = '', protocol = 'TCP', appProtocol } = entry;
    return [{ name, port, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

/** @returns undefined if no container has a port of that name. */
function portOf(pod: Pod, { targetPort, port, protocol = 'TCP' }: ServicePort): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  if (targetPort === undefined) return port;
  const sidecars = (pod.spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === 'Always',
  );
  return [...pod.spec.containers, ...sidecars]
    .flatMap(({ ports = [] }) => ports)
    .find((entry) => entry.name === targetPort && (entry.protocol ?? 'TCP') === protocol)
    ?.containerPort;
}
