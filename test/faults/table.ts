/**
 * The fault table: every fault of the issue, under each policy where the policy makes a difference, with
 * what failover.md promises for it. Rows that stop the operator in a step are in table-steps.ts.
 * Never here: how a fault is done (acts/).
 */
import { giveAddressAway } from './acts/addresses';
import {
  apiGone,
  apiGoneAndPrimaryKilled,
  apiSlowAndPrimaryKilled,
  killDuring,
  withForeignConsumer,
} from './acts/network';
import {
  deleteAndCreateAgain,
  deleteClientService,
  deleteParts,
  deletePrimaryPod,
  editClientService,
  forceDeletePrimaryPod,
} from './acts/objects';
import { killLeader, killLeaderAndPrimary, pauseLeader } from './acts/operators';
import {
  countKeys,
  flushThenKill,
  freezeBeyondReach,
  freezeBriefly,
  freezeThenThaw,
  killAfterReplicaRestarted,
  killAll,
  killAllAtOnce,
  killAllWithDisks,
  killPrimary,
  killPrimaryAndReplica,
  killReplica,
  killTwice,
  restartUnseen,
} from './acts/processes';
import { type Row, row, under } from './row';
import { stepRows } from './table-steps';

const allPolicies = ['Durable', 'Balanced', 'Available'] as const;
/** A process that comes back in reach is claimed and demoted at its next probe. */
const DEMOTED_MS = 2_000;
/** A process that was paused may acknowledge one last batch. */
const LAST_BATCH_MS = 50;
/** A client reconnects within this where nothing is wrong with the data path. */
const UNDISTURBED_MS = 1_000;

/** Acknowledged without WAIT: what a dead process had not sent yet is lost, and said. */
const failedOver = {
  ackedLost: 'reported',
  changes: { least: 1, most: 1 },
  told: ['PrimaryDown', 'PrimaryChanged'],
  neverTold: ['TwoWritersAccepted', 'UnknownPrimary', 'SecondPrimary'],
} as const;
const movedByPlan = {
  changes: { least: 1, most: 1 },
  told: ['PrimaryChanged'],
  neverTold: ['TwoWritersAccepted', 'WritesDiverged', 'SwitchoverGivenUp'],
} as const;
const untouched = {
  gapMs: UNDISTURBED_MS,
  neverTold: ['PrimaryDown', 'PrimaryKilled', 'TwoWritersAccepted'],
} as const;
/** Nothing that had it in memory lives on: WAIT promises memory, not disk. */
const beyondPromise = { safeLost: 'reported', ackedLost: 'reported' } as const;

const primaryRows: readonly Row[] = [
  ...under(allPolicies, (policy) => ({
    fault: 'primary-killed',
    why: 'its sockets prove its death: no wait, no second writer, and what WAIT confirmed is kept',
    tier: policy === 'Balanced' ? 'quick' : 'full',
    act: killPrimary,
    bounds: failedOver,
  })),
  row({
    fault: 'primary-frozen-briefly',
    why: 'silence shorter than downAfterMs is no death',
    tier: 'quick',
    act: freezeBriefly,
    bounds: { ...untouched, gapMs: 3_000 },
  }),
  ...under(allPolicies, (policy) => ({
    fault: 'primary-frozen-then-thawed',
    why: 'hung on a live node: its pod is deleted before another one is promoted',
    tier: policy === 'Balanced' ? 'quick' : 'full',
    act: freezeThenThaw,
    bounds: { ...failedOver, told: ['PrimaryDown', 'PrimaryKilled', 'PrimaryChanged'] },
  })),
  ...under(allPolicies, () => ({
    fault: 'primary-frozen-beyond-reach',
    why: 'nobody can kill it, so it is starved first; thawed, it has at most one last batch',
    act: freezeBeyondReach,
    bounds: {
      ...failedOver,
      twoWritersMs: LAST_BATCH_MS,
      neverTold: ['TwoWritersAccepted', 'UnknownPrimary'],
    },
  })),
  row({
    fault: 'primary-frozen-beyond-reach-with-consumer',
    policy: 'Available',
    why: 'a consumer keeps it writable, so it cannot be starved: the policy takes the risk and says so',
    act: withForeignConsumer(freezeBeyondReach),
    bounds: {
      ...failedOver,
      safeLost: 'reported',
      twoWritersMs: DEMOTED_MS,
      told: ['ForeignReplica', 'PrimaryDown', 'PrimaryChanged', 'TwoWritersAccepted'],
      neverTold: ['UnknownPrimary'],
    },
  }),
  row({
    fault: 'primary-restarted-unseen',
    why: 'a new process under the old name serves nobody: that counts as down, whatever its disk has',
    tier: 'quick',
    needs: ['operators'],
    act: restartUnseen('kept'),
    bounds: { ...failedOver, told: ['PrimaryChanged'] },
  }),
  row({
    fault: 'primary-restarted-empty',
    why: 'an empty disk never wins: the replicas have the data',
    tier: 'quick',
    needs: ['operators'],
    act: restartUnseen('empty'),
    bounds: {
      ...failedOver,
      told: ['PrimaryChanged'],
      neverTold: ['AllEmpty', 'TwoWritersAccepted'],
    },
  }),
  row({
    fault: 'double-failover',
    why: 'the second primary dies before its replicas are in its epoch; its parent history counts',
    tier: 'quick',
    act: killTwice,
    bounds: { ...failedOver, changes: { least: 2, most: 2 } },
  }),
  row({
    fault: 'flushed-then-killed',
    why: 'all keys gone by a wish must not look like a lost disk and block for ever',
    tier: 'quick',
    act: flushThenKill,
    bounds: { ...failedOver, neverTold: ['AllEmpty', 'NoPromotableReplica'] },
  }),
];

