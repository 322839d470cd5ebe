/** What may change once a cluster exists, and what not: for the operator and a real API server. */
export interface Transition {
  readonly why: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly refused?: { readonly path: string; readonly word: string };
  readonly only?: 'operator';
}

export const transitions: readonly Transition[] = [
  { why: 'more pods', before: {}, after: { replicas: 5 } },
  {
    why: 'another port cuts clients off',
    before: {},
    after: { port: 7000 },
    refused: { path: 'spec.port', word: 'immutable' },
  },
  { why: 'the default port, written out', before: {}, after: { port: 6379 } },
  {
    why: 'no volume any more',
    before: {},
    after: { persistence: { enabled: false } },
    refused: { path: 'spec.persistence.enabled', word: 'immutable' },
  },
  {
    why: 'a volume at last',
    before: { persistence: { enabled: false } },
    after: {},
    refused: { path: 'spec.persistence.enabled', word: 'immutable' },
  },
  {
    why: 'the same class',
    before: { persistence: { storageClassName: 'a' } },
    after: { persistence: { storageClassName: 'a' } },
  },
  {
    why: 'another class',
    before: { persistence: { storageClassName: 'a' } },
    after: { persistence: { storageClassName: 'b' } },
    refused: { path: 'spec.persistence.storageClassName', word: 'immutable' },
  },
  {
    why: 'a class that was not named',
    before: {},
    after: { persistence: { storageClassName: 'b' } },
    refused: { path: 'spec.persistence.storageClassName', word: 'immutable' },
  },
  { why: 'a larger volume', before: {}, after: { persistence: { storageSize: '2Gi' } } },
  {
    why: 'the same size in another unit',
    before: {},
    after: { persistence: { storageSize: '1024Mi' } },
  },
  {
    why: 'a smaller volume',
    only: 'operator',
    before: {},
    after: { persistence: { storageSize: '1023Mi' } },
    refused: { path: 'spec.persistence.storageSize', word: 'shrink' },
  },
  { why: 'another way to write', before: {}, after: { persistence: { mode: 'AOF' } } },
];
