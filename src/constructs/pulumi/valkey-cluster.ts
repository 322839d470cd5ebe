/**
 * A ValkeyCluster as a Pulumi component, in both modes. It checks and renders with the operator's own code.
 * Never here: a rule, a default or an object of its own (spec/, resources/).
 */
import * as pulumi from '@pulumi/pulumi';
import type { KubeObject } from '../../resources/kube-object';
import { render } from '../../resources/render';
import { DEFAULTS } from '../../spec/defaults';
import { API_VERSION, CLUSTER_KIND, type ValkeyClusterDefinition } from '../../spec/definition';
import { ANNOTATIONS, namesOf, SECRET_KEYS } from '../../spec/naming';
import { validate } from '../../spec/validate';
import type { ValkeyClusterSpecArgs } from './args.generated';
import { KubernetesObject } from './child';
import { certainFaults, type Fault, faultOf, judged, notPlain, refuse } from './gate';
import { lift, overlooked, type Rendered } from './lift';
import { isSampleKey, samplesAt } from './samples';
import { isLater, spotsOf } from './spots';

/** Name and place of a ValkeyCluster. */
export interface ValkeyClusterMetadataArgs {
  /** At most 46 characters. Default: the name of the component. */
  readonly name?: pulumi.Input<string>;
  /** Default: that of the provider. */
  readonly namespace?: pulumi.Input<string>;
  readonly labels?: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
  readonly annotations?: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
}

/** What a ValkeyCluster takes: its spec, where it stands, and who makes its objects. */
export interface ValkeyClusterArgs extends ValkeyClusterSpecArgs {
  readonly metadata?: ValkeyClusterMetadataArgs;
  /** WORKLOAD: Pulumi makes the objects, not the operator. Default: CUSTOM_RESOURCE. */
  readonly mode?: 'CUSTOM_RESOURCE' | 'WORKLOAD';
  /**
   * Whether Pulumi waits until the cluster serves, and then reads the clients' password for `url`. The operator
   * must run. Default: true.
   */
  readonly awaitReady?: boolean;
}

/** Pulumi's own directive; the operator overlooks annotations that are not its own. */
const SKIP_AWAIT = { 'pulumi.com/skipAwait': 'true' } as const;
const WAIT_FOR = { 'pulumi.com/waitFor': 'condition=Ready' } as const;
/** Pulumi would wait for pods and endpoints that only come with the ValkeyCluster, which comes last. */
const WAITED_FOR: readonly string[] = ['Service', 'StatefulSet'];
const CLUSTER = 'ValkeyCluster';

/** One Valkey primary with its replicas, kept alive by the operator. */
export class ValkeyCluster extends pulumi.ComponentResource {
  /** Name of the ValkeyCluster, and the beginning of the names of all its objects. */
  public readonly clusterName: pulumi.Output<string>;
  /** Host of the Service that leads to the primary. */
  public readonly clientHost: pulumi.Output<string>;
  /** Port of the Services and of each pod. */
  public readonly port: pulumi.Output<number>;
  /** Name of the Secret with the clients' password. */
  public readonly secretName: pulumi.Output<string>;
  /** Key of the clients' password in that Secret. */
  public readonly passwordKey: pulumi.Output<string>;
  /** `redis://:PASSWORD@HOST:PORT`, a secret; undefined without `awaitReady`. */
  public readonly url: pulumi.Output<string> | undefined;

  public constructor(
    name: string,
    args: ValkeyClusterArgs = {},
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    const { metadata = {}, mode = 'CUSTOM_RESOURCE', awaitReady = true, ...spec } = args;
    const what = `ValkeyCluster ${name}`;
    refuse(what, [...notPlain({ metadata, mode, awaitReady }), ...unknownMode(mode)]);
    const given = { metadata: { name, ...metadata }, spec };
    const recipe = { render: renderedIn(mode, awaitReady), samplesAt, isSampleKey };
    const spots = spotsOf(given);
    refuse(what, certainFaults(given, spots, samplesAt, judge));
    super('gungnir:index:ValkeyCluster', name, {}, opts);
    const lifted = lift(given, recipe);
    const gate = judged(given, spots, (real) => {
      refuse(what, judge(real));
      const missed = overlooked(lifted, recipe.render(real));
      if (missed.length > 0)
        throw new Error(`not foreseen, please report it: ${missed.join(', ')}`);
    });
    const options = childOptions(this, opts.dependsOn, gate);
    const parts = lifted.filter(({ key }) => key !== CLUSTER);
    const children = parts.flatMap(({ key, inputs, presence }) => {
      const make = (): KubernetesObject =>
        new KubernetesObject(`${name}-${key}`, inputs, options([]));
      if (presence === 'always') return [make()];
      presence.apply((there) => (there ? make() : undefined));
      return [];
    });
    const own = lifted.find(({ key }) => key === CLUSTER);
    const cluster = new KubernetesObject(name, own?.inputs ?? {}, options(children));
    this.clusterName = pulumi.output(given.metadata.name);
    const namespace = pulumi.output(metadata.namespace);
    this.clientHost = pulumi
      .all([this.clusterName, namespace])
      .apply(([of, inside]) =>
        [namesOf(of).client, ...(inside === undefined ? [] : [inside, 'svc'])].join('.'),
      );
    this.port = pulumi.output(spec.port).apply((port) => port ?? DEFAULTS.port);
    this.secretName = this.clusterName.apply((of) => namesOf(of).secret);
    this.passwordKey = pulumi.output(SECRET_KEYS.clientPassword);
    this.url = awaitReady ? this.urlBy(name, cluster, namespace) : undefined;
    const { clusterName, clientHost, port, secretName, passwordKey, url } = this;
    this.registerOutputs({ clusterName, clientHost, port, secretName, passwordKey, url });
  }

