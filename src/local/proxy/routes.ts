/**
 * Where the connections of each Service go, from Services and EndpointSlices: the rules of kube-proxy.
 * Never here: sockets.
 */
import {
  type Endpoint,
  type EndpointSlice,
  isHeadless,
  SERVICE_NAME_LABEL,
  type Service,
} from '../controllers/objects/network';

export interface Backend {
  readonly host: string;
  readonly port: number;
}

/** One address on which clients may connect. */
export interface Route {
  readonly service: Service;
  readonly host: string;
  readonly port: number;
  /** None: connections are refused. */
  readonly backends: readonly Backend[];
}

/** @param nodes addresses on which NodePorts are reached. */
export function routesOf(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
  nodes: readonly string[],
): readonly Route[] {
  const byService = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const { namespace, labels } = slice.metadata;
    const key = `${namespace}/${labels?.[SERVICE_NAME_LABEL] ?? ''}`;
    byService.set(key, [...(byService.get(key) ?? []), slice]);
  }
  return services.flatMap((service) => {
    const { namespace, name } = service.metadata;
    return routesOfService(service, byService.get(`${namespace}/${name}`) ?? [], nodes);
  });
}

function routesOfService(
  service: Service,
  slices: readonly EndpointSlice[],
  nodes: readonly string[],
): readonly Route[] {
  const { type, clusterIP = '', ports = [] } = service.spec;
  if (type === 'ExternalName' || isHeadless(service)) return [];
  return ports.flatMap((port) => {
    if ((port.protocol ?? 'TCP') !== 'TCP') return [];
    const backends = backendsOf(slices, port.name ?? '');
    const { nodePort } = port as { readonly nodePort?: number };
    const outside = type === 'NodePort' || type === 'LoadBalancer' ? nodes : [];
    return [
      { service, host: clusterIP, port: port.port, backends },
      ...(nodePort === undefined
        ? []
        : outside.map((host) => ({ service, host, port: nodePort, backends }))),
    ];
  });
}

/** Those that are ready; where there is none, those that end but still serve. */
function backendsOf(slices: readonly EndpointSlice[], portName: string): readonly Backend[] {
  const ready: Backend[] = [];
  const leaving: Backend[] = [];
  for (const slice of slices) {
    const port = slice.ports?.find(({ name }) => (name ?? '') === portName)?.port;
    if (port === undefined) continue;
    for (const { addresses, conditions } of slice.endpoints ?? []) {
      const [host] = addresses;
      if (host === undefined) continue;
      if (conditions.ready !== false) ready.push({ host, port });
      else if (isLeaving(conditions)) leaving.push({ host, port });
    }
  }
  return unique(ready.length > 0 ? ready : leaving);
}

function isLeaving({ serving, terminating }: Endpoint['conditions']): boolean {
  return serving === true && terminating === true;
}

/** An endpoint may stand in two slices for a moment. */
function unique(backends: readonly Backend[]): readonly Backend[] {
  return [...new Map(backends.map((each) => [`${each.host}:${each.port}`, each])).values()];
}
