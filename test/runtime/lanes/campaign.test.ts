/** An engine that lost its cluster while we hold the lease leads again, ever slower, and not without it. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { type Attempt, Campaign } from '../../../src/runtime/lanes/campaign';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const led: Attempt = { kind: 'led', record: undefined };

interface Scene {
  readonly campaign: Campaign;
  /** When each attempt was made, in s. */
  readonly attemptsAt: number[];
  /** When the engine was told to lead, in s. */
  readonly ledAt: number[];
  lease: 'granted' | 'denied';
  attempt: () => Promise<Attempt>;
}

function scene(outcome: Attempt): Scene {
  const startMs = Date.now();
  const seconds = (): number => (Date.now() - startMs) / 1000;
  const clock = { monotonicMs: () => millis(Date.now() - startMs), wallMs: () => millis(0) };
  const parts: Omit<Scene, 'campaign'> = {
    attemptsAt: [],
    ledAt: [],
    lease: 'granted',
    attempt: async () => outcome,
  };
  const campaign: Campaign = new Campaign({
    clock,
    mayAct: () => made.lease,
    attempt: () => {
      made.attemptsAt.push(seconds());
      return made.attempt();
    },
    onLed: () => made.ledAt.push(seconds()),
  });
  const made: Scene = { ...parts, campaign };
  return made;
}

test('a record that cannot be read is read again after 1, 2, 4 .. 30 s, and led once it can be', async () => {
  const made = scene({ kind: 'again' });
  made.campaign.begin();
  await vi.advanceTimersByTimeAsync(70_000);
  expect(made.attemptsAt).toEqual([0, 1, 3, 7, 15, 31, 61]);
  expect(made.ledAt).toEqual([]);
  made.attempt = async () => led;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(made.ledAt).toEqual([91]);
  expect(made.attemptsAt.length).toBe(8);
});

test('an engine that was outrun leads again, and one that was not is left alone', async () => {
  const made = scene(led);
  made.campaign.begin();
  await vi.advanceTimersByTimeAsync(5000);
  expect(made.ledAt).toEqual([0]);
  made.campaign.again();
  await vi.advanceTimersByTimeAsync(5000);
  expect(made.ledAt).toEqual([0, 6]);
});

test.each([
  { why: 'the cluster is gone', outcome: { kind: 'over' }, lose: 'no', expected: 1 },
  { why: 'the lease is lost', outcome: { kind: 'again' }, lose: 'yes', expected: 1 },
  { why: 'the lease stands', outcome: { kind: 'again' }, lose: 'no', expected: 3 },
] as const)('within 5 s $expected attempts: $why', async ({ outcome, lose, expected }) => {
  const made = scene(outcome);
  made.campaign.begin();
  await vi.advanceTimersByTimeAsync(500);
  if (lose === 'yes') made.campaign.end();
  await vi.advanceTimersByTimeAsync(4500);
  expect(made.attemptsAt.length).toBe(expected);
});

test('while the lease does not stand nothing is read, and it goes on when it stands again', async () => {
  const made = scene(led);
  made.lease = 'denied';
  made.campaign.begin();
  await vi.advanceTimersByTimeAsync(2000);
  expect(made.attemptsAt).toEqual([]);
  made.lease = 'granted';
  await vi.advanceTimersByTimeAsync(2000);
  expect(made.ledAt).toEqual([3]);
});

test('what an attempt of an earlier term read is not told', async () => {
  const made = scene(led);
  let answer: (outcome: Attempt) => void = () => undefined;
  made.attempt = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  made.campaign.begin();
  made.campaign.end();
  answer(led);
  await vi.advanceTimersByTimeAsync(10);
  expect(made.ledAt).toEqual([]);
});
