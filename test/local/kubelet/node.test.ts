/**
 * A node that lives repairs what is said of it, and says so itself now and then; with timers of the test's own.
 */
import { beforeEach, expect, test } from 'vitest';
import { pathReply } from '../../../src/local/api/http/paths';
import type { ApiObject } from '../../../src/local/api/port';
import type { Condition } from '../../../src/local/controllers/objects/condition';
import type { NodePlace } from '../../../src/local/kubelet/host';
import { type NodeObjects, nodeObjects } from '../../../src/local/kubelet/node';
import { rangeOf } from '../../../src/local/range';
import { type LocalApiLab, startLocalApi } from '../../kit/local-api';

type Node = ApiObject<
  unknown,
  {
    readonly conditions: readonly Condition[];
    readonly nodeInfo: { readonly kubeletVersion: string };
  }
>;
const START_MS = Date.UTC(2026, 10, 22);
const BEAT_MS = 10_000;

let api: LocalApiLab;
let place: NodePlace;
let objects: NodeObjects;
let nowMs = START_MS;
let beat = (): void => {};
beforeEach(() => {
  nowMs = START_MS;
  api = startLocalApi(rangeOf(1));
  place = { name: 'n1', ip: '127.65.0.11', allocatable: { cpu: '1' }, link: 'up' };
  const user = { name: 'system:node:local', groups: ['system:masters'] };
  const timers = {
    after(_delayMs: number, run: () => void) {
      beat = run;
      return () => {};
    },
  };
  const facts = { place, zone: 'z', programs: { servers: [], node: '' } };
  objects = nodeObjects(api.api, user, timers, () => nowMs, facts);
  objects.register();
  objects.keepAlive();
});

const node = () => api.get<Node>('nodes', 'n1');
const said = (type: string) => node()?.status?.conditions.find((each) => each.type === type);
function pass(beats: number): void {
  for (let count = 0; count < beats; count += 1) {
    nowMs += BEAT_MS;
    beat();
  }
}
/** As somebody who knows better. */
function say(type: string, status: Condition['status']): void {
  const others = node()?.status?.conditions.filter((each) => each.type !== type) ?? [];
  const conditions = [...others, { type, status }];
  expect(api.patch('nodes', 'n1', { status: { conditions } }, 'status').code).toBe(200);
}

test.each([
  { type: 'Ready', status: 'False', is: 'True' },
  { type: 'Ready', status: 'Unknown', is: 'True' },
  { type: 'MemoryPressure', status: 'Unknown', is: 'False' },
] as const)('$type that somebody made $status is $is again with the next beat', (row) => {
  say(row.type, row.status);
  pass(1);
  const lastTransitionTime = '2026-11-22T00:00:10Z';
  expect(said(row.type)).toMatchObject({ status: row.is, lastTransitionTime });
});

test('a condition that is not its own stays as it is', () => {
  say('DiskIsSlow', 'True');
  say('Ready', 'False');
  pass(1);
  expect([said('DiskIsSlow')?.status, said('Ready')?.status]).toEqual(['True', 'True']);
});

test('one without its link repairs nothing until it has it again', () => {
  say('Ready', 'Unknown');
  place.link = 'down';
  pass(2);
  expect(said('Ready')?.status).toBe('Unknown');
  place.link = 'up';
  pass(1);
  expect(said('Ready')?.status).toBe('True');
});

test('it writes itself every five minutes, and not between', () => {
  const { resourceVersion } = node()?.metadata ?? {};
  pass(29);
  expect(node()?.metadata.resourceVersion).toBe(resourceVersion);
  pass(1);
  expect(said('Ready')).toMatchObject({
    lastHeartbeatTime: '2026-11-22T00:05:00Z',
    lastTransitionTime: '2026-11-22T00:00:00Z',
  });
});

test('it says the version that the server says', () => {
  const documents = { v2: () => ({}), v3: () => ({}), v3Of: () => undefined };
  const options = { api: api.api, documents, address: '' };
  const reply = pathReply(options, '/version', 'application/json');
  const { gitVersion } = JSON.parse(reply.text) as { readonly gitVersion: string };
  expect(node()?.status?.nodeInfo.kubeletVersion).toBe(gitVersion);
});

test('one that was deleted is not made again', () => {
  api.remove('nodes', 'n1');
  pass(1);
  expect(node()).toBeUndefined();
});
