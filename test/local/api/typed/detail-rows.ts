/**
 * Bad details of Secrets, Services, claims and selectors, each with its good twin, which the
 * real server and the local types must judge alike.
 * Never here: the coarser faults (pod-rows.ts, validation-rows.ts), containers (container-rows.ts).
 */
import type { JsonObject } from '../../../../src/local/api/port';
import { containers } from './container-rows';
import { good, pair, type Row } from './pod-rows';

const secret = (type: string) => (data: JsonObject) => ({ type, data });
const service = (spec: JsonObject): JsonObject => ({ spec: { ports: [{ port: 80 }], ...spec } });
const ports = (list: readonly JsonObject[]) => service({ ports: list });
const claim = (spec: JsonObject): JsonObject => ({
  spec: {
    storageClassName: 'none',
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    ...spec,
  },
});
const slice = (more: JsonObject): JsonObject => ({ addressType: 'IPv4', endpoints: [], ...more });
const cores: readonly Row[] = [
  ...pair(
    'Secret',
    'a login of neither name nor word',
    secret('kubernetes.io/basic-auth'),
    { other: 'eA==' },
    { password: 'eA==' },
  ),
  ...pair(
    'Secret',
    'a login by name alone',
    secret('kubernetes.io/basic-auth'),
    {},
    { username: 'eA==' },
  ),
  ...pair(
    'Secret',
    'a key that is missing',
    secret('kubernetes.io/ssh-auth'),
    {},
    { 'ssh-privatekey': 'eA==' },
  ),
  ...pair(
    'Secret',
    'a certificate without its key',
    secret('kubernetes.io/tls'),
    { 'tls.crt': 'eA==' },
    { 'tls.crt': 'eA==', 'tls.key': 'eA==' },
  ),
  ...pair(
    'Secret',
    'a registry login that is no JSON',
    secret('kubernetes.io/dockerconfigjson'),
    { '.dockerconfigjson': 'ew==' },
    { '.dockerconfigjson': 'e30=' },
  ),
  ...pair(
    'Secret',
    'an older registry login that is missing',
    secret('kubernetes.io/dockercfg'),
    {},
    { '.dockercfg': 'e30=' },
  ),
  {
    kind: 'Secret',
    why: 'a token of no account',
    body: { type: 'kubernetes.io/service-account-token' },
  },
  ...pair(
    'ConfigMap',
    'a key in both sorts of data',
    (key: string) => ({ data: { a: 'x' }, binaryData: { [key]: 'eA==' } }),
    'a',
    'b',
  ),
  ...pair(
    'Service',
    'a headless load balancer',
    service,
    { type: 'LoadBalancer', clusterIP: 'None' },
    { clusterIP: 'None' },
  ),
  ...pair(
    'Service',
    'a headless one on nodes',
    service,
    { type: 'NodePort', clusterIP: 'None' },
    { type: 'NodePort' },
  ),
  ...pair(
    'Service',
    'an alias of nothing',
    service,
    { type: 'ExternalName' },
    { type: 'ExternalName', externalName: 'a.test' },
  ),
  ...pair(
    'Service',
    'an alias of a bad name',
    service,
    { type: 'ExternalName', externalName: 'A_' },
    { type: 'ExternalName', externalName: 'a' },
  ),
  ...pair(
    'Service',
    'two ports of one name',
    ports,
    [
      { port: 1, name: 'a' },
      { port: 2, name: 'a' },
    ],
    [
      { port: 1, name: 'a' },
      { port: 2, name: 'b' },
    ],
  ),
  ...pair('Service', 'two ports without a name', ports, [{ port: 1 }, { port: 2 }], [{ port: 1 }]),
  ...pair(
    'Service',
    'one port twice',
    ports,
    [
      { port: 1, name: 'a' },
      { port: 1, name: 'b' },
    ],
    [
      { port: 1, name: 'a' },
      { port: 1, name: 'b', protocol: 'UDP' },
    ],
  ),
  ...pair(
    'Service',
    'a protocol that is none',
    ports,
    [{ port: 1, protocol: 'X' }],
    [{ port: 1, protocol: 'SCTP' }],
  ),
  ...pair(
    'Service',
    'a target by a bad name',
    ports,
    [{ port: 1, targetPort: 'A_' }],
    [{ port: 1, targetPort: 'a' }],
  ),
  ...pair(
    'Service',
    'an outside address that is none',
    service,
    { externalIPs: ['x'] },
    { externalIPs: ['192.0.2.1'] },
  ),
  ...pair(
    'Service',
    'an outside address of the machine itself',
    service,
    { externalIPs: ['127.0.0.1'] },
    { externalIPs: ['192.0.2.2', '192.0.2.3'] },
  ),
  ...pair(
    'Service',
    'traffic of a policy that is none',
    service,
    { type: 'NodePort', externalTrafficPolicy: 'X' },
    { type: 'NodePort', externalTrafficPolicy: 'Local' },
  ),
  ...pair(
    'Service',
    'inner traffic of a policy that is none',
    service,
    { internalTrafficPolicy: 'X' },
    { internalTrafficPolicy: 'Local' },
  ),
  ...pair(
    'Service',
    'affinity that is none',
    service,
    { sessionAffinity: 'X' },
    { sessionAffinity: 'ClientIP' },
  ),
  ...pair(
    'PersistentVolumeClaim',
    'of one pod and of others too',
    claim,
    { accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'] },
    { accessModes: ['ReadWriteOncePod'] },
  ),
  ...pair(
    'PersistentVolumeClaim',
    'a mode that is none',
    claim,
    { accessModes: ['X'] },
    { accessModes: ['ReadWriteMany'] },
  ),
  ...pair(
    'PersistentVolumeClaim',
    'no size',
    claim,
    { resources: { requests: {} } },
    { resources: { requests: { storage: '1' } } },
  ),
  ...pair(
    'Lease',
    'transitions below 0',
    (spec: JsonObject) => ({ spec }),
    { leaseTransitions: -1 },
    { leaseTransitions: 0 },
  ),
  ...pair(
    'EndpointSlice',
    'another family',
    slice,
    { endpoints: [{ addresses: ['2001:db8::1'] }] },
    { addressType: 'IPv6', endpoints: [{ addresses: ['2001:db8::1'] }] },
  ),
  ...pair(
    'EndpointSlice',
    'a host name for a host',
    slice,
    { addressType: 'FQDN', endpoints: [{ addresses: ['A_'] }] },
    { addressType: 'FQDN', endpoints: [{ addresses: ['a.test'] }] },
  ),
];

const expressions = (matchExpressions: readonly JsonObject[]) => ({
  spec: { minAvailable: 1, selector: { matchExpressions } },
});
const rolled = (expression: JsonObject) => ({
  spec: {
    replicas: 0,
    selector: { matchExpressions: [expression] },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [good] } },
  },
});
const selectors: readonly Row[] = [
  ...pair(
    'PodDisruptionBudget',
    'in no values',
    expressions,
    [{ key: 'a', operator: 'In' }],
    [{ key: 'a', operator: 'In', values: ['b'] }],
  ),
  ...pair(
    'PodDisruptionBudget',
    'there with values',
    expressions,
    [{ key: 'a', operator: 'Exists', values: ['b'] }],
    [{ key: 'a', operator: 'Exists' }],
  ),
  ...pair(
    'PodDisruptionBudget',
    'absent with values',
    expressions,
    [{ key: 'a', operator: 'DoesNotExist', values: ['b'] }],
    [{ key: 'a', operator: 'DoesNotExist' }],
  ),
  ...pair(
    'PodDisruptionBudget',
    'an operator that is none',
    expressions,
    [{ key: 'a', operator: 'Near' }],
    [{ key: 'a', operator: 'NotIn', values: ['b'] }],
  ),
  ...pair(
    'PodDisruptionBudget',
    'a key that is none',
    expressions,
    [{ key: 'a b', operator: 'Exists' }],
    [{ key: 'a.test/b', operator: 'Exists' }],
  ),
  ...pair(
    'PodDisruptionBudget',
    'a value that is none',
    expressions,
    [{ key: 'a', operator: 'In', values: ['b c'] }],
    [{ key: 'a', operator: 'In', values: [''] }],
  ),
  ...pair(
    'Deployment',
    'its own pods by In',
    rolled,
    { key: 'a', operator: 'In', values: ['c'] },
    { key: 'a', operator: 'In', values: ['b'] },
  ),
  ...pair(
    'Deployment',
    'its own pods by NotIn',
    rolled,
    { key: 'a', operator: 'NotIn', values: ['b'] },
    { key: 'a', operator: 'NotIn', values: ['c'] },
  ),
  ...pair(
    'Deployment',
    'its own pods by a key',
    rolled,
    { key: 'c', operator: 'Exists' },
    { key: 'a', operator: 'Exists' },
  ),
  ...pair(
    'Deployment',
    'its own pods by no key',
    rolled,
    { key: 'a', operator: 'DoesNotExist' },
    { key: 'c', operator: 'DoesNotExist' },
  ),
];

export const details: readonly Row[] = [...containers, ...cores, ...selectors];
