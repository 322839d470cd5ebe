/**
 * What the server adds to a new pod: service account and its token volume, default tolerations,
 * priority, the first status (plugins ServiceAccount, DefaultTolerationSeconds, Priority).
 * Never here: validation, running it.
 */
import { isObject, listAt, numberAt, objectAt, textAt, withAt } from '../json';
import type { Json, JsonObject } from '../port';
import { forbidden, Refused } from '../status';
import type { Hooks } from './kind';

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const pods = { group: '', resource: 'pods' };

export function preparePod(pod: JsonObject, hooks: Hooks): JsonObject {
  const withAccount = serviceAccount(pod, hooks);
  const withPriority = priority(withAccount, hooks);
  const tolerant = withAt(withPriority, ['spec', 'tolerations'], tolerationsOf(withPriority));
  return { ...tolerant, status: { phase: 'Pending', qosClass: qosClass(tolerant) } };
}

/** podIP is the first of podIPs, and serviceAccount an older name of serviceAccountName. */
export function agreeingPod(pod: JsonObject): JsonObject {
  const ip = textAt(pod, 'status', 'podIP');
  const ips = listAt(pod, 'status', 'podIPs');
  const first = textAt(ips[0], 'ip');
  if (ip !== '' && first !== ip) return withAt(pod, ['status', 'podIPs'], [{ ip }]);
  if (ip === '' && first !== '') return withAt(pod, ['status', 'podIP'], first);
  return pod;
}

function serviceAccount(pod: JsonObject, hooks: Hooks): JsonObject {
  const namespace = textAt(pod, 'metadata', 'namespace');
  const asked = textAt(pod, 'spec', 'serviceAccountName') || textAt(pod, 'spec', 'serviceAccount');
  const name = asked === '' ? 'default' : asked;
  const named = {
    ...pod,
    spec: { ...objectAt(pod, 'spec'), serviceAccount: name, serviceAccountName: name },
  };
  const account = hooks.get('serviceaccounts', `${namespace}/${name}`);
  if (account === undefined) {
    const why = `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`;
    throw new Refused(forbidden(pods, textAt(pod, 'metadata', 'name'), why));
  }
  const wanted =
    objectAt(pod, 'spec').automountServiceAccountToken ??
    account.automountServiceAccountToken ??
    true;
  const secrets = listAt(pod, 'spec', 'imagePullSecrets');
  const inherited = listAt(account, 'imagePullSecrets');
  const pulling =
    secrets.length > 0 || inherited.length === 0
      ? named
      : withAt(named, ['spec', 'imagePullSecrets'], inherited);
  return wanted === true ? withToken(pulling, hooks) : pulling;
}

function withToken(pod: JsonObject, hooks: Hooks): JsonObject {
  const volumes = listAt(pod, 'spec', 'volumes');
  const existing = volumes
    .map((volume) => textAt(volume, 'name'))
    .find((name) => name.startsWith('kube-api-access-'));
  const name = existing ?? `kube-api-access-${hooks.uuid().replaceAll('-', '').slice(0, 5)}`;
  const mount = { mountPath: tokenPath, name, readOnly: true };
  let mounted = 0;
  const mounting = (container: Json): Json => {
    const mounts = listAt(container, 'volumeMounts');
    if (!isObject(container)) return container;
    if (mounts.some((one) => textAt(one, 'mountPath') === tokenPath)) return container;
    mounted += 1;
    return { ...container, volumeMounts: [...mounts, mount] };
  };
  const spec = objectAt(pod, 'spec');
  const init = listAt(spec, 'initContainers').map(mounting);
  const containers = listAt(spec, 'containers').map(mounting);
  if (mounted === 0) return pod;
  const all = existing === undefined ? [...volumes, tokenVolume(name)] : volumes;
  return {
    ...pod,
    spec: {
      ...spec,
      containers,
      ...(init.length === 0 ? {} : { initContainers: init }),
      volumes: all,
    },
  };
}

function tokenVolume(name: string): JsonObject {
  return {
    name,
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        {
          configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' },
        },
        {
          downwardAPI: {
            items: [
              {
                fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' },
                path: 'namespace',
              },
            ],
          },
        },
      ],
    },
  };
}

const systemPriorities: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
};

function priority(pod: JsonObject, hooks: Hooks): JsonObject {
  const spec = objectAt(pod, 'spec');
  const name = textAt(spec, 'priorityClassName');
  const found = name === '' ? undefined : hooks.get('priorityclasses.scheduling.k8s.io', name);
  const system = systemPriorities[name];
  if (name !== '' && found === undefined && system === undefined) {
    const why = `no PriorityClass with name ${name} was found`;
    throw new Refused(forbidden(pods, textAt(pod, 'metadata', 'name'), why));
  }
  const value = found === undefined ? (system ?? 0) : (numberAt(found, 'value') ?? 0);
  const policy = found === undefined ? '' : textAt(found, 'preemptionPolicy');
  return {
    ...pod,
    spec: {
      ...spec,
      preemptionPolicy: policy === '' ? 'PreemptLowerPriority' : policy,
      priority: value,
    },
  };
}

/** A lost node's pods are deleted after 300 s unless the pod says otherwise. */
function tolerationsOf(pod: JsonObject): readonly Json[] {
  const own = listAt(pod, 'spec', 'tolerations');
  const added = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].filter(
    (key) =>
      !own.some(
        (one) =>
          (textAt(one, 'key') === key || textAt(one, 'key') === '') &&
          ['NoExecute', ''].includes(textAt(one, 'effect')),
      ),
  );
  return [
    ...own,
    ...added.map((key) => ({
      effect: 'NoExecute',
      key,
      operator: 'Exists',
      tolerationSeconds: 300,
    })),
  ];
}

/** Guaranteed: each container limits cpu and memory and asks for just that. */
export function qosClass(pod: JsonObject): 'BestEffort' | 'Burstable' | 'Guaranteed' {
  const containers = [
    ...listAt(pod, 'spec', 'containers'),
    ...listAt(pod, 'spec', 'initContainers'),
  ];
  let asked = 0;
  let guaranteed = true;
  for (const container of containers) {
    const limits = objectAt(container, 'resources', 'limits');
    const requests = objectAt(container, 'resources', 'requests');
    for (const resource of ['cpu', 'memory']) {
      const limit = limits[resource];
      const request = requests[resource] ?? limit;
      if (request !== undefined) asked += 1;
      if (limit === undefined || request !== limit) guaranteed = false;
    }
  }
  if (asked === 0) return 'BestEffort';
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
