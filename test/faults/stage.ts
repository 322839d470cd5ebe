/**
 * One ValkeyCluster under a writer, watched from all sides while a fault is done to it, and the history
 * that comes of it. What a fault may do is what this class offers.
 * Never here: which fault, which bound (table.ts), a verdict (history/).
 */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ANNOTATIONS, LABELS, namesOf, SECRET_KEYS } from '../../src/spec/naming';
import type { ValkeyClusterStatus } from '../../src/spec/status';
import { type ClusterObject, conditionOf, Scene } from '../e2e/scene';
import { until } from '../kit/until';
import type { PodName, World } from '../kit/world';
import type { PodWrite, WriterPod, WriterPodOptions } from '../kit/writer-pod';
import { type HistoryLine, ofKind } from './history/lines';
import { nodeContents } from './node-contents';
import {
  type EventObject,
  nameOf,
  namespaceOf,
  numberOf,
  type PodObject,
  type SecretObject,
  type ServiceObject,
  spellEvent,
  versionOf,
} from './seen-objects';
import { watchStalls } from './stalls';

export interface StageOptions {
  readonly world: World;
  readonly namespace: string;
  readonly cluster: string;
  readonly system: string;
  readonly spec: object;
  readonly writer: WriterPodOptions;
}

/** Long enough for a lease to run out and a pod to be made anew. */
const WHOLE_MS = 60_000;
/** What the API server refused is told again within this. */
const TOLD_LATE_MS = 10_000;

export class Stage {
  readonly world: World;
  readonly scene: Scene;
  readonly lines: HistoryLine[] = [];
  private readonly ends: (() => void)[] = [];
  private readonly writers: WriterPod[] = [];
  private readonly known = new Set<string>();
  private watcher: ChildProcess | undefined;
  private password = '';
  private readonly pods = new Map<string, PodObject>();
  private last: ClusterObject | undefined;
  /** What a wait ended with; the watch may show it a moment later. */
  private asked: ClusterObject | undefined;

  constructor(readonly options: StageOptions) {
    const { world, namespace, cluster, system } = options;
    this.world = world;
    this.scene = new Scene(world, { namespace, cluster, system });
  }

  /** @returns once the cluster is whole and has taken a write. */
  async raise(): Promise<void> {
    const { world, namespace } = this.options;
    await world.apply(JSON.stringify(namespaceOf(namespace)));
    this.follow();
    this.ends.push(watchStalls((stall) => this.lines.push(stall)));
    await this.applyCluster();
    await this.settled();
    this.watcher = world.spawn(process.execPath, [
      '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
      'test/faults/watch-program.ts',
    ]);
    if (this.watcher.stdout !== null)
      createInterface({ input: this.watcher.stdout }).on('line', (line) => {
        this.lines.push(JSON.parse(line) as HistoryLine);
      });
    this.watchPods();
    await this.startWriter();
  }

  /** Of the cluster, as its definition has them. */
  get nodes(): number {
    return (this.options.spec as { readonly replicas: number }).replicas;
  }

  /** Whole, and what was seen of it is what the next act goes by. */
  async settled(): Promise<void> {
    this.asked = await this.scene.settled(WHOLE_MS);
  }

  async applyCluster(): Promise<void> {
    await this.world.apply(JSON.stringify(this.definition()));
  }

  definition(): object {
    const { namespace, cluster, spec } = this.options;
    return {
      apiVersion: 'valkey.verilean.io/v1',
      kind: 'ValkeyCluster',
      metadata: { name: cluster, namespace },
      spec,
    };
  }

  /** A first one, or one more that goes on where the last one ended. */
  async startWriter(): Promise<void> {
    const { cluster, writer } = this.options;
    const before = this.writers.flatMap(({ history }) => history.map(({ number }) => number));
    const next = before.reduce((most, number) => Math.max(most, number + 1), 0);
    // A batch is five keys and the register.
    const first = Math.ceil(next / 6) * 5;
    const name = `${cluster}-writer${this.writers.length === 0 ? '' : `-${this.writers.length}`}`;
    this.writers.push(await this.scene.startWriter({ ...writer, name, first }));
  }

  async stopWriters(): Promise<void> {
    for (const writer of this.writers) {
      const { namespace, pod } = writer.pod;
      await this.world.remove({ kind: 'pod', namespace, name: pod }, 'and wait');
    }
  }

  mark(what: 'flush' | 'end'): void {
    this.lines.push({ kind: 'mark', atMs: Date.now(), what });
  }

  /** The run ends here, whatever it waited for. */
  trouble(message: string): void {
    const marked = ofKind(this.lines, 'mark').map(({ what }) => what);
    if (!marked.includes('fault'))
      this.lines.push({ kind: 'mark', atMs: Date.now(), what: 'fault' });
    if (!marked.includes('end')) this.mark('end');
    this.lines.push({ kind: 'trouble', message });
  }

