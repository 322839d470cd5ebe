/**
 * Every gate, in the order in which it is worth reading their findings.
 */
import { addresses } from './addresses';
import { bundleSize } from './bundle-size';
import { escapes } from './escapes';
import { headers } from './headers';
import { imports } from './imports';
import { lockFile } from './lock-file';
import { native } from './native';
import { pure } from './pure';
import { reasonsTested } from './reasons';
import { sizes } from './sizes';
import { switchedOff } from './switched-off';
import type { Gate } from './tree';

export const gates: readonly Gate[] = [
  imports,
  pure,
  escapes,
  headers,
  sizes,
  switchedOff,
  reasonsTested,
  addresses,
  lockFile,
  native,
  bundleSize,
];
