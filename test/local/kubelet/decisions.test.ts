/**
 * The kubelet's decisions as tables: what runs next, how long it waits, what the status says.
 */
import { describe, expect, test } from 'vitest';
import {
  BACK_OFF,
  mayStartAtMs,
  NO_BACK_OFF,
  restarted,
} from '../../../src/local/kubelet/back-off';
import { expanded } from '../../../src/local/kubelet/expand';
import { imageOf } from '../../../src/local/kubelet/images';
import { next } from '../../../src/local/kubelet/next';
import { rewritten } from '../../../src/local/kubelet/paths';
import type { PodSpec, Probe } from '../../../src/local/kubelet/pod';
import { answered, firstState } from '../../../src/local/kubelet/probe-state';
import { qosClassOf } from '../../../src/local/kubelet/qos';
import {
  type ContainerRecord,
  firstRecords,
  hasEnded,
  hasStarted,
} from '../../../src/local/kubelet/record';
import { phaseOf } from '../../../src/local/kubelet/status';

const OPTIONS = { bounds: BACK_OFF, restartDelayMs: 500 };
const container = (name: string, more: object = {}) => ({
  name,
  image: 'valkey/valkey:8.0',
  ...more,
});

describe('the wait behind an end', () => {
  test('none, then 10 s, doubling to 5 min', () => {
    let backOff = NO_BACK_OFF;
    let nowMs = 1_000_000;
    const waits: number[] = [];
    for (let end = 0; end < 8; end += 1) {
      const startMs = mayStartAtMs(backOff, nowMs, BACK_OFF);
      waits.push((startMs - nowMs) / 1000);
      backOff = restarted(backOff, startMs, BACK_OFF);
      nowMs = startMs + 1;
    }
    expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
  });

  test.each([
    { ranMs: 600_001, waitMs: 0, why: 'a run of more than 10 min clears it' },
    { ranMs: 600_000, waitMs: 40_000, why: 'the limit itself does not' },
  ])('$why', ({ ranMs, waitMs }) => {
    const backOff = { waitMs: 40_000, restartedAtMs: 5_000 };
    const endedAtMs = 5_000 + ranMs;
    expect(mayStartAtMs(backOff, endedAtMs, BACK_OFF) - endedAtMs).toBe(waitMs);
  });
});

