/** The reconcile plan by table, and its ends: it settles, is idempotent, and never fights. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../src/resources/kube-object';
import { render } from '../../../src/resources/render';
import {
  type LiveObject,
  type Observed,
  objectKey,
  plan,
} from '../../../src/runtime/plan/reconcile';
import type { RolloutView } from '../../../src/runtime/plan/rollout';

const uid = 'uid-1';
const wanted = render({
  metadata: { name: 'cart', namespace: 'shop', uid },
  spec: { replicas: 3 },
});
const settledRollout: RolloutView = {
  pods: [],
  wantedReplicas: 3,
  primaryOrdinal: 0,
  statefulSet: 'seen',
  announced: [],
  primaryUpdate: 'Automatic',
  data: 'kept',
};

function liveOf(manifest: KubeObject, change: object = {}): LiveObject {
  const { metadata } = manifest;
  const secret = manifest.kind === 'Secret' ? { data: { password: 'eA==' } } : {};
  return {
    ...manifest,
    ...secret,
    metadata: { ...metadata, uid: 'x', resourceVersion: '7' },
    ...change,
  } as LiveObject;
}

function world(objects: readonly LiveObject[], change: Partial<Observed> = {}): Observed {
  return {
    wanted,
    live: (kind, name) =>
      objects.find((object) => object.kind === kind && object.metadata.name === name),
    applied: new Map(),
    secretKeys: ['password'],
    passwords: 'kept',
    clientPassword: undefined,
    clusterUid: uid,
    mode: 'managed',
    rollout: settledRollout,
    claims: [],
    wantedSize: '1Gi',
    ...change,
  };
}

const all = wanted.map((manifest) => liveOf(manifest));
const without = (kind: string, name: string): readonly LiveObject[] =>
  all.filter((object) => object.kind !== kind || object.metadata.name !== name);
const changed = (kind: string, name: string, change: object): readonly LiveObject[] => [
  ...without(kind, name),
  ...wanted
    .filter((object) => object.kind === kind && object.metadata.name === name)
    .map((object) => liveOf(object, change)),
];

describe('one request for each transition', () => {
  test('objects are made in the order of the renderer, and then nothing is left to do', () => {
    const made: LiveObject[] = [];
    const requests: string[] = [];
    for (let count = 0; count < 30; count += 1) {
      const next = plan(world(made));
      if (next.kind !== 'act') break;
      const { request } = next;
      requests.push(
        request.kind === 'apply'
          ? `${request.manifest.kind}/${request.manifest.metadata.name}`
          : request.kind,
      );
      if (request.kind === 'apply')
        made.push({
          ...liveOf(request.manifest),
          ...(request.manifest.kind === 'Secret' ? { data: {} } : {}),
        });
      if (request.kind === 'writeSecret') made.splice(0, 1, liveOf(wanted[0] as KubeObject));
    }
    expect(requests).toEqual([
      'Secret/cart-secret',
      'writeSecret',
      'ConfigMap/cart-config',
      'Service/cart-headless',
      'Service/cart-client',
      'Service/cart-replicas',
      'PodDisruptionBudget/cart-pdb',
      'StatefulSet/cart',
    ]);
    expect(plan(world(made))).toEqual({ kind: 'settled' });
  });

  test.each([
    { why: 'all there', objects: all, expected: 'settled' },
    {
      why: 'a deleted sub-resource is made again',
      objects: without('Service', 'cart-replicas'),
      expected: 'apply Service/cart-replicas',
    },
    {
      why: 'an edited field is put back',
      objects: changed('Service', 'cart-headless', { spec: { publishNotReadyAddresses: false } }),
      expected: 'apply Service/cart-headless',
    },
    {
      why: 'fields that others added are theirs',
      objects: changed('Service', 'cart-client', {
        spec: { ...(wanted[3]?.spec ?? {}), selector: { a: 'b' }, clusterIP: '10.0.0.9' },
      }),
      expected: 'settled',
    },
    {
      why: 'an object that is going away is waited for',
      objects: changed('ConfigMap', 'cart-config', {
        metadata: { name: 'cart-config', uid: 'x', resourceVersion: '7', deletionTimestamp: 'now' },
      }),
      expected: 'wait ObjectEnding',
    },
    {
      why: "another controller's object is left alone",
      objects: changed('ConfigMap', 'cart-config', {
        metadata: {
          name: 'cart-config',
          uid: 'x',
          resourceVersion: '7',
          ownerReferences: [{ uid: 'other', controller: true }],
        },
      }),
      expected: 'wait ObjectOwnedElsewhere',
    },
  ])('$why -> $expected', ({ objects, expected }) => {
    expect(words(plan(world(objects)))).toBe(expected);
  });
});

test('a difference that is only the server’s spelling is applied once, not for ever', () => {
  const drifted = changed('Service', 'cart-headless', {
    spec: { publishNotReadyAddresses: false },
  });
  const applied = new Map([[objectKey('Service', 'cart-headless'), '7']]);
  expect(words(plan(world(drifted)))).toBe('apply Service/cart-headless');
  expect(words(plan(world(drifted, { applied })))).toBe('settled');
});

test.each([
  { why: 'no key at all: nobody could have used it', data: {}, expected: 'writeSecret' },
  {
    why: 'some keys: new passwords would lock running pods out',
    data: { other: 'x' },
    keys: ['password', 'other'],
    expected: 'wait SecretIncomplete',
  },
  { why: 'all keys', data: { password: 'x' }, expected: 'settled' },
])('the Secret with $why -> $expected', ({ data, keys, expected }) => {
  const objects = changed('Secret', 'cart-secret', { data });
  expect(words(plan(world(objects, { secretKeys: keys ?? ['password'] })))).toBe(expected);
});

const gone = without('Secret', 'cart-secret');
const emptied = changed('Secret', 'cart-secret', { data: {} });
test.each([
  {
    why: 'gone, those in force are known',
    objects: gone,
    passwords: 'kept',
    expected: 'apply Secret/cart-secret',
  },
  {
    why: 'gone, no server has read any',
    objects: gone,
    passwords: 'unread',
    expected: 'apply Secret/cart-secret',
  },
  {
    why: 'gone, servers run with unknown ones',
    objects: gone,
    passwords: 'lost',
    expected: 'wait SecretLost',
  },
  {
    why: 'emptied, those in force are known',
    objects: emptied,
    passwords: 'kept',
    expected: 'writeSecret',
  },
  {
    why: 'emptied, servers run with unknown ones',
    objects: emptied,
    passwords: 'lost',
    expected: 'wait SecretLost',
  },
] as const)('the Secret is $why: $expected', ({ objects, passwords, expected }) => {
  expect(words(plan(world(objects, { passwords })))).toBe(expected);
});

test('Git gave the Secret of a workload back without its passwords: none are made while servers run', () => {
  expect(words(plan(world(emptied, { passwords: 'lost', mode: 'gitops' })))).toBe(
    'wait SecretLost',
  );
  expect(words(plan(world(emptied, { passwords: 'unread', mode: 'gitops' })))).toBe('writeSecret');
});

test.each([
  { why: 'the same as ours', clientPassword: 'x', expected: 'settled' },
  { why: 'another one', clientPassword: 'y', expected: 'rotate' },
  { why: 'none is named or readable', clientPassword: undefined, expected: 'settled' },
])('the clients password of the user: $why -> $expected', ({ clientPassword, expected }) => {
  const objects = changed('Secret', 'cart-secret', { data: { password: 'x' } });
  expect(words(plan(world(objects, { clientPassword })))).toBe(expected);
});

test.each([
  { why: 'paused: nothing is made', mode: 'paused', objects: [], expected: 'settled' },
  { why: 'being deleted: nothing is made', mode: 'ending', objects: [], expected: 'settled' },
  { why: 'neither', mode: 'managed', objects: [], expected: 'apply Secret/cart-secret' },
  {
    why: 'in workload mode Git makes what is missing',
    mode: 'gitops',
    objects: [],
    expected: 'wait GitOwnsObject',
  },
  {
    why: 'in workload mode a drift is Git’s business',
    mode: 'gitops',
    objects: changed('Service', 'cart-headless', { spec: {} }),
    expected: 'settled',
  },
] as const)('$why', ({ mode, objects, expected }) => {
  expect(words(plan(world(objects, { mode })))).toBe(expected);
});

/** Ordinals of pods; `-` is one that is behind. */
function podsOf(marks: string): RolloutView['pods'] {
  return marks.split(' ').map((mark) => {
    const ordinal = Number(mark.replace('-', ''));
    return {
      pod: `cart-${ordinal}`,
      podUid: `u${ordinal}`,
      ordinal,
      template: 'current',
      lifecycle: 'live',
      health: mark.includes('-') ? 'behind' : 'synced',
    };
  });
}

