/**
 * An API server for tests, that of GUNGNIR_TEST_KUBECONFIG or of another file; nothing is started here. Requests are
 * as raw as they can be, so that what is tested is the server and our objects, not our client.
 */
import { request } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';

export interface Answer {
  readonly status: number;
  /** The object, or the Status that says why not. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ApiServer {
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>;
}

/** @throws one sentence when the variable is missing: a test that needs a cluster must not pass without. */
export async function apiServer(
  file: string | undefined = process.env.GUNGNIR_TEST_KUBECONFIG,
): Promise<ApiServer> {
  if (file === undefined || file === '') {
    throw new Error(
      'NO API SERVER: set GUNGNIR_TEST_KUBECONFIG to the kubeconfig of a test cluster',
    );
  }
  const config = new KubeConfig();
  config.loadFromFile(file);
  const server = config.getCurrentCluster()?.server ?? '';
  const options = {};
  await config.applyToHTTPSOptions(options);
  return {
    send: (method, path, body, contentType = 'application/json') =>
      new Promise((resolve, reject) => {
        const headers = { 'content-type': contentType, accept: 'application/json' };
        const sent = request(new URL(path, server), { ...options, method, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({
              status: response.statusCode ?? 0,
              body: JSON.parse(text === '' ? '{}' : text),
            });
          });
        });
        sent.on('error', reject);
        sent.end(body === undefined ? undefined : JSON.stringify(body));
      }),
  };
}

/** Server-side apply as the field manager of the operator. @returns the server's answer. */
export function apply(
  server: ApiServer,
  path: string,
  object: unknown,
  query = '',
): Promise<Answer> {
  return server.send(
    'PATCH',
    `${path}?fieldManager=gungnir&force=true&fieldValidation=Strict${query}`,
    object,
    'application/apply-patch+yaml',
  );
}

const plurals: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  Secret: 'secrets',
  ConfigMap: 'configmaps',
  Service: 'services',
  Pod: 'pods',
  ServiceAccount: 'serviceaccounts',
  StatefulSet: 'statefulsets',
  Deployment: 'deployments',
  PodDisruptionBudget: 'poddisruptionbudgets',
  ValkeyCluster: 'valkeyclusters',
  CustomResourceDefinition: 'customresourcedefinitions',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
};

/** The path of an object; without a name, of its collection. */
export function pathOf(
  apiVersion: string,
  kind: string,
  namespace: string | undefined,
  name?: string,
): string {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const inside = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${root}${inside}/${plurals[kind] ?? kind}${name === undefined ? '' : `/${name}`}`;
}
