/**
 * Rows of the fault table that stop the operator in the middle of a step: it is killed there, or its
 * candidate is, or it goes on when another one has ended the work.
 * Never here: the other rows (table.ts).
 */
import {
  armedAt,
  armedBesideAt,
  killCandidate,
  killOperator,
  killOperatorAtBoot,
  killOperatorAtGrant,
  killSuccessor,
  pauseInStep,
} from './acts/operators';
import { asked, beyondPromise } from './promises';
import { type Row, row } from './row';

/** Steps of an unplanned change, in order; each is told when its orders have gone out. */
const FAILOVER = [
  '+dead',
  '+odown',
  '+hold',
  '+fenced',
  '+intent',
  '+promote',
  '+promoted',
  '+switch-master',
];
/** Steps that only a hung primary brings. */
const HUNG = ['+sdown', '+kill'];
/** Steps of an operator that takes over. */
const TAKEOVER = ['+takeover', '+claimed', '+odown'];
/** Steps of a cluster's first primary. */
const BOOT = ['+intent', '+promote', '+promoted', '+switch-master'];
/** Steps of a planned one. */
const SWITCHOVER = ['+switchover', '+pause', '+demoted', '+promote', '+promoted', '+switch-master'];
/** In these the engine works on a candidate. */
const CHOSEN = ['+hold', '+fenced', '+intent', '+promote', '+promoted'];
const PLANNED_AND_CHOSEN = ['+switchover', '+pause', '+demoted', '+promote', '+promoted'];

const failedOver = {
  ackedLost: 'reported',
  changes: { least: 1, most: 1 },
  told: ['PrimaryChanged'],
  neverTold: ['TwoWritersAccepted', 'UnknownPrimary'],
} as const;
const planned = {
  changes: { least: 0, most: 1 },
  neverTold: ['TwoWritersAccepted', 'UnknownPrimary'],
} as const;

function nameOf(step: string): string {
  return step.replace(/^\+/, '');
}

const operatorKilled: readonly Row[] = [
  ...FAILOVER.map((step) =>
    row({
      fault: `operator-killed-in-failover-at-${nameOf(step)}`,
      why: 'its successor reads the record and what the nodes say, and ends what was begun',
      tier: step === '+promote' ? 'quick' : 'full',
      needs: ['operators'],
      before: armedAt(step),
      act: killOperator('failover'),
      // At +switch-master everything is done and recorded, and only the successor is left to tell of it.
      bounds: failedOver,
    }),
  ),
  ...HUNG.map((step) =>
    row({
      fault: `operator-killed-in-failover-of-a-hung-one-at-${nameOf(step)}`,
      why: 'its successor counts the silence from its own takeover, and kills or starves it anew',
      needs: ['operators'],
      before: armedAt(step),
      act: killOperator('hung'),
      bounds: failedOver,
    }),
  ),
  ...TAKEOVER.map((step) =>
    row({
      fault: `successor-killed-in-takeover-at-${nameOf(step)}`,
      why: 'a term more, and the same record: the third one ends what nobody had begun',
      needs: ['operators'],
      before: armedBesideAt(step),
      act: killSuccessor,
      bounds: failedOver,
    }),
  ),
  row({
    fault: 'operator-killed-in-reopening',
    why: 'every process is new, and so is the operator: the best disk is reopened all the same',
    needs: ['operators'],
    before: armedAt('+reopen'),
    act: killOperator('reopening'),
    bounds: { ...failedOver, ...beyondPromise },
  }),
  ...BOOT.map((step) =>
    row({
      fault: `operator-killed-in-boot-at-${nameOf(step)}`,
      why: 'one history is on the volumes, and its successor finds the same one',
      needs: ['operators'],
      before: armedAt(step),
      act: killOperatorAtBoot,
      bounds: { changes: { least: 1, most: 1 }, neverTold: ['SeveralHistories', 'UnknownPrimary'] },
    }),
  ),
  row({
    fault: 'operator-killed-at-grant',
    why: 'recorded or not, the server still demands its replicas: the successor grants it again',
    needs: ['operators'],
    before: armedAt('+grant'),
    act: killOperatorAtGrant,
    bounds: { told: ['WritesWithoutReplicas'], neverTold: ['PrimaryDown', 'TwoWritersAccepted'] },
  }),
  ...SWITCHOVER.map((step) =>
    row({
      fault: `operator-killed-in-switchover-at-${nameOf(step)}`,
      why: 'planned work loses nothing, done or given up',
      needs: ['operators'],
      before: armedAt(step),
      act: killOperator('switchover'),
      bounds: planned,
    }),
  ),
];

/** The first choice may have been promoted already: then there are two changes. */
const candidateKilled: readonly Row[] = [
  ...CHOSEN.map((step) =>
    row({
      fault: `candidate-killed-in-failover-at-${nameOf(step)}`,
      why: 'another one is chosen, with what it has; one replica alone is not all that WAIT needs',
      needs: ['operators'],
      before: armedAt(step),
      act: killCandidate('failover'),
      bounds: { ...failedOver, safeLost: 'reported', changes: { least: 1, most: 2 } },
    }),
  ),
  row({
    fault: 'candidate-killed-in-failover-at-hold',
    policy: 'Durable',
    why: 'it alone may have confirmed a write, and it was not read since it was held: a user must say',
    needs: ['operators'],
    before: armedAt('+hold'),
    act: killCandidate('failover', 'asks'),
    bounds: asked,
  }),
  ...PLANNED_AND_CHOSEN.map((step) =>
    row({
      fault: `candidate-killed-in-switchover-at-${nameOf(step)}`,
      why: 'the old primary has everything: it goes on',
      needs: ['operators'],
      before: armedAt(step),
      act: killCandidate('switchover'),
      bounds: { ...planned, ackedLost: 'reported', changes: { least: 0, most: 2 } },
    }),
  ),
];

const operatorPaused: readonly Row[] = ['+intent', '+promote'].map((step) =>
  row({
    fault: `operator-paused-in-failover-at-${nameOf(step)}`,
    why: 'what it still had to send is refused by the nodes: another term has claimed them',
    needs: ['operators'],
    before: armedAt(step),
    act: pauseInStep,
    bounds: failedOver,
  }),
);

export const stepRows: readonly Row[] = [...operatorKilled, ...candidateKilled, ...operatorPaused];