test.each([
  { primary: 2, pods: '0 1 2', expected: 3, why: 'the primary would go: it moves first' },
  {
    primary: -1,
    pods: '0 1 2',
    expected: 3,
    why: 'without a primary nobody knows who has the data',
  },
  { primary: 0, pods: '0 1- 2', expected: 3, why: 'one that stays is behind' },
  { primary: 0, pods: '0 2', expected: 3, why: 'one that stays is missing' },
  { primary: 0, pods: '0 1 2-', expected: 2, why: 'one that goes may be behind' },
  { primary: 0, pods: '0 1 2', expected: 2, why: 'only replicas go' },
])(
  'scaling from 3 to 2, primary $primary, pods $pods: size $expected ($why)',
  ({ primary, pods, expected }) => {
    const smaller = render({
      metadata: { name: 'cart', namespace: 'shop', uid },
      spec: { replicas: 2 },
    });
    const rollout = {
      ...settledRollout,
      wantedReplicas: 2,
      primaryOrdinal: primary,
      pods: podsOf(pods),
    };
    const next = plan(world(all, { wanted: smaller, rollout }));
    const size =
      next.kind === 'act' && next.request.kind === 'apply'
        ? next.request.manifest.spec?.replicas
        : 3;
    expect(size).toBe(expected);
  },
);

