/**
 * All safety properties: the invariants of failover.md section 3 and the rules of other sections that
 * can be judged on this environment. What cannot is held elsewhere: src/sentinel/io and test/e2e on real servers.
 * Never here: progress (settles.ts).
 */
import * as orders from './orders';
import * as promotion from './promotion';
import type { Property } from './property';
import * as record from './record';
import * as writes from './writes';

export const safety: readonly Property[] = [
  ...Object.values(promotion),
  ...Object.values(writes),
  ...Object.values(orders),
  ...Object.values(record),
];
