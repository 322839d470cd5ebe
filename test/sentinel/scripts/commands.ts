/**
 * The words of a scenario file, one line each: what befalls the pods, the servers, the network, the
 * API and the user's wishes, and how time passes. The table below is their documentation.
 * Never here: expectations.
 */
import { epoch, millis, offset, replId, term } from '../../../src/kit/brands';
import type { Config } from '../../../src/sentinel/core/config';
import type { ProbeResult, SwapOutcome, Wishes } from '../../../src/sentinel/core/event';
import type { NodeFacts, PodFact } from '../../../src/sentinel/core/facts';
import { initialState } from '../../../src/sentinel/core/on-lease';
import type { ClusterRecord } from '../../../src/sentinel/core/record';
import * as model from '../../verify/env/servers';
import { endConnections, feed, runUntil } from './engine';
import { deliverQueued } from './network';
import * as view from './view';
import { defaultConfig, type Mishap, newWorld, podOf, type World } from './world';

interface Story {
  world: World;
}

/** Words without `=`, and the options with it. */
interface Line {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

type Command = (world: World, line: Line) => void;

export function runCommand(story: Story, text: string): void {
  const [name = '', ...rest] = text.split(' ').filter((word) => word !== '');
  const line: Line = {
    words: rest.filter((word) => !word.includes('=')),
    options: new Map(rest.filter((word) => word.includes('=')).map((word) => pair(word))),
  };
  if (name === 'cluster' || name === 'steady') {
    story.world = begin(name, line);
    return;
  }
  const command = commands[name];
  if (command === undefined) throw new Error(`unknown command: ${text}`);
  command(story.world, line);
}

function pair(word: string): [string, string] {
  const [name = '', ...value] = word.split('=');
  return [name, value.join('=')];
}

/** `cluster N [setting=value]`: N pods and no leader. `steady`: led until all replicas follow p0. */
function begin(name: 'cluster' | 'steady', { words, options }: Line): World {
  const count = Number(words[0]);
  const world = newWorld(count, withSettings({ ...defaultConfig, replicas: count }, options));
  if (name === 'cluster') return world;
  world.silent = true;
  showPods(world);
  lead(world);
  runUntil(world, 10_000);
  world.silent = false;
  world.blockAtMs = world.nowMs;
  return world;
}

function withSettings(config: Config, options: Line['options']): Config {
  const settings = [...options].map(([name, value]) => [name, scalarOf(value)]);
  return { ...config, ...Object.fromEntries(settings) };
}

function scalarOf(text: string): string | number | boolean | undefined {
  if (text === 'undefined') return undefined;
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

function showPods(world: World): void {
  feed(world, { kind: 'pods', nowMs: millis(world.nowMs), pods: world.pods });
}

function lead(world: World): void {
  feed(world, { kind: 'led', nowMs: millis(world.nowMs), record: world.record });
}

/** A pod's name stands for its newest object, a uid for itself. */
function uidOf(world: World, name: string | undefined): string {
  const pod = [...world.pods].reverse().find((one) => one.pod === name || one.podUid === name);
  const server = model.serverIn(world.servers, name);
  const uid = pod?.podUid ?? server?.podUid;
  if (uid === undefined) throw new Error(`no such pod: ${name}`);
  return uid;
}

const commands: Readonly<Record<string, Command>> = {
  /** `run 5000`: time passes, in ms. */
  run: (world, { words }) => runUntil(world, world.nowMs + Number(words[0])),
  /** `show`: the servers, as they are. */
  show: view.showServers,
  /** `engine`: what the engine is at. */
  engine: view.showEngine,
  /** `record`: the record in the API, lineage and offsets included. */
  record: view.showRecord,
  /** `last`: the last change of primary, and what it lost. */
  last: view.showLast,
  /** `lost`: writes confirmed by WAIT that the primary of the record does not have. */
  lost: view.showLost,
  config: (world, { options }) => {
    world.config = withSettings(world.config, options);
  },
  lead,
  pods: showPods,
  /** The lease goes to a fresh process of the operator: nothing is remembered but the record. */
  takeover: (world) => {
    for (const { podUid } of world.pods) world.users.delete(podUid);
    world.arrivals = [];
    world.state = initialState();
    showPods(world);
    lead(world);
  },
  depose: (world) => feed(world, { kind: 'deposed', nowMs: millis(world.nowMs) }),
  stalled: (world, { words }) => {
    feed(world, { kind: 'stalled', nowMs: millis(world.nowMs), forMs: millis(Number(words[0])) });
  },
  write,
  kill: (world, { words }) => {
    const uid = uidOf(world, words[0]);
    world.servers = model.die(world.servers, uid);
    endConnections(world, uid);
  },
  /** Dies without a word: its network is gone first, so no socket of ours ends. */
  vanish: (world, { words }) => {
    const uid = uidOf(world, words[0]);
    world.servers = model.die(world.servers, uid);
    world.cutOff.add(uid);
  },
  hang: (world, { words }) => {
    world.servers = model.hang(world.servers, uidOf(world, words[0]), world.nowMs);
  },
  resume: (world, { words }) => {
    const uid = uidOf(world, words[0]);
    world.servers = model.patched(world.servers, uid, { life: 'up' });
    deliverQueued(world, uid);
  },
  /** `restart p0 kept|empty|noIdentity`: a new run in the same container, fenced. */
  restart: (world, { words: [pod, disk = 'kept'] }) => {
    const uid = uidOf(world, pod);
    world.servers = model.restart(world.servers, uid, disk as 'kept' | 'empty' | 'noIdentity');
    world.facts.delete(uid);
    endConnections(world, uid);
  },
  /** The operator alone cannot reach the node. */
  cut: (world, { words }) => {
    for (const pod of words) world.cutOff.add(uidOf(world, pod));
  },
  mend: (world, { words }) => {
    for (const pod of words) {
      world.cutOff.delete(uidOf(world, pod));
      deliverQueued(world, uidOf(world, pod));
    }
  },
  /** The node's sockets end, though it lives. */
  close: (world, { words }) => endConnections(world, uidOf(world, words[0])),
  slow: (world, { words }) => {
    for (const pod of words) world.slow.add(uidOf(world, pod));
  },
  fast: (world, { words }) => {
    for (const pod of words) world.slow.delete(uidOf(world, pod));
  },
  pod: changePod,
  replace: replacePod,
  probe: (world, { words: [pod, answer] }) => {
    const uid = uidOf(world, pod);
    if (answer === 'natural') world.probes.delete(uid);
    else world.probes.set(uid, answer as ProbeResult);
  },
  info: changeInfo,
  server: changeServer,
  /** `lose p1 promote`: takes effect, the reply is lost. `drop`: neither. `queue`: effect later. */
  lose: (world, line) => mishap(world, line, 'lost'),
  drop: (world, line) => mishap(world, line, 'dropped'),
  queue: (world, line) => mishap(world, line, 'queued'),
  unsent: (world, line) => mishap(world, line, 'notSent'),
  /** `refuse p1 promote ERR why`: answered by an error, without effect. `deny`: the same answer, with its effect. */
  refuse: (world, line) => mishap(world, line, 'refused'),
  deny: (world, line) => mishap(world, line, 'denied'),
  /** `swaps conflict failed`: what becomes of the next compare-and-swaps. */
  swaps: (world, { words }) => {
    world.swaps.push(...(words as SwapOutcome['kind'][]));
  },
  alter: alterRecord,
  /** `users p1 7-1`: a claim's user of that term is on the node. */
  users: (world, { words: [pod, user = ''] }) => {
    const [of, n] = user.split('-').map(Number);
    const uid = uidOf(world, pod);
    const before = model.serverIn(world.servers, uid)?.users ?? [];
    const users = [...before, { term: of ?? 0, n: n ?? 0 }];
    world.servers = model.patched(world.servers, uid, { users });
  },
  wish,
  /** `service p0 p0 [proxies=stirred]`: the pod selected, the pods of its EndpointSlice. */
  service: (world, { words: [selected = '', ...endpoints], options }) => {
    const proxies = options.get('proxies') === 'stirred' ? 'stirred' : 'asBefore';
    feed(world, { kind: 'service', nowMs: millis(world.nowMs), selected, endpoints, proxies });
  },
};

/** `write p0 a b`: clients write, and ask WAIT how many replicas have it. */
function write(world: World, { words: [pod, ...ids] }: Line): void {
  const uid = uidOf(world, pod);
  for (const id of ids) {
    const next = model.write(world.servers, uid, id);
    if (next !== undefined) world.servers = next;
    view.noteWrite(world, uid, id, next !== undefined);
  }
}

function mishap(world: World, { words }: Line, kind: Mishap['kind']): void {
  const [pod, order = '', ...answer] = words;
  world.mishaps.push({ podUid: uidOf(world, pod), order, kind, answer: answer.join(' ') });
}

/** `pod p0 lifecycle=deleting terminated=c0 node=lost started=9000`, or `pod p0 removed`: what the watch shows. */
function changePod(world: World, { words: [name, removed], options }: Line): void {
  const uid = uidOf(world, name);
  const { terminated, container, started, ...rest } = Object.fromEntries(
    [...options].map(([key, value]) => [key, scalarOf(value)]),
  );
  const patch: Partial<PodFact> = {
    ...rest,
    ...(started === undefined ? {} : { containerStartedAtMs: Number(started) }),
    ...(terminated === undefined ? {} : { terminatedIds: String(terminated).split(',') }),
    ...(container === undefined
      ? {}
      : { containerId: container === 'none' ? '' : String(container) }),
  };
  const changed = world.pods.map((pod) => (pod.podUid === uid ? { ...pod, ...patch } : pod));
  world.pods = removed === 'removed' ? changed.filter(({ podUid }) => podUid !== uid) : changed;
  showPods(world);
}

/** `replace p1 u9 [ip=..] [kept]`: a new pod of that name; the old process is left as it is. */
function replacePod(world: World, { words: [name, uid = '', kept], options }: Line): void {
  const old = uidOf(world, name);
  const before = world.pods.find(({ podUid }) => podUid === old);
  const [blank] = model.freshServers(1).all;
  if (before === undefined || blank === undefined) throw new Error(`no such pod: ${name}`);
  const ip = options.get('ip') ?? `10.0.1.${before.ordinal}`;
  const { nextRun: run, nextReplid: replid } = world.servers;
  const data = kept === 'kept' ? model.serverIn(world.servers, old) : undefined;
  const history = data === undefined ? { replid } : { replid: data.replid, log: data.log };
  const server = { ...blank, podUid: uid, ip, run, ...history };
  const all = [...world.servers.all, server];
  world.servers = { all, nextRun: run + 1, nextReplid: replid + 1 };
  const pod = { ...podOf(before.ordinal, uid, ip), pvcUid: before.pvcUid };
  world.pods = [...world.pods.filter(({ podUid }) => podUid !== old), pod];
  showPods(world);
}

/** `info p1 priority=0 offset=9`: what INFO shows instead; `info p1 natural` ends it. */
function changeInfo(world: World, { words: [pod, natural], options }: Line): void {
  const uid = uidOf(world, pod);
  if (natural === 'natural') world.facts.delete(uid);
  const facts = [...options].map(([name, value]) => [name, infoValue(world, name, value)]);
  world.facts.set(uid, { ...world.facts.get(uid), ...Object.fromEntries(facts) });
}

function infoValue(world: World, name: string, text: string): NodeFacts[keyof NodeFacts] {
  if (name === 'replid' || name === 'replid2') return replId(model.hex('d', Number(text)));
  if (name === 'offset' || name === 'secondOffset') return offset(Number(text));
  if (name === 'upstream') return { host: serverIp(world, text), port: 6379 };
  if (name === 'attached') return text.split(',').map((entry) => attachedOf(world, entry));
  return scalarOf(text) as NodeFacts[keyof NodeFacts];
}

/** `p1:online:5:0`: who, state, offset, lag in seconds. */
function attachedOf(world: World, entry: string): NodeFacts['attached'][number] {
  const [pod = '', state = 'online', at = '0', lag = '0'] = entry.split(':');
  const host = serverIp(world, pod);
  const online = state === 'online' ? 'online' : 'syncing';
  return { host, port: 6379, state: online, offset: offset(Number(at)), lagSeconds: Number(lag) };
}

function serverIp(world: World, pod: string): string {
  const known = world.pods.some((one) => one.pod === pod);
  return (known ? model.serverIn(world.servers, uidOf(world, pod))?.ip : undefined) ?? pod;
}

/** `server p1 log=a,b replid=9 role=master`: the model itself, before or behind the engine. */
function changeServer(world: World, { words: [pod], options }: Line): void {
  const entries = [...options].map(([name, value]) => {
    if (name === 'log') return [name, value === '' ? [] : value.split(',')];
    const named = name === 'upstream' && value !== 'undefined';
    return [name, named ? uidOf(world, value) : modelValue(value)];
  });
  world.servers = model.patched(world.servers, uidOf(world, pod), Object.fromEntries(entries));
}

function modelValue(text: string): string | number | boolean | undefined {
  return text === 'true' || text === 'false' ? text === 'true' : scalarOf(text);
}

/** `alter term=9 epoch=4 keys=2`: somebody else writes the record. `alter none` removes it. */
function alterRecord(world: World, { words, options }: Line): void {
  if (words[0] === 'none') world.record = undefined;
  if (world.record === undefined) return;
  world.record = { ...world.record, ...alterations(world, options) };
}

function alterations(world: World, options: Line['options']): Partial<ClusterRecord> {
  const { record } = world;
  const everybody = [record?.primary, record?.target, ...(record?.members ?? [])];
  const entries = [...options].map(([name, value]) => {
    if (name === 'term') return [name, term(Number(value))];
    if (name === 'epoch') return [name, epoch(Number(value))];
    if (name === 'primary' || name === 'target')
      return [name, everybody.find((one) => one?.pod === value)];
    return [name, value === 'true' || value === 'false' ? value === 'true' : scalarOf(value)];
  });
  return Object.fromEntries(entries);
}

/** `wish accept=p1@3`, `wish switchover=p2@1`, `wish leaving=p0,p1`, `wish cluster=ending`, `wish` for none. */
function wish(world: World, { options }: Line): void {
  const wishes: Wishes = {
    accept: podAt(options.get('accept')),
    switchover: podAt(options.get('switchover')),
    leaving: options.get('leaving')?.split(',') ?? [],
    ...(options.get('cluster') === 'ending' ? { cluster: 'ending' } : {}),
  };
  feed(world, { kind: 'wishes', nowMs: millis(world.nowMs), wishes });
}

function podAt(
  text: string | undefined,
): { readonly pod: string; readonly epoch: number } | undefined {
  if (text === undefined) return undefined;
  const [pod = '', of = '0'] = text.split('@');
  return { pod, epoch: Number(of) };
}
