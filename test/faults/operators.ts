/**
 * The operators of a fault run: the bundle that ships, with a lease that is short enough for tests, and
 * one that stops itself at a step of the engine. Each a Deployment as users install it.
 * Never here: the clusters they look after.
 */

import { parseAllDocuments, stringify } from 'yaml';
import { OPERATOR_DEFAULTS } from '../../src/resources/operator/options';
import { type Deployment, isRolledOut, operatorPods } from '../e2e/operator';
import { until } from '../kit/until';
import type { PodName, World } from '../kit/world';

/** Flags of the lease: how soon another operator takes over. */
export type Lease = 'short' | 'shipped';

const SHORT_LEASE = ['--lease-duration-ms=3000', '--renew-deadline-ms=2000', '--retry-ms=300'];
const PLAIN = 'gungnir-operator';
/** Beside the plain one: an operator that stops at a step. */
const STOPPING = 'gungnir-operator-stopping';
const READY_MS = 30_000;

interface Manifest {
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec?: DeploymentSpec;
}

interface DeploymentSpec {
  readonly replicas: number;
  readonly template: {
    readonly metadata: object;
    readonly spec: { readonly containers: readonly Container[] };
  };
}

interface Container {
  readonly command: readonly string[];
  readonly env?: readonly object[];
}

interface OperatorPod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

type Environment = Readonly<Record<string, string>>;

interface Variant {
  readonly app: string;
  readonly replicas: number;
  readonly flags: readonly string[];
  readonly env: Environment;
}

export class Operators {
  readonly system = OPERATOR_DEFAULTS.namespace;
  private readonly manifests: readonly Manifest[];
  private installed = '';
  private stopping: PodName | undefined;

  /** @param whose `present`: the world has its own, which are left as they are. */
  constructor(
    private readonly world: World,
    private readonly whose: 'ours' | 'present',
    rendered: string,
  ) {
    this.manifests = parseAllDocuments(rendered).map((document) => document.toJS() as Manifest);
  }

  /**
   * Two replicas with this lease, one of them leading.
   * @param env of their pods: where they find the API server when it is not where all find it.
   */
  async install(lease: Lease, env: Environment): Promise<void> {
    const wanted = JSON.stringify({ lease, env });
    if (this.whose === 'present' || this.installed === wanted) return;
    const deployment = this.deployment({ app: PLAIN, replicas: 2, flags: flagsOf(lease), env });
    const others = this.manifests.filter(({ kind }) => kind !== 'Deployment');
    await this.world.apply([...others, deployment].map((one) => stringify(one)).join('\n---\n'));
    this.installed = wanted;
    await this.untilLedByNew();
  }

  /** The pods of the row before are ready and lead for a moment more: a fault would not reach them. */
  private async untilLedByNew(): Promise<void> {
    const ref = { kind: 'deployment', namespace: this.system, name: PLAIN };
    const isNew = async (): Promise<boolean> => {
      const deployment = await this.world.get<Deployment>(ref);
      return deployment !== undefined && isRolledOut(deployment);
    };
    await until('every operator is of the new template', isNew, READY_MS, 100);
    const pods = await this.untilReady(PLAIN, 2);
    const isLed = async (): Promise<boolean> => {
      const holder = await this.holder();
      return pods.some(({ pod }) => pod === holder?.pod);
    };
    await until('one of the new operators leads', isLed, READY_MS, 50);
  }

  /** All that run, leading or not. */
  async pods(): Promise<readonly PodName[]> {
    return operatorPods(this.world);
  }

  /** Of each pod, its name above it. */
  async logs(): Promise<string> {
    const pods = await this.pods();
    const texts = pods.map(async (pod) => {
      const text = await this.world.logs(pod).catch((error: unknown) => `${error}\n`);
      return `=== ${pod.pod}\n${text}`;
    });
    return (await Promise.all(texts)).join('');
  }

  /** @returns once some pod holds the lease. */
  leader(): Promise<PodName> {
    return until('an operator leads', () => this.holder(), READY_MS, 50);
  }

  /** Waits until another pod than that one leads. */
  async leaderOtherThan({ pod }: PodName): Promise<PodName> {
    const look = async (): Promise<PodName | undefined> => {
      const holder = await this.holder();
      return holder?.pod === pod ? undefined : holder;
    };
    return until(`another operator than ${pod} leads`, look, READY_MS, 50);
  }

  /** Puts in the lead an operator that stops at the step. */
  async arm(step: string): Promise<void> {
    await this.startStopping(step);
    await this.scale(PLAIN, 0);
    const [pod] = await this.untilReady(STOPPING, 1);
    if (pod === undefined) throw new Error(`no pod of ${STOPPING}`);
    const look = async (): Promise<boolean> => (await this.holder())?.pod === pod.pod;
    await until(`${pod.pod} leads`, look, READY_MS, 50);
    this.stopping = pod;
    await this.scale(PLAIN, 2);
    await this.untilReady(PLAIN, 2);
  }