const severalRows: readonly Row[] = [
  row({
    fault: 'replica-killed',
    why: 'the primary goes on with the other one; nothing is failed over',
    tier: 'quick',
    act: killReplica,
    bounds: untouched,
  }),
  row({
    fault: 'replica-restarted-then-primary-killed',
    policy: 'Durable',
    needs: ['operators'],
    why: 'a replica that began anew forgot what it confirmed: too few are heard, a user must say',
    act: killAfterReplicaRestarted,
    bounds: {
      ...failedOver,
      safeLost: 'reported',
      told: ['PrimaryDown', 'TooFewReplicasHeard', 'PrimaryChanged'],
      says: 'accept=\\S+@\\d+',
    },
  }),
  row({
    fault: 'primary-and-replica-killed',
    why: 'one is left: it is promoted and takes writes alone, which is granted and said',
    tier: 'quick',
    act: killPrimaryAndReplica,
    bounds: { ...failedOver, safeLost: 'reported' },
  }),
  row({
    fault: 'all-killed',
    why: 'every process is new: the best disk is reopened, the rest is lost and said',
    tier: 'quick',
    act: killAll,
    bounds: { ...failedOver, ...beyondPromise, told: ['PrimaryChanged'] },
  }),
  row({
    fault: 'all-killed-with-append-only-files',
    why: 'no replication id survives a restart from AOF: the recorded volume counts',
    spec: { persistence: { mode: 'AOF' } },
    act: killAllAtOnce,
    bounds: { ...failedOver, ...beyondPromise, told: ['PrimaryChanged'] },
  }),
  row({
    fault: 'all-disks-empty',
    why: 'going on would hide a loss: it stops, and prints the command that answers',
    tier: 'quick',
    before: countKeys,
    act: killAllWithDisks('asks'),
    bounds: {
      ...beyondPromise,
      end: 'stopped',
      told: ['PrimaryDown', 'AllEmpty'],
      says: 'kubectl .*accept=\\S+@\\d+',
    },
  }),
  row({
    fault: 'all-disks-empty-when-young',
    why: 'a cluster in its first minute has as much to lose',
    act: killAllWithDisks('asks'),
    bounds: { ...beyondPromise, end: 'stopped', told: ['AllEmpty'] },
  }),
  row({
    fault: 'all-disks-empty-accepted',
    why: 'the printed command is obeyed',
    before: countKeys,
    act: killAllWithDisks('accepted'),
    bounds: {
      ...beyondPromise,
      changes: { least: 1, most: 1 },
      told: ['AllEmpty', 'PrimaryChanged'],
    },
  }),
  row({
    fault: 'all-disks-empty-of-a-cache',
    why: 'dataLossPolicy Accept: a cache goes on empty by itself',
    spec: { failover: { dataLossPolicy: 'Accept' } },
    act: killAllWithDisks('goesOn'),
    bounds: { ...beyondPromise, changes: { least: 1, most: 1 }, told: ['PrimaryChanged'] },
  }),
];