  /** What was told before is no answer to what comes now. */
  async begin(): Promise<void> {
    for (const event of await this.events()) this.known.add(spellEvent(event));
    const told = this.lines.filter(({ kind }) => kind === 'told');
    for (const line of told) this.lines.splice(this.lines.indexOf(line), 1);
    this.lines.push({ kind: 'mark', atMs: Date.now(), what: 'fault' });
  }

  /** The newest that was seen. */
  status(): ValkeyClusterStatus {
    const { last, asked } = this;
    const newest = versionOf(asked) > versionOf(last) ? asked : last;
    return newest?.status ?? {};
  }

  pod(name: string): PodName {
    return { namespace: this.options.namespace, pod: name };
  }

  /** As the record has it: what is published follows a moment later. */
  primary(): PodName {
    const { record, masterPod = '' } = this.status();
    return this.pod(record?.primary?.pod ?? masterPod);
  }

  /** In the order of their names. */
  replicas(): readonly PodName[] {
    const nodes = this.status().nodeStatuses ?? [];
    return nodes
      .filter(({ role }) => role === 'Replica')
      .map(({ podName }) => this.pod(podName))
      .sort((left, right) => left.pod.localeCompare(right.pod));
  }

  all(): readonly PodName[] {
    return (this.status().nodeStatuses ?? []).map(({ podName }) => this.pod(podName));
  }

  clusterUid(): string {
    return this.last?.metadata.uid ?? '';
  }

  epoch(): number {
    return this.status().record?.lineage.at(-1)?.epoch ?? 0;
  }

  term(): number {
    return this.status().record?.term ?? 0;
  }

  /** @throws when the primary is another one than in that epoch, asked of the server. */
  async mustBeUnchangedSince(epoch: number): Promise<void> {
    const { namespace, cluster } = this.options;
    const ref = { kind: 'valkeycluster', namespace, name: cluster };
    const { status } = (await this.world.get<ClusterObject>(ref)) ?? {};
    if (status?.record?.lineage.at(-1)?.epoch !== epoch)
      throw new Error(
        `the primary was changed, which nobody may do here: ${nameOf(status?.record?.primary)?.pod}`,
      );
  }

  /** @throws when the command fails. */
  async shell(pod: PodName, script: string): Promise<string> {
    const ran = await this.world.exec(pod, 'sh', '-c', script);
    if (ran.code !== 0) throw new Error(`${pod.pod}: ${script}: ${ran.err}`);
    return ran.out;
  }

  /** '' while no server answers in the pod. */
  async runId(pod: PodName): Promise<string> {
    const ran = await this.world.exec(pod, 'valkey-cli', 'INFO', 'server');
    return /^run_id:(\w+)/m.exec(ran.out)?.[1] ?? '';
  }

  /** Another process than the one with that run id answers. */
  async untilReborn(pod: PodName, before: string): Promise<void> {
    const look = async (): Promise<boolean> => !['', before].includes(await this.runId(pod));
    await until(`a new process in ${pod.pod}`, look, WHOLE_MS, 100);
  }

  /** A user answers where the operator stopped and asked. */
  accept({ pod }: PodName): Promise<void> {
    return this.annotate(ANNOTATIONS.accept, pod);
  }

  wishSwitchover({ pod }: PodName): Promise<void> {
    return this.annotate(ANNOTATIONS.switchover, pod);
  }

  private annotate(name: string, pod: string): Promise<void> {
    const { namespace, cluster } = this.options;
    const ref = { kind: 'valkeycluster', namespace, name: cluster };
    const annotations = { [name]: `${pod}@${this.epoch()}` };
    return this.world.patch(ref, { metadata: { annotations } });
  }

  /** @throws with what was last seen. */
  async until(what: string, fits: (status: ValkeyClusterStatus) => boolean): Promise<void> {
    const isIt = ({ status }: ClusterObject): boolean => status !== undefined && fits(status);
    this.asked = await this.scene.until(what, isIt, WHOLE_MS);
  }

  /** The primary is another one than in that epoch, and takes writes. */
  async untilChangedSince(epoch: number): Promise<void> {
    await this.until(
      `a primary after epoch ${epoch}`,
      (status) =>
        (status.record?.lineage.at(-1)?.epoch ?? 0) > epoch &&
        status.record?.phase === 'Steady' &&
        conditionOf(status, 'PrimaryAvailable') === 'True',
    );
  }

  untilTold(reason: string): Promise<void> {
    return this.untilToldOneOf([reason]);
  }

  async untilToldOneOf(reasons: readonly string[]): Promise<void> {
    const isTold = async (): Promise<boolean> => {
      const told = await this.told();
      return reasons.some((reason) => told.has(reason));
    };
    await until(`${reasons.join(' or ')} is told`, isTold, WHOLE_MS, 200);
  }

