/**
 * A data pod. Its bytes change with the definition only: an operator upgrade that changed them would
 * restart every cluster. Paths reach the container by argument and environment only.
 * Never here: the role label; the operator patches it on the pod.
 */
import { resolve } from '../spec/defaults';
import type { ValkeyClusterDefinition } from '../spec/definition';
import { Spread } from '../spec/enums';
import { ANNOTATIONS, namesOf, objectLabels, podSelector, SECRET_KEYS } from '../spec/naming';
import { CONFIG_FILE } from './config-map';
import type { JsonMap } from './kube-object';
import { present } from './kube-object';
import { SCRIPTS } from './scripts';
import { restartHash } from './valkey-conf';

/** Where the ConfigMap is mounted; first of the PATH. */
const CONFIG_FOLDER = '/opt/gungnir';
const SECRETS_FOLDER = '/etc/gungnir/secrets';
const DATA_FOLDER = '/data';
/** uid and gid of `valkey` in the official image. */
const VALKEY_UID = 999;

/** Longest wait for a switchover: covers a new leader's 15 s of lease. */
const PRE_STOP_SECONDS = 25;
/** The wait, shutdown-timeout (10 s), and time to write the last snapshot. */
const GRACE_SECONDS = 60;

/** @param dataVolume the volume named `data`, unless a claim template makes it. */
export function podTemplate(
  definition: ValkeyClusterDefinition,
  dataVolume: JsonMap | undefined,
): JsonMap {
  const { metadata, spec } = definition;
  const hash = restartHash(spec);
  const annotations = {
    ...spec.annotations,
    ...(hash === undefined ? {} : { [ANNOTATIONS.restartHash]: hash }),
  };
  return {
    metadata: {
      labels: { ...spec.labels, ...objectLabels(metadata.name), ...podSelector(metadata.name) },
      ...present({ annotations }),
    },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: GRACE_SECONDS,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: VALKEY_UID,
        runAsGroup: VALKEY_UID,
        fsGroup: VALKEY_UID,
        fsGroupChangePolicy: 'OnRootMismatch',
        seccompProfile: { type: 'RuntimeDefault' },
      },
      ...placement(definition),
      containers: [container(definition)],
      volumes: [...volumes(metadata.name), ...(dataVolume === undefined ? [] : [dataVolume])],
    },
  };
}

function container({ spec }: ValkeyClusterDefinition): JsonMap {
  const { image, port, resources } = resolve(spec);
  return {
    name: 'valkey',
    image,
    command: ['valkey-server'],
    args: [
      `${CONFIG_FOLDER}/${CONFIG_FILE}`,
      '--aclfile',
      `${SECRETS_FOLDER}/${SECRET_KEYS.acl}`,
      '--include',
      `${SECRETS_FOLDER}/${SECRET_KEYS.auth}`,
      '--dir',
      DATA_FOLDER,
    ],
    env: [
      { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'VALKEY_PORT', value: String(port) },
      { name: 'GUNGNIR_SECRETS', value: SECRETS_FOLDER },
      {
        name: 'PATH',
        value: `${CONFIG_FOLDER}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      },
    ],
    ports: [{ name: 'valkey', containerPort: port, protocol: 'TCP' }],
    livenessProbe: {
      ...probe('live'),
      initialDelaySeconds: 5,
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 6,
    },
    readinessProbe: { ...probe('ready'), periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 },
    lifecycle: {
      preStop: {
        exec: { command: [`${CONFIG_FOLDER}/${SCRIPTS.preStop}`, String(PRE_STOP_SECONDS)] },
      },
    },
    ...present({ resources: { ...resources } }),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'config', mountPath: CONFIG_FOLDER, readOnly: true },
      { name: 'secrets', mountPath: SECRETS_FOLDER, readOnly: true },
      { name: 'data', mountPath: DATA_FOLDER },
    ],
  };
}

function probe(what: 'live' | 'ready'): JsonMap {
  return { exec: { command: [`${CONFIG_FOLDER}/${SCRIPTS.probe}`, what] } };
}

/** Only what the server and the scripts read is mounted: not the operator's own password. */
function volumes(cluster: string): readonly JsonMap[] {
  const { config, secret } = namesOf(cluster);
  const { acl, auth, clientPassword, probePassword } = SECRET_KEYS;
  return [
    { name: 'config', configMap: { name: config, defaultMode: 0o555 } },
    {
      name: 'secrets',
      secret: {
        secretName: secret,
        defaultMode: 0o440,
        items: [acl, auth, clientPassword, probePassword].map((key) => ({ key, path: key })),
      },
    },
  ];
}

function placement({ metadata, spec }: ValkeyClusterDefinition): JsonMap {
  const {
    affinity,
    tolerations,
    priorityClassName,
    topologySpreadConstraints = [],
    spread,
  } = resolve(spec).scheduling;
  const constraints = [
    ...spreadOver('kubernetes.io/hostname', spread.node),
    ...spreadOver('topology.kubernetes.io/zone', spread.zone),
    ...topologySpreadConstraints.map(({ ...constraint }) => constraint),
  ].map((constraint) => ({
    ...constraint,
    labelSelector: { matchLabels: podSelector(metadata.name) },
  }));
  return present({
    nodeSelector: spec.nodeSelector,
    affinity: affinity,
    tolerations: tolerations,
    priorityClassName,
    topologySpreadConstraints: constraints,
  });
}

function spreadOver(topologyKey: string, spread: Spread): readonly JsonMap[] {
  if (spread === Spread.NONE) return [];
  const whenUnsatisfiable = spread === Spread.REQUIRED ? 'DoNotSchedule' : 'ScheduleAnyway';
  return [{ maxSkew: 1, topologyKey, whenUnsatisfiable }];
}
