/**
 * Bad details of containers, each with its good twin, which the real server and the local types must judge alike.
 * Never here: the coarser faults (pod-rows.ts), other kinds (detail-rows.ts).
 */
import type { JsonObject } from '../../../../src/local/api/port';
import { good, pair, type Row } from './pod-rows';

const pod = (container: JsonObject, spec: JsonObject = {}): JsonObject => ({
  spec: { containers: [{ ...good, ...container }], ...spec },
});
const env = (valueFrom: JsonObject) => pod({ env: [{ name: 'A', valueFrom }] });
const field = (fieldRef: JsonObject) => env({ fieldRef });
const from = (one: JsonObject) => pod({ envFrom: [one] });
const mount = (more: JsonObject) =>
  pod(
    { volumeMounts: [{ name: 'v', mountPath: '/m', ...more }] },
    { volumes: [{ name: 'v', emptyDir: {} }] },
  );
const live = (more: JsonObject) => pod({ livenessProbe: { exec: { command: ['x'] }, ...more } });
const ready = (more: JsonObject) => pod({ readinessProbe: { exec: { command: ['x'] }, ...more } });
const stop = (preStop: JsonObject) =>
  pod({ lifecycle: { preStop } }, { terminationGracePeriodSeconds: 20 });
const safe = (securityContext: JsonObject) => pod({ securityContext });
const requests = (amounts: JsonObject) =>
  pod({ resources: { requests: amounts, limits: amounts } });
const port = (more: JsonObject) => pod({ ports: [{ containerPort: 80, ...more }] });

