/**
 * What a cluster holds before anybody has asked for anything: namespaces, default roles, priority
 * classes.
 * Never here: what controllers make (service accounts, the root certificate's ConfigMaps).
 */
import type { ApiServer } from './api';
import { defaultRoles } from './default-roles';
import { textAt } from './json';
import type { JsonObject, User } from './port';

const system: User = { name: 'system:apiserver', groups: ['system:masters'] };

/** Creates what is missing; what is there stays as it is. */
export function bootstrap(api: ApiServer): void {
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
    ensure(api, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  for (const role of defaultRoles()) {
    const resource = role.kind === 'ClusterRole' ? 'clusterroles' : 'clusterrolebindings';
    ensure(api, resource, role);
  }
  for (const one of priorityClasses) ensure(api, 'priorityclasses', one);
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

function ensure(api: ApiServer, resource: string, body: JsonObject): void {
  const [group, version] = splitVersion(textAt(body, 'apiVersion'));
  api.handle({
    verb: 'create',
    resource: { group, version, resource },
    user: system,
    userAgent: 'kube-apiserver',
    body,
  });
}

function splitVersion(apiVersion: string): readonly [group: string, version: string] {
  const [first = '', second] = apiVersion.split('/');
  return second === undefined ? ['', first] : [first, second];
}
