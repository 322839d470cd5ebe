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

const live = { kind: 'ok', value: { metadata: { uid: 'u0', resourceVersion: '7' } } };
const another = { kind: 'ok', value: { metadata: { uid: 'u9', resourceVersion: '7' } } };
const gone = { kind: 'notFound', status };

test.each([
  { why: 'carried out', reads: [live], said: ['ok'], leads: 9, versions: ['7'] },
  { why: 'gone by the second look', reads: [live], said: ['notFound'], leads: 9, versions: ['7'] },
  { why: 'gone by the first', reads: [gone], said: [], leads: 9, versions: [] },
  { why: 'another pod by now', reads: [another], said: [], leads: 9, versions: [] },
  {
    why: 'changed in between: its uid decides',
    reads: [live, live],
    said: ['conflict', 'ok'],
    leads: 9,
    versions: ['7', undefined],
  },
  {
    why: 'replaced in between',
    reads: [live, another],
    said: ['conflict'],
    leads: 9,
    versions: ['7'],
  },
  {
    why: 'its answer was lost',
    reads: [live, live],
    said: ['lost', 'ok'],
    leads: 9,
    versions: ['7', '7'],
  },
  {
    why: 'it cannot be read, then it can',
    reads: [answers.lost, live],
    said: ['ok'],
    leads: 9,
    versions: ['7'],
  },
  {
    why: 'refused, then allowed',
    reads: [live, live],
    said: ['forbidden', 'ok'],
    leads: 9,
    versions: ['7', '7'],
  },
  { why: 'the lease ended meanwhile', reads: [live], said: ['lost'], leads: 1, versions: ['7'] },
  { why: 'without the lease', reads: [], said: [], leads: 0, versions: [] },
])('a kill, $why: deletes $versions', async ({ reads, said, leads, versions }) => {
  const asked: unknown[] = [];
  let looks = 0;
  const client = {
    get: async () => reads[looks++] ?? gone,
    remove: async (_at: unknown, name: object, how: object) => {
      const answer = answers[said[asked.length] ?? 'ok'];
      asked.push({ ...name, ...how });
      return answer;
    },
  } as unknown as KubeClient;
  const mayAct = (): 'granted' | 'denied' => (looks < leads ? 'granted' : 'denied');
  const options = { client, namespace: 'shop', mayAct, onTrouble: () => undefined };
  await killPod(options, { pod: 'cart-0', podUid: 'u0' });
  const expected = versions.map((resourceVersion) => ({
    namespace: 'shop',
    name: 'cart-0',
    uid: 'u0',
    gracePeriodSeconds: 1,
    lane: 'failover',
    resourceVersion,
  }));
  expect(asked).toEqual(expected);
});
