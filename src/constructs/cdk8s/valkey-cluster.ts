/**
 * The construct for a ValkeyCluster in both modes. It checks and renders with the operator's own code.
 * Never here: a rule, a default or an object of its own (spec/, resources/).
 */
import { ApiObject, type ApiObjectMetadata, Names } from 'cdk8s';
import { Construct } from 'constructs';
import { render } from '../../resources/render';
import type { ValkeyClusterSpec } from '../../spec/cluster';
import { resolve } from '../../spec/defaults';
import { API_VERSION, CLUSTER_KIND, type ValkeyClusterDefinition } from '../../spec/definition';
import {
  ANNOTATIONS,
  CLUSTER_NAME_MAX_CHARACTERS,
  namesOf,
  podSelector,
  SECRET_KEYS,
} from '../../spec/naming';
import { explainProblem, type Problem, quoted } from '../../spec/problem';
import { validate } from '../../spec/validate';
import { ValkeyConnection } from './connection';
import { ManagementMode } from './management-mode';

/** What a ValkeyCluster construct takes: its spec, and where it stands. */
export interface ValkeyClusterProps extends ValkeyClusterSpec {
  /**
   * Name, namespace, labels and annotations of the ValkeyCluster. The name has at most 46 characters.
   * @default - a name made of the construct's path, the chart's namespace and labels
   */
  readonly metadata?: ApiObjectMetadata;
  /**
   * Who makes the objects of the cluster.
   * @default ManagementMode.CUSTOM_RESOURCE
   */
  readonly mode?: ManagementMode;
}

/** One Valkey primary with its replicas, kept alive by the operator. */
export class ValkeyCluster extends Construct {
  /** Name of the ValkeyCluster, and the beginning of the names of all its objects. */
  public readonly name: string;
  /** Name of the Service that leads to the primary. */
  public readonly clientServiceName: string;
  /** Name of the Service that leads to the replicas. */
  public readonly replicasServiceName: string;
  /** Name of the Secret with the clients' password. */
  public readonly secretName: string;
  /** Key of the clients' password in that Secret. */
  public readonly passwordKey: string;
  /** Port of the Services and of each pod. */
  public readonly port: number;
  /** Labels of the data pods, which no other pod has all of: for selectors of policies and monitors. */
  public readonly podLabels: { readonly [key: string]: string };
  /** Host, port and password for cdk8s-plus-28. */
  public readonly connection: ValkeyConnection;

  public constructor(scope: Construct, id: string, props: ValkeyClusterProps = {}) {
    super(scope, id);
    const { mode, metadata: given, ...spec } = props;
    const resource = this.resourceOf(
      mode === ManagementMode.WORKLOAD ? markedAsGits(given) : given,
      spec,
    );
    const { namespace } = resource.metadata;
    const definition: ValkeyClusterDefinition = {
      metadata: { name: resource.name, ...(namespace === undefined ? {} : { namespace }) },
      spec,
    };
    const problems = [
      ...modeProblems(mode),
      ...validate({ metadata: resource.metadata.toJson(), spec }),
    ].map(explainProblem);
    this.node.addValidation({ validate: () => problems });
    const names = namesOf(resource.name);
    this.name = resource.name;
    this.clientServiceName = names.client;
    this.replicasServiceName = names.replicas;
    this.secretName = names.secret;
    this.passwordKey = SECRET_KEYS.clientPassword;
    this.port = spec.port ?? resolve({}).port;
    this.podLabels = podSelector(resource.name);
    this.connection = new ValkeyConnection(this, 'Connection', {
      host: names.client,
      port: this.port,
      secretName: names.secret,
      passwordKey: this.passwordKey,
      podLabels: this.podLabels,
    });
    // What is wrong is told at synth, all at once; until then there is nothing to render.
    if (mode === ManagementMode.WORKLOAD && problems.length === 0)
      this.synthesizeObjects(definition);
  }

  /** A name that the chart made of a long path is made once more, of fewer letters; a given one is told. */
  private resourceOf(metadata: ApiObjectMetadata | undefined, spec: ValkeyClusterSpec): ApiObject {
    const make = (more: ApiObjectMetadata | undefined): ApiObject =>
      new ApiObject(this, 'Resource', {
        apiVersion: API_VERSION,
        kind: CLUSTER_KIND,
        ...(more === undefined ? {} : { metadata: more }),
        spec,
      });
    const resource = make(metadata);
    const fits = resource.name.length <= CLUSTER_NAME_MAX_CHARACTERS;
    if (fits || metadata?.name !== undefined) return resource;
    const name = Names.toDnsLabel(resource, { maxLen: CLUSTER_NAME_MAX_CHARACTERS });
    this.node.tryRemoveChild('Resource');
    return make({ ...metadata, name });
  }

  private synthesizeObjects(definition: ValkeyClusterDefinition): void {
    for (const { metadata, ...rest } of render(definition)) {
      const id = `${rest.kind}-${metadata.name.slice(definition.metadata.name.length + 1)}`;
      const { namespace, ...meta } = metadata;
      new ApiObject(this, id.replace(/-$/, ''), {
        ...rest,
        metadata: {
          ...meta,
          ...(namespace === undefined ? {} : { namespace }),
        } as ApiObjectMetadata,
      });
    }
  }
}

/** From a program without types: another word would be taken for the default in silence. */
function modeProblems(mode: unknown): readonly Problem[] {
  const modes: readonly unknown[] = Object.values(ManagementMode);
  if (mode === undefined || modes.includes(mode)) return [];
  const limit = `must be one of ${modes.join(', ')}`;
  return [{ path: 'mode', value: quoted(mode), limit, remedy: 'use one of them, or leave it out' }];
}

/** The operator must know before it sees the first object, or it would make the objects itself. */
function markedAsGits(metadata: ApiObjectMetadata = {}): ApiObjectMetadata {
  return {
    ...metadata,
    annotations: { ...metadata.annotations, [ANNOTATIONS.managedBy]: 'gitops' },
  };
}