describe('what runs next', () => {
  const bounds = BACK_OFF;
  const began = (record: ContainerRecord): ContainerRecord => ({
    ...hasStarted(record, { id: 'x', startedAtMs: 0 }, undefined, bounds),
    started: 'yes',
  });
  const ended = (record: ContainerRecord, exitCode: number): ContainerRecord => {
    const times = { startedAtMs: 0, finishedAtMs: 1_000 };
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    return hasEnded(began(record), { id: 'x', exitCode, reason, message: undefined, ...times });
  };
  const spec = (restartPolicy: PodSpec['restartPolicy'] = 'Always'): PodSpec => ({
    restartPolicy,
    initContainers: [
      container('i1'),
      container('side', { restartPolicy: 'Always' }),
      container('i2'),
    ],
    containers: [container('a'), container('b')],
  });
  type Change = (record: ContainerRecord) => ContainerRecord;
  const records = (of: PodSpec, changes: Readonly<Record<string, Change>>) =>
    firstRecords(of).map((record) => changes[record.name]?.(record) ?? record);
  const good: Change = (record) => ended(record, 0);
  const bad: Change = (record) => ended(record, 1);
  const up: Change = began;
  const early = { i1: good, side: up, i2: good };

  test.each([
    {
      policy: 'Always',
      changes: {},
      starts: ['i1'],
      pod: 'goes on',
      why: 'the first init container alone',
    },
    {
      policy: 'Always',
      changes: { i1: up },
      starts: [],
      pod: 'goes on',
      why: 'nothing while it runs',
    },
    {
      policy: 'Always',
      changes: { i1: good },
      starts: ['side'],
      pod: 'goes on',
      why: 'then the sidecar',
    },
    {
      policy: 'Always',
      changes: {
        i1: good,
        side: (record: ContainerRecord) => ({ ...up(record), started: 'no' as const }),
      },
      starts: [],
      pod: 'goes on',
      why: 'nothing before the sidecar has started',
    },
    {
      policy: 'Always',
      changes: { i1: good, side: up },
      starts: ['i2'],
      pod: 'goes on',
      why: 'the next one beside it',
    },
    {
      policy: 'Always',
      changes: early,
      starts: ['a', 'b'],
      pod: 'goes on',
      why: 'then all main containers',
    },
    {
      policy: 'Always',
      changes: { ...early, a: good, b: up },
      starts: ['a'],
      pod: 'goes on',
      why: 'Always runs a good end again',
    },
    {
      policy: 'OnFailure',
      changes: { ...early, a: good, b: up },
      starts: [],
      pod: 'goes on',
      why: 'OnFailure does not',
    },
    {
      policy: 'OnFailure',
      changes: { ...early, a: bad, b: up },
      starts: ['a'],
      pod: 'goes on',
      why: 'OnFailure runs a bad end again',
    },
    {
      policy: 'OnFailure',
      changes: { ...early, a: good, b: good },
      starts: [],
      pod: 'finished',
      why: 'all good: done',
    },
    {
      policy: 'Never',
      changes: { ...early, a: bad, b: up },
      starts: [],
      pod: 'goes on',
      why: 'the others of a Never pod go on',
    },
    {
      policy: 'Never',
      changes: { ...early, a: bad, b: good },
      starts: [],
      pod: 'finished',
      why: 'all ended: done',
    },
    {
      policy: 'Never',
      changes: { i1: bad },
      starts: [],
      pod: 'finished',
      why: 'a bad init container of a Never pod is its end',
    },
    {
      policy: 'Always',
      changes: { i1: bad },
      starts: ['i1'],
      pod: 'goes on',
      why: 'elsewhere it runs again',
    },
    {
      policy: 'Never',
      changes: { ...early, side: good, a: up, b: up },
      starts: ['side'],
      pod: 'goes on',
      why: 'a sidecar runs again whatever the policy',
    },
    {
      policy: 'Always',
      changes: { i1: good, side: up, i2: good, a: up, b: bad },
      starts: ['b'],
      pod: 'goes on',
      why: 'init containers are not run again',
    },
  ] as const)('$policy: $why', ({ policy, changes, starts, pod }) => {
    const of = spec(policy);
    const found = next(of, records(of, changes), 10_000, OPTIONS);
    const names = found.steps.flatMap((step) => (step.kind === 'start' ? [step.container] : []));
    expect({ names, pod: found.pod }).toEqual({ names: starts, pod });
  });

  test.each([
    { nowMs: 1_499, steps: [], wakeAtMs: 1_500, why: 'not before a real kubelet would look' },
    { nowMs: 1_500, steps: ['start'], wakeAtMs: undefined, why: 'at once the first time' },
  ])('$why', ({ nowMs, steps, wakeAtMs }) => {
    const of = { containers: [container('a')] };
    const found = next(of, firstRecords(of).map(bad), nowMs, OPTIONS);
    expect(found.steps.map(({ kind }) => kind)).toEqual(steps);
    expect(found.wakeAtMs).toBe(wakeAtMs);
  });

  test.each([
    {
      nowMs: 1_900,
      steps: [],
      wakeAtMs: 2_000,
      why: 'a second end is shown as ended for a second',
    },
    { nowMs: 2_000, steps: ['announce'], wakeAtMs: 11_000, why: 'then as backing off' },
    { nowMs: 11_000, steps: ['start'], wakeAtMs: undefined, why: 'and runs again after 10 s' },
  ])('$why', ({ nowMs, steps, wakeAtMs }) => {
    const of = { containers: [container('a')] };
    const crashed = firstRecords(of).map((record) => bad(bad(record)));
    const found = next(of, crashed, nowMs, OPTIONS);
    expect(found.steps.map(({ kind }) => kind)).toEqual(steps);
    expect(found.wakeAtMs).toBe(wakeAtMs);
  });

  test.each([
    { changes: {}, life: 'goes on', phase: 'Pending', why: 'nothing has run' },
    { changes: { ...early, a: up }, life: 'goes on', phase: 'Pending', why: 'one has not run yet' },
    { changes: { ...early, a: up, b: up }, life: 'goes on', phase: 'Running', why: 'all run' },
    {
      changes: { ...early, a: bad, b: bad },
      life: 'goes on',
      phase: 'Running',
      why: 'they will run again',
    },
    {
      changes: { ...early, a: good, b: good },
      life: 'over',
      phase: 'Succeeded',
      why: 'all ended well',
    },
    { changes: { ...early, a: good, b: bad }, life: 'over', phase: 'Failed', why: 'one did not' },
    { changes: {}, life: 'over', phase: 'Failed', why: 'it never ran' },
  ] as const)('phase $phase: $why', ({ changes, life, phase }) => {
    expect(phaseOf(records(spec(), changes), life)).toBe(phase);
  });
});

