/**
 * The Secret of each cluster, read by name: the operator may neither list nor watch Secrets.
 * Never here: writing one (reconcile-lane.ts), printing one.
 */
import type { Answer } from '../kube/answer';
import type { KubeClient } from '../kube/client';
import { resources, type Secret } from '../kube/types';

export interface SecretReader {
  /** Reads it now; what was known is kept when the server does not answer. */
  read(namespace: string, name: string): Promise<Answer<Secret>>;
  /** As last read; undefined before, and after it was found missing. */
  peek(namespace: string, name: string): Secret | undefined;
  /** Our own write is known without another read. */
  keep(secret: Secret): void;
}

export function createSecretReader(client: KubeClient): SecretReader {
  const known = new Map<string, Secret>();
  const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;
  return {
    async read(namespace, name) {
      const answer = await client.get(resources.secrets, { namespace, name }, { lane: 'failover' });
      if (answer.kind === 'ok') known.set(keyOf(namespace, name), answer.value);
      if (answer.kind === 'notFound') known.delete(keyOf(namespace, name));
      return answer;
    },
    peek: (namespace, name) => known.get(keyOf(namespace, name)),
    keep(secret) {
      known.set(keyOf(secret.metadata.namespace ?? '', secret.metadata.name), secret);
    },
  };
}

/** One value as last read; '' when it is not known. */
export function secretText(
  secrets: SecretReader,
  namespace: string,
  name: string,
  key: string,
): string {
  const encoded = secrets.peek(namespace, name)?.data?.[key] ?? '';
  return Buffer.from(encoded, 'base64').toString('utf8');
}
