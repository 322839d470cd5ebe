/** The definitions of our kinds as a component. Never here: what stands in them (spec/crds.generated.ts). */
import * as pulumi from '@pulumi/pulumi';
import { VALKEY_CLUSTER_CRD } from '../../spec/crds.generated';
import { KubernetesObject } from './child';

/**
 * The CustomResourceDefinitions. Deleting them deletes every ValkeyCluster: `protect` them, and let
 * ValkeyClusters depend on them.
 */
export class ValkeyCrds extends pulumi.ComponentResource {
  public constructor(name: string, _args: object = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super('gungnir:index:ValkeyCrds', name, {}, opts);
    const { dependsOn = [] } = opts;
    new KubernetesObject(`${name}-valkeycluster`, VALKEY_CLUSTER_CRD, { parent: this, dependsOn });
    this.registerOutputs({});
  }
}
