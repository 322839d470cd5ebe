/**
 * The operator as a Pulumi component: the same objects as the construct of cdk8s.
 * Never here: what the objects look like (resources/operator).
 */
import * as pulumi from '@pulumi/pulumi';
import {
  LOG_LEVELS,
  type OperatorChoices,
  operatorProblems,
  optionsOf,
} from '../../resources/operator/choices';
import { NODE_IMAGE, OPERATOR_DEFAULTS, type Program } from '../../resources/operator/options';
import { operatorObjects } from '../../resources/operator/render';
import { readBundle } from '../program';
import type { ResourcesSpecArgs } from './args.generated';
import { KubernetesObject } from './child';
import { certainFaults, type Fault, faultOf, judged, notPlain, refuse } from './gate';
import { lift, overlooked, type Rendered } from './lift';
import { type Path, spotsOf } from './spots';
import { childOptions } from './valkey-cluster';

/** What may be chosen about the operator; each is told at the construct ValkeyOperator. */
export interface ValkeyOperatorArgs {
  /** Default: gungnir-system. */
  readonly namespace?: pulumi.Input<string>;
  /** Whether that namespace is made too. Default: true. */
  readonly createNamespace?: boolean;
  /** The only namespaces whose clusters it looks after, with a Role in each. Default: all. */
  readonly watchNamespaces?: pulumi.Input<string>[];
  /** An image that brings the program. Default: the program in a ConfigMap, under nodeImage. */
  readonly image?: pulumi.Input<string>;
  /** An image with Node 24. Default: node:24-alpine. */
  readonly nodeImage?: pulumi.Input<string>;
  /** File with the program. Default: the one that the package carries. */
  readonly bundlePath?: string;
  /** 1..8. Default: 2. */
  readonly replicas?: pulumi.Input<number>;
  readonly resources?: pulumi.Input<ResourcesSpecArgs>;
  /** debug, info, warn or error. */
  readonly logLevel?: pulumi.Input<string>;
  /** 1000..600000. Default: 15000. */
  readonly leaseDurationMs?: pulumi.Input<number>;
  /** Further flags of `gungnir operator`, each as `--name=value`. */
  readonly flags?: pulumi.Input<pulumi.Input<string>[]>;
  readonly networkPolicy?: boolean;
  readonly podMonitor?: boolean;
}

const SAMPLES: Readonly<Record<string, readonly unknown[]>> = {
  replicas: [2, 1, 3],
  leaseDurationMs: [15_000, 3_000],
  logLevel: LOG_LEVELS,
  flags: [['--a'], ['--b', '--c'], []],
  resources: [{ limits: { cpu: '1' } }, { requests: { cpu: '2' } }],
};

const samplesAt = ([first, ...rest]: Path): readonly unknown[] =>
  (rest.length === 0 ? SAMPLES[String(first)] : undefined) ?? ['sample-a', 'sample-b'];

/** The operator: its rights, its program, its pods and what stands around them. */
export class ValkeyOperator extends pulumi.ComponentResource {
  /** Where the operator lives. */
  public readonly namespace: pulumi.Output<string>;

  public constructor(
    name: string,
    args: ValkeyOperatorArgs = {},
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    const what = `ValkeyOperator ${name}`;
    const { createNamespace, watchNamespaces, bundlePath, networkPolicy, podMonitor } = args;
    const plain = { createNamespace, watchNamespaces, bundlePath, networkPolicy, podMonitor };
    refuse(what, notPlain(plain));
    const render = rendererOf(bundlePath);
    const spots = spotsOf(args);
    refuse(what, certainFaults(args, spots, samplesAt, judge));
    super('gungnir:index:ValkeyOperator', name, {}, opts);
    const lifted = lift(args, { render, samplesAt });
    const gate = judged(args, spots, (real) => {
      refuse(what, judge(real));
      const missed = overlooked(lifted, render(real));
      if (missed.length > 0)
        throw new Error(`not foreseen, please report it: ${missed.join(', ')}`);
    });
    const options = childOptions(this, opts.dependsOn, gate);
    const make = (key: string, inputs: object, others: readonly pulumi.Resource[]) =>
      new KubernetesObject(`${name}-${key}`, inputs, options(others));
    const first = lifted.find(({ key }) => key === 'namespace');
    const inside = first === undefined ? [] : [make(first.key, first.inputs, [])];
    for (const { key, inputs, presence } of lifted) {
      if (key === 'namespace') continue;
      if (presence === 'always') make(key, inputs, inside);
      else presence.apply((there) => (there ? make(key, inputs, inside) : undefined));
    }
    this.namespace = pulumi
      .output(args.namespace)
      .apply((namespace) => namespace ?? OPERATOR_DEFAULTS.namespace);
    this.registerOutputs({ namespace: this.namespace });
  }
}

type Known = OperatorChoices & { readonly image?: string; readonly nodeImage?: string };

function judge(given: unknown): readonly Fault[] {
  return operatorProblems(given).map(faultOf);
}

function rendererOf(bundlePath: string | undefined): (given: unknown) => Rendered {
  const byPath = { bundle: undefined as ReturnType<typeof readBundle> | undefined };
  return (given) => {
    const { image, nodeImage = NODE_IMAGE, ...choices } = given as Known;
    if (image === undefined) byPath.bundle ??= readBundle(bundlePath);
    const program: Program =
      image === undefined && byPath.bundle !== undefined
        ? { kind: 'bundle', bundle: byPath.bundle, image: nodeImage }
        : { kind: 'image', image: image ?? '' };
    const objects = operatorObjects(program, optionsOf(choices)) as readonly {
      readonly kind: string;
      readonly metadata: { readonly name: string };
    }[];
    return keyed(objects);
  };
}

/** By kind, and by number where there are several; no name, which an Output may change. */
function keyed(objects: readonly { readonly kind: string }[]): Rendered {
  const seen = new Map<string, object>();
  for (const object of objects) {
    const kind = object.kind.toLowerCase();
    const taken = [...seen.keys()].filter((key) => key.replace(/-\d+$/, '') === kind).length;
    seen.set(taken === 0 ? kind : `${kind}-${taken + 1}`, object);
  }
  return seen;
}
