/** Which pod is replaced next: replicas first, one at a time, the primary last and only once it has moved. */
import { expect, test } from 'vitest';
import {
  leavingPods,
  nextRestart,
  type RolloutPod,
  type RolloutView,
} from '../../../src/runtime/plan/rollout';

/** `c` current, `o` outdated; `-` behind, `x` being deleted. */
function pod(ordinal: number, marks: string): RolloutPod {
  return {
    pod: `cart-${ordinal}`,
    podUid: `u${ordinal}`,
    ordinal,
    template: marks.includes('o') ? 'outdated' : 'current',
    lifecycle: marks.includes('x') ? 'deleting' : 'live',
    health: marks.includes('-') ? 'behind' : 'synced',
  };
}

function view(marks: readonly string[], change: Partial<RolloutView> = {}): RolloutView {
  return {
    pods: marks.map((mark, ordinal) => pod(ordinal, mark)),
    wantedReplicas: marks.length,
    primaryOrdinal: 0,
    statefulSet: 'seen',
    announced: marks.map((_, ordinal) => `cart-${ordinal}`),
    primaryUpdate: 'Automatic',
    data: 'kept',
    ...change,
  };
}

test.each([
  { why: 'nothing is outdated', input: view(['c', 'c', 'c']), expected: 'settled' },
  { why: 'the highest replica first', input: view(['o', 'o', 'o']), expected: 'restart cart-2' },
  { why: 'then the next one', input: view(['o', 'o', 'c']), expected: 'restart cart-1' },
  {
    why: 'only while all others are attached',
    input: view(['o', 'o', 'c-']),
    expected: 'wait RolloutWaitsForReplicas',
  },
  {
    why: 'only while no other pod is going',
    input: view(['o', 'o', 'cx']),
    expected: 'wait RolloutWaitsForReplicas',
  },
  {
    why: 'only while all pods are there',
    input: view(['o', 'o'], { wantedReplicas: 3 }),
    expected: 'wait RolloutWaitsForReplicas',
  },
  {
    why: 'a replica that is itself behind may be the reason for the update',
    input: view(['c', 'c', 'o-']),
    expected: 'restart cart-2',
  },
  {
    why: 'the engine is told before a pod goes',
    input: view(['c', 'c', 'o'], { announced: [] }),
    expected: 'wait RolloutAnnounced',
  },
  {
    why: 'the primary moves first',
    input: view(['o', 'c', 'c']),
    expected: 'wait RolloutMovesPrimary',
  },
  {
    why: 'once it is a replica it is replaced',
    input: view(['o', 'c', 'c'], { primaryOrdinal: 2 }),
    expected: 'restart cart-0',
  },
  { why: 'a single pod has nobody to move to', input: view(['o']), expected: 'restart cart-0' },
  {
    why: 'a single pod whose data would end with it is left to the user',
    input: view(['o'], { data: 'perishable' }),
    expected: 'wait RolloutWouldLoseData',
  },
  {
    why: 'it is current: nothing to ask',
    input: view(['c'], { data: 'perishable' }),
    expected: 'settled',
  },
  {
    why: 'with replicas the data is kept by the others',
    input: view(['o', 'o', 'o'], { data: 'perishable' }),
    expected: 'restart cart-2',
  },
  {
    why: 'without a primary nothing is replaced',
    input: view(['c', 'c', 'o'], { primaryOrdinal: -1 }),
    expected: 'wait RolloutNeedsPrimary',
  },
  {
    why: 'a template that Kubernetes has not seen says nothing',
    input: view(['o', 'o', 'o'], { statefulSet: 'unseen' }),
    expected: 'wait StatefulSetUnseen',
  },
  {
    why: 'Manual leaves the primary to the user',
    input: view(['o', 'c', 'c'], { primaryUpdate: 'Manual' }),
    expected: 'settled',
  },
])('$expected: $why', ({ input, expected }) => {
  const step = nextRestart(input);
  const said =
    step.kind === 'restart'
      ? `restart ${step.pod}`
      : step.kind === 'wait'
        ? `wait ${step.on}`
        : step.kind;
  expect(said).toBe(expected);
});

test.each([
  { why: 'the next one to be replaced', input: view(['o', 'o', 'o']), expected: ['cart-2'] },
  { why: 'the only pod, whose data is kept', input: view(['o']), expected: ['cart-0'] },
  {
    why: 'not the only pod, whose data would end with it',
    input: view(['o'], { data: 'perishable' }),
    expected: [],
  },
  { why: 'nobody while another one is behind', input: view(['o', 'c-', 'o']), expected: [] },
  { why: 'nobody while another one is going', input: view(['o', 'o', 'cx']), expected: [] },
  {
    why: 'nobody while one is missing',
    input: view(['o', 'o'], { wantedReplicas: 3 }),
    expected: [],
  },
  {
    why: 'those beyond the wanted number',
    input: view(['c', 'c', 'c'], { wantedReplicas: 2 }),
    expected: ['cart-2'],
  },
  {
    why: 'the primary, so that the engine moves it',
    input: view(['o', 'c', 'c']),
    expected: ['cart-0'],
  },
])('about to go: $why', ({ input, expected }) => {
  expect(leavingPods(input)).toEqual(expected);
});
