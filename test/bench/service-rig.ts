/**
 * A ValkeyCluster on the local Kubernetes under the operator that ships: clients know the client Service
 * alone. One local Kubernetes serves many runs; each has a ValkeyCluster of its own.
 * Never here: what is measured.
 */
import type { Credentials } from '../../src/sentinel/io/ports';
import { ANNOTATIONS, namesOf, SECRET_KEYS, USERS } from '../../src/spec/naming';
import { until } from '../kit/until';
import {
  askFor,
  clusterPath,
  clusterReady,
  isTrue,
  type LocalUp,
  type SeenCluster,
} from './local-up';
import { isAlive, valkeyAt } from './processes';
import { inSync, type Rig, type Server } from './rig';

const CORE = '/api/v1/namespaces/default';
const REPLICAS = 2;
const GONE_MS = 60_000;
const PORT = 6379;

interface Route {
  readonly pod: string;
  readonly sinceMs: number;
}

/** As the engine's rows: a closed socket needs no waiting, downAfterMs matters to SIGSTOP only. */
export function serviceRigs(up: LocalUp): () => Promise<Rig> {
  let number = 0;
  return async () => {
    number += 1;
    const name = `bench-${number}`;
    await askFor(up, 'POST', clusterPath(), {
      apiVersion: 'valkey.verilean.io/v1',
      kind: 'ValkeyCluster',
      metadata: { name },
      spec: { replicas: REPLICAS + 1, sentinel: { pingIntervalMs: 100, downAfterMs: 1_000 } },
    });
    await clusterReady(up, name);
    const watching = await watchRoute(up, name);
    const servers = await serversOf(up, name);
    const user = await clientOf(up, name);
    const host = await serviceOf(up, name);
    return {
      target: () => ({ host, port: PORT }),
      user,
      serving: () => serverOf(servers, watching.route().pod),
      isElsewhere: ({ sentMs, endedMs }, than, sinceMs) =>
        isMoved(watching.route(), servers, than, endedMs) || (sentMs > sinceMs && isGone(than)),
      isInSync: async (primary) => {
        const cluster = await askFor<SeenCluster>(up, 'GET', clusterPath(name));
        return isTrue(cluster, 'ReplicationHealthy') && inSync(primary, REPLICAS, user);
      },
      switchover: () => askForSwitchover(up, name),
      async stop() {
        watching.stop();
        await removeCluster(up, name);
      },
    };
  };
}

/** A killed process answers nothing that is sent later. */
function isGone(server: Server): boolean {
  try {
    return !isAlive(server.pid());
  } catch {
    return true;
  }
}

function isMoved(
  { pod, sinceMs }: Route,
  servers: ReadonlyMap<string, Server>,
  than: Server,
  endedMs: number,
): boolean {
  return servers.get(pod) !== than && endedMs > sinceMs;
}

function serverOf(servers: ReadonlyMap<string, Server>, pod: string): Server {
  const server = servers.get(pod);
  if (server === undefined) throw new Error(`no pod ${pod} was there at the start`);
  return server;
}

/** Follows status.masterPod. */
async function watchRoute(up: LocalUp, name: string) {
  let route: Route | undefined;
  let state: 'watching' | 'stopped' = 'watching';
  const path = `${clusterPath()}?watch=true&fieldSelector=metadata.name%3D${name}`;
  const onLine = (line: string): 'more' | 'enough' => {
    const { object } = JSON.parse(line) as { readonly object: SeenCluster };
    const pod = object.status?.masterPod;
    const isNew = pod !== undefined && pod !== '' && pod !== route?.pod;
    if (isNew) route = { pod, sinceMs: performance.now() };
    return state === 'watching' ? 'more' : 'enough';
  };
  void up.wire.stream({ method: 'GET', path }, onLine, () => {}).catch(() => {});
  await until(`${name} has a primary`, () => route);
  return {
    route(): Route {
      if (route === undefined) throw new Error(`${name} has no primary`);
      return route;
    },
    stop(): void {
      state = 'stopped';
    },
  };
}

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: { readonly podIP: string };
}

/** Processes are those of the start: one that comes back is another. */
async function serversOf(up: LocalUp, name: string): Promise<ReadonlyMap<string, Server>> {
  const path = `${CORE}/pods?labelSelector=valkey.verilean.io%2Fcluster%3D${name}`;
  const { items } = await askFor<{ readonly items: readonly Pod[] }>(up, 'GET', path);
  return new Map(
    items.map(({ metadata, status }) => {
      const pid = valkeyAt(status.podIP, PORT);
      if (pid === undefined) throw new Error(`${metadata.name} has no valkey-server`);
      return [metadata.name, serverAt(status.podIP, pid)];
    }),
  );
}

function serverAt(host: string, pid: number): Server {
  return {
    host,
    port: PORT,
    pid() {
      if (!isAlive(pid)) throw new Error('it does not run');
      return pid;
    },
    pause: () => void process.kill(pid, 'SIGSTOP'),
    resume: () => void process.kill(pid, 'SIGCONT'),
  };
}

async function clientOf(up: LocalUp, name: string): Promise<Credentials> {
  const path = `${CORE}/secrets/${namesOf(name).secret}`;
  const { data } = await askFor<{ readonly data: Readonly<Record<string, string>> }>(
    up,
    'GET',
    path,
  );
  const password = Buffer.from(data[SECRET_KEYS.clientPassword] ?? '', 'base64').toString();
  return { username: USERS.clients, password };
}

async function serviceOf(up: LocalUp, name: string): Promise<string> {
  const path = `${CORE}/services/${namesOf(name).client}`;
  const { spec } = await askFor<{ readonly spec: { readonly clusterIP: string } }>(up, 'GET', path);
  return spec.clusterIP;
}

/** As `gungnir switchover NAME` asks; the operator chooses the best replica. */
async function askForSwitchover(up: LocalUp, name: string): Promise<void> {
  const { status } = await askFor<SeenCluster>(up, 'GET', clusterPath(name));
  const annotations = { [ANNOTATIONS.switchover]: `@${status?.record?.epoch ?? 0}` };
  await askFor(up, 'PATCH', clusterPath(name), { metadata: { annotations } });
}

/** With its volumes, as the next run has to find the machine as this one did. */
async function removeCluster(up: LocalUp, name: string): Promise<void> {
  await askFor(up, 'DELETE', clusterPath(name));
  const pods = `${CORE}/pods?labelSelector=valkey.verilean.io%2Fcluster%3D${name}`;
  const gone = async (): Promise<boolean> => {
    const { items } = await askFor<{ readonly items: readonly Pod[] }>(up, 'GET', pods);
    return items.length === 0;
  };
  await until(`the pods of ${name} are gone`, gone, GONE_MS, 50);
  const claims = `${CORE}/persistentvolumeclaims?labelSelector=valkey.verilean.io%2Fcluster%3D${name}`;
  await askFor(up, 'DELETE', claims);
}