  /** Puts beside the others one that stops at the step, once it leads. */
  async armBeside(step: string): Promise<void> {
    await this.startStopping(step);
    const [pod] = await this.untilReady(STOPPING, 1);
    if ((await this.leader()).pod === pod?.pod) throw new Error(`${pod.pod} leads already`);
    this.stopping = pod;
  }

  /** @throws when the armed operator has come to its step before the fault. */
  async mustNotHaveStopped(): Promise<void> {
    if (this.stopping !== undefined && (await this.hasStopped(this.stopping)))
      throw new Error(`${this.stopping.pod} came to its step before the fault`);
  }

  private async startStopping(step: string): Promise<void> {
    const armed = this.deployment({
      app: STOPPING,
      replicas: 1,
      flags: [...flagsOf('short'), '--allow-failpoints'],
      env: { GUNGNIR_FAILPOINTS: `${step}:stop` },
    });
    await this.world.apply(stringify(armed));
  }

  /** @returns the stopped operator. @throws when it has not come to that step. */
  async untilStopped(withinMs: number): Promise<PodName> {
    const pod = this.stopping;
    if (pod === undefined) throw new Error('no operator is armed');
    await until('the operator stops at its step', () => this.hasStopped(pod), withinMs, 50);
    return pod;
  }

  private async hasStopped(pod: PodName): Promise<boolean> {
    return /failpoint \S+: stopped/.test(await this.world.logs(pod));
  }

  /** Ends the armed operator for good, as kill -9 does. */
  async killArmed(): Promise<void> {
    const pod = this.stopping;
    if (pod === undefined) return;
    this.stopping = undefined;
    const grip = await this.world.grip(pod);
    // A kubelet would start it again, and it would stop again.
    await this.scale(STOPPING, 0);
    await grip('kill');
  }

  /** What every test leaves behind: two ready operators and none that is armed. */
  async restore(): Promise<void> {
    // A test that broke off may have left none.
    await this.killArmed().catch(() => {});
    await this.world.remove(
      { kind: 'deployment', namespace: this.system, name: STOPPING },
      'at once',
    );
    const deployment = { kind: 'deployment', namespace: this.system, name: PLAIN };
    if ((await this.world.get(deployment)) !== undefined) await this.untilReady(PLAIN, 2);
  }

  private async holder(): Promise<PodName | undefined> {
    const ref = { kind: 'lease', namespace: this.system, name: 'gungnir-operator-lease' };
    const lease = await this.world.get<{ readonly spec: { readonly holderIdentity?: string } }>(
      ref,
    );
    const pod = lease?.spec.holderIdentity?.replace(/_[^_]*$/, '') ?? '';
    return pod === '' ? undefined : { namespace: this.system, pod };
  }

  private async scale(name: string, replicas: number): Promise<void> {
    await this.world.patch(
      { kind: 'deployment', namespace: this.system, name },
      { spec: { replicas } },
    );
  }

  private untilReady(name: string, count: number): Promise<readonly PodName[]> {
    const look = async (): Promise<readonly PodName[] | undefined> => {
      const pods = await this.world.list<OperatorPod>('pod', this.system, `app=${name}`);
      const ready = pods.filter(isReady);
      return ready.length === count && pods.length === count
        ? ready.map(({ metadata }) => ({ namespace: this.system, pod: metadata.name }))
        : undefined;
    };
    return until(`${count} pods of ${name} are ready`, look, READY_MS, 100);
  }

  /** The one that ships, made into another one. */
  private deployment({ app, replicas, flags, env }: Variant): object {
    const shipped = this.manifests.find(({ kind }) => kind === 'Deployment');
    if (shipped?.spec === undefined)
      throw new Error('the operator is rendered without a Deployment');
    const { template } = shipped.spec;
    const containers = template.spec.containers.map((container) => ({
      ...container,
      command: [...container.command, ...flags],
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
    }));
    return {
      ...shipped,
      metadata: { ...shipped.metadata, name: app },
      spec: {
        ...shipped.spec,
        replicas,
        selector: { matchLabels: { app } },
        template: { metadata: { labels: { app } }, spec: { ...template.spec, containers } },
      },
    };
  }
}

function flagsOf(lease: Lease): readonly string[] {
  return lease === 'short' ? SHORT_LEASE : [];
}

function isReady({ metadata, status }: OperatorPod): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    status?.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True') ===
      true
  );
}