describe('probes', () => {
  const probe: Probe = { failureThreshold: 3, successThreshold: 2 };
  test.each([
    { kind: 'liveness', answers: '', result: 'success', why: 'alive until it is proved otherwise' },
    { kind: 'readiness', answers: '', result: 'failure', why: 'not ready until it says so' },
    { kind: 'startup', answers: '', result: 'unknown', why: 'nobody knows' },
    { kind: 'readiness', answers: 's', result: 'failure', why: 'one success is too few' },
    { kind: 'readiness', answers: 'ss', result: 'success', why: 'two in a row' },
    {
      kind: 'readiness',
      answers: 'sfs',
      result: 'failure',
      why: 'a failure between starts the count anew',
    },
    { kind: 'liveness', answers: 'ff', result: 'success', why: 'one failure short' },
    { kind: 'liveness', answers: 'fff', result: 'failure', why: 'the third counts' },
    {
      kind: 'liveness',
      answers: 'ffsff',
      result: 'success',
      why: 'a success between starts the count anew',
    },
  ] as const)('$kind after "$answers": $result ($why)', ({ kind, answers, result }) => {
    const state = [...answers].reduce(
      (before, each) => answered(before, each === 's' ? 'success' : 'failure', probe),
      firstState(kind),
    );
    expect(state.result).toBe(result);
  });
});

describe('texts', () => {
  const mounts = [
    { from: '/data', to: '/p/d' },
    { from: '/data/deep/', to: '/p/deep' },
    { from: '/etc/x.y', to: '/p/xy' },
  ];
  test.each([
    { text: '/data', out: '/p/d', why: 'the path itself' },
    { text: '/data/', out: '/p/d/', why: 'its slash stays' },
    { text: '/data/a', out: '/p/d/a', why: 'what is below' },
    { text: '/data/deep/a', out: '/p/deep/a', why: 'the longest mount wins' },
    { text: '/database', out: '/database', why: 'another name' },
    { text: '/data.rdb', out: '/data.rdb', why: 'another name with a dot' },
    { text: '/mnt/data', out: '/mnt/data', why: 'within another path' },
    { text: './data', out: './data', why: 'a relative path' },
    { text: '--dir=/data', out: '--dir=/p/d', why: 'behind an equals sign' },
    { text: '/data:/bin:/data/deep', out: '/p/d:/bin:/p/deep', why: 'in a list' },
    { text: 'cat "/data/a" > /etc/x.y', out: 'cat "/p/d/a" > /p/xy', why: 'in a script' },
    { text: '/etc/xzy', out: '/etc/xzy', why: 'a dot is a dot' },
    { text: 'http://data/x', out: 'http://data/x', why: 'a host is no path' },
  ])('$text -> $out ($why)', ({ text, out }) => {
    expect(rewritten(text, mounts)).toBe(out);
  });

  test.each([
    { text: '$(A)', out: '1', why: 'a name that is known' },
    { text: '$(B)', out: '$(B)', why: 'one that is not' },
    { text: '$$(A)', out: '$(A)', why: 'a dollar of its own' },
    { text: '$A', out: '$A', why: 'what a shell would expand' },
    { text: '$(A', out: '$(A', why: 'an open bracket' },
    { text: '$(constructor)', out: '$(constructor)', why: 'a name that only JavaScript knows' },
  ])('$text -> $out ($why)', ({ text, out }) => {
    expect(expanded(text, { A: '1' })).toBe(out);
  });
});