test('growing waits for nobody', () => {
  const bigger = render({
    metadata: { name: 'cart', namespace: 'shop', uid },
    spec: { replicas: 5 },
  });
  const rollout = { ...settledRollout, wantedReplicas: 5, primaryOrdinal: -1 };
  const live = (made: readonly KubeObject[], only: (kind: string) => boolean) =>
    made.filter(({ kind }) => only(kind)).map((manifest) => liveOf(manifest));
  const objects = [
    ...live(bigger, (kind) => kind !== 'StatefulSet'),
    ...live(wanted, (kind) => kind === 'StatefulSet'),
  ];
  const next = plan(world(objects, { wanted: bigger, rollout }));
  expect(words(next)).toBe('apply StatefulSet/cart');
  expect(next).toMatchObject({ request: { manifest: { spec: { replicas: 5 } } } });
});

test('storage growth leaves the immutable claims of the StatefulSet as they are', () => {
  const bigger = render({
    metadata: { name: 'cart', namespace: 'shop', uid },
    spec: { replicas: 3, persistence: { storageSize: '9Gi' } },
  });
  expect(words(plan(world(all, { wanted: bigger })))).toBe('settled');
});

test.each([
  { size: '1Gi', wantedSize: '2Gi', expected: 'expand', why: 'smaller than wanted' },
  { size: '2Gi', wantedSize: '2048Mi', expected: 'settled', why: 'the same amount in other words' },
  { size: '4Gi', wantedSize: '2Gi', expected: 'settled', why: 'a volume never shrinks' },
  { size: '1Gi', wantedSize: undefined, expected: 'settled', why: 'no persistence' },
])(
  'a volume of $size where $wantedSize is wanted: $expected ($why)',
  ({ size, wantedSize, expected }) => {
    expect(words(plan(world(all, { claims: [{ name: 'data-cart-0', size }], wantedSize })))).toBe(
      expected,
    );
  },
);

test('a second pass over any half-made world asks for the same again: the plan has no memory', () => {
  const seed = 20261121;
  fc.assert(
    fc.property(fc.subarray([...all]), (objects) => {
      expect(plan(world(objects))).toEqual(plan(world(objects)));
      expect(plan(world(objects)).kind === 'settled').toBe(objects.length === all.length);
    }),
    { seed },
  );
});

function words(next: ReturnType<typeof plan>): string {
  if (next.kind === 'settled') return 'settled';
  if (next.kind === 'wait') return `wait ${next.on}`;
  const { request } = next;
  return request.kind === 'apply'
    ? `apply ${request.manifest.kind}/${request.manifest.metadata.name}`
    : request.kind;
}
