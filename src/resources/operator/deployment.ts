/**
 * The operator's Deployment: two replicas, one leads, the other is a warm standby and ready too.
 * Never here: what may be chosen (options.ts).
 */
import type { JsonMap } from '../kube-object';
import { bundleName, PROGRAM } from './bundle';
import { HTTP_PORT, OPERATOR, OPERATOR_SELECTOR, operatorMeta } from './names';
import type { OperatorOptions, Program } from './options';

const PROGRAM_FOLDER = '/opt/gungnir';
/**
 * An operator waits more than it computes: without the optimizing compilers, and with a small young
 * generation, it takes some 10 MB less and a third more processor time (docs/decisions/0033).
 */
const NODE_FLAGS = ['--max-semi-space-size=1', '--no-opt', '--no-maglev'];
/** `nobody`. */
const OPERATOR_UID = 65_534;
/** A clean stop hands the lease over and ends no order half done; the lease itself lasts 15 s. */
const GRACE_SECONDS = 30;

export function deployment(program: Program, options: OperatorOptions): JsonMap {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: operatorMeta(OPERATOR, options.namespace),
    spec: {
      replicas: options.replicas,
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
          containers: [container(program, options)],
          volumes: [...programVolumes(program), { name: 'tmp', emptyDir: { sizeLimit: '16Mi' } }],
        },
      },
    },
  };
}

function programVolumes(program: Program): readonly JsonMap[] {
  if (program.kind === 'image') return [];
  return [{ name: 'program', configMap: { name: bundleName(program.bundle) } }];
}

/** An image of ours brings `gungnir` on its path. */
function commandOf(program: Program): readonly string[] {
  return program.kind === 'image'
    ? ['gungnir']
    : ['node', ...NODE_FLAGS, `${PROGRAM_FOLDER}/${PROGRAM}`];
}

function scopeFlags({ scope }: OperatorOptions): readonly string[] {
  return scope.kind === 'allNamespaces' ? [] : [`--namespace=${scope.namespaces.join(',')}`];
}

function container(program: Program, options: OperatorOptions): JsonMap {
  return {
    name: 'operator',
    image: program.image,
    command: [...commandOf(program), 'operator', ...scopeFlags(options), ...options.flags],
    ports: [{ name: HTTP_PORT.name, containerPort: HTTP_PORT.number, protocol: 'TCP' }],
    livenessProbe: {
      httpGet: { path: '/healthz', port: HTTP_PORT.number },
      periodSeconds: 10,
      timeoutSeconds: 3,
    },
    readinessProbe: {
      httpGet: { path: '/readyz', port: HTTP_PORT.number },
      periodSeconds: 5,
      timeoutSeconds: 3,
    },
    resources: options.resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      ...(program.kind === 'image'
        ? []
        : [{ name: 'program', mountPath: PROGRAM_FOLDER, readOnly: true }]),
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}
