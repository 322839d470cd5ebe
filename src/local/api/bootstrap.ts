/**
 * What a cluster holds before anybody has asked for anything: namespaces, default roles, priority
 * classes, and the Service of the API server itself.
 * Never here: what controllers make (service accounts, the root certificate's ConfigMaps).
 */
import type { ApiServer } from './api';
import { defaultRoles } from './default-roles';
import { textAt } from './json';
import type { JsonObject, User } from './port';

const system: User = { name: 'system:apiserver', groups: ['system:masters'] };

export interface Bootstrap {
  /** Of the Service `default/kubernetes`; the server listens there too. */
  readonly serviceAddress: string;
  /** Where the server listens. */
  readonly host: string;
  readonly port: number;
}

/** Creates what is missing; what is there stays as it is, but the server's own address. */
export function bootstrap(api: ApiServer, where: Bootstrap): void {
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
    ensure(api, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  for (const role of defaultRoles()) {
    const resource = role.kind === 'ClusterRole' ? 'clusterroles' : 'clusterrolebindings';
    ensure(api, resource, role);
  }
  for (const one of priorityClasses) ensure(api, 'priorityclasses', one);
  ensure(api, 'services', serviceOf(where));
  replace(api, 'endpointslices', sliceOf(where));
}

const priorityClasses: readonly JsonObject[] = [
  ['system-cluster-critical', 2_000_000_000, 'cluster'],
  ['system-node-critical', 2_000_001_000, 'node'],
].map(([name, value, what]) => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name: String(name) },
  value: Number(value),
  description:
    what === 'node'
      ? 'Used for system critical pods that must not be moved from their current node.'
      : 'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
}));

function serviceOf({ serviceAddress, port }: Bootstrap): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { component: 'apiserver', provider: 'kubernetes' },
    },
    spec: {
      clusterIP: serviceAddress,
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port }],
    },
  };
}

function sliceOf({ host, port }: Bootstrap): JsonObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'kubernetes.io/service-name': 'kubernetes' },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: [host], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  };
}

function ensure(api: ApiServer, resource: string, body: JsonObject): number {
  const [group, version] = splitVersion(textAt(body, 'apiVersion'));
  const namespace = textAt(body, 'metadata', 'namespace');
  return api.handle({
    verb: 'create',
    resource: { group, version, resource },
    ...(namespace === '' ? {} : { namespace }),
    user: system,
    userAgent: 'kube-apiserver',
    body,
  }).code;
}

function replace(api: ApiServer, resource: string, body: JsonObject): void {
  if (ensure(api, resource, body) !== 409) return;
  const [group, version] = splitVersion(textAt(body, 'apiVersion'));
  api.handle({
    verb: 'update',
    resource: { group, version, resource },
    namespace: textAt(body, 'metadata', 'namespace'),
    name: textAt(body, 'metadata', 'name'),
    user: system,
    userAgent: 'kube-apiserver',
    body,
  });
}

function splitVersion(apiVersion: string): readonly [group: string, version: string] {
  const [first = '', second] = apiVersion.split('/');
  return second === undefined ? ['', first] : [first, second];
}
