/**
 * The operator as a construct: the same objects as `gungnir render --operator`.
 * Never here: what the objects look like (resources/operator).
 */
import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { operatorProblems, optionsOf } from '../../resources/operator/choices';
import { NODE_IMAGE, OPERATOR_DEFAULTS, type Program } from '../../resources/operator/options';
import { operatorObjects } from '../../resources/operator/render';
import { explainProblem } from '../../spec/problem';
import type { ResourcesSpec } from '../../spec/surroundings';
import { readBundle } from '../program';
import { clusterWide } from './cluster-wide';

/** How much the operator says. */
export enum LogLevel {
  /** Everything, each probe's verdict too. */
  DEBUG = 'debug',
  /** What it does. */
  INFO = 'info',
  /** What it could not do. */
  WARN = 'warn',
  /** What somebody has to look at. */
  ERROR = 'error',
}

/** What may be chosen about the operator. */
export interface ValkeyOperatorProps {
  /**
   * Where the operator lives.
   * @default - the chart's namespace; where it has none, "gungnir-system"
   */
  readonly namespace?: string;
  /**
   * Whether that namespace is synthesized too, with the `restricted` Pod Security standard enforced.
   * @default true
   */
  readonly createNamespace?: boolean;
  /**
   * The only namespaces whose clusters it looks after, each once. Its rights are limited to them, reading nodes
   * aside: a Role in each, which must exist. It watches each by itself, with eight connections to the API server.
   * @default - all namespaces
   */
  readonly watchNamespaces?: string[];
  /**
   * An image that brings the program as `gungnir` on its path.
   * @default - the program in a ConfigMap, under `nodeImage`
   */
  readonly image?: string;
  /**
   * An image with Node 24 under which the bundled program runs. Not used with `image`.
   * @default "node:24-alpine"
   */
  readonly nodeImage?: string;
  /**
   * File with the program. Not used with `image`.
   * @default - the one that the package carries
   */
  readonly bundlePath?: string;
  /**
   * Number of pods: one leads, the others are warm standbys. 1..8.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * Compute resources of its container.
   * @default - requests 100m and 128Mi, limits 500m and 256Mi
   */
  readonly resources?: ResourcesSpec;
  /**
   * How much it says.
   * @default LogLevel.INFO
   */
  readonly logLevel?: LogLevel;
  /**
   * For how long the lease of a leader that does not answer keeps others from leading. 1000..600000 ms.
   * @default 15000
   */
  readonly leaseDurationMs?: number;
  /**
   * Further flags of `gungnir operator`, each as `--name=value`.
   * @default - none
   */
  readonly flags?: string[];
  /**
   * Whether a NetworkPolicy lets nothing in but probes and metrics.
   * @default false
   */
  readonly networkPolicy?: boolean;
  /**
   * Whether a PodMonitor of the Prometheus operator is made.
   * @default false
   */
  readonly podMonitor?: boolean;
}

/** The operator: its rights, its program, its pods and what stands around them. */
export class ValkeyOperator extends Construct {
  /** Where the operator lives. */
  public readonly namespace: string;

  public constructor(scope: Construct, id: string, props: ValkeyOperatorProps = {}) {
    super(scope, id);
    const namespace = props.namespace ?? Chart.of(this).namespace;
    const problems = operatorProblems({ ...props, namespace }).map(explainProblem);
    this.node.addValidation({ validate: () => problems });
    this.namespace = namespace ?? OPERATOR_DEFAULTS.namespace;
    // What is wrong is told at synth, all at once; until then there is nothing to render.
    if (problems.length > 0) return;
    const options = optionsOf({ ...props, namespace });
    for (const object of operatorObjects(programOf(props), options)) this.add(object);
  }

  private add(object: object): void {
    const { apiVersion, kind, metadata, ...rest } = object as {
      readonly apiVersion: string;
      readonly kind: string;
      readonly metadata: { readonly name: string; readonly namespace?: string };
    };
    // The content hash of the bundle's name must not move its construct.
    const { namespace = this.namespace } = metadata;
    const place = namespace === this.namespace ? '' : `-${namespace}`;
    const id = `${kind === 'ConfigMap' ? 'Program' : kind}${place}`;
    const suffix = this.node.tryFindChild(id) === undefined ? '' : `-${metadata.name}`;
    const made = new ApiObject(this, `${id}${suffix}`, { apiVersion, kind, metadata, ...rest });
    if (metadata.namespace === undefined) clusterWide(made);
  }
}

function programOf({ image, nodeImage = NODE_IMAGE, bundlePath }: ValkeyOperatorProps): Program {
  if (image !== undefined) return { kind: 'image', image };
  return { kind: 'bundle', bundle: readBundle(bundlePath), image: nodeImage };
}
