/**
 * The world of the local cluster: the API in this process, pods as processes of this machine. What people
 * type (kubectl) is there only where the machine has it.
 * Never here: what the cluster is made of (src/local).
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { ContainerRef, LogSink } from '../../src/local/api/node-agent';
import type { Answer, ApiObject, Request, Status, User, Verb } from '../../src/local/api/port';
import type { LocalCluster } from '../../src/local/cluster';
import { until } from './until';
import type { Grip, ObjectRef, PodName, Ran, Signal, World } from './world';
import { kubeCache } from './world-real';

const USER: User = { name: 'kubernetes-admin', groups: ['system:masters'] };
const SIGNALS: Readonly<Record<Signal, NodeJS.Signals>> = {
  kill: 'SIGKILL',
  stop: 'SIGSTOP',
  continue: 'SIGCONT',
};
const GONE_MS = 120_000;
const HTTP_MS = 5_000;

type RunningPod = ApiObject<
  { readonly nodeName?: string; readonly containers: readonly { readonly name: string }[] },
  { readonly podIP?: string }
>;

export function localWorld(cluster: LocalCluster): World {
  const { api, faults, range, place } = cluster;
  const keyFile = join(place.folder, 'server.key');
  const certFile = join(place.folder, 'server.crt');
  writeFileSync(keyFile, cluster.serverKeys.key, { mode: 0o600 });
  writeFileSync(certFile, cluster.serverKeys.cert);
  const ask = askerOf(cluster);
  const podOf = (pod: PodName): RunningPod => {
    const found = ask.get<RunningPod>({ kind: 'pod', namespace: pod.namespace, name: pod.pod });
    if (found === undefined) throw new Error(`there is no pod ${pod.pod}`);
    return found;
  };
  return {
    api: { host: range.server, port: 6443, certFile, keyFile },
    kubectl: (...args) => kubectl(cluster.kubeconfig, args),
    apply: (documents) =>
      cluster.apply(parseAllDocuments(documents).map((document) => document.toJS() as object)),
    get: async (ref) => ask.get(ref),
    list: async (kind, namespace, labels) => ask.list(kind, namespace, labels),
    patch: async (ref, patch) => void ask.must('patch', ref, { patch: 'merge', body: patch }),
    async remove(ref, how) {
      const force = how === 'by force' ? { gracePeriodSeconds: 0 } : {};
      const propagationPolicy = how === 'alone' ? 'Orphan' : 'Background';
      ask.may('delete', ref, { query: { propagationPolicy, ...force } });
      if (how === 'and wait')
        await until(`${ref.name} is gone`, () => ask.get(ref) === undefined, GONE_MS);
    },
    exec: (pod, ...command) => exec(cluster, containerOf(podOf(pod)), command),
    logs: (pod) => logs(cluster, containerOf(podOf(pod))),
    follow: (pod, onLine) => follow(cluster, () => containerOf(podOf(pod)), onLine),
    watch<Value>(kind: string, namespace: string, onObject: (object: Value) => void) {
      return api.watch({ ...ask.at(kind, namespace), user: USER }, ({ type, object }) => {
        if (type === 'ERROR') throw new Error(`watch ${kind}: ${JSON.stringify(object)}`);
        if (type !== 'BOOKMARK') onObject(object as Value);
      });
    },
    spawn: (program, args) => spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] }),
    async signal(pod, signal) {
      // A signal to nobody is none: it throws.
      gripOf(cluster, pod, containerOf(podOf(pod)));
      faults.signal(pod, SIGNALS[signal]);
    },
    grip: async (pod) => gripOf(cluster, pod, containerOf(podOf(pod))),
    addresses: { reuse: (when) => faults.reuseAddresses(when), isFree: faults.isFree },
    async stopKubelet(pod) {
      const node = podOf(pod).spec?.nodeName ?? '';
      faults.link(node, 'down');
      return async () => faults.link(node, 'up');
    },
    http: (pod, port, path) => httpOf(podOf(pod).status?.podIP ?? '', port, path),
  };
}

interface Asker {
  /** As kubectl does, which takes -n for a kind without namespaces too. */
  at(word: string, namespace: string | undefined): Pick<Request, 'resource' | 'namespace'>;
  get<Value>(ref: ObjectRef): Value | undefined;
  list<Value>(kind: string, namespace: string, labels?: string): readonly Value[];
  /** @returns undefined: there is no such object. @throws with the server's words. */
  may(verb: Verb, ref: ObjectRef, more?: Partial<Request>): unknown;
  /** @throws with the server's words. */
  must(verb: Verb, ref: ObjectRef, more?: Partial<Request>): unknown;
}

