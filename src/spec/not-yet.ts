/**
 * Fields whose function is not there yet. They are accepted in their off state only: a field that
 * is taken and ignored would be a promise that nobody keeps. Delete the row when the function lands.
 */
export interface NotYet {
  /** The object that holds the field, as a path. */
  readonly at: string;
  readonly field: string;
  /** What is refused: a flag that is on, an object that is there, a list with entries, one choice. */
  readonly on:
    | { readonly kind: 'flag' | 'object' | 'list' }
    | { readonly kind: 'choice'; readonly value: string };
  /** The off state, as words. */
  readonly off: string;
}

const flag = { on: { kind: 'flag' }, off: 'leave it out or set it to false' } as const;

export const NOT_YET: readonly NotYet[] = [
  { at: 'spec.tls', field: 'enabled', ...flag },
  { at: 'spec', field: 'restoreFrom', on: { kind: 'object' }, off: 'leave it out' },
  { at: 'spec.metricsExporter', field: 'enabled', ...flag },
  { at: 'spec', field: 'users', on: { kind: 'list' }, off: 'leave it out or empty' },
  { at: 'spec.metrics', field: 'podMonitor', ...flag },
  { at: 'spec.metrics', field: 'prometheusRule', ...flag },
  { at: 'spec.metrics', field: 'dashboard', ...flag },
  { at: 'spec.networkPolicy', field: 'enabled', ...flag },
  { at: 'spec', field: 'hibernate', ...flag },
  {
    at: 'spec.updateStrategy',
    field: 'primary',
    on: { kind: 'choice', value: 'Manual' },
    off: 'use Automatic',
  },
  {
    at: 'spec.failover',
    field: 'onDivergence',
    on: { kind: 'choice', value: 'KeepDump' },
    off: 'use Report',
  },
];

/** Whether the value turns the field on. */
export function turnsOn({ on }: NotYet, value: unknown): boolean {
  switch (on.kind) {
    case 'flag':
      return value === true;
    case 'object':
      return value !== undefined;
    case 'list':
      return Array.isArray(value) && value.length > 0;
    case 'choice':
      return value === on.value;
  }
}
