/**
 * Columns of everything that is neither a pod nor a workload.
 * Never here: CRDs' own columns (table.ts).
 */
import { at, listAt, numberAt, objectAt, textAt, textsAt } from '../../json';
import type { Json, JsonObject } from '../../port';
import {
  accessModesText,
  ageColumn,
  type Column,
  labelsText,
  nameColumn,
  orNone,
  selectorText,
  since,
} from './column';

function text(name: string, ...path: readonly string[]): Column {
  return { name, doc: path, cell: (object) => textAt(object, ...path) };
}

const services: readonly Column[] = [
  nameColumn,
  text('Type', 'spec', 'type'),
  {
    name: 'Cluster-IP',
    doc: ['spec', 'clusterIP'],
    cell: (one) => orNone(textAt({ ip: listAt(one, 'spec', 'clusterIPs')[0] ?? '' }, 'ip')),
  },
  { name: 'External-IP', doc: ['spec', 'externalIPs'], cell: externalIp },
  { name: 'Port(s)', doc: ['spec', 'ports'], cell: servicePorts },
  ageColumn,
  {
    name: 'Selector',
    priority: 1,
    cell: (one) => labelsText(textsAt(one, 'spec', 'selector')),
  },
];

function externalIp(service: JsonObject): string {
  const own = listAt(service, 'spec', 'externalIPs').join(',');
  switch (textAt(service, 'spec', 'type')) {
    case 'ExternalName':
      return textAt(service, 'spec', 'externalName');
    case 'LoadBalancer': {
      const ingress = listAt(service, 'status', 'loadBalancer', 'ingress').map(
        (one) => textAt(one, 'ip') || textAt(one, 'hostname'),
      );
      return (
        [...[...new Set(ingress)].sort(), own].filter((one) => one !== '').join(',') || '<pending>'
      );
    }
    default:
      return orNone(own);
  }
}

function servicePorts(service: JsonObject): string {
  const ports = listAt(service, 'spec', 'ports').map((port) => {
    const node = numberAt(port, 'nodePort') ?? 0;
    const outside = node > 0 ? `:${node}` : '';
    return `${numberAt(port, 'port') ?? 0}${outside}/${textAt(port, 'protocol')}`;
  });
  return orNone(ports.join(','));
}

const nodes: readonly Column[] = [
  nameColumn,
  { name: 'Status', description: 'The status of the node', cell: nodeStatus },
  { name: 'Roles', description: 'The roles of the node', cell: nodeRoles },
  ageColumn,
  text('Version', 'status', 'nodeInfo', 'kubeletVersion'),
  { name: 'Internal-IP', priority: 1, cell: (node) => nodeAddress(node, 'InternalIP') },
  { name: 'External-IP', priority: 1, cell: (node) => nodeAddress(node, 'ExternalIP') },
  { name: 'OS-Image', priority: 1, cell: (node) => systemInfo(node, 'osImage') },
  { name: 'Kernel-Version', priority: 1, cell: (node) => systemInfo(node, 'kernelVersion') },
  {
    name: 'Container-Runtime',
    priority: 1,
    cell: (node) => systemInfo(node, 'containerRuntimeVersion'),
  },
];

function nodeStatus(node: JsonObject): string {
  const ready = listAt(node, 'status', 'conditions').find((one) => textAt(one, 'type') === 'Ready');
  const first =
    ready === undefined ? 'Unknown' : textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  return at(node, 'spec', 'unschedulable') === true ? `${first},SchedulingDisabled` : first;
}

function nodeRoles(node: JsonObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const labels = textsAt(node, 'metadata', 'labels');
  const roles = Object.entries(labels).flatMap(([key, value]) => {
    if (key === 'kubernetes.io/role') return [value];
    return key.startsWith(prefix) ? [key.slice(prefix.length)] : [];
  });
  return orNone(
    roles
      .filter((role) => role !== '')
      .sort()
      .join(','),
  );
}

function nodeAddress(node: JsonObject, type: string): string {
  const addresses = listAt(node, 'status', 'addresses');
  return orNone(
    textAt(
      addresses.find((one) => textAt(one, 'type') === type),
      'address',
    ),
  );
}

function systemInfo(node: JsonObject, member: string): string {
  return textAt(node, 'status', 'nodeInfo', member) || '<unknown>';
}

const events: readonly Column[] = [
  { name: 'Last Seen', doc: ['lastTimestamp'], cell: lastSeen },
  text('Type', 'type'),
  text('Reason', 'reason'),
  { name: 'Object', doc: ['involvedObject'], cell: eventTarget },
  { name: 'Subobject', priority: 1, cell: (one) => textAt(involved(one), 'fieldPath') },
  { name: 'Source', priority: 1, cell: eventSource },
  {
    name: 'Message',
    doc: ['message'],
    cell: (one) => (textAt(one, 'message') || textAt(one, 'note')).trim(),
  },
  { name: 'First Seen', priority: 1, cell: firstSeen },
  {
    name: 'Count',
    priority: 1,
    cell: (one) =>
      numberAt(one, 'series', 'count') ??
      (numberAt(one, 'count') || numberAt(one, 'deprecatedCount') || 1),
  },
  { ...nameColumn, priority: 1 },
];