  /** The id depends on the cluster's: nothing is read in a preview that creates it. */
  private urlBy(
    name: string,
    cluster: KubernetesObject,
    namespace: pulumi.Output<string | undefined>,
  ): pulumi.Output<string> {
    const id = pulumi
      .all([cluster.id, this.secretName, namespace])
      .apply(([, secret, inside = 'default']) => `${inside}/${secret}`);
    const secret = new KubernetesObject(
      `${name}-password`,
      { apiVersion: 'v1', kind: 'Secret' },
      { parent: this, id, dependsOn: [cluster] },
    );
    const url = pulumi
      .all([secret.data, this.clientHost, this.port])
      .apply(([data = {}, host, port]) => {
        const password = Buffer.from(data[SECRET_KEYS.clientPassword] ?? '', 'base64').toString();
        return `redis://:${encodeURIComponent(password)}@${host}:${port}`;
      });
    return pulumi.secret(url);
  }
}

/** What the user's dependsOn names, the judgement of the inputs, and what else comes before. */
export function childOptions(
  parent: pulumi.Resource,
  dependsOn: pulumi.ComponentResourceOptions['dependsOn'],
  gate: Promise<pulumi.Resource[]>,
): (others: readonly pulumi.Resource[]) => pulumi.CustomResourceOptions {
  return (others) => ({
    parent,
    dependsOn: pulumi
      .all([pulumi.output(dependsOn ?? []), pulumi.output(gate)])
      .apply(([given, none]) => [...[given].flat(), ...none, ...others] as pulumi.Resource[]),
  });
}

interface Known {
  readonly metadata: ValkeyClusterDefinition['metadata'] & {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: ValkeyClusterDefinition['spec'];
}

function judge(given: unknown): readonly Fault[] {
  return validate(given).map(faultOf);
}

/** From a language whose types do not hold it. */
function unknownMode(mode: unknown): readonly Fault[] {
  if (mode === 'CUSTOM_RESOURCE' || mode === 'WORKLOAD' || isLater(mode)) return [];
  return [
    { path: 'mode', reason: `${mode}: is CUSTOM_RESOURCE or WORKLOAD. To fix: use one of them.` },
  ];
}

function renderedIn(
  mode: 'CUSTOM_RESOURCE' | 'WORKLOAD',
  awaitReady: boolean,
): (given: unknown) => Rendered {
  return (given) => {
    const { metadata, spec } = given as Known;
    const annotations = {
      ...metadata.annotations,
      ...(mode === 'WORKLOAD' ? { [ANNOTATIONS.managedBy]: 'gitops' } : {}),
      ...(awaitReady ? WAIT_FOR : {}),
    };
    const cluster = {
      apiVersion: API_VERSION,
      kind: CLUSTER_KIND,
      metadata: { ...metadata, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
      spec,
    };
    const { name, namespace } = metadata;
    const place = namespace === undefined ? { name } : { name, namespace };
    const parts = mode === 'WORKLOAD' ? render({ metadata: place, spec }) : [];
    return new Map<string, object>([
      [CLUSTER, cluster],
      ...parts.map((part) => [keyOf(name, part), withoutWaiting(part)] as const),
    ]);
  };
}

/** `statefulset`, `service-client` ... */
function keyOf(cluster: string, { kind, metadata }: KubeObject): string {
  return `${kind.toLowerCase()}${metadata.name.slice(cluster.length)}`;
}

function withoutWaiting(part: KubeObject): KubeObject {
  if (!WAITED_FOR.includes(part.kind)) return part;
  const { metadata } = part;
  return {
    ...part,
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...SKIP_AWAIT } },
  };
}
