/**
 * What a namespace needs: its default ServiceAccount and the cluster's CA while it lives; and when it
 * goes, pods first, then everything else, and its own finalizer last.
 * Never here: refusing new objects in it; the server does that.
 */
import type { ApiObject } from '../../api/port';
import type { Action } from '../frame/action';
import { idOf, type Kind } from '../frame/kind';
import { type Condition, conditionOf, withCondition } from '../objects/condition';
import {
  CONFIG_MAPS,
  type ConfigMap,
  NAMESPACES,
  type Namespace,
  SERVICE_ACCOUNTS,
} from '../objects/namespace';
import { PODS } from '../objects/pod';

const FINALIZER = 'kubernetes';
const DEFAULT_ACCOUNT = 'default';
export const ROOT_CA = 'kube-root-ca.crt';

export interface Contents {
  readonly of: Kind;
  readonly objects: readonly ApiObject[];
}

/** @param rootCa PEM. */
export function furnish(
  namespace: Namespace,
  account: ApiObject | undefined,
  root: ConfigMap | undefined,
  rootCa: string,
): readonly Action[] {
  const { name } = namespace.metadata;
  const actions: Action[] = [];
  if (account === undefined) {
    const object = { metadata: { name: DEFAULT_ACCOUNT, namespace: name } };
    actions.push({ kind: 'create', of: SERVICE_ACCOUNTS, object });
  }
  const data = { 'ca.crt': rootCa };
  if (root === undefined) {
    const annotations = {
      'kubernetes.io/description':
        'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
    };
    const object = { metadata: { name: ROOT_CA, namespace: name, annotations }, data };
    actions.push({ kind: 'create', of: CONFIG_MAPS, object });
  } else if (root.data?.['ca.crt'] !== rootCa) {
    actions.push({ kind: 'update', of: CONFIG_MAPS, object: { ...root, data } as ConfigMap });
  }
  return actions;
}

/**
 * @param contents all kinds with what is left of them, empty ones too.
 * @param unseen kinds that are not looked at: they are emptied each time.
 */
export function empty(
  namespace: Namespace,
  contents: readonly Contents[],
  unseen: readonly Kind[],
  nowMs: number,
): readonly Action[] {
  const { name } = namespace.metadata;
  const left = contents.filter(({ objects }) => objects.length > 0);
  const pods = left.filter(({ of }) => idOf(of) === idOf(PODS));
  const next = pods.length > 0 ? pods : left;
  const emptying = next
    .filter(({ objects }) =>
      objects.some(({ metadata }) => metadata.deletionTimestamp === undefined),
    )
    .map(({ of }): Action => ({ kind: 'deleteAll', of, namespace: name }));
  const told = statusActions(namespace, left, nowMs);
  if (left.length > 0) return [...emptying, ...told];
  const finalizers = (namespace.spec?.finalizers ?? []).filter((entry) => entry !== FINALIZER);
  const object = { ...namespace, spec: { ...namespace.spec, finalizers } };
  return [
    ...unseen.map((of): Action => ({ kind: 'deleteAll', of, namespace: name })),
    { kind: 'update', of: NAMESPACES, subresource: 'finalize', object },
  ];
}

/** Told while something is left: the finalizer may be the end of the object itself. */
function statusActions(
  namespace: Namespace,
  left: readonly Contents[],
  nowMs: number,
): readonly Action[] {
  if (left.length === 0) return [];
  const old = namespace.status?.conditions;
  const next = conditionsOf(left).reduce(
    (conditions, condition) => withCondition(conditions, condition, nowMs),
    old ?? [],
  );
  const isSame = next.every(({ type, status, message }) => {
    const before = conditionOf(old, type);
    return before?.status === status && before.message === message;
  });
  if (isSame) return [];
  const patch = { status: { conditions: next } };
  return [{ kind: 'patch', of: NAMESPACES, object: namespace, patch, subresource: 'status' }];
}

function conditionsOf(left: readonly Contents[]): readonly Condition[] {
  const remaining = left
    .map(({ of, objects }) => `${idOf(of)} has ${objects.length} resource instances`)
    .sort();
  const finalizers = new Map<string, number>();
  for (const { metadata } of left.flatMap(({ objects }) => objects))
    for (const finalizer of metadata.finalizers ?? [])
      finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
  const held = [...finalizers]
    .map(([finalizer, count]) => `${finalizer} in ${count} resource instances`)
    .sort();
  return [
    {
      ...{ type: 'NamespaceDeletionDiscoveryFailure', status: 'False' },
      ...{ reason: 'ResourcesDiscovered', message: 'All resources successfully discovered' },
    },
    {
      ...{ type: 'NamespaceDeletionGroupVersionParsingFailure', status: 'False' },
      ...{ reason: 'ParsedGroupVersions', message: 'All legacy kube types successfully parsed' },
    },
    {
      ...{ type: 'NamespaceDeletionContentFailure', status: 'False', reason: 'ContentDeleted' },
      message: 'All content successfully deleted, may be waiting on finalization',
    },
    {
      ...{ type: 'NamespaceContentRemaining', status: 'True', reason: 'SomeResourcesRemain' },
      message: `Some resources are remaining: ${remaining.join(', ')}`,
    },
    held.length === 0
      ? {
          ...{ type: 'NamespaceFinalizersRemaining', status: 'False' },
          ...{
            reason: 'ContentHasNoFinalizers',
            message: 'All content-preserving finalizers finished',
          },
        }
      : {
          ...{ type: 'NamespaceFinalizersRemaining', status: 'True' },
          reason: 'SomeFinalizersRemain',
          message: `Some content in the namespace has finalizers remaining: ${held.join(', ')}`,
        },
  ];
}