function involved(event: JsonObject): JsonObject {
  return event.involvedObject === undefined
    ? objectAt(event, 'regarding')
    : objectAt(event, 'involvedObject');
}

function eventTarget(event: JsonObject): string {
  const kind = textAt(involved(event), 'kind').toLowerCase();
  const name = textAt(involved(event), 'name');
  return name === '' ? kind : `${kind}/${name}`;
}

function firstSeen(event: JsonObject, nowMs: number): string {
  const first = textAt(event, 'firstTimestamp') || textAt(event, 'deprecatedFirstTimestamp');
  return since(first || textAt(event, 'eventTime'), nowMs);
}

function lastSeen(event: JsonObject, nowMs: number): string {
  const series = textAt(event, 'series', 'lastObservedTime');
  if (series !== '') return since(series, nowMs);
  const last = textAt(event, 'lastTimestamp') || textAt(event, 'deprecatedLastTimestamp');
  return last === '' ? firstSeen(event, nowMs) : since(last, nowMs);
}

function eventSource(event: JsonObject): string {
  const component =
    textAt(event, 'source', 'component') ||
    textAt(event, 'deprecatedSource', 'component') ||
    textAt(event, 'reportingComponent') ||
    textAt(event, 'reportingController');
  const host = textAt(event, 'source', 'host') || textAt(event, 'reportingInstance');
  return host === '' ? component : `${component}, ${host}`;
}

const claims: readonly Column[] = [
  nameColumn,
  { name: 'Status', cell: phaseOrTerminating },
  text('Volume', 'spec', 'volumeName'),
  {
    name: 'Capacity',
    cell: (one) => (isBound(one) ? textAt(one, 'status', 'capacity', 'storage') || '0' : ''),
  },
  {
    name: 'Access Modes',
    cell: (one) => (isBound(one) ? accessModesText(listAt(one, 'status', 'accessModes')) : ''),
  },
  {
    name: 'StorageClass',
    description: 'StorageClass of the pvc',
    cell: (one) => textAt(one, 'spec', 'storageClassName'),
  },
  {
    name: 'VolumeAttributesClass',
    description: 'VolumeAttributesClass of the pvc',
    cell: (one) => textAt(one, 'spec', 'volumeAttributesClassName') || '<unset>',
  },
  ageColumn,
  {
    name: 'VolumeMode',
    priority: 1,
    cell: (one) => textAt(one, 'spec', 'volumeMode') || '<unset>',
  },
];

function isBound(claim: JsonObject): boolean {
  return textAt(claim, 'spec', 'volumeName') !== '';
}

function phaseOrTerminating(object: JsonObject): string {
  const ending = textAt(object, 'metadata', 'deletionTimestamp') !== '';
  return ending ? 'Terminating' : textAt(object, 'status', 'phase');
}

const volumes: readonly Column[] = [
  nameColumn,
  text('Capacity', 'spec', 'capacity', 'storage'),
  { name: 'Access Modes', cell: (one) => accessModesText(listAt(one, 'spec', 'accessModes')) },
  text('Reclaim Policy', 'spec', 'persistentVolumeReclaimPolicy'),
  { name: 'Status', cell: phaseOrTerminating },
  { name: 'Claim', cell: claimOf },
  {
    name: 'StorageClass',
    description: 'StorageClass of the pv',
    cell: (one) => textAt(one, 'spec', 'storageClassName'),
  },
  {
    name: 'VolumeAttributesClass',
    description: 'VolumeAttributesClass of the pv',
    cell: (one) => textAt(one, 'spec', 'volumeAttributesClassName') || '<unset>',
  },
  text('Reason', 'status', 'reason'),
  ageColumn,
  {
    name: 'VolumeMode',
    priority: 1,
    cell: (one) => textAt(one, 'spec', 'volumeMode') || '<unset>',
  },
];

function claimOf(volume: JsonObject): string {
  const claim = objectAt(volume, 'spec', 'claimRef');
  if (Object.keys(claim).length === 0) return '';
  return `${textAt(claim, 'namespace')}/${textAt(claim, 'name')}`;
}

const listedMax = 3;

/** At most three, then how many more. */
function some(list: readonly string[]): string {
  if (list.length === 0) return '<unset>';
  const shown = list.slice(0, listedMax).join(',');
  return list.length > listedMax ? `${shown} + ${list.length - listedMax} more...` : shown;
}

const endpointSlices: readonly Column[] = [
  nameColumn,
  text('AddressType', 'addressType'),
  {
    name: 'Ports',
    cell: (one) =>
      some(listAt(one, 'ports').map((port) => String(at(port, 'port') ?? at(port, 'name') ?? '*'))),
  },
  {
    name: 'Endpoints',
    cell: (one) =>
      some(listAt(one, 'endpoints').flatMap((end) => listAt(end, 'addresses').map(String))),
  },
  ageColumn,
];

