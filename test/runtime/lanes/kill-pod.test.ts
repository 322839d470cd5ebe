/** E4 is tried again until the API server has answered for certain, and never without the lease. */
import { expect, test } from 'vitest';
import type { Answer } from '../../../src/runtime/kube/answer';
import type { KubeClient } from '../../../src/runtime/kube/client';
import { killPod } from '../../../src/runtime/lanes/kill-pod';

const status = { code: 0, reason: '', message: '', retryAfterMs: undefined };
const answers = {
  ok: { kind: 'ok', value: {} },
  notFound: { kind: 'notFound', status },
  conflict: { kind: 'conflict', status },
  lost: { kind: 'unreachable', cause: 'ECONNRESET', effect: 'unknown' },
  forbidden: { kind: 'forbidden', status },
} as unknown as Readonly<Record<string, Answer<object>>>;

test.each([
  { why: 'carried out', said: ['ok'], leads: 9, calls: 1 },
  { why: 'gone already', said: ['notFound'], leads: 9, calls: 1 },
  { why: 'another pod by now', said: ['conflict'], leads: 9, calls: 1 },
  { why: 'its answer was lost', said: ['lost', 'ok'], leads: 9, calls: 2 },
  { why: 'refused, then allowed', said: ['forbidden', 'ok'], leads: 9, calls: 2 },
  { why: 'the lease ended meanwhile', said: ['lost', 'ok'], leads: 1, calls: 1 },
  { why: 'without the lease', said: ['ok'], leads: 0, calls: 0 },
])('a kill, $why: $calls requests', async ({ said, leads, calls }) => {
  const asked: unknown[] = [];
  const client = {
    remove: async (_at: unknown, name: object, how: object) => {
      const answer = answers[said[asked.length] ?? 'ok'];
      asked.push({ ...name, ...how });
      return answer;
    },
  } as unknown as KubeClient;
  const mayAct = (): 'granted' | 'denied' => (asked.length < leads ? 'granted' : 'denied');
  const options = { client, namespace: 'shop', mayAct, onTrouble: () => undefined };
  await killPod(options, { pod: 'cart-0', podUid: 'u0' });
  const one = {
    namespace: 'shop',
    name: 'cart-0',
    uid: 'u0',
    gracePeriodSeconds: 1,
    lane: 'failover',
  };
  expect(asked).toEqual(Array.from({ length: calls }, () => one));
});
