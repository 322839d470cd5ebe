/**
 * Who owns what where Git holds the objects too: the fields that the operator or the server writes, and that
 * no renderer may therefore set. A field in both places would be fought over at each sync.
 * Never here: who writes them (runtime/lanes).
 */
import { ANNOTATIONS, LABELS, namesOf } from '../spec/naming';

/** One field, or everything below it. */
export interface OwnedPath {
  /** `*`: of every kind. */
  readonly kind: string;
  /** Name of the object of that cluster; undefined: any. */
  readonly nameOf?: (cluster: string) => string;
  readonly path: readonly string[];
  readonly owner: 'operator' | 'server';
  readonly why: string;
}

export const NOT_FOR_GIT: readonly OwnedPath[] = [
  {
    kind: 'Service',
    nameOf: (cluster) => namesOf(cluster).client,
    path: ['spec', 'selector'],
    owner: 'operator',
    why: 'names the primary',
  },
  {
    kind: 'Service',
    nameOf: (cluster) => namesOf(cluster).client,
    path: ['metadata', 'annotations', ANNOTATIONS.epoch],
    owner: 'operator',
    why: 'the epoch that the selector belongs to',
  },
  {
    kind: 'Secret',
    nameOf: (cluster) => namesOf(cluster).secret,
    path: ['data'],
    owner: 'operator',
    why: 'passwords are made once, by whoever runs them',
  },
  {
    kind: 'Secret',
    nameOf: (cluster) => namesOf(cluster).secret,
    path: ['stringData'],
    owner: 'operator',
    why: 'becomes data',
  },
  {
    kind: 'StatefulSet',
    path: ['spec', 'template', 'metadata', 'labels', LABELS.role],
    owner: 'operator',
    why: 'a role is a pod’s own, and changes',
  },
  { kind: '*', path: ['status'], owner: 'operator', why: 'what is, not what is wanted' },
  { kind: '*', path: ['metadata', 'uid'], owner: 'server', why: 'given at creation' },
  { kind: '*', path: ['metadata', 'resourceVersion'], owner: 'server', why: 'given at each write' },
  { kind: '*', path: ['metadata', 'generation'], owner: 'server', why: 'counted' },
  { kind: '*', path: ['metadata', 'managedFields'], owner: 'server', why: 'kept by the server' },
  { kind: '*', path: ['metadata', 'creationTimestamp'], owner: 'server', why: 'given at creation' },
  ...(['client', 'replicas'] as const).map((service) => ({
    kind: 'Service',
    nameOf: (cluster: string) => namesOf(cluster)[service],
    path: ['spec', 'clusterIP'],
    owner: 'server' as const,
    why: 'given at creation; only the headless one says None',
  })),
  { kind: 'Service', path: ['spec', 'clusterIPs'], owner: 'server', why: 'given at creation' },
  { kind: 'Service', path: ['spec', 'ipFamilies'], owner: 'server', why: 'given at creation' },
  { kind: 'Service', path: ['spec', 'healthCheckNodePort'], owner: 'server', why: 'given' },
];

/** @returns the paths in the object that are not Git's, as `spec.selector`. */
export function notForGit(
  cluster: string,
  object: { readonly kind: string; readonly metadata: { readonly name: string } },
): readonly string[] {
  return NOT_FOR_GIT.filter(
    ({ kind, nameOf, path }) =>
      (kind === '*' || kind === object.kind) &&
      (nameOf === undefined || nameOf(cluster) === object.metadata.name) &&
      at(object, path) !== undefined,
  ).map(({ path }) => path.join('.'));
}

function at(value: unknown, path: readonly string[]): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return at((value as Readonly<Record<string, unknown>>)[first], rest);
}
