/**
 * Objects of Kubernetes as far as a stage reads them, and what it makes of them.
 * Never here: asking for them (stage.ts).
 */
import type { ProcessStatus } from '../../src/spec/status';
import type { ClusterObject } from '../e2e/scene';
import type { HistoryLine, ProcessName } from './history/lines';

export interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
  readonly status?: { readonly podIP?: string };
}

export interface ServiceObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly selector?: Readonly<Record<string, string>> };
}

export interface SecretObject {
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

export interface EventObject {
  readonly reason?: string;
  readonly note?: string;
  readonly series?: { readonly count?: number } | null;
  readonly regarding?: { readonly kind?: string; readonly name?: string };
}

export function versionOf(object: ClusterObject | undefined): number {
  return Number(object?.metadata.resourceVersion ?? '0');
}

export function numberOf(line: HistoryLine): number {
  return line.kind === 'write' ? line.number : 0;
}

/** An Event that is told again counts in its series. */
export function spellEvent({ reason, note, series }: EventObject): string {
  return `${reason} ${series?.count ?? 1} ${note}`;
}

export function nameOf(process: ProcessStatus | undefined): ProcessName | undefined {
  return process === undefined ? undefined : { pod: process.pod, process: process.runId };
}

export function namespaceOf(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  };
}
