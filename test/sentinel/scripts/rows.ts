/**
 * The tables of failover.md, sections 5 and 9, row by row, and the scripts that play them.
 * Never here: whether they are there (rows.test.ts).
 */
export interface Row {
  /** How the row's first cell begins. */
  readonly row: string;
  /** What does as the row says. */
  readonly plays: readonly string[];
  /** What is near and must not do so. */
  readonly not: readonly string[];
}

export const verdicts: readonly Row[] = [
  {
    row: 'EOF or reset, then refused twice',
    plays: ['e1a-killed-primary'],
    not: [
      'e1a-not-when-a-connect-is-accepted',
      'e1a-not-when-a-member-has-a-live-link',
      'e1a-not-when-another-pod-has-the-address',
      'e1a-not-when-no-member-reports-its-link-down',
      'e1a-not-when-the-pod-is-gone',
      'e1a-not-without-a-reachable-member',
      'e1a-not-behind-a-sidecar',
    ],
  },
  {
    row: 'refused without a previous socket; accepted, then EOF',
    plays: ['verdict-refused-without-a-socket', 'verdict-accepted-then-closed'],
    not: ['e1a-not-when-the-connects-bring-nothing', 'witness-pod-gone-and-process-heard'],
  },
  {
    row: 'EHOSTUNREACH, ENETUNREACH, connect timeout',
    plays: ['verdict-unreachable'],
    not: ['witness-we-are-cut-off'],
  },
  {
    row: 'connected, no valid reply for `downAfterMs`',
    plays: ['verdict-hung-boundary', 'e4-kill-of-a-hung-primary'],
    not: ['e4-no-kill-without-an-heir', 'e4-no-kill-on-a-lost-node', 'witness-we-are-cut-off'],
  },
  {
    row: '+PONG, -BUSY, -MISCONF, -ERR max number of clients',
    plays: ['verdict-pong-busy-maxclients-misconf-are-alive', 'verdict-misconf-moves-the-primary'],
    not: ['verdict-misconf-ignored'],
  },
  {
    row: '-LOADING, or -MASTERDOWN with `loading:1`',
    plays: ['verdict-loading-with-a-candidate', 'verdict-loading-without-a-candidate'],
    not: ['choose-not-while-loading', 'choose-nobody-while-all-load'],
  },
  {
    row: '-MASTERDOWN, same run_id',
    plays: ['verdict-masterdown-same-run'],
    not: ['verdict-masterdown-new-run'],
  },
  {
    row: '-MASTERDOWN or role slave, new run_id',
    plays: ['verdict-masterdown-new-run'],
    not: ['verdict-masterdown-same-run'],
  },
  {
    row: 'NOAUTH, WRONGPASS (of the base user), NOPERM',
    plays: [
      'verdict-noauth-is-our-own-error',
      'verdict-wrongpass-is-our-own-error',
      'verdict-noperm-after-takeover',
    ],
    not: ['verdict-wrongpass-hides-no-death', 'claim-restarted-node-is-claimed-again'],
  },
  {
    row: 'no pod, Pending, no IP',
    plays: ['verdict-no-pod', 'verdict-no-ip', 'verdict-no-pod-since-before-the-takeover'],
    not: ['witness-pod-gone-and-process-heard', 'e1c-not-gone-alone'],
  },
];

export const resumptions: readonly Row[] = [
  {
    row: '{record.primary}, any phase',
    plays: [
      'resume-primary-leads-steady',
      'switchover-leader-dies-while-paused',
      'resume-primary-leads-and-a-stray-too',
    ],
    not: ['resume-unseen-target-blocks-the-primary'],
  },
  {
    row: "{x}, x is record.target's process",
    plays: ['resume-target-leads', 'boot-leader-dies-after-the-promotion'],
    not: ['resume-target-of-the-same-pod-another-run-is-no-target'],
  },
  {
    row: '{x}, anything else',
    plays: ['resume-stranger-leads', 'resume-target-of-the-same-pod-another-run-is-no-target'],
    not: ['resume-target-leads'],
  },
  {
    row: 'two or more',
    plays: [
      'resume-target-and-primary-lead',
      'resume-primary-leads-and-a-stray-too',
      'resume-two-strangers-lead',
    ],
    not: ['resume-primary-leads-steady'],
  },
  {
    row: '{}, P claimed or E1',
    plays: ['resume-nobody-leads-primary-claimed', 'resume-nobody-leads-primary-dead'],
    not: ['resume-nobody-leads-primary-unseen'],
  },
  {
    row: '{}, phase Boot',
    plays: ['boot-leader-dies-after-the-intent'],
    not: ['boot-leader-dies-after-the-promotion'],
  },
  {
    row: '{}, P neither',
    plays: ['resume-nobody-leads-primary-unseen'],
    not: ['resume-busy-primary-is-alive-without-a-claim'],
  },
  {
    row: 'no record, {x}, all others attached to x',
    plays: ['resume-no-record-one-master'],
    not: [
      'resume-no-record-a-master-that-not-all-follow',
      'resume-no-record-two-masters',
      'resume-no-record-waits-for-all',
    ],
  },
];
