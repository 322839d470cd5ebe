/**
 * The world of a real Kubernetes: the API through kubectl, processes through the node's own container
 * runtime. Which cluster: the one of GUNGNIR_TEST_KUBECONFIG, whose folder is its state.
 * Never here: starting a cluster (world-real-kubernetes.ts).
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from './until';
import type { Grip, ObjectRef, PodName, Ran, Signal, World } from './world';

/** Scripts that run a real Kubernetes on this machine; beside the project unless GUNGNIR_KUBE says where. */
export function kubeFolder(): string {
  return resolve(process.env.GUNGNIR_KUBE ?? '../shared/kube');
}

/** Binaries, images and certificates that the scripts have built. */
export function kubeCache(): string {
  return process.env.KUBE_CACHE ?? join(homedir(), '.cache', 'gungnir-kube');
}

/** Where every node reaches the API server (CP_IP of the scripts). */
const CONTROL_PLANE = '10.90.0.1';
const OUTPUT_MAX_BYTES = 256 * 1024 * 1024;
/** A container needs about a second to be started again. */
const FOLLOW_AGAIN_MS = 200;
const signals: Readonly<Record<Signal, string>> = { kill: '-9', stop: '-STOP', continue: '-CONT' };

interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function run(
  program: string,
  args: readonly string[],
  { input, env }: RunOptions = {},
): Promise<Ran> {
  return new Promise((done) => {
    const options = { maxBuffer: OUTPUT_MAX_BYTES, env: { ...process.env, ...env } };
    const child = execFile(program, args, options, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      done({ code, out, err: err === '' && error !== null ? error.message : err });
    });
    // A program that ends without reading it closes the pipe; its exit code says what was wrong.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input ?? '');
  });
}