function endpointsText(endpoints: JsonObject): string {
  const subsets = listAt(endpoints, 'subsets');
  if (subsets.length === 0) return '<none>';
  const list = subsets.flatMap((subset) => {
    const addresses = listAt(subset, 'addresses').map((one) => textAt(one, 'ip'));
    const ports = listAt(subset, 'ports');
    if (ports.length === 0) return addresses;
    return ports.flatMap((port) => addresses.map((ip) => `${ip}:${numberAt(port, 'port') ?? 0}`));
  });
  return list.length === 0 ? '' : some(list);
}

function subjectsColumns(what: string): readonly Column[] {
  const of = (kind: string) => (one: JsonObject) =>
    listAt(one, 'subjects')
      .filter((subject) => textAt(subject, 'kind') === kind)
      .map((subject) => {
        const name = textAt(subject, 'name');
        return kind === 'ServiceAccount' ? `${textAt(subject, 'namespace')}/${name}` : name;
      })
      .join(', ');
  return [
    nameColumn,
    {
      name: 'Role',
      cell: (one) => `${textAt(one, 'roleRef', 'kind')}/${textAt(one, 'roleRef', 'name')}`,
    },
    ageColumn,
    { name: 'Users', priority: 1, description: `Users in the ${what}`, cell: of('User') },
    { name: 'Groups', priority: 1, description: `Groups in the ${what}`, cell: of('Group') },
    {
      name: 'ServiceAccounts',
      priority: 1,
      description: `ServiceAccounts in the ${what}`,
      cell: of('ServiceAccount'),
    },
  ];
}

const createdColumn: Column = {
  ...ageColumn,
  name: 'Created At',
  type: 'date',
  cell: (one) => textAt(one, 'metadata', 'creationTimestamp'),
};

const sizeOf = (value: Json | undefined): number =>
  typeof value === 'object' && value !== null ? Object.keys(value).length : 0;

const storageClasses: readonly Column[] = [
  { ...nameColumn, cell: storageClassName },
  text('Provisioner', 'provisioner'),
  { name: 'ReclaimPolicy', cell: (one) => textAt(one, 'reclaimPolicy') || 'Delete' },
  { name: 'VolumeBindingMode', cell: (one) => textAt(one, 'volumeBindingMode') || 'Immediate' },
  { name: 'AllowVolumeExpansion', cell: (one) => at(one, 'allowVolumeExpansion') === true },
  ageColumn,
];

function storageClassName(one: JsonObject): string {
  const annotations = textsAt(one, 'metadata', 'annotations');
  const isDefault = annotations['storageclass.kubernetes.io/is-default-class'] === 'true';
  return textAt(one, 'metadata', 'name') + (isDefault ? ' (default)' : '');
}

const priorityClasses: readonly Column[] = [
  nameColumn,
  { name: 'Value', type: 'integer', cell: (one) => numberAt(one, 'value') ?? 0 },
  { name: 'Global-Default', type: 'boolean', cell: (one) => at(one, 'globalDefault') === true },
  ageColumn,
  text('PreemptionPolicy', 'preemptionPolicy'),
];

const rules = 'rbac.authorization.k8s.io';

export const otherColumns: Readonly<Record<string, readonly Column[]>> = {
  '/configmaps': [
    nameColumn,
    { name: 'Data', doc: ['data'], cell: (one) => sizeOf(one.data) + sizeOf(one.binaryData) },
    ageColumn,
  ],
  '/endpoints': [nameColumn, { name: 'Endpoints', cell: endpointsText }, ageColumn],
  '/events': events,
  '/namespaces': [
    nameColumn,
    { ...text('Status', 'status', 'phase'), description: 'The status of the namespace' },
    ageColumn,
  ],
  '/nodes': nodes,
  '/persistentvolumeclaims': claims,
  '/persistentvolumes': volumes,
  '/secrets': [
    nameColumn,
    text('Type', 'type'),
    { name: 'Data', doc: ['data'], cell: (one) => sizeOf(one.data) },
    ageColumn,
  ],
  '/serviceaccounts': [
    nameColumn,
    { name: 'Secrets', doc: ['secrets'], cell: (one) => listAt(one, 'secrets').length },
    ageColumn,
  ],
  '/services': services,
  'apiextensions.k8s.io/customresourcedefinitions': [nameColumn, createdColumn],
  'coordination.k8s.io/leases': [nameColumn, text('Holder', 'spec', 'holderIdentity'), ageColumn],
  'discovery.k8s.io/endpointslices': endpointSlices,
  'events.k8s.io/events': events,
  'networking.k8s.io/networkpolicies': [
    nameColumn,
    { name: 'Pod-Selector', cell: (one) => selectorText(at(one, 'spec', 'podSelector')) },
    ageColumn,
  ],
  [`${rules}/clusterrolebindings`]: subjectsColumns('clusterRoleBinding'),
  [`${rules}/clusterroles`]: [nameColumn, createdColumn],
  [`${rules}/rolebindings`]: subjectsColumns('roleBinding'),
  [`${rules}/roles`]: [nameColumn, createdColumn],
  'scheduling.k8s.io/priorityclasses': priorityClasses,
  'storage.k8s.io/storageclasses': storageClasses,
};
