/**
 * How a command reaches the API server: the flags for it, and a client made from the kubeconfig.
 * Never here: what is asked of the server.
 */

import { GungnirError } from '../../kit/reasons';
import { systemClock } from '../../sentinel/io/clock';
import { nearest } from '../../spec/suggest';
import type { Flag } from '../args';
import { explainFailure, type Failure } from '../kube/answer';
import { createKubeClient, type KubeClient } from '../kube/client';
import { kubeconfigAccess } from '../kube/kubeconfig';
import { type ClusterObject, clusters } from '../lanes/record-store';
import type { CliIo } from './command';

const optional: Flag<string | undefined>['parse'] = (value) => ({
  kind: 'value',
  value: value === '' ? undefined : value,
});

export const connectFlags = {
  kubeconfig: {
    name: '--kubeconfig',
    placeholder: 'FILE',
    fallback: '',
    parse: optional,
    help: 'default: KUBECONFIG, else ~/.kube/config',
  } satisfies Flag<string | undefined>,
  context: {
    name: '--context',
    placeholder: 'NAME',
    fallback: '',
    parse: optional,
    help: "default: the file's current context",
  } satisfies Flag<string | undefined>,
  namespace: {
    name: '--namespace',
    short: '-n',
    placeholder: 'NAME',
    fallback: '',
    parse: optional,
    help: "default: the context's namespace",
  } satisfies Flag<string | undefined>,
} as const;

export interface Connected {
  readonly client: KubeClient;
  readonly namespace: string;
}

export interface ConnectArgs {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespace: string | undefined;
}

/** Runs `work` with a client and closes it. @throws GungnirError as kubeconfigAccess. */
export async function withClient<T>(
  io: CliIo,
  args: ConnectArgs,
  work: (connected: Connected) => Promise<T>,
): Promise<T> {
  const access = await kubeconfigAccess({
    clock: systemClock,
    env: io.env,
    path: args.kubeconfig,
    context: args.context,
  });
  const client = createKubeClient({ access });
  try {
    return await work({ client, namespace: args.namespace ?? access.namespace });
  } finally {
    client.close();
  }
}

/** @throws GungnirError for anything but the object. */
export async function getCluster(
  { client, namespace }: Connected,
  name: string,
): Promise<ClusterObject> {
  const answer = await client.get(clusters, { namespace, name });
  if (answer.kind === 'ok') return answer.value;
  const isMissing = answer.kind === 'notFound' && answer.status.reason !== '';
  throw isMissing
    ? await unknownCluster({ client, namespace }, name)
    : told(answer, { client, namespace }, 'get', name);
}

/** Looks around for what may have been meant, as far as RBAC lets it. */
async function unknownCluster(
  { client, namespace }: Connected,
  name: string,
): Promise<GungnirError> {
  const everywhere = await client.list(clusters, {});
  const here = everywhere.kind === 'ok' ? everywhere : await client.list(clusters, { namespace });
  const items = here.kind === 'ok' ? here.value.items : [];
  const names = items
    .filter(({ metadata }) => metadata.namespace === namespace)
    .map(({ metadata }) => metadata.name);
  const twin = items.find(({ metadata }) => metadata.name === name);
  return new GungnirError('ClusterUnknown', {
    name,
    namespace,
    nearest: nearest(name, names),
    known: names.length > 5 ? `${names.length} others` : names.join(',') || '(none)',
    thereIsOneIn: twin?.metadata.namespace,
  });
}

export function told(
  failure: Failure,
  { client, namespace }: { readonly client: KubeClient; readonly namespace: string | undefined },
  verb: string,
  name?: string,
): Error {
  return explainFailure(failure, {
    verb,
    resource: 'valkeyclusters.valkey.verilean.io',
    namespace,
    name,
    server: client.server,
  });
}