/** @throws one sentence when no cluster was named. */
export function realWorld(): World {
  const kubeconfig = process.env.GUNGNIR_TEST_KUBECONFIG ?? '';
  if (!existsSync(kubeconfig))
    throw new Error('GUNGNIR_TEST_KUBECONFIG does not name the kubeconfig of a test cluster');
  const kubectlProgram = join(kubeCache(), 'bin', 'kubectl');
  const env = { KUBECONFIG: kubeconfig };
  const kubectl = (...args: readonly string[]): Promise<Ran> => run(kubectlProgram, args, { env });
  const must = async (args: readonly string[], input?: string): Promise<string> => {
    const ran = await run(kubectlProgram, args, input === undefined ? { env } : { env, input });
    if (ran.code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${ran.err.trim()}`);
    return ran.out;
  };
  return {
    api: {
      host: CONTROL_PLANE,
      port: 6443,
      certFile: join(kubeCache(), 'pki', 'apiserver.crt'),
      keyFile: join(kubeCache(), 'pki', 'apiserver.key'),
    },
    kubectl,
    async apply(documents) {
      await must(['apply', '--server-side', '--force-conflicts', '-f', '-'], documents);
    },
    async get<Value>(ref: ObjectRef) {
      const out = await must(['get', ...words(ref), '-o', 'json', '--ignore-not-found']);
      return out.trim() === '' ? undefined : (JSON.parse(out) as Value);
    },
    async list<Value>(kind: string, namespace: string, labels?: string) {
      const only = labels === undefined ? [] : ['-l', labels];
      const out = await must(['get', kind, '-n', namespace, ...only, '-o', 'json']);
      return (JSON.parse(out) as { readonly items: readonly Value[] }).items;
    },
    async patch(ref, patch) {
      await must(['patch', ...words(ref), '--type=merge', '-p', JSON.stringify(patch)]);
    },
    async remove(ref, how) {
      const wait = how === 'and wait' ? '--wait=true' : '--wait=false';
      const force = how === 'by force' ? ['--force', '--grace-period=0'] : [];
      const alone = how === 'alone' ? ['--cascade=orphan'] : [];
      const rest = ['--ignore-not-found', wait, '--timeout=120s', ...force, ...alone];
      await must(['delete', ...words(ref), ...rest]);
    },
    exec: (pod, ...command) => kubectl('exec', ...at(pod), '--', ...command),
    logs: (pod) => must(['logs', ...at(pod)]),
    follow: (pod, onLine) => followLogs(kubectlProgram, env, pod, onLine),
    watch: (kind, namespace, onObject) =>
      watchObjects(kubectlProgram, env, [kind, '-n', namespace], onObject),
    spawn(program, args) {
      // The control plane's network leads to every pod and Service.
      const member = readFileSync(join(dirname(kubeconfig), 'etcd.pid'), 'utf8').trim();
      return spawn('nsenter', [`--net=/proc/${member}/ns/net`, program, ...args], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
    },
    async signal(pod, signal) {
      await (await gripOf(must, dirname(kubeconfig), pod))(signal);
    },
    grip: (pod) => gripOf(must, dirname(kubeconfig), pod),
    stopKubelet: (pod) => stopKubelet(must, dirname(kubeconfig), pod),
    async http({ namespace, pod }, port, path) {
      const ran = await kubectl(
        'get',
        '--raw',
        `/api/v1/namespaces/${namespace}/pods/${pod}:${port}/proxy${path}`,
      );
      return ran.code === 0 ? ran.out : undefined;
    },
  };
}

type Must = (args: readonly string[]) => Promise<string>;

async function stopKubelet(must: Must, folder: string, pod: PodName): Promise<() => Promise<void>> {
  const object = JSON.parse(await must(['get', 'pod', ...at(pod), '-o', 'json'])) as RunningPod;
  await inNode(folder, ['hold', nodeOf(object), 'kubelet']);
  return () => inNode(folder, ['free', nodeOf(object), 'kubelet']);
}

function words({ kind, namespace, name }: ObjectRef): readonly string[] {
  return [kind, name, ...(namespace === undefined ? [] : ['-n', namespace])];
}

function at({ namespace, pod }: PodName): readonly string[] {
  return ['-n', namespace, pod];
}

/** A container that ends is followed on in its successor; what was read before is not told again. */
function followLogs(
  program: string,
  env: Readonly<Record<string, string>>,
  pod: PodName,
  onLine: (line: string) => void,
): () => void {
  const told = new Set<string>();
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    child = spawn(program, ['logs', '-f', ...at(pod)], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (told.has(line)) return;
      told.add(line);
      onLine(line);
    });
    child.on('close', () => {
      timer = setTimeout(start, FOLLOW_AGAIN_MS);
    });
  };
  start();
  return () => {
    child?.removeAllListeners('close');
    child?.kill('SIGKILL');
    clearTimeout(timer);
  };
}

/** kubectl prints one indented document after the other; each ends with a brace at the margin. */
function watchObjects<Value>(
  program: string,
  env: Readonly<Record<string, string>>,
  what: readonly string[],
  onObject: (object: Value) => void,
): () => void {
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    child = spawn(program, ['get', ...what, '-w', '-o', 'json'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (child.stdout === null) return;
    let lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line !== '}') return;
      onObject(JSON.parse(lines.join('\n')) as Value);
      lines = [];
    });
    child.on('close', () => {
      timer = setTimeout(start, FOLLOW_AGAIN_MS);
    });
  };
  start();
  return () => {
    child?.removeAllListeners('close');
    child?.kill('SIGKILL');
    clearTimeout(timer);
  };
}

interface RunningPod {
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly containerStatuses?: readonly {
      readonly containerID?: string;
      readonly state: { readonly running?: object };
    }[];
  };
}

function nodeOf({ spec }: RunningPod): string {
  return spec.nodeName?.replace(/^n/, '') ?? '';
}

async function inNode(stateFolder: string, words: readonly string[]): Promise<void> {
  const ran = await run(join(kubeFolder(), 'node.sh'), words, { env: { KUBE_RUN: stateFolder } });
  if (ran.code !== 0) throw new Error(`node.sh ${words.join(' ')}: ${ran.err}`);
}

/** The container runtime knows the process by its number inside the node. */
async function gripOf(
  must: (args: readonly string[]) => Promise<string>,
  stateFolder: string,
  pod: PodName,
): Promise<Grip> {
  const object = JSON.parse(await must(['get', 'pod', ...at(pod), '-o', 'json'])) as RunningPod;
  const container = object.status.containerStatuses?.find(
    ({ state }) => state.running !== undefined,
  );
  const id = container?.containerID?.replace('containerd://', '') ?? '';
  const node = nodeOf(object);
  const socket = join(stateFolder, `n${node}`, 'containerd.sock');
  const tasks = await run('ctr', ['-a', socket, '-n', 'k8s.io', 'task', 'ls']);
  const pid = new RegExp(`^${id}\\s+(\\d+)`, 'm').exec(tasks.out)?.[1];
  if (id === '' || pid === undefined)
    throw new Error(`${pod.pod} has no running process: ${tasks.err}`);
  return (signal) => inNode(stateFolder, ['in', node, 'kill', signals[signal], pid]);
}

/** @throws after `withinMs`, with the last object seen. */
export async function untilObject<Value>(
  world: World,
  ref: ObjectRef,
  what: string,
  fits: (value: Value) => boolean,
  withinMs: number,
): Promise<Value> {
  let last: Value | undefined;
  try {
    return await until(
      what,
      async () => {
        last = await world.get<Value>(ref);
        return last !== undefined && fits(last) ? { last } : undefined;
      },
      withinMs,
      50,
    ).then((found) => found.last);
  } catch (error) {
    throw new Error(`${String(error)}\nlast seen: ${JSON.stringify(last, null, 1)}`);
  }
}
