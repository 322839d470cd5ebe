/**
 * The operator travels in a ConfigMap under a stock Node.js image. `kubectl apply` repeats the object in
 * an annotation, and annotations end at 262 144 bytes; 240 000 leave room for the metadata.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLE_MAX_BYTES, bundleConfigMap } from '../../src/resources/operator/bundle';
import { packBundle } from '../../src/runtime/cli/pack';
import type { Gate } from './tree';

const file = 'assets/operator.mjs';

export const bundleSize: Gate = {
  name: 'bundle-size',
  holds: `the operator fits into a ConfigMap of ${BUNDLE_MAX_BYTES} bytes, where it has been bundled`,
  check: ({ root }) => {
    if (!existsSync(join(root, file))) return [];
    const text = readFileSync(join(root, file), 'utf8');
    const bytes = Buffer.byteLength(
      JSON.stringify(bundleConfigMap(packBundle(text), 'gungnir-system')),
    );
    if (bytes < BUNDLE_MAX_BYTES) return [];
    const message = `${bytes} bytes as ConfigMap JSON, the limit is ${BUNDLE_MAX_BYTES}: see npm run bundle`;
    return [{ path: file, line: 1, message }];
  },
};
