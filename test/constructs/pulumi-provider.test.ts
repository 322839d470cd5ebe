/**
 * The component provider as Pulumi talks to it, over gRPC: the plugin is a process of its own, and a monitor that
 * records stands where the engine would. So it is seen what a program in YAML or Python would get.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMPONENT_SCHEMA } from '../../src/constructs/pulumi/schema.generated';
import { byCdk8s } from '../kit/synthesized';

const pulumiRequire = createRequire(require.resolve('@pulumi/pulumi'));
const grpc = pulumiRequire('@grpc/grpc-js');
const { Struct } = pulumiRequire('google-protobuf/google/protobuf/struct_pb.js');
const { Empty } = pulumiRequire('google-protobuf/google/protobuf/empty_pb.js');
const messages = pulumiRequire('@pulumi/pulumi/proto/provider_pb.js');
const { ResourceProviderClient } = pulumiRequire('@pulumi/pulumi/proto/provider_grpc_pb.js');
const resources = pulumiRequire('@pulumi/pulumi/proto/resource_pb.js');
const { ResourceMonitorService } = pulumiRequire('@pulumi/pulumi/proto/resource_grpc_pb.js');
const { EngineService } = pulumiRequire('@pulumi/pulumi/proto/engine_grpc_pb.js');

/** What is called in a message by name; protobuf's own declarations are not those of our compiler. */
type Message = Readonly<Record<string, (...args: unknown[]) => unknown>>;
type Callback = (error: unknown, answer?: unknown) => void;

const seen: { type: string; name: string; inputs: Readonly<Record<string, unknown>> }[] = [];
let monitor: { address: string; stop: () => void };
let plugin: ChildProcess;
let client: Readonly<Record<string, (request: unknown, callback: Callback) => void>>;

/** Says yes to everything, and remembers what was registered. */
async function startMonitor(): Promise<typeof monitor> {
  const server = new grpc.Server();
  const all = (service: object): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(service).map(([name, { responseType }]) => [
        name,
        (_: unknown, callback: Callback): void =>
          responseType === Empty
            ? callback(null, new Empty())
            : callback({ code: grpc.status.UNIMPLEMENTED, details: name }),
      ]),
    );
  server.addService(EngineService, all(EngineService));
  server.addService(ResourceMonitorService, {
    ...all(ResourceMonitorService),
    supportsFeature(_: unknown, callback: Callback) {
      const answer = new resources.SupportsFeatureResponse();
      answer.setHassupport(true);
      callback(null, answer);
    },
    registerResource({ request }: { request: Message }, callback: Callback) {
      const [type, name] = [String(request.getType?.()), String(request.getName?.())];
      const object = request.getObject?.() as { toJavaScript(): Record<string, unknown> };
      seen.push({ type, name, inputs: object.toJavaScript() });
      const answer = new resources.RegisterResourceResponse();
      answer.setUrn(`urn:pulumi:dev::shop::${type}::${name}`);
      answer.setId(`${name}-id`);
      answer.setObject(object);
      callback(null, answer);
    },
  });
  const port = await new Promise((resolve, reject) =>
    server.bindAsync(
      '127.0.0.1:0',
      grpc.ServerCredentials.createInsecure(),
      (error: unknown, at: number) => (error === null ? resolve(at) : reject(error)),
    ),
  );
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

async function ask(method: string, request: unknown): Promise<Message> {
  return new Promise((resolve, reject) =>
    client[method]?.call(client, request, (error, answer) =>
      error === null ? resolve(answer as Message) : reject(error),
    ),
  );
}

async function construct(type: string, name: string, inputs: object): Promise<Message> {
  const request = new messages.ConstructRequest();
  request.setProject('shop');
  request.setStack('dev');
  request.setParallel(4);
  request.setMonitorendpoint(monitor.address);
  request.setType(type);
  request.setName(name);
  request.setInputs(Struct.fromJavaScript(inputs));
  seen.length = 0;
  return ask('construct', request);
}

function plainOf(struct: unknown): object {
  return (struct as { toJavaScript(): object }).toJavaScript();
}

beforeAll(async () => {
  monitor = await startMonitor();
  const program = join(__dirname, 'pulumi-plugin-program.ts');
  // Node.js itself: the tsx command would be killed and leave the plugin behind, which holds our outputs open.
  const argv = ['--import', 'tsx', program, monitor.address];
  plugin = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (plugin.stdout === null) throw new Error('no output');
  const [port] = await once(plugin.stdout, 'data');
  client = new ResourceProviderClient(
    `127.0.0.1:${String(port).trim()}`,
    grpc.credentials.createInsecure(),
  );
});

