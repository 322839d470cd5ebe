/**
 * The Secret of a cluster. It is synthesized without data: a random value would change with every
 * synth. The operator writes the data once; pods wait for it, since they mount named keys.
 */
import { quotedArgument } from '../kit/protocol-settings';
import type { ValkeyClusterDefinition } from '../spec/definition';
import { namesOf, replicationUser, SECRET_KEYS } from '../spec/naming';
import type { Passwords } from './acl';
import { aclFile } from './acl';
import type { KubeObject } from './kube-object';
import { metaOf } from './kube-object';

export function secret(definition: ValkeyClusterDefinition): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metaOf(definition, namesOf(definition.metadata.name).secret),
    type: 'Opaque',
  };
}

/**
 * What the operator writes into the Secret, as plain text (`stringData`).
 * @param clusterUid uid of the ValkeyCluster: replicas of another one cannot authenticate.
 * @param passwords `client` is that of `auth.secretName` where the definition names one.
 */
export function secretData(
  clusterUid: string,
  passwords: Passwords,
): Readonly<Record<string, string>> {
  return {
    [SECRET_KEYS.clientPassword]: passwords.client,
    [SECRET_KEYS.operatorPassword]: passwords.operator,
    [SECRET_KEYS.replicationPassword]: passwords.replication,
    [SECRET_KEYS.probePassword]: passwords.probe,
    [SECRET_KEYS.acl]: aclFile(clusterUid, passwords),
    [SECRET_KEYS.auth]: `masteruser ${replicationUser(clusterUid)}\nmasterauth ${quotedArgument(passwords.replication)}\n`,
  };
}
