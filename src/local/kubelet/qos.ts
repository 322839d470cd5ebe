/**
 * The class of a pod by its requests and limits, as the API names it.
 * Never here: enforcing them; nothing does here.
 */
import { amountOf } from '../../spec/quantity';
import type { Amounts, Container, PodSpec } from './pod';

const COUNTED = ['cpu', 'memory'] as const;

export function qosClassOf(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  if (containers.every(isFree)) return 'BestEffort';
  return containers.every(isGuaranteed) ? 'Guaranteed' : 'Burstable';
}

function isFree({ resources }: Container): boolean {
  return COUNTED.every(
    (name) => amount(resources?.limits, name) + amount(resources?.requests, name) === 0,
  );
}

function isGuaranteed({ resources }: Container): boolean {
  return COUNTED.every((name) => {
    const limit = amount(resources?.limits, name);
    const request = resources?.requests?.[name];
    return limit > 0 && (request === undefined || amount(resources?.requests, name) === limit);
  });
}

function amount(amounts: Amounts | undefined, name: string): number {
  return amountOf(amounts?.[name] ?? 0) ?? 0;
}
