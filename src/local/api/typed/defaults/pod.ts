/**
 * Defaults of pods and of pod templates, as core/v1 of Kubernetes 1.34 sets them.
 * Never here: what admission adds (../../kinds/hooks.ts), where templates stand (kinds.ts).
 */
import { isObject } from '../../json';
import type { Json, JsonObject } from '../../port';
import { formatQuantity, parseQuantity } from '../quantity';
import { at, type Change, defaulting, each, inTurn, where } from './change';

const million = 1_000_000n;

/** Amounts are kept to a thousandth. */
function roundedUp(value: Json): Json {
  const parsed = parseQuantity(String(value));
  if (typeof parsed === 'string' || parsed.nanos % million === 0n) return value;
  const nanos = (parsed.nanos / million + (parsed.nanos > 0n ? 1n : 0n)) * million;
  return formatQuantity({ ...parsed, nanos });
}

const resourceList: Change = (list) =>
  Object.fromEntries(Object.entries(list).map(([name, amount]) => [name, roundedUp(amount)]));

export const resources = inTurn(at('limits', resourceList), at('requests', resourceList));

const fieldRef = at('fieldRef', defaulting({ apiVersion: 'v1' }));
const mode = defaulting({ defaultMode: 0o644 });

const projection = inTurn(
  at('serviceAccountToken', defaulting({ expirationSeconds: 3600 })),
  at('downwardAPI', each('items', fieldRef)),
);

export const persistentVolumeClaimSpec = inTurn(
  defaulting({ volumeMode: 'Filesystem' }),
  at('resources', resources),
);

const volume = inTurn(
  where((one) => Object.keys(one).every((key) => key === 'name'), defaulting({ emptyDir: {} })),
  at('secret', mode),
  at('configMap', mode),
  at('downwardAPI', mode, each('items', fieldRef)),
  at('projected', mode, each('sources', projection)),
  at('hostPath', defaulting({ type: '' })),
  at('ephemeral', at('volumeClaimTemplate', at('spec', persistentVolumeClaimSpec))),
  at('image', (image) => defaulting({ pullPolicy: pullPolicy(image.reference) })(image)),
);

const httpGet = at('httpGet', defaulting({ path: '/', scheme: 'HTTP' }));

const probe = inTurn(
  defaulting({ timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
  httpGet,
  at('grpc', defaulting({ service: '' })),
);

const container = inTurn(
  (one) => defaulting({ imagePullPolicy: pullPolicy(one.image) })(one),
  defaulting({
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  }),
  each('env', at('valueFrom', fieldRef)),
  at('resources', resources),
  at('livenessProbe', probe),
  at('readinessProbe', probe),
  at('startupProbe', probe),
  at('lifecycle', at('postStart', httpGet), at('preStop', httpGet)),
);

/** Always for `:latest` and for no tag at all. */
function pullPolicy(image: Json | undefined): string {
  const text = typeof image === 'string' ? image : '';
  if (text.includes('@')) return 'IfNotPresent';
  const tag = /:([\w][\w.-]*)$/.exec(text.slice(text.lastIndexOf('/') + 1))?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}

/** The old name of the field always says the same as the new one. */
const serviceAccount: Change = (spec) => {
  const name = spec.serviceAccountName ?? spec.serviceAccount;
  return name === undefined ? spec : { ...spec, serviceAccountName: name, serviceAccount: name };
};

/** Of pods and of templates alike. */
export const podSpec = inTurn(
  defaulting({
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
  }),
  serviceAccount,
  where(
    ({ hostNetwork }) => hostNetwork === true,
    hostPorts('containers'),
    hostPorts('initContainers'),
  ),
  each('volumes', volume),
  each('containers', container),
  each('initContainers', container),
  each('ephemeralContainers', container),
);

function hostPorts(containers: string): Change {
  return each(
    containers,
    each('ports', (port) => defaulting({ hostPort: port.containerPort ?? null })(port)),
  );
}

const requestsOfLimits = at('resources', (one) => {
  if (!isObject(one.limits)) return one;
  return { ...one, requests: { ...one.limits, ...(one.requests as JsonObject | undefined) } };
});

/** Of pods alone. */
export const pod = inTurn(
  at(
    'spec',
    podSpec,
    defaulting({ enableServiceLinks: true }),
    each('containers', requestsOfLimits),
    each('initContainers', requestsOfLimits),
  ),
);

export const podTemplate = at('template', at('spec', podSpec));
