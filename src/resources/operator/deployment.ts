/**
 * The operator's Deployment: two replicas, one leads, the other is a warm standby and ready too.
 * Never here: an image of ours; the program comes from the ConfigMap.
 */
import type { JsonMap } from '../kube-object';
import { PROGRAM } from './bundle';
import { NAMESPACE, OPERATOR, OPERATOR_SELECTOR, operatorMeta } from './names';

export interface OperatorOptions {
  /** Image with Node 24. */
  readonly image: string;
  /** Flags after `operator`. */
  readonly flags: readonly string[];
}

export const OPERATOR_DEFAULTS: OperatorOptions = { image: 'node:24-alpine', flags: [] };

const PROGRAM_FOLDER = '/opt/gungnir';
/** `nobody`. */
const OPERATOR_UID = 65_534;
/** A clean stop hands the lease over and ends no order half done; the lease itself lasts 15 s. */
const GRACE_SECONDS = 30;

export function deployment(bundle: string, { image, flags }: OperatorOptions): JsonMap {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: operatorMeta(OPERATOR, NAMESPACE),
    spec: {
      replicas: 2,
      selector: { matchLabels: OPERATOR_SELECTOR },
      template: {
        metadata: { labels: OPERATOR_SELECTOR },
        spec: {
          serviceAccountName: OPERATOR,
          terminationGracePeriodSeconds: GRACE_SECONDS,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: OPERATOR_UID,
            runAsGroup: OPERATOR_UID,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: OPERATOR_SELECTOR },
            },
          ],
          containers: [container(image, flags)],
          volumes: [
            { name: 'program', configMap: { name: bundle } },
            { name: 'tmp', emptyDir: { sizeLimit: '16Mi' } },
          ],
        },
      },
    },
  };
}

function container(image: string, flags: readonly string[]): JsonMap {
  return {
    name: 'operator',
    image,
    command: ['node', `${PROGRAM_FOLDER}/${PROGRAM}`, 'operator', ...flags],
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    livenessProbe: {
      httpGet: { path: '/healthz', port: 8080 },
      periodSeconds: 10,
      timeoutSeconds: 3,
    },
    readinessProbe: {
      httpGet: { path: '/readyz', port: 8080 },
      periodSeconds: 5,
      timeoutSeconds: 3,
    },
    resources: {
      requests: { cpu: '100m', memory: '128Mi' },
      limits: { cpu: '500m', memory: '256Mi' },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'program', mountPath: PROGRAM_FOLDER, readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}