const objectRows: readonly Row[] = [
  row({
    fault: 'created-again-over-its-volumes',
    why: 'a new cluster finds one history on the kept volumes and goes on with it',
    act: deleteAndCreateAgain,
    bounds: { changes: { least: 1, most: 1 }, neverTold: ['SeveralHistories', 'AllEmpty'] },
  }),
  ...under(allPolicies, (policy) => ({
    fault: 'primary-pod-deleted',
    why: 'a deletion is planned work: it hands over first and loses nothing',
    tier: policy === 'Balanced' ? 'quick' : 'full',
    act: deletePrimaryPod,
    bounds: movedByPlan,
  })),
  ...under(['Durable', 'Balanced'], () => ({
    fault: 'primary-pod-deleted-by-force',
    why: 'the object is gone and the process is not: its replicas hear it, so it is not believed dead',
    act: forceDeletePrimaryPod,
    bounds: {
      ...failedOver,
      told: ['CutOffFromPrimary', 'PrimaryChanged'],
      twoWritersMs: LAST_BATCH_MS,
    },
  })),
  row({
    fault: 'client-service-edited',
    why: "a user's selector is put back; what it pointed to takes no writes",
    tier: 'quick',
    act: editClientService,
    bounds: { ...untouched, gapMs: 5_000, route: 'edited' },
  }),
  row({
    fault: 'client-service-deleted',
    why: 'it is made again and leads to the primary',
    act: deleteClientService,
    bounds: { neverTold: untouched.neverTold, route: 'edited' },
  }),
  row({
    fault: 'parts-deleted',
    why: 'they come back, and nobody notices',
    act: deleteParts,
    bounds: untouched,
  }),
];

const operatorRows: readonly Row[] = [
  row({
    fault: 'leader-killed',
    why: 'the data path does not need it',
    tier: 'quick',
    needs: ['operators'],
    act: killLeader,
    bounds: untouched,
  }),
  row({
    fault: 'leader-and-primary-killed',
    why: 'its successor has no proof of its own and no memory but the record',
    tier: 'quick',
    needs: ['operators'],
    act: killLeaderAndPrimary,
    bounds: { ...failedOver, told: ['PrimaryChanged'] },
  }),
  row({
    fault: 'leader-paused-then-resumed',
    why: 'its orders of a lower term change nothing',
    needs: ['operators'],
    act: pauseLeader,
    bounds: failedOver,
  }),
];

const networkRows: readonly Row[] = [
  row({
    fault: 'api-gone',
    why: 'nobody decides, and nothing needs a decision: writes go on',
    needs: ['api'],
    lease: 'shipped',
    act: apiGone,
    bounds: untouched,
  }),
  row({
    fault: 'api-gone-primary-killed',
    why: 'the stated price: it is failed over once the API is back',
    needs: ['api'],
    act: apiGoneAndPrimaryKilled,
    bounds: { ...failedOver, told: ['PrimaryChanged'] },
  }),
  row({
    fault: 'api-slow-primary-killed',
    why: 'answers that come 3 s late still carry a failover',
    needs: ['api'],
    lease: 'shipped',
    act: apiSlowAndPrimaryKilled,
    bounds: { ...failedOver, told: ['PrimaryChanged'] },
  }),
  row({
    fault: 'api-broken-primary-killed',
    why: 'watches that end and answers of 500 are asked again',
    needs: ['api'],
    act: killDuring('broken'),
    bounds: { ...failedOver, told: ['PrimaryChanged'] },
  }),
  row({
    fault: 'api-conflicts-primary-killed',
    why: 'a refused compare-and-swap is read again and begun again',
    needs: ['api'],
    act: killDuring('conflicts'),
    bounds: { ...failedOver, told: ['PrimaryChanged'] },
  }),
  row({
    fault: 'address-of-primary-given-away',
    why: "the replicas know their own primary's password only: they never follow a stranger",
    needs: ['operators', 'addresses'],
    act: giveAddressAway,
    bounds: { ...failedOver, told: ['PrimaryChanged'] },
  }),
  row({
    fault: 'foreign-consumer-primary-killed',
    why: 'it voids starvation, which a proven death does not need; and it is told',
    act: withForeignConsumer(killPrimary),
    bounds: { ...failedOver, told: ['ForeignReplica', 'PrimaryDown', 'PrimaryChanged'] },
  }),
];

export const table: readonly Row[] = [
  ...primaryRows,
  ...severalRows,
  ...objectRows,
  ...operatorRows,
  ...networkRows,
  ...stepRows,
];
