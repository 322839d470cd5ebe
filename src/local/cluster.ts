/**
 * One running local cluster: address range, folder, and all rooms put together; ended without a trace.
 * Never here: what a room does.
 */
import { createPrivateKey, generateKeyPairSync, randomInt, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { millis } from '../kit/brands';
import { type ApiServer, createApi } from './api/api';
import { bootstrap } from './api/bootstrap';
import { openKeptStore } from './api/disk';
import { type Authority, certificateAuthority, type KeyPair } from './api/http/certificates';
import { type Front, listen } from './api/http/front';
import { kubeconfigText } from './api/http/kubeconfig';
import { tokenIssuer } from './api/http/tokens';
import type { NodeAgent } from './api/node-agent';
import { forgetOldEvents } from './api/old-events';
import { createStore, emptyStore, type Store } from './api/store';
import { typings } from './api/typed/index';
import { applyAll } from './apply';
import { systemTimers } from './controllers/frame/timers';
import { servedKinds } from './controllers/served';
import { startControllers } from './controllers/start';
import { type Place, type TakenPlace, takePlace } from './instance';
import type { KubeletSettings } from './kubelet/host';
import type { Programs } from './kubelet/images';
import { type KubeletFaults, startKubelet } from './kubelet/kubelet';
import { startProxy } from './proxy/proxy';
import { type AddressRange, rangeOf } from './range';
import { serviceAddressesOf } from './service-addresses';

export interface LocalOptions {
  readonly programs: Programs;
  /** Number of virtual nodes, 1..5. Default 3. */
  readonly nodes?: number;
  /** A folder to keep everything in. Default: a scratch folder that goes with the cluster. */
  readonly data?: string;
  readonly kubelet?: Partial<KubeletSettings>;
  /** A real kube-proxy applies changes at most once in this time, 1000 ms. Default 0: at once. */
  readonly minSyncPeriodMs?: number;
  /** What clients outside of the process meet in place of the server: tests put faults there. */
  readonly around?: (api: ApiServer) => ApiServer;
  /** One sentence, when something of it cannot work. Absent: what a controller throws ends the process. */
  readonly onProblem?: (sentence: string) => void;
}

export interface LocalCluster {
  readonly place: Place;
  readonly range: AddressRange;
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  readonly api: ApiServer;
  readonly faults: KubeletFaults;
  /** Logs of pods and commands beside them. */
  readonly agent: NodeAgent;
  /** What the API server proves itself with. */
  readonly serverKeys: KeyPair;
  /** Ends or begins to serve HTTPS; what is inside the process goes on. */
  serve(state: 'on' | 'off'): Promise<void>;
  /** Server-side apply, in the order given. @throws Error with the server's words. */
  apply(objects: readonly object[]): Promise<void>;
  /** Ends every process. A scratch folder is removed. */
  stop(): Promise<void>;
}

const API_PORT = 6443;
/** What is kept ends as on a node that shuts down. As a pod's default. */
const KEPT_GRACE_MS = 30_000;
const DNS_NAMES = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'localhost'];
const clock = { monotonicMs: () => millis(performance.now()), wallMs: () => millis(Date.now()) };
const nowMs = (): number => Date.now();

/** @throws Error with one sentence and what to do. */
export async function startLocal(options: LocalOptions): Promise<LocalCluster> {
  const place = await takePlace(options.data);
  try {
    return await startIn(place, options);
  } catch (cause) {
    await place.release();
    throw cause;
  }
}

async function startIn(place: TakenPlace, options: LocalOptions): Promise<LocalCluster> {
  const range = rangeOf(place.instance);
  const keys = await keysOf(place.folder, range);
  const kept = place.kind === 'kept' ? openKeptStore(place.folder) : undefined;
  const api = createServer(range, keys, kept?.store ?? createStore({ initial: emptyStore }));
  bootstrap(api);
  const running = startRooms(api, range, place, keys, options);
  const serving = servingOf(api, range, keys, running.kubelet.agent, options);
  const end = async (graceMs: number): Promise<void> => {
    // The server serves to the end: what shuts down says so, and hands its lease over.
    await running.stop(graceMs);
    await serving.set('off');
    api.close();
    kept?.close();
    if (place.kind === 'scratch') rmSync(place.folder, { recursive: true, force: true });
  };
  const kubeconfig = await opened(serving, place, range, keys).catch(async (cause: unknown) => {
    await end(0);
    throw cause;
  });
  return {
    place,
    range,
    kubeconfig,
    api,
    faults: running.kubelet.faults,
    agent: running.kubelet.agent,
    serverKeys: keys.server,
    serve: serving.set,
    apply: (objects) => applyAll(api, objects, systemTimers),
    async stop() {
      await end(place.kind === 'kept' ? KEPT_GRACE_MS : 0);
      await place.release();
    },
  };
}

/** @returns the path of the kubeconfig. @throws Error one sentence and what to do. */
async function opened(
  serving: Serving,
  place: Place,
  range: AddressRange,
  { authority }: Keys,
): Promise<string> {
  await serving.set('on').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause;
    const address = `${range.server}:${API_PORT}`;
    throw new Error(
      `another program listens on ${address}. To fix: end that program, or start without --data, which takes the next free range`,
    );
  });
  return writeKubeconfig(place, range, authority);
}