export const containers: readonly Row[] = [
  ...pair(
    'Pod',
    'a port without a number',
    (one) => pod({ ports: [one] }),
    { name: 'a' },
    { containerPort: 1 },
  ),
  ...pair('Pod', 'a port of the host too high', port, { hostPort: 70_000 }, { hostPort: 7_000 }),
  ...pair(
    'Pod',
    'a value from a secret without a key',
    env,
    { secretKeyRef: { name: 's' } },
    { secretKeyRef: { name: 's', key: 'k' } },
  ),
  ...pair(
    'Pod',
    'a value from a config map whose key is none',
    env,
    { configMapKeyRef: { name: 's', key: 'a/b' } },
    { configMapKeyRef: { name: 's', key: 'a.b' } },
  ),
  ...pair(
    'Pod',
    'a key of two dots',
    env,
    { configMapKeyRef: { name: 's', key: '..' } },
    { configMapKeyRef: { name: 's', key: '.a' } },
  ),
  ...pair(
    'Pod',
    'a key that begins with two dots',
    env,
    { configMapKeyRef: { name: 's', key: '..a' } },
    { configMapKeyRef: { name: 's', key: '.a.' } },
  ),
  ...pair(
    'Pod',
    'a key of more than 253 letters',
    env,
    { configMapKeyRef: { name: 's', key: 'a'.repeat(254) } },
    { configMapKeyRef: { name: 's', key: 'a'.repeat(253) } },
  ),
  ...pair(
    'Pod',
    'a value from two places',
    env,
    { secretKeyRef: { name: 's', key: 'k' }, fieldRef: { fieldPath: 'metadata.name' } },
    { fieldRef: { fieldPath: 'metadata.name' } },
  ),
  ...pair('Pod', 'a field without a path', field, { fieldPath: '' }, { fieldPath: 'status.podIP' }),
  ...pair(
    'Pod',
    'a field of neither part',
    field,
    { fieldPath: 'other.name' },
    { fieldPath: 'spec.nodeName' },
  ),
  ...pair(
    'Pod',
    'a field that is none of these',
    field,
    { fieldPath: 'spec.other' },
    { fieldPath: 'metadata.uid' },
  ),
  ...pair(
    'Pod',
    'a label by a key that is none',
    field,
    { fieldPath: "metadata.labels['a/b/c']" },
    { fieldPath: "metadata.labels['a/b']" },
  ),
  ...pair(
    'Pod',
    'an annotation by a key that is empty',
    field,
    { fieldPath: "metadata.annotations['']" },
    { fieldPath: "metadata.annotations['A']" },
  ),
  ...pair(
    'Pod',
    'a key of the name',
    field,
    { fieldPath: "metadata.name['a']" },
    { fieldPath: 'metadata.namespace' },
  ),
  ...pair(
    'Pod',
    'variables from nowhere',
    from,
    { prefix: 'A' },
    { prefix: 'A', configMapRef: { name: 'c' } },
  ),
  ...pair(
    'Pod',
    'variables from two places',
    from,
    { configMapRef: { name: 'c' }, secretRef: { name: 's' } },
    { secretRef: { name: 's' } },
  ),
  ...pair(
    'Pod',
    'variables from one without a name',
    from,
    { configMapRef: {} },
    { configMapRef: { name: 'c', optional: true } },
  ),
  ...pair('Pod', 'a mount of no name', mount, { name: '' }, { name: 'v' }),
  ...pair('Pod', 'a mount of nothing', mount, { name: 'w' }, { readOnly: true }),
  ...pair('Pod', 'a part that is absolute', mount, { subPath: '/a' }, { subPath: 'a' }),
  ...pair('Pod', 'a part that climbs', mount, { subPath: 'a/../b' }, { subPath: 'a/..b' }),
  ...pair(
    'Pod',
    'a part said twice',
    mount,
    { subPath: 'a', subPathExpr: 'b' },
    { subPathExpr: '$(A)' },
  ),
  ...pair(
    'Pod',
    'a probe with a grace of 0',
    live,
    { terminationGracePeriodSeconds: 0 },
    { terminationGracePeriodSeconds: 1 },
  ),
  ...pair(
    'Pod',
    'a liveness that needs two successes',
    live,
    { successThreshold: 2 },
    { successThreshold: 1 },
  ),
  ...pair(
    'Pod',
    'a readiness with a grace',
    ready,
    { terminationGracePeriodSeconds: 1 },
    { successThreshold: 2 },
  ),
  ...pair(
    'Pod',
    'a probe with a delay below 0',
    ready,
    { initialDelaySeconds: -1 },
    { initialDelaySeconds: 0 },
  ),
  ...pair('Pod', 'a probe of two kinds', ready, { tcpSocket: { port: 1 } }, {}),
  ...pair(
    'Pod',
    'a probe of a scheme that is none',
    (httpGet) => pod({ livenessProbe: { httpGet } }),
    { port: 1, scheme: 'FTP' },
    { port: 1, scheme: 'HTTPS' },
  ),
  ...pair(
    'Pod',
    'a probe of a port too high',
    (grpc) => pod({ livenessProbe: { grpc } }),
    { port: 70_000 },
    { port: 7_000 },
  ),
  ...pair(
    'Pod',
    'a probe of a port by a bad name',
    (tcpSocket) => pod({ livenessProbe: { tcpSocket } }),
    { port: 'A_' },
    { port: 'a' },
  ),
  ...pair(
    'Pod',
    'a sleep beyond the grace',
    stop,
    { sleep: { seconds: 21 } },
    { sleep: { seconds: 20 } },
  ),
  ...pair('Pod', 'a sleep below 0', stop, { sleep: { seconds: -1 } }, { sleep: { seconds: 0 } }),
  ...pair('Pod', 'a handler without a command', stop, { exec: {} }, { exec: { command: ['x'] } }),
  ...pair(
    'Pod',
    'privileged without escalation',
    safe,
    { privileged: true, allowPrivilegeEscalation: false },
    { privileged: true },
  ),
  ...pair(
    'Pod',
    'all of the system without escalation',
    safe,
    { capabilities: { add: ['CAP_SYS_ADMIN'] }, allowPrivilegeEscalation: false },
    { capabilities: { add: ['SYS_ADMIN'] } },
  ),
  ...pair('Pod', 'a user below 0', safe, { runAsUser: -1 }, { runAsUser: 0 }),
  ...pair('Pod', 'a resource that is none', requests, { nothing: '1' }, { 'x.test/thing': '1' }),
  ...pair(
    'Pod',
    'a part of a thing that is whole',
    (amounts: JsonObject) => pod({ resources: { requests: amounts, limits: amounts } }),
    { 'x.test/thing': '1500m' },
    { 'x.test/thing': '2' },
  ),
  ...pair('Pod', 'less than nothing', requests, { cpu: '-1' }, { cpu: '0' }),
];
