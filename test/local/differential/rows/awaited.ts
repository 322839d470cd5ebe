/**
 * What the rows about controllers share: pods that run, sets of them, and waiting for a state.
 * Never here: rows.
 */
import type { JsonObject } from '../../../../src/local/api/port';
import { core, get, named, type Step, silently } from '../row';

export const items = (body: JsonObject) => body.items as readonly JsonObject[];
export const statefulSets = named('apps/v1', 'statefulsets');
export const deployments = named('apps/v1', 'deployments');
export const budgets = named('policy/v1', 'poddisruptionbudgets');
export const slices = named('discovery.k8s.io/v1', 'endpointslices');
export const claims = core('persistentvolumeclaims');

/** A server that runs, so that pods come to be ready. */
export const running: JsonObject = {
  terminationGracePeriodSeconds: 1,
  containers: [
    {
      name: 'main',
      image: 'valkey/valkey:8.0',
      command: ['valkey-server', '--protected-mode', 'no', '--save', ''],
      ports: [{ name: 'valkey', containerPort: 6379 }],
    },
  ],
};
export const selector = { matchLabels: { app: 'x' } };
export const template = (spec: JsonObject): JsonObject => ({
  metadata: { labels: { app: 'x' } },
  spec,
});
export const set = (spec: JsonObject, pods: JsonObject = running): JsonObject => ({
  metadata: { name: 's' },
  spec: { serviceName: 's', selector, template: template(pods), ...spec },
});
export const conditions = (body: JsonObject) =>
  (((body.status as JsonObject).conditions ?? []) as readonly JsonObject[])
    .map(
      ({ type, status, reason, message }) => [type, status, reason ?? '', message ?? ''] as never,
    )
    .sort();
export const statusHas = (wanted: JsonObject) => (body: JsonObject) => {
  const status = (body.status ?? {}) as JsonObject;
  return Object.entries(wanted).every(([key, value]) => (status[key] ?? 0) === value);
};
export const seen = { observedGeneration: 1 };
export const settled = (path: string, wanted: JsonObject, more: Partial<Step> = {}) =>
  get(path, { until: statusHas(wanted), only: ['status'], ...more });
export const ready = (replicas: number) =>
  silently(
    settled(`${statefulSets}/s`, {
      readyReplicas: replicas,
      replicas,
      currentReplicas: replicas,
      availableReplicas: replicas,
    }),
  );
export const podNames = (body: JsonObject) =>
  items(body).map((one) => (one.metadata as JsonObject).name as string);
export const pods = (count: number, more: Partial<Step> = {}) =>
  get(core('pods'), { until: (body) => items(body).length === count, shown: podNames, ...more });