describe('images', () => {
  const programs = {
    servers: [
      { version: '8.0', program: '/bin/8.0' },
      { version: '9.1', program: '/bin/9.1' },
    ],
    node: '/bin/node',
  };
  test.each([
    { image: 'valkey/valkey:8.0', runs: '/bin/8.0', why: 'the very version' },
    {
      image: 'docker.io/valkey/valkey:9.1.3-alpine',
      runs: '/bin/9.1',
      why: 'major and minor count',
    },
    { image: 'valkey/valkey:7.2', runs: '/bin/8.0 instead', why: 'the first one stands in' },
    { image: 'valkey/valkey', runs: '/bin/8.0 instead', why: 'no version at all' },
    { image: 'valkey/valkey:9.1@sha256:00', runs: '/bin/9.1', why: 'a digest is not looked at' },
    { image: 'node:24-alpine', runs: '/bin/node', why: 'Node 24' },
    { image: 'docker.io/library/node:24.1', runs: '/bin/node', why: 'by its whole name' },
    { image: 'node:22', runs: 'none', why: 'another Node' },
    { image: 'node:240', runs: 'none', why: 'no Node that there is' },
    { image: 'ghcr.io/valkey/valkey:8.0', runs: 'none', why: 'another registry' },
    { image: 'redis:7', runs: 'none', why: 'another program' },
  ])('$image: $runs ($why)', ({ image, runs }) => {
    const found = imageOf(image, programs);
    const text =
      found.kind === 'valkey'
        ? `${found.server.program}${found.substituted === undefined ? '' : ' instead'}`
        : found.kind === 'node'
          ? found.program
          : 'none';
    expect(text).toBe(runs);
  });

  test('without any server the message says what to do', () => {
    expect(imageOf('valkey/valkey:8.0', { servers: [], node: '' })).toMatchObject({
      kind: 'none',
      message: expect.stringContaining('install valkey-server'),
    });
  });
});

describe('classes of service', () => {
  const limits = { cpu: '1', memory: '1Gi' };
  test.each([
    { resources: {}, is: 'BestEffort', why: 'nothing is said' },
    { resources: { requests: { cpu: '0' } }, is: 'BestEffort', why: 'zero is nothing' },
    { resources: { requests: { cpu: '1' } }, is: 'Burstable', why: 'a request alone' },
    { resources: { limits }, is: 'Guaranteed', why: 'limits are requests too' },
    {
      resources: { limits, requests: { cpu: '1000m', memory: '1024Mi' } },
      is: 'Guaranteed',
      why: 'the same amount, written otherwise',
    },
    {
      resources: { limits, requests: { cpu: '500m' } },
      is: 'Burstable',
      why: 'a request below its limit',
    },
    { resources: { limits: { cpu: '1' } }, is: 'Burstable', why: 'memory has no limit' },
  ])('$is: $why', ({ resources, is }) => {
    expect(qosClassOf({ containers: [container('a', { resources })] })).toBe(is);
  });
});
