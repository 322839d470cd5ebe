/**
 * An API server for tests, that of GUNGNIR_TEST_KUBECONFIG or of another file; nothing is started here. Requests are
 * as raw as they can be, so that what is tested is the server and our objects, not our client.
 * Never here: starting one.
 */
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, type AgentOptions, type RequestOptions, request } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { until } from './until';

/** A pod of the namespace may take its grace period. */
const GONE_MAX_MS = 60_000;

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
  const wire = await wireTo(file);
  return {
    async send(method, path, body, contentType) {
      const sent = { method, path, ...(body === undefined ? {} : { text: JSON.stringify(body) }) };
      const { status, text } = await wire.ask({
        ...sent,
        ...(contentType === undefined ? {} : { contentType }),
      });
      return { status, body: bodyOf(text) };
    },
  };
}

/** One HTTP request, byte for byte. */
export interface WireAsk {
  readonly method: string;
  readonly path: string;
  readonly text?: string | Buffer;
  /** Default application/json. */
  readonly contentType?: string;
  /** Default application/json. */
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `none` shows no certificate. Default: the kubeconfig's own. */
  readonly certificate?: 'own' | 'none';
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Wire {
  ask(asked: WireAsk): Promise<WireAnswer>;
  /**
   * An answer that comes line by line.
   * @param onLine says whether it has seen enough; then the connection is ended.
   * @param onOpen once the server has begun to answer.
   */
  stream(
    asked: WireAsk,
    onLine: (line: string) => 'more' | 'enough',
    onOpen: () => void,
  ): Promise<WireAnswer>;
  close(): void;
}

/** @param kubeconfig a file. */
export async function wireTo(kubeconfig: string): Promise<Wire> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const server = config.getCurrentCluster()?.server ?? '';
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { cert: _cert, key: _key, ...bare } = options;
  const agents = {
    own: new Agent({ ...(options as AgentOptions), keepAlive: true }),
    none: new Agent({ ...(bare as AgentOptions), keepAlive: true }),
  };
  const open = (asked: WireAsk, onAnswer: (answer: IncomingMessage) => void): ClientRequest => {
    const { method, path, text, contentType = 'application/json' } = asked;
    const headers = {
      'content-type': contentType,
      accept: asked.accept ?? 'application/json',
      // Without it, the body of a DELETE would have no end.
      ...(text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) }),
      ...asked.headers,
    };
    const agent = agents[asked.certificate ?? 'own'];
    const sent = request(new URL(path, server), { agent, method, headers }, onAnswer);
    sent.end(text);
    return sent;
  };
  const stream: Wire['stream'] = (asked, onLine, onOpen) =>
    new Promise((resolve, reject) => {
      const sent = open(asked, (answer) => {
        let text = '';
        let rest = '';
        const { statusCode: status = 0, headers } = answer;
        const done = (): void => resolve({ status, headers, text });
        onOpen();
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          text += chunk;
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          if (!lines.some((line) => onLine(line) === 'enough')) return;
          done();
          sent.destroy();
        });
        answer.on('end', done);
        answer.on('error', reject);
      });
      sent.on('error', reject);
    });
  return {
    stream,
    ask: (asked) =>
      stream(
        asked,
        () => 'more',
        () => {},
      ),
    close() {
      agents.own.destroy();
      agents.none.destroy();
    },
  };
}

type Applied = readonly [server: ApiServer, path: string, object: unknown, query?: string];

/** Server-side apply as the field manager of the operator. @returns the server's answer. */
export function apply(...applied: Applied): Promise<Answer> {
  return applyAs('fieldManager=gungnir&force=true', ...applied);
}

/** Server-side apply as a tool that keeps Git: strict, and not by force. @returns the server's answer. */
export function sync(...applied: Applied): Promise<Answer> {
  return applyAs('fieldManager=argocd-controller', ...applied);
}

function applyAs(who: string, ...[server, path, object, query = '']: Applied): Promise<Answer> {
  const whole = `${path}?${who}&fieldValidation=Strict${query}`;
  return server.send('PATCH', whole, object, 'application/apply-patch+yaml');
}

/**
 * Deletes it and waits until it is gone with all that is in it. Being absent is no failure, nor is a deletion
 * that is under way. @throws when the deletion is refused, and where nothing of that kind is served.
 */
export async function goneFrom(server: ApiServer, path: string): Promise<void> {
  const { status, body } = await server.send('DELETE', path);
  // Where nothing is served, what says 404 names no object.
  const { name } = (body.details ?? {}) as { readonly name?: string };
  const isAbsent = status === 404 && name !== undefined;
  if (status >= 300 && status !== 409 && !isAbsent)
    throw new Error(`DELETE ${path}: ${status} ${JSON.stringify(body)}`);
  await until(
    `${path} is gone`,
    async () => (await server.send('GET', path)).status === 404,
    GONE_MAX_MS,
    100,
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

/** The path of an object; without a name, of its collection. @throws for a kind that is not known here. */
export function pathOf(
  apiVersion: string,
  kind: string,
  namespace: string | undefined,
  name?: string,
): string {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const inside = namespace === undefined ? '' : `/namespaces/${namespace}`;
  const plural = plurals[kind];
  if (plural === undefined) throw new Error(`no plural is known of the kind ${kind}`);
  return `${root}${inside}/${plural}${name === undefined ? '' : `/${name}`}`;
}

/** A path that is not served yet is answered by a page of plain text. */
function bodyOf(text: string): Answer['body'] {
  if (text === '') return {};
  return text.startsWith('{') ? JSON.parse(text) : { message: text };
}
