/**
 * The fault table: every fault of the issue, under each policy where the policy makes a difference, with
 * what failover.md promises for it.
 * Never here: how a fault is done (acts/).
 */
import type { Row } from './row';
import { networkRows, objectRows, operatorRows, plannedRows } from './table-around';
import { primaryRows, severalRows } from './table-processes';
import { stepRows } from './table-steps';

export const table: readonly Row[] = [
  ...primaryRows,
  ...severalRows,
  ...objectRows,
  ...plannedRows,
  ...operatorRows,
  ...networkRows,
  ...stepRows,
];
