/**
 * A row of the fault table: one fault under one policy, and what must come of it.
 * Never here: the rows (table.ts), running them (run.ts).
 */
import type { Act } from './acts/act';
import { type Bounds, strictest } from './history/bounds';
import type { Lease } from './operators';

export type Policy = 'Durable' | 'Balanced' | 'Available';

/** What a row asks of the world beside its pods. */
export type Need = 'operators' | 'api' | 'addresses';

export interface Row {
  /** Of the fault; with the policy the name of the row. */
  readonly fault: string;
  readonly policy: Policy;
  /** Why the bounds are as they are. */
  readonly why: string;
  /** `quick` rows are part of `npm test`. */
  readonly tier: 'quick' | 'full';
  readonly needs: readonly Need[];
  readonly lease: Lease;
  /** Beside the policy, and what all rows have. */
  readonly spec: object;
  /** WAIT of the writer asks for so many. */
  readonly waitReplicas: number;
  /** Before the fault: what must be in place for it. */
  readonly before: Act | undefined;
  readonly act: Act;
  readonly bounds: Bounds;
}

export type RowChange = Pick<Row, 'fault' | 'why' | 'act'> &
  Partial<Omit<Row, 'bounds'>> & { readonly bounds?: Partial<Bounds> };

export function row({ bounds, ...change }: RowChange): Row {
  return {
    policy: 'Balanced',
    tier: 'full',
    needs: [],
    lease: 'short',
    spec: {},
    waitReplicas: 1,
    before: undefined,
    ...change,
    bounds: { ...strictest, ...bounds },
  };
}

export function under(
  policies: readonly Policy[],
  rowOf: (policy: Policy) => RowChange,
): readonly Row[] {
  return policies.map((policy) => row({ ...rowOf(policy), policy }));
}

export function nameOf({ fault, policy }: { fault: string; policy: string }): string {
  return `${fault}/${policy}`;
}
