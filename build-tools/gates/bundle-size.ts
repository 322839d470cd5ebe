/**
 * The operator travels in a ConfigMap under a stock Node.js image. `kubectl apply` repeats the object in
 * an annotation, and annotations end at 262 144 bytes; 240 000 leave room for the metadata.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gate } from './tree';

const file = 'assets/operator.mjs';
const configMapBytesMax = 240_000;

export const bundleSize: Gate = {
  name: 'bundle-size',
  holds: `the operator fits into a ConfigMap of ${configMapBytesMax} bytes, where it has been bundled`,
  check: ({ root }) => {
    if (!existsSync(join(root, file))) return [];
    const bytes = configMapBytes(readFileSync(join(root, file), 'utf8'));
    if (bytes < configMapBytesMax) return [];
    const message = `${bytes} bytes as ConfigMap JSON, the limit is ${configMapBytesMax}: see npm run bundle`;
    return [{ path: file, line: 1, message }];
  },
};

/** As the API server receives it: the escapes of JSON count. */
function configMapBytes(program: string): number {
  const configMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'gungnir-operator', namespace: 'gungnir-system' },
    data: { 'operator.mjs': program },
  };
  return Buffer.byteLength(JSON.stringify(configMap));
}
