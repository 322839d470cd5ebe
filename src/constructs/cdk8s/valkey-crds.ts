/** The definitions of our kinds as a construct. Never here: what stands in them (spec/crds.generated.ts). */
import { ApiObject, type ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';
import { VALKEY_CLUSTER_CRD } from '../../spec/crds.generated';
import { clusterWide } from './cluster-wide';

/**
 * The CustomResourceDefinitions. Put them into a chart of their own that is applied first: deleting them
 * deletes every ValkeyCluster.
 */
export class ValkeyCrds extends Construct {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const props: ApiObjectProps = { ...VALKEY_CLUSTER_CRD };
    clusterWide(new ApiObject(this, 'ValkeyCluster', props));
  }
}
