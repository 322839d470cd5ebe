/** What keeps pods from running is told in the words of Kubernetes; what is only on its way up is not. */
import { expect, test } from 'vitest';
import { type HinderedPod, hindrancesOf } from '../../../src/runtime/plan/pod-hindrances';

type Status = NonNullable<HinderedPod['status']>;

const pod = (name: string, status?: Status): HinderedPod => ({
  metadata: { name },
  ...(status === undefined ? {} : { status }),
});
const waiting = (reason: string, message?: string) => ({
  state: { waiting: { reason, ...(message === undefined ? {} : { message }) } },
});
const scheduled = (status: string) => ({
  type: 'PodScheduled',
  status,
  reason: 'Unschedulable',
  message: '0/3 nodes are available: 3 Insufficient memory.',
});

test.each([
  { status: undefined, told: undefined, why: 'nothing is known yet' },
  { status: { conditions: [scheduled('True')] }, told: undefined, why: 'it has a node' },
  {
    status: { conditions: [scheduled('False')] },
    told: 'p0: Unschedulable: 0/3 nodes are available: 3 Insufficient memory.',
    why: 'it has none',
  },
  {
    status: { containerStatuses: [waiting('ImagePullBackOff', 'Back-off pulling image "x"')] },
    told: 'p0: ImagePullBackOff: Back-off pulling image "x"',
    why: 'its image is not to be had',
  },
  {
    status: {
      initContainerStatuses: [waiting('ErrImagePull')],
      containerStatuses: [waiting('PodInitializing')],
    },
    told: 'p0: ErrImagePull',
    why: 'that of its init container is not',
  },
  {
    status: { containerStatuses: [waiting('ContainerCreating')] },
    told: undefined,
    why: 'on its way',
  },
  {
    status: { containerStatuses: [waiting('PodInitializing')] },
    told: undefined,
    why: 'on its way too',
  },
  { status: { containerStatuses: [{ state: {} }] }, told: undefined, why: 'it runs or has ended' },
] as const)('$told ($why)', ({ status, told }) => {
  expect(hindrancesOf([pod('p0', status), pod('p1')])).toBe(told);
});

test('three pods are named and the rest are counted; a long message is cut', () => {
  const long = 'x'.repeat(400);
  const pods = ['a', 'b', 'c', 'd', 'e'].map((name) =>
    pod(name, { containerStatuses: [waiting('ErrImagePull', long)] }),
  );
  const told = hindrancesOf(pods) ?? '';
  expect(told).toMatch(/^a: ErrImagePull: x+\.\.\.; b: [^;]+; c: [^;]+; and 2 more$/);
  expect(told.length).toBeLessThan(600);
  expect(hindrancesOf(pods.slice(0, 3))).not.toContain('more');
});
