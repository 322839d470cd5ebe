/** A claim once seen stays its pod's; a claim never seen is nobody's. */
import { expect, test } from 'vitest';
import { Volumes } from '../../../src/runtime/lanes/volumes';
import type { PodView } from '../../../src/runtime/plan/pod-facts';

function pod(uid: string): PodView {
  return {
    metadata: { name: 'cart-0', uid },
    spec: {
      containers: [],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-cart-0' } }],
    },
  };
}

const claim = { metadata: { uid: 'v' } };

test.each([
  { why: 'never shown', shown: [undefined], expected: undefined },
  { why: 'shown', shown: [claim], expected: 'v' },
  { why: 'shown late', shown: [undefined, claim], expected: 'v' },
  { why: 'shown no more', shown: [claim, undefined], expected: 'v' },
])('the claim of a running pod, $why -> $expected', ({ shown, expected }) => {
  const volumes = new Volumes();
  for (const seen of shown) volumes.refresh([pod('u1')], () => seen);
  expect(volumes.of(pod('u1'))?.metadata.uid).toBe(expected);
});

test('a pod made anew under the same name has to see its claim again', () => {
  const volumes = new Volumes();
  volumes.refresh([pod('u1')], () => claim);
  volumes.refresh([pod('u2')], () => undefined);
  expect([volumes.of(pod('u1')), volumes.of(pod('u2'))]).toEqual([undefined, undefined]);
});
