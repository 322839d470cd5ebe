/**
 * Section 8 of failover.md, clause by clause (clauses.ts): the planned switchover.
 * Never here: section 7 (clauses-unplanned.ts).
 */
import type { Clause } from './clauses';

const before: readonly Clause[] = [
  {
    step: 'Precondition: ',
    says: "online in P's ROLE",
    plays: ['switchover-asked', 'switchover-chosen-by-us', 'switchover-refused-without-an-heir'],
    shows: /\+switchover from=p0 to=p\d why=asked\n/,
    not: ['switchover-refused-when-not-online-at-the-primary', 'switchover-wish-of-another-epoch'],
    hides: /\+switchover/,
  },
  {
    step: 'Precondition: ',
    says: 'lag under 1 MiB',
    plays: ['switchover-just-near-enough'],
    shows: /SwitchoverRefused to=p2 [\s\S]*\+switchover from=p0 to=p2 /,
    not: ['switchover-refused-when-far-behind'],
    hides: /\+switchover/,
  },
  {
    step: '1. ',
    says: 'record `{phase: Switchover, epoch+1, target: C}`',
    plays: ['switchover-asked', 'switchover-intent-conflicts'],
    shows: / epoch=2 Switchover primary=p0 target=p2 [^>]*\n[\s\S]*send p0 pause /,
    not: ['switchover-intent-conflicts'],
    hides: /conflict\n(?:(?! Switchover )[\s\S])*send p0 pause /,
  },
  {
    step: '1. ',
    says: 'giving up keeps the number',
    plays: ['switchover-handover-never-arrived', 'switchover-pause-unread'],
    shows: / epoch=2 Steady primary=p0 [\s\S]* epoch=3 Switchover /,
    not: ['switchover-handover-never-arrived', 'switchover-offsets-do-not-meet'],
    hides: / epoch=2 Steady primary=p0 [\s\S]* epoch=2 Switchover | epoch=1 Steady/,
  },
  {
    step: '2. ',
    says: 'P: `CLIENT PAUSE 5000 WRITE`',
    plays: ['switchover-asked'],
    shows: /send p0 pause forMs=5000\n[\s\S]*send p0 handOver /,
    not: ['switchover-pause-refused', 'switchover-candidate-lost-while-paused'],
    hides: /handOver p/,
  },
  {
    step: '3. ',
    says: 'until the offsets are equal twice',
    plays: ['switchover-catches-up-in-the-pause'],
    shows: /^\+1 \+pause pod=p0\n\+503 send p0 handOver /m,
    not: ['switchover-offsets-do-not-meet'],
    hides: /handOver/,
  },
  {
    step: '3. ',
    says: 'give up at 2 s',
    plays: ['switchover-offsets-do-not-meet'],
    shows: /^\+2001 -switchover to=p2 [\s\S]*^\+2001 send p0 unpause\n/m,
    not: ['switchover-catches-up-in-the-pause'],
    hides: /-switchover|unpause/,
  },
  {
    step: '3. ',
    says: 'or on EXECABORT: `CLIENT UNPAUSE`, clear phase and target',
    plays: ['switchover-handover-aborted'],
    shows: / epoch=2 Steady primary=p0 members=\S+ m=1\n\S+ send p0 unpause\n[\s\S]*EXECABORT/,
    not: ['switchover-asked'],
    hides: /unpause| Steady primary=p0 [\s\S]*\+switchover [\s\S]* Steady primary=p0 /,
  },
];

