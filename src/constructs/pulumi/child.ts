/**
 * A Kubernetes object as a resource of Pulumi's provider `kubernetes`, by its type token: the SDK
 * `@pulumi/kubernetes` has thousands of files and is not needed for it (docs/decisions).
 * Never here: which objects, and what is in them.
 */
import * as pulumi from '@pulumi/pulumi';

export class KubernetesObject extends pulumi.CustomResource {
  /** Of a Secret: its values in base64. Set by Pulumi; a field of our own would take its place. */
  declare public readonly data: pulumi.Output<Readonly<Record<string, string>> | undefined>;

  /** @param object with apiVersion and kind; Outputs may stand anywhere else. */
  public constructor(name: string, object: object, opts: pulumi.CustomResourceOptions) {
    const { apiVersion, kind } = object as { readonly apiVersion: string; readonly kind: string };
    super(
      tokenOf(apiVersion, kind),
      name,
      { data: undefined, ...object },
      {
        ...opts,
        ...(kind === 'Secret' ? { additionalSecretOutputs: ['data', 'stringData'] } : {}),
      },
    );
  }
}

/** `v1` is the group `core` there. */
export function tokenOf(apiVersion: string, kind: string): string {
  return `kubernetes:${apiVersion === 'v1' ? 'core/v1' : apiVersion}:${kind}`;
}
