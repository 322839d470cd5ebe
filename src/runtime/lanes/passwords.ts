/**
 * The passwords of a cluster: random once, here and nowhere else, written into its Secret only while
 * that has none.
 * Never here: how they are used (resources/secret.ts), printing one.
 */
import { randomBytes } from 'node:crypto';
import { secretData } from '../../resources/secret';
import { SECRET_KEYS } from '../../spec/naming';
import type { Answer } from '../kube/answer';
import type { KubeClient } from '../kube/client';
import { resources, type Secret } from '../kube/types';
import type { ClusterObject } from './record-store';

/** A Secret with every password, as it was last seen. */
export type KeptData = NonNullable<Secret['data']>;

/** @returns undefined for a Secret that lacks one. */
export function completeData({ data = {} }: Secret): KeptData | undefined {
  return Object.values(SECRET_KEYS).every((key) => data[key] !== undefined) ? data : undefined;
}

/**
 * The version guards against a second operator that does the same at the same time.
 * @param kept what the servers run with, where the Secret was deleted under them; undefined: nobody runs yet.
 */
export async function writePasswords(
  client: KubeClient,
  object: ClusterObject,
  name: string,
  kept: KeptData | undefined,
): Promise<Answer<Secret>> {
  const { namespace, uid } = object.metadata;
  const live = await client.get(resources.secrets, { namespace, name });
  if (live.kind !== 'ok' || live.value.data?.[SECRET_KEYS.acl] !== undefined) return live;
  const { resourceVersion } = live.value.metadata;
  if (kept !== undefined) {
    const patch = { metadata: { resourceVersion }, data: kept };
    return client.mergePatch<Secret>(resources.secrets, { namespace, name }, patch);
  }
  const own = await clientPassword(client, object);
  if (own.kind !== 'ok') return own;
  const passwords = {
    client: own.value,
    operator: random(),
    replication: random(),
    probe: random(),
  };
  return client.mergePatch<Secret>(
    resources.secrets,
    { namespace, name },
    { metadata: { resourceVersion }, stringData: secretData(uid, passwords) },
  );
}

/**
 * The clients' password of the user's own Secret into ours, where the pods read it when they start.
 * All other passwords stay.
 */
export async function rotateClientPassword(
  client: KubeClient,
  object: ClusterObject,
  name: string,
): Promise<Answer<Secret>> {
  const { namespace, uid } = object.metadata;
  const live = await client.get(resources.secrets, { namespace, name });
  if (live.kind !== 'ok') return live;
  const next = await clientPassword(client, object);
  if (next.kind !== 'ok') return next;
  const text = (key: string): string =>
    Buffer.from(live.value.data?.[key] ?? '', 'base64').toString('utf8');
  const passwords = {
    client: next.value,
    operator: text(SECRET_KEYS.operatorPassword),
    replication: text(SECRET_KEYS.replicationPassword),
    probe: text(SECRET_KEYS.probePassword),
  };
  const { resourceVersion } = live.value.metadata;
  const patch = { metadata: { resourceVersion }, stringData: secretData(uid, passwords) };
  return client.mergePatch<Secret>(resources.secrets, { namespace, name }, patch);
}

/** A user's own Secret gives the clients' password only. */
async function clientPassword(
  client: KubeClient,
  { metadata, spec }: ClusterObject,
): Promise<Answer<string>> {
  const name = spec?.auth?.secretName;
  if (name === undefined) return { kind: 'ok', value: random() };
  const answer = await client.get(resources.secrets, { namespace: metadata.namespace, name });
  if (answer.kind !== 'ok') return answer;
  const value = answer.value.data?.[SECRET_KEYS.clientPassword];
  if (value !== undefined && value !== '')
    return { kind: 'ok', value: Buffer.from(value, 'base64').toString('utf8') };
  const message = `the Secret ${name} of auth.secretName has no key ${SECRET_KEYS.clientPassword}, or an empty one`;
  return { kind: 'invalid', status: { code: 0, reason: '', message, retryAfterMs: undefined } };
}

function random(): string {
  return randomBytes(24).toString('base64url');
}