const after: readonly Clause[] = [
  {
    step: '4. ',
    says: 'selector to C, sent together with P',
    plays: ['switchover-asked', 'switchover-catches-up-in-the-pause'],
    shows: /^(\+\d+) send p0 handOver primary=p2\n\1 route p2@2\n/m,
    not: ['switchover-offsets-do-not-meet'],
    hides: /route p2/,
  },
  {
    step: '4. ',
    says: 'No acknowledgement before the pause ends minus 1 s: nothing is promoted',
    plays: ['switchover-handover-unread', 'switchover-handover-never-arrived'],
    shows: /send p0 handOver primary=p2\n[\s\S]*\+claimed pod=p0\n/,
    not: ['switchover-handover-unread', 'switchover-handover-never-arrived'],
    hides: /handOver(?:(?!\+demoted)[\s\S])*send p2 promote/,
  },
  {
    step: '4. ',
    says: 'the higher offset wins, normally P',
    plays: [
      'switchover-handover-unread',
      'switchover-candidate-never-catches-up',
      'switchover-candidate-lost-after-the-handover',
    ],
    shows: / Failover primary=p0 target=p0 [\s\S]*\+promoted pod=p0 epoch=3\n[\s\S]*lost nothing\n/,
    not: ['switchover-leader-dies-after-the-handover'],
    hides: /\+intent pod=p0/,
  },
  {
    step: '5. ',
    says: 'only when its offset equals the one in that INFO',
    plays: ['switchover-candidate-must-reach-the-last-byte'],
    shows: /engine switchover\/catchUp\n[\s\S]*send p2 promote offset=2 /,
    not: ['switchover-candidate-never-catches-up'],
    hides: /send p2 promote/,
  },
  {
    step: '5. ',
    says: 'C: promote as in section 7 step 4',
    plays: ['switchover-primary-dies-after-the-handover', 'switchover-promotion-unread'],
    shows: /\+demoted pod=p0 offset=1\n\S+ send p2 promote offset=1 m=1\n[\s\S]*lost nothing\n/,
    not: ['switchover-handover-aborted'],
    hides: /promote/,
  },
  {
    step: '6. ',
    says: 'the rest REPLICAOF C',
    plays: ['switchover-asked', 'switchover-pod-deleting'],
    shows: /send p[12] follow primary=p[12]\n[\s\S]*send p0 follow primary=p[12]\n/,
    not: ['switchover-candidate-lost-while-paused'],
    hides: /follow/,
  },
  {
    step: '7. ',
    says: '`+switch-master`, record, and the kills of section 7 step 6',
    plays: ['switchover-asked', 'switchover-kills-stragglers-when-the-endpoints-show-it'],
    shows:
      / epoch=2 Steady primary=p2 [\s\S]*\+switch-master from=p0 to=p2 [\s\S]*send p0 killClients\n/,
    not: ['switchover-handover-aborted', 'switchover-offsets-do-not-meet'],
    hides: /\+switch-master|killClients/,
  },
  {
    step: 'Killed, not merely unpaused',
    says: 'A pod that is to go',
    plays: [
      'switchover-pod-deleting',
      'switchover-pod-deleting-and-a-service-that-does-not-turn',
      'switchover-services-that-never-rest',
      'switchover-pod-leaving-and-no-heir-among-the-leaving',
      'switchover-wish-without-an-heir-starves-no-leaving',
    ],
    shows: /\+switchover from=p0 to=p\d why=leaving\n[\s\S]*\+switch-master from=p0 /,
    not: ['switchover-no-heir-for-two-wishes'],
    hides: /\+switchover|\+switch-master/,
  },
  {
    step: "The Service's side",
    says: 'planned work waits 1.1 s after the last change it knows of',
    plays: [
      'switchover-waits-for-the-service-to-be-quiet',
      'switchover-waits-for-the-other-services-too',
    ],
    // 500 ms, 550 ms, then these.
    shows: /^\+50 swap \S+ epoch=2 Switchover /,
    not: ['failover-waits-for-no-service'],
    hides: / Switchover /,
  },
  {
    step: "The Service's side",
    says: 'an unplanned flip is sent before kubelet reports the death',
    plays: ['failover-waits-for-no-service'],
    shows: /\+dead pod=p0 by=socketClosed\n[\s\S]*^\+1?\d route p1@2\n/m,
    not: ['switchover-waits-for-the-service-to-be-quiet'],
    hides: /^\+1?\d route/m,
  },
  {
    // Decision 0036: C itself, and before the pause.
    step: "The Service's side",
    says: 'Measure whether `none` before `C` in step 4 is better for clients',
    plays: ['switchover-turns-the-service-first', 'switchover-turned-back-before-it-settled'],
    shows: /route p2@2\n[\s\S]*send p0 pause forMs=5000\n[\s\S]*\+switch-master from=p0 to=p2 /,
    not: [
      'switchover-needs-a-service-that-turns',
      'switchover-given-up-stays-so-when-the-record-is-refused',
      'switchover-pod-leaving-waits-for-a-service-that-turns',
      'switchover-candidate-leaving-while-the-service-turns',
      'switchover-candidate-lost-while-the-service-turns',
      'switchover-leader-dies-after-the-service-turned',
      'switchover-primary-dies-after-the-service-turned',
    ],
    hides: /send p0 pause|send p2 promote/,
  },
];

export const planned: readonly Clause[] = [...before, ...after];
