/**
 * The text of a kubeconfig for one user of this cluster.
 * Never here: where it is written.
 */
import type { KeyPair } from './certificates';

export interface KubeconfigParts {
  /** Of cluster, user and context. */
  readonly name: string;
  /** `https://127.64.0.1:6443`. */
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  readonly client: KeyPair;
  readonly namespace?: string;
}

export function kubeconfigText(parts: KubeconfigParts): string {
  const { name, server, ca, client, namespace = 'default' } = parts;
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return `apiVersion: v1
kind: Config
clusters:
- name: ${name}
  cluster:
    server: ${server}
    certificate-authority-data: ${base64(ca)}
users:
- name: ${name}
  user:
    client-certificate-data: ${base64(client.cert)}
    client-key-data: ${base64(client.key)}
contexts:
- name: ${name}
  context:
    cluster: ${name}
    user: ${name}
    namespace: ${namespace}
current-context: ${name}
`;
}
