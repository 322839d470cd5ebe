/**
 * What a pod may know of itself: fieldRef and resourceFieldRef.
 * Never here: files or variables made of it.
 */
import { amountOf } from '../../spec/quantity';
import type { Amounts, FieldRef, Pod, ResourceFieldRef } from './pod';
import { specOf } from './pod';
import { containersOf } from './record';

export interface Place {
  readonly podIp: string;
  readonly hostIp: string;
  /** Stands in where a container has no limit. */
  readonly allocatable: Amounts;
}

/** @returns undefined for a path that is not known. */
export function fieldOf(pod: Pod, { fieldPath }: FieldRef, place: Place): string | undefined {
  const { metadata } = pod;
  const [, map, key] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath) ?? [];
  if (map === 'labels' || map === 'annotations') return metadata[map]?.[key ?? ''] ?? '';
  switch (fieldPath) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid;
    case 'metadata.labels':
      return mapText(metadata.labels);
    case 'metadata.annotations':
      return mapText(metadata.annotations);
    case 'spec.nodeName':
      return specOf(pod).nodeName ?? '';
    case 'spec.serviceAccountName':
      return specOf(pod).serviceAccountName ?? '';
    case 'status.podIP':
    case 'status.podIPs':
      return place.podIp;
    case 'status.hostIP':
    case 'status.hostIPs':
      return place.hostIp;
    default:
      return undefined;
  }
}

/** One line for each entry, as downward API files have it. */
function mapText(map: Readonly<Record<string, string>> = {}): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n');
}

/** @param own the container that asks. @returns undefined for a container or resource that is not known. */
export function resourceOf(
  pod: Pod,
  own: string,
  ref: ResourceFieldRef,
  place: Place,
): string | undefined {
  const name = ref.containerName ?? own;
  const found = containersOf(specOf(pod)).find(({ container }) => container.name === name);
  const [, side, resource] = /^(limits|requests)\.(.+)$/.exec(ref.resource) ?? [];
  if (found === undefined || resource === undefined) return undefined;
  const { limits, requests } = found.container.resources ?? {};
  const written =
    side === 'limits' ? (limits?.[resource] ?? place.allocatable[resource]) : requests?.[resource];
  const amount = counted(resource, amountOf(written ?? 0) ?? 0);
  const divisor = counted(resource, amountOf(ref.divisor ?? 1) ?? 1);
  return String(Math.ceil(amount / (divisor === 0 ? counted(resource, 1) : divisor)));
}

/** As whole numbers, which divide without an error: thousandths of cores, and bytes. */
function counted(resource: string, amount: number): number {
  const thousandths = Math.round(amount * 1000);
  return resource === 'cpu' ? thousandths : Math.ceil(thousandths / 1000);
}
