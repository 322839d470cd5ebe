/**
 * New passwords are safe while no server has read any, or those in force can be written back.
 */
import { expect, test } from 'vitest';
import { clientSecretProblem, passwordState } from '../../../src/runtime/plan/password-state';
import type { PodView } from '../../../src/runtime/plan/pod-facts';

function pod(containerID: string | undefined): PodView {
  const container = { name: 'valkey', ...(containerID === undefined ? {} : { containerID }) };
  return { metadata: { name: 'cart-0', uid: 'u' }, status: { containerStatuses: [container] } };
}

const started = [pod(undefined), pod('containerd://1')];
const waiting = [pod(undefined)];
const gone = { kind: 'notFound' };
const full = { kind: 'ok', value: { data: { password: 'eA==' } } };

test.each([
  { why: 'seen by this process', kept: true, read: gone, pods: started, expected: 'kept' },
  { why: 'gone under running servers', kept: false, read: gone, pods: started, expected: 'lost' },
  {
    why: 'gone, and no server has started',
    kept: false,
    read: gone,
    pods: waiting,
    expected: 'unread',
  },
  { why: 'gone, and there is no pod', kept: false, read: gone, pods: [], expected: 'unread' },
  { why: 'emptied', kept: false, read: { kind: 'ok', value: {} }, pods: started, expected: 'lost' },
  { why: 'not all of it', kept: false, read: full, pods: started, expected: 'unread' },
  {
    why: 'not answered for',
    kept: false,
    read: { kind: 'unavailable' },
    pods: started,
    expected: 'unread',
  },
  { why: 'not asked for yet', kept: false, read: undefined, pods: started, expected: 'unread' },
] as const)('the Secret is $why: $expected', ({ kept, read, pods, expected }) => {
  expect(passwordState(kept, read, pods)).toBe(expected);
});

test.each([
  { read: full, problem: undefined },
  { read: { kind: 'ok', value: { data: { password: '' } } }, problem: 'no key password' },
  { read: { kind: 'ok', value: {} }, problem: 'no key password' },
  { read: { kind: 'denied' }, problem: 'denied' },
])('a Secret of the user: $problem', ({ read, problem }) => {
  expect(clientSecretProblem('mine', read)?.problem).toBe(problem);
});