interface Keys {
  readonly authority: Authority;
  readonly server: KeyPair;
  /** Signs tokens; PKCS #8. */
  readonly tokenKey: string;
}

/** Kept with the data: pods and kubeconfigs of an earlier run go on to be good. */
async function keysOf(folder: string, range: AddressRange): Promise<Keys> {
  const path = join(folder, 'keys.json');
  const kept = existsSync(path) ? keptKeys(path) : undefined;
  const authority = await certificateAuthority(nowMs(), kept?.ca);
  const tokenKey = kept?.token ?? newTokenKey();
  const { cert, key } = authority;
  writeFileSync(path, JSON.stringify({ ca: { cert, key }, token: tokenKey }), { mode: 0o600 });
  return { authority, tokenKey, server: await authority.server([...DNS_NAMES, range.server]) };
}

interface KeptKeys {
  readonly ca: KeyPair;
  readonly token: string;
}

/** @throws Error naming the file, where it cannot be read as what was written. */
function keptKeys(path: string): KeptKeys {
  try {
    const { ca, token } = JSON.parse(readFileSync(path, 'utf8')) as KeptKeys;
    createPrivateKey(token);
    createPrivateKey(ca.key);
    return { ca, token };
  } catch (cause) {
    throw new Error(
      `${path} cannot be read as the keys of a cluster (${cause instanceof Error ? cause.message : cause}). To fix: put the file back, or use another --data folder`,
      { cause },
    );
  }
}

function newTokenKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function createServer(range: AddressRange, { tokenKey }: Keys, store: Store): ApiServer {
  return createApi({
    store,
    typings,
    addresses: serviceAddressesOf(range),
    tokens: tokenIssuer(tokenKey, 'https://kubernetes.default.svc', nowMs),
    nowMs,
    uuid: randomUUID,
    suffix: () => Array.from({ length: 5 }, () => SUFFIX[randomInt(SUFFIX.length)]).join(''),
    defer: setImmediate,
  });
}

/** As Kubernetes has them: without vowels and what reads like them. */
const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789';

interface Rooms {
  readonly kubelet: ReturnType<typeof startKubelet>;
  /** @param graceMs how long processes may take to end by themselves. */
  stop(graceMs: number): Promise<void>;
}

function startRooms(
  api: ApiServer,
  range: AddressRange,
  { folder }: Place,
  { authority }: Keys,
  options: LocalOptions,
): Rooms {
  const { programs, nodes = 3, minSyncPeriodMs = 0, onProblem, kubelet: settings } = options;
  const timers = systemTimers;
  const controllers = startControllers({
    api,
    clock,
    timers,
    rootCa: authority.cert,
    served: () => servedKinds(api.registry),
    onProblem: onProblem ?? unheard,
  });
  mkdirSync(join(folder, 'kubelet'), { recursive: true });
  const kubelet = startKubelet({
    api,
    timers,
    nowMs,
    range,
    nodes: Array.from({ length: nodes }, (_, index) => `node-${index + 1}`),
    folder: join(folder, 'kubelet'),
    programs,
    server: { host: range.server, port: API_PORT },
    ...(settings === undefined ? {} : { settings }),
  });
  const proxy = startProxy({
    api,
    timers,
    nowMs,
    range,
    nodes,
    minSyncPeriodMs,
    ...(onProblem === undefined ? {} : { onProblem }),
  });
  const stopForgetting = forgetOldEvents(api.server.store, timers, nowMs);
  return {
    kubelet,
    async stop(graceMs) {
      await kubelet.stop(graceMs);
      stopForgetting();
      controllers.stop();
      await proxy.stop();
    },
  };
}

/** Nobody listens, as in a test: it must not go by unseen. @throws Error always. */
function unheard(sentence: string): never {
  throw new Error(sentence);
}

interface Serving {
  set(state: 'on' | 'off'): Promise<void>;
}

function servingOf(
  api: ApiServer,
  range: AddressRange,
  keys: Keys,
  agent: NodeAgent,
  { around = (same) => same }: LocalOptions,
): Serving {
  let front: Front | undefined;
  return {
    async set(state) {
      if (state === 'off') {
        const serving = front;
        front = undefined;
        await serving?.close();
      } else {
        front ??= await listen({
          api: around(api),
          agent,
          ca: keys.authority.cert,
          tls: keys.server,
          host: range.server,
          port: API_PORT,
          nowMs,
        });
      }
    },
  };
}

async function writeKubeconfig(
  { folder, instance }: Place,
  { server }: AddressRange,
  authority: Authority,
): Promise<string> {
  const path = join(folder, 'kubeconfig');
  const text = kubeconfigText({
    name: `gungnir-local-${instance}`,
    server: `https://${server}:${API_PORT}`,
    ca: authority.cert,
    client: await authority.client('kubernetes-admin', ['system:masters']),
  });
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}