  /** Events are written when there is time for them; a missing one is the judge's business. */
  async untilAllTold(reasons: readonly string[]): Promise<void> {
    const areTold = async (): Promise<boolean> => {
      const told = await this.told();
      return reasons.every((reason) => told.has(reason));
    };
    await until('all is told', areTold, TOLD_LATE_MS, 200).catch(() => {});
  }

  private async told(): Promise<ReadonlySet<string>> {
    const conditions = ofKind(this.lines, 'told').map(({ reason }) => reason);
    const events = (await this.events()).map(({ reason = '' }) => reason);
    return new Set([...conditions, ...events]);
  }

  /** Everything that the history holds: the facts so far, the writes, what was told, what is there. */
  async history(): Promise<readonly HistoryLine[]> {
    const reads = await nodeContents(this);
    const told = (await this.events()).map(
      ({ reason = '', note = '' }): HistoryLine => ({
        kind: 'told',
        by: 'event',
        reason,
        message: note,
      }),
    );
    return [...this.lines, ...this.writes(), ...told, ...reads];
  }

  writes(): readonly HistoryLine[] {
    const written = this.writers.flatMap(({ history, registers }) => [...history, ...registers]);
    return written
      .map((write: PodWrite): HistoryLine => ({ kind: 'write', ...write }))
      .sort((left, right) => numberOf(left) - numberOf(right));
  }

  async strike(): Promise<void> {
    this.scene.stop();
    for (const writer of this.writers) writer.stop();
    for (const end of this.ends) end();
    this.watcher?.stdin?.end();
    this.watcher?.kill('SIGKILL');
    const { namespace, cluster } = this.options;
    await this.world.remove({ kind: 'valkeycluster', namespace, name: cluster }, 'and wait');
    await this.world.remove({ kind: 'namespace', name: namespace }, 'at once');
  }

  podObjects(): Promise<readonly PodObject[]> {
    const { namespace, cluster } = this.options;
    return this.world.list<PodObject>('pod', namespace, `${LABELS.cluster}=${cluster}`);
  }

  async podUids(): Promise<readonly string[]> {
    return (await this.podObjects()).map(({ metadata }) => metadata.uid);
  }

  async events(): Promise<readonly EventObject[]> {
    const { namespace, cluster } = this.options;
    const events = await this.world.list<EventObject>('events.events.k8s.io', namespace);
    return events.filter(
      (event) =>
        event.regarding?.kind === 'ValkeyCluster' &&
        event.regarding.name === cluster &&
        !this.known.has(spellEvent(event)),
    );
  }

  private follow(): void {
    const { world, namespace, cluster } = this.options;
    this.ends.push(
      world.watch<ClusterObject>('valkeycluster', namespace, (object) => {
        if (object.metadata.name === cluster) this.seen(object);
      }),
      world.watch<ServiceObject>('service', namespace, (service) => {
        if (service.metadata.name === namesOf(cluster).client) this.routed(service);
      }),
      world.watch<PodObject>('pod', namespace, (pod) => {
        if (pod.metadata.labels?.[LABELS.cluster] !== cluster) return;
        this.pods.set(pod.metadata.name, pod);
        this.watchPods();
      }),
      world.watch<SecretObject>('secret', namespace, ({ metadata, data = {} }) => {
        if (metadata.name !== namesOf(cluster).secret) return;
        const password = data[SECRET_KEYS.clientPassword] ?? '';
        this.password = Buffer.from(password, 'base64').toString();
        this.watchPods();
      }),
    );
  }

  private watchPods(): void {
    const { password } = this;
    for (const { metadata, status } of this.pods.values()) {
      const { podIP: host = '' } = status ?? {};
      if (host === '' || password === '') continue;
      const line = JSON.stringify({ pod: metadata.name, host, password });
      this.watcher?.stdin?.write(`${line}\n`);
    }
  }

  private seen(object: ClusterObject): void {
    const before = this.last?.status;
    this.last = object;
    const { record, conditions = [] } = object.status ?? {};
    for (const { type, status, reason, message } of conditions) {
      const old = before?.conditions?.find((one) => one.type === type);
      if (old?.status === status && old.reason === reason) continue;
      this.lines.push({
        kind: 'told',
        by: 'condition',
        reason,
        message: `${type} ${status}: ${message}`,
      });
    }
    if (record === undefined) return;
    this.lines.push({
      kind: 'record',
      atMs: Date.now(),
      cluster: object.metadata.uid,
      term: record.term,
      epoch: record.epoch,
      lineageEpoch: record.lineage.at(-1)?.epoch ?? 0,
      phase: record.phase,
      primary: nameOf(record.primary),
      target: nameOf(record.target),
    });
  }

  private routed({ metadata, spec }: ServiceObject): void {
    this.lines.push({
      kind: 'route',
      atMs: Date.now(),
      service: metadata.uid,
      pod: spec.selector?.[LABELS.podName] ?? '',
      epoch: Number(metadata.annotations?.[ANNOTATIONS.epoch] ?? '0'),
    });
  }
}