afterAll(async () => {
  (client as unknown as { close(): void })?.close();
  monitor?.stop();
  if (plugin?.exitCode !== null) return;
  plugin.kill('SIGKILL');
  await once(plugin, 'exit');
});

test('the plugin tells its schema', async () => {
  const answer = await ask('getSchema', new messages.GetSchemaRequest());
  expect(JSON.parse(String(answer.getSchema?.()))).toEqual(COMPONENT_SCHEMA);
});

test('a ValkeyCluster from another language is the same objects', async () => {
  const metadata = { name: 'shop', namespace: 'prod' };
  const spec = { replicas: 5, config: { maxclients: '777' } };
  const given = { ...spec, metadata, mode: 'WORKLOAD', awaitReady: false };
  const answer = await construct('gungnir:index:ValkeyCluster', 'db', given);
  expect(answer.getUrn?.()).toBe('urn:pulumi:dev::shop::gungnir:index:ValkeyCluster::db');
  const state = plainOf(answer.getState?.());
  expect(state).toMatchObject({
    clientHost: 'shop-client.prod.svc',
    port: 6379,
    secretName: 'shop-secret',
  });
  const objects = seen.filter(({ type }) => type.startsWith('kubernetes:'));
  const idOf = (object: { kind?: unknown; metadata?: unknown }): string =>
    `${object.kind} ${(object.metadata as { name: string }).name}`;
  expect(objects.map(({ inputs }) => idOf(inputs)).sort()).toEqual(
    byCdk8s({ metadata, spec }).map(idOf).sort(),
  );
  const own = objects.find(({ inputs }) => inputs.kind === 'ValkeyCluster');
  expect(own?.inputs.spec).toEqual(spec);
});

describe('what is wrong is told as input failures, and nothing is registered', () => {
  test.each([
    { why: 'two fields', inputs: { replicas: 99, port: 0 }, says: /port: 0[\s\S]*replicas: 99/ },
    { why: 'a mode that there is not', inputs: { mode: 'HELM' }, says: /mode: HELM/ },
    { why: 'a field that there is not', inputs: { replica: 3 }, says: /replica: / },
  ])('$why', async ({ inputs, says }) => {
    const error = await construct('gungnir:index:ValkeyCluster', 'db', inputs).catch((one) => one);
    expect(error.code).toBe(grpc.status.INVALID_ARGUMENT);
    expect(error.details).toMatch(says);
    expect(seen).toEqual([]);
  });

  test('a component that there is not', async () => {
    const error = await construct('gungnir:index:Valkey', 'db', {}).catch((one) => one);
    expect(error.details).toContain('there is no component gungnir:index:Valkey');
  });
});

describe('the schema', () => {
  const text = JSON.stringify(COMPONENT_SCHEMA);
  const types = COMPONENT_SCHEMA.types as Readonly<
    Record<string, Readonly<Record<string, object>>>
  >;

  test('has every type that it names, and names every type that it has', () => {
    const named = new Set([...text.matchAll(/"#\/types\/([^"]+)"/g)].map(([, name]) => name));
    expect([...named].sort()).toEqual(Object.keys(types).sort());
    expect(named.size).toBeGreaterThan(30);
  });

  test('has three components, plain where a value must be known, and the outputs of each', () => {
    const { 'gungnir:index:ValkeyCluster': cluster, ...others } = COMPONENT_SCHEMA.resources;
    expect(Object.keys(others)).toEqual([
      'gungnir:index:ValkeyCrds',
      'gungnir:index:ValkeyOperator',
    ]);
    expect(cluster).toMatchObject({
      isComponent: true,
      requiredInputs: [],
      inputProperties: {
        replicas: { type: 'integer' },
        mode: { type: 'string', plain: true },
        metadata: { $ref: '#/types/gungnir:index:ValkeyClusterMetadata', plain: true },
        persistence: { $ref: '#/types/gungnir:index:PersistenceSpec' },
      },
      required: ['clusterName', 'clientHost', 'port', 'secretName', 'passwordKey'],
    });
    expect(Object.keys(cluster?.properties ?? {})).toContain('url');
    expect(cluster).not.toHaveProperty('inputProperties.replicas.plain');
  });

  test('has the values of enums, as the API server takes them', () => {
    expect(types['gungnir:index:PersistenceMode']).toMatchObject({
      type: 'string',
      enum: [{ value: 'RDB' }, { value: 'AOF' }, { value: 'RDBAndAOF' }],
    });
  });
});
