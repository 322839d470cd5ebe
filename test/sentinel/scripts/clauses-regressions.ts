/**
 * The schedules that failover.md marks *R*: each lost data or got stuck on real Valkey under an earlier text. What
 * a text script can play stands with its script and its negative; what only a real server shows, with the test.
 * Never here: sections 7 and 8 as a whole (clauses-unplanned.ts, clauses-planned.ts).
 */
import type { Clause } from './clauses';

/** A mark that only real servers play. */
export interface RealSchedule {
  readonly says: string;
  readonly by: string;
  /** Of the test that shows it, and of the one beside it that must not. */
  readonly titles: readonly [string, string];
}

/** Anywhere on the page. */
const step = '';

export const regressions: readonly Clause[] = [
  {
    step,
    says: '(*R*: a late REPLICAOF of the same leader re-attached a held replica)',
    plays: ['failover-late-follow-of-the-same-leader-is-void'],
    shows: /late follow on p2 is void\n/,
    not: ['failover-late-follow-of-the-same-leader-is-void', 'failover-late-hold-is-void'],
    hides: /takes effect/,
  },
  {
    step,
    says: '(*R*: a replica attached just before the next crash; never judged while loading)',
    plays: ['choose-attached-just-before-the-crash'],
    shows: /\+intent pod=p0 epoch=3 offset=2\n[\s\S]*lost nothing\n/,
    not: ['choose-attached-and-beyond-the-branch', 'choose-not-while-loading'],
    hides: /\+intent pod=p0/,
  },
  {
    step,
    says: '(*R*: FLUSHALL, then a crash, must not block for ever)',
    plays: ['choose-flushed-cluster-fails-over'],
    shows: /\+intent pod=p1 epoch=2 offset=3\n/,
    not: ['choose-empty-unless-beyond-the-record'],
    hides: /\+intent/,
  },
  {
    step,
    says: 'counts as containing e (*R*: double failover)',
    plays: ['failover-twice-before-anybody-attached'],
    shows: / target=p2 members=\[p2\] m=0 neverAttached\n[\s\S]*lost nothing\n/,
    not: ['failover-twice-after-somebody-attached'],
    hides: /\+intent pod=p0/,
  },
  {
    step,
    says: 'the replid is random after a restart, *R*',
    plays: ['return-without-identity', 'reopen-without-identity-is-the-recorded-primarys-volume'],
    shows: /\+switch-master [\s\S]*\+divergence pod=p\d lostBytes=unknown\n/,
    not: ['return-without-identity-on-an-older-volume'],
    hides: /\+divergence/,
  },
  {
    step,
    says: '(*R*: choosing before fencing lost a WAIT-1 write',
    plays: ['choose-after-the-last-hold'],
    shows: /\+hold pod=p2\n[\s\S]*\+intent pod=p2 epoch=2 offset=2\n/,
    not: ['choose-after-the-last-hold'],
    hides: /\+intent pod=p1/,
  },
  {
    step,
    says: 'counts as a good replica and keeps P writable, *R*',
    plays: ['e3-void-with-a-foreign-consumer'],
    shows: /foreign=true [\s\S]*^\+30000 engine failover\/fence blocked=PrimaryNotFenced\n/m,
    not: ['e3-void-with-a-foreign-consumer'],
    hides: /\+fenced/,
  },
  {
    step,
    says: 'shows -1 and may be the only one, *R*',
    plays: ['choose-booted-from-its-dump-inside-the-lineage'],
    shows: /\+intent pod=p1 epoch=2 offset=1\n/,
    not: ['choose-never-connected-outside-the-lineage'],
    hides: /\+intent pod=p1/,
  },
  {
    step,
    says: '(*R*-like: a heard but filtered node held the only copy)',
    plays: ['choose-filtered-node-is-taken-under-offset'],
    shows: /\+intent pod=p1 epoch=2 offset=1\n/,
    not: ['choose-refuses-when-the-best-is-filtered'],
    hides: /\+intent/,
  },
  {
    step,
    says: '(*R*: a replica that restarted has forgotten what it acknowledged',
    plays: ['heard-a-restarted-replica-forgot'],
    shows: /\+blocked TooFewReplicasHeard heard=1 needed=2 /,
    not: ['heard-durable-with-two-copies'],
  },
  {
    step,
    says: '*R*; a node that never heard of a changed m',
    plays: ['failover-promotion-refused'],
    shows: /answer=MASTERDOWN [\s\S]*\+promoted pod=p1 epoch=3\n/,
    not: ['failover-promotion-refused'],
    hides: /\+promoted pod=p1 epoch=2\n/,
  },
  {
    step,
    says: 'under a fence computed with it, *R*',
    plays: ['failover-old-primary-hears-of-a-changed-m'],
    shows: /send p1 promote offset=0 m=1\n/,
    not: ['failover-old-primary-hears-of-a-changed-m'],
    hides: /send p1 promote offset=0 m=2\n/,
  },
  {
    step,
    says: '(a replication PING may have come between, *R*',
    plays: ['switchover-candidate-must-reach-the-last-byte'],
    shows: /engine switchover\/catchUp\n[\s\S]*send p2 promote offset=2 /,
    not: ['switchover-candidate-never-catches-up'],
    hides: /send p2 promote/,
  },
  {
    step,
    says: '*R*, two claims of one restarted node',
    plays: ['claim-two-leaders-of-one-restarted-node'],
    shows: /send p1 yield\n[\s\S]*engine standby\n/,
    not: ['claim-restarted-node-is-claimed-again'],
    hides: /yield|standby/,
  },
  {
    step,
    says: '(*R*: SETUSER leaves the old connection authenticated)',
    plays: ['failover-late-hold-is-void'],
    shows: /late hold on p1 is void\n/,
    not: ['failover-late-hold-is-void'],
    hides: /takes effect/,
  },
];

export const realSchedules: readonly RealSchedule[] = [
  {
    says: 'its identity survives a restart (*R*)',
    by: 'test/sentinel/io/lone-restart.test.ts',
    titles: [
      'its dump has its history and its place: it comes back fenced, and is opened as what it was',
      'without its data it is nobody: the engine asks, and opens nothing',
    ],
  },
  {
    says: 'followed a stranger and lost its data within 1 s (*R*)',
    by: 'test/faults/table-around.ts',
    titles: ["fault: 'address-of-primary-given-away'", 'bounds: { ...failedOver'],
  },
  {
    says: 'SLAVEOF is a command of its own, *R*',
    by: 'test/sentinel/io/acl.test.ts',
    titles: [
      'a client may not $name, and only its denial says so',
      'each denial of the client users has a way that it closes',
    ],
  },
];
