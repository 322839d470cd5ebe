/**
 * The operator as a construct: the same objects as `gungnir render --operator`.
 * Never here: what the objects look like (resources/operator).
 */
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import {
  NODE_IMAGE,
  OPERATOR_DEFAULTS,
  type OperatorOptions,
  type Program,
} from '../../resources/operator/options';
import { operatorObjects } from '../../resources/operator/render';
import type { ResourcesSpec } from '../../spec/surroundings';
import { readBundle } from './operator-bundle';

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
   * @default "gungnir-system"
   */
  readonly namespace?: string;
  /**
   * Whether that namespace is synthesized too, with the `restricted` Pod Security standard enforced.
   * @default true
   */
  readonly createNamespace?: boolean;
  /**
   * The only namespace whose clusters it looks after. Its rights are limited to it, reading nodes aside.
   * @default - all namespaces
   */
  readonly watchNamespace?: string;
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
   * Further flags of `gungnir operator`.
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
    const problems = problemsOf(props);
    this.node.addValidation({ validate: () => [...problems] });
    const options = optionsOf(props);
    this.namespace = options.namespace;
    for (const object of operatorObjects(programOf(props), options)) this.add(object);
  }

  private add(object: object): void {
    const { apiVersion, kind, metadata, ...rest } = object as {
      readonly apiVersion: string;
      readonly kind: string;
      readonly metadata: { readonly name: string; readonly namespace?: string };
    };
    // The content hash of the bundle's name must not move its construct.
    const id = kind === 'ConfigMap' ? 'Program' : kind;
    const suffix = this.node.tryFindChild(id) === undefined ? '' : `-${metadata.name}`;
    new ApiObject(this, `${id}${suffix}`, { apiVersion, kind, metadata, ...rest });
  }
}

function programOf({ image, nodeImage = NODE_IMAGE, bundlePath }: ValkeyOperatorProps): Program {
  if (image !== undefined) return { kind: 'image', image };
  return { kind: 'bundle', bundle: readBundle(bundlePath), image: nodeImage };
}

function optionsOf(props: ValkeyOperatorProps): OperatorOptions {
  const { logLevel, leaseDurationMs, flags = [], resources } = props;
  return {
    namespace: props.namespace ?? OPERATOR_DEFAULTS.namespace,
    namespaceObject: props.createNamespace === false ? 'absent' : 'rendered',
    scope:
      props.watchNamespace === undefined
        ? { kind: 'allNamespaces' }
        : { kind: 'oneNamespace', namespace: props.watchNamespace },
    replicas: props.replicas ?? OPERATOR_DEFAULTS.replicas,
    resources: resources === undefined ? OPERATOR_DEFAULTS.resources : { ...resources },
    flags: [
      ...(logLevel === undefined ? [] : [`--log-level=${logLevel}`]),
      ...(leaseDurationMs === undefined ? [] : leaseFlags(leaseDurationMs)),
      ...flags,
    ],
    networkPolicy: props.networkPolicy === true ? 'rendered' : 'absent',
    podMonitor: props.podMonitor === true ? 'rendered' : 'absent',
  };
}

/** In the proportions of the defaults, 15 : 10 : 2, which leave room for two clocks of different pace. */
function leaseFlags(durationMs: number): readonly string[] {
  const [renewMs, retryMs] = [(durationMs * 10) / 15, (durationMs * 2) / 15].map(Math.floor);
  return [
    `--lease-duration-ms=${durationMs}`,
    `--renew-deadline-ms=${renewMs}`,
    `--retry-ms=${retryMs}`,
  ];
}

function problemsOf({
  replicas = 2,
  leaseDurationMs = 15_000,
}: ValkeyOperatorProps): readonly string[] {
  const problems: string[] = [];
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > 8) {
    problems.push(
      `replicas: ${replicas}: must be a whole number from 1 to 8. To fix: use 2, one leads and one waits.`,
    );
  }
  if (!Number.isInteger(leaseDurationMs) || leaseDurationMs < 1_000 || leaseDurationMs > 600_000) {
    problems.push(
      `leaseDurationMs: ${leaseDurationMs}: must be whole milliseconds from 1000 to 600000. To fix: leave it out, 15000 is used.`,
    );
  }
  return problems;
}
