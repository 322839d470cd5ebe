/**
 * PersistentVolumes: what each needs.
 * Never here: volumes of a pod (volumes.ts), claims (core.ts), that the source never changes.
 */
import { isObject, listAt, objectAt } from '../../json';
import type { JsonObject } from '../../port';
import type { Cause } from '../../typing';
import { required } from '../fault';
import { type Causes, nodeSelector } from './checks';

/** Objects of a spec that are no source of a volume. */
const NO_SOURCES = ['capacity', 'claimRef', 'nodeAffinity'];

export function persistentVolumeFaults(volume: JsonObject): Causes {
  const spec = objectAt(volume, 'spec');
  const { nodeAffinity, local } = spec;
  const faults: Cause[] = [];
  if (listAt(spec, 'accessModes').length === 0) faults.push(required('spec.accessModes'));
  if (isObject(nodeAffinity)) {
    const at = 'spec.nodeAffinity.required';
    if (isObject(nodeAffinity.required)) faults.push(...nodeSelector(nodeAffinity.required, at));
    else faults.push(required(at, 'must specify required node constraints'));
  } else if (isObject(local)) {
    faults.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
  }
  const sources = Object.keys(spec).filter(
    (key) => isObject(spec[key]) && !NO_SOURCES.includes(key),
  );
  if (sources.length === 0) faults.push(required('spec', 'must specify a volume type'));
  return faults;
}
