/**
 * Objects of kinds that no namespace holds: cdk8s gives every object its chart's namespace.
 * Never here: which kinds those are.
 */
import { type ApiObject, JsonPatch } from 'cdk8s';

/** Takes off the namespace that the chart gives. */
export function clusterWide(object: ApiObject): void {
  if (object.metadata.namespace === undefined) return;
  object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
}