function askerOf({ api }: LocalCluster): Asker {
  const at: Asker['at'] = (word, namespace = 'default') => {
    const [name = '', ...group] = word.toLowerCase().split('.');
    const found = api.registry
      .all()
      .find(
        (one) =>
          [one.resource, one.singular, one.kind.toLowerCase(), ...one.shortNames].includes(name) &&
          (group.length === 0 || one.group === group.join('.')),
      );
    if (found === undefined) throw new Error(`the server has no resource "${word}"`);
    const { group: apiGroup, version, resource, scope } = found;
    const place = scope === 'cluster' ? {} : { namespace };
    return { resource: { group: apiGroup, version, resource }, ...place };
  };
  const ask = (verb: Verb, { kind, name, namespace }: ObjectRef, more = {}): Answer =>
    api.handle({ verb, ...at(kind, namespace), name, user: USER, ...more });
  const good = (answer: Answer, what: string): unknown => {
    const { code, value } = answer;
    if (code >= 300) throw new Error(`${what}: ${(value as Status).message}`);
    return value;
  };
  const may: Asker['may'] = (verb, ref, more) => {
    const answer = ask(verb, ref, more);
    return answer.code === 404 ? undefined : good(answer, `${verb} ${ref.name}`);
  };
  return {
    at,
    may,
    must: (verb, ref, more) => good(ask(verb, ref, more), `${verb} ${ref.name}`),
    get: <Value>(ref: ObjectRef) => may('get', ref) as Value | undefined,
    list<Value>(words: string, namespace: string, labelSelector?: string) {
      const query = labelSelector === undefined ? {} : { query: { labelSelector } };
      return words.split(',').flatMap((word) => {
        const answer = api.handle({ verb: 'list', ...at(word, namespace), user: USER, ...query });
        return (good(answer, `list ${word}`) as { readonly items: readonly Value[] }).items;
      });
    },
  };
}

function containerOf(pod: RunningPod): ContainerRef {
  const { namespace = '', name, uid } = pod.metadata;
  const container = pod.spec?.containers[0]?.name ?? '';
  return { namespace, pod: name, uid, node: pod.spec?.nodeName ?? '', container };
}

function kubectl(kubeconfig: string, args: readonly string[]): Promise<Ran> {
  const places = [join(kubeCache(), 'bin'), ...(process.env.PATH ?? '').split(delimiter)];
  const program = places.map((folder) => join(folder, 'kubectl')).find(existsSync);
  if (program === undefined)
    return Promise.resolve({ code: 127, out: '', err: 'kubectl is not on this machine' });
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  return new Promise((done) => {
    execFile(program, args, { env, maxBuffer: 2 ** 28 }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      done({ code, out, err });
    });
  });
}

async function exec(
  { agent }: LocalCluster,
  inside: ContainerRef,
  command: readonly string[],
): Promise<Ran> {
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const end = await agent.exec(
    inside,
    { command, tty: 'no', stdin: 'no' },
    {
      stdout: (bytes) => out.push(bytes),
      stderr: (bytes) => err.push(bytes),
      onStdin: () => {},
      onResize: () => {},
      signal: new AbortController().signal,
    },
  );
  const text = (bytes: readonly Uint8Array[]): string => Buffer.concat(bytes).toString();
  if (end.kind === 'exited') return { code: end.code, out: text(out), err: text(err) };
  return { code: 1, out: text(out), err: end.message };
}

function sinkOf(onBytes: (bytes: Uint8Array) => void, onEnd: () => void): LogSink {
  return {
    write(bytes) {
      onBytes(bytes);
      return 'more';
    },
    drained: () => Promise.resolve(),
    end: onEnd,
  };
}

function logs({ agent }: LocalCluster, of: ContainerRef): Promise<string> {
  return new Promise((done, fail) => {
    const chunks: Uint8Array[] = [];
    const sink = sinkOf(
      (bytes) => chunks.push(bytes),
      () => done(Buffer.concat(chunks).toString()),
    );
    const options = { follow: 'no', previous: 'no', timestamps: 'no' } as const;
    const streaming = agent.logs(of, options, sink);
    if (streaming.kind === 'refused') fail(new Error(streaming.message));
  });
}

const FOLLOW_AGAIN_MS = 50;

/** A container that ends is followed on in its successor; what was read before is not told again. */
function follow(
  { agent }: LocalCluster,
  of: () => ContainerRef,
  onLine: (line: string) => void,
): () => void {
  const told = new Set<string>();
  let end: () => void = () => {};
  let state: 'following' | 'ended' = 'following';
  const again = (): void => {
    const timer = setTimeout(start, FOLLOW_AGAIN_MS);
    end = () => clearTimeout(timer);
  };
  function start(): void {
    if (state === 'ended') return;
    let rest = '';
    const sink = sinkOf((bytes) => {
      const lines = (rest + Buffer.from(bytes).toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (!told.has(line)) onLine(told.add(line) && line);
    }, again);
    try {
      const options = { follow: 'yes', previous: 'no', timestamps: 'no' } as const;
      const streaming = agent.logs(of(), options, sink);
      if (streaming.kind === 'refused') again();
      else end = streaming.stop;
    } catch {
      again();
    }
  }
  start();
  return () => {
    state = 'ended';
    end();
  };
}

/** The process of this moment, by its number: its pod may be gone when it is signalled. */
function gripOf({ faults }: LocalCluster, pod: PodName, { container }: ContainerRef): Grip {
  const pid = faults.pid(pod, container);
  if (pid === undefined) throw new Error(`${pod.pod} has no running process`);
  return async (signal) => void process.kill(pid, SIGNALS[signal]);
}

async function httpOf(host: string, port: number, path: string): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(HTTP_MS);
    const answer = await fetch(`http://${host}:${port}${path}`, { signal });
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}
