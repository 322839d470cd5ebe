/**
 * Rows of the fault table that hurt what is around the processes: objects, operators, the API server, addresses.
 * Never here: how it is done (acts/).
 */
import { giveAddressAway } from './acts/addresses';
import {
  apiGone,
  apiGoneAndPrimaryKilled,
  apiSlowAndPrimaryKilled,
  killDuring,
  only,
  switchOverDuring,
  withForeignConsumer,
} from './acts/network';
import {
  deleteClientService,
  deleteParts,
  deletePodAndVolume,
  deletePrimaryPod,
  deleteSecret,
  deleteSecretAndKillLeader,
  deleteStatefulSet,
  editClientService,
  forceDeletePrimaryPod,
  scaleStatefulSetByHand,
} from './acts/objects';
import { killLeader, killLeaderAndPrimary, pauseLeader } from './acts/operators';
import { killDuringRollingRestart, switchOver } from './acts/planned';
import { killPrimary } from './acts/processes';
import { deleteAndCreateAgain, deleteAndCreateAgainAsked } from './acts/remake';
import { allPolicies, failedOver, LAST_BATCH_MS, movedByPlan, untouched } from './promises';
import { type Row, row, under } from './row';

export const objectRows: readonly Row[] = [
  row({
    fault: 'created-again-over-its-volumes',
    why: 'a new cluster finds one history on the kept volumes and goes on with it',
    act: deleteAndCreateAgain,
    bounds: { changes: { least: 1, most: 1 }, neverTold: ['SeveralHistories', 'AllEmpty'] },
  }),
  row({
    fault: 'created-again-over-append-only-volumes',
    why: 'no replication id outlives an append-only file, so they look like three histories: a user must say',
    spec: { persistence: { mode: 'AOF' } },
    act: deleteAndCreateAgainAsked,
    bounds: {
      changes: { least: 1, most: 1 },
      told: ['SeveralHistories'],
      neverTold: ['AllEmpty', 'UnknownPrimary'],
      says: 'kubectl .*accept=POD@0',
    },
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
    fault: 'primary-pod-deleted-by-force',
    policy: 'Available',
    why: 'as long as it is heard it goes on; once it is not, its death is not proven: the risk is taken and told',
    act: forceDeletePrimaryPod,
    bounds: {
      ...failedOver,
      told: ['CutOffFromPrimary', 'PrimaryChanged', 'TwoWritersAccepted'],
      neverTold: ['UnknownPrimary', 'SecondPrimary'],
      twoWritersMs: LAST_BATCH_MS,
    },
  }),
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
  row({
    fault: 'secret-deleted',
    needs: ['operators'],
    why: 'it comes back with the passwords in force: a server and an operator that begin anew get in',
    act: deleteSecret,
    bounds: untouched,
  }),
  row({
    fault: 'secret-deleted-and-leader-killed',
    needs: ['operators'],
    why: 'nobody knows the passwords any more: that is said, none are made up, and restored ones are used',
    act: deleteSecretAndKillLeader('restored'),
    bounds: { ...untouched, told: ['SecretLost'] },
  }),
  row({
    fault: 'secret-deleted-and-leader-killed-then-all-pods-deleted',
    needs: ['operators'],
    why: 'what SecretLost tells to do without a backup: new passwords, and the data of the volumes',
    act: deleteSecretAndKillLeader('begunAnew'),
    bounds: {
      changes: { least: 1, most: 1 },
      told: ['SecretLost', 'PrimaryChanged'],
      neverTold: ['AllEmpty', 'SeveralHistories', 'TwoWritersAccepted', 'UnknownPrimary'],
    },
  }),
  row({
    fault: 'stateful-set-deleted-alone',
    why: 'its pods live on and belong to the one that is made again',
    act: deleteStatefulSet('alone'),
    bounds: untouched,
  }),
  row({
    fault: 'stateful-set-deleted-with-its-pods',
    why: 'all pods are deleted at once: each comes back with its volume, the last to go hands over',
    act: deleteStatefulSet('at once'),
    bounds: { changes: { least: 1, most: 2 }, neverTold: movedByPlan.neverTold },
  }),
  row({
    fault: 'stateful-set-scaled-by-hand',
    why: 'the definition says how many there are; one pod goes and comes back',
    act: scaleStatefulSetByHand,
    bounds: { ...movedByPlan, changes: { least: 0, most: 1 }, told: [] },
  }),
  row({
    fault: 'replica-and-volume-deleted',
    why: 'an empty disk gets everything from the primary',
    act: deletePodAndVolume('replica'),
    bounds: untouched,
  }),
  row({
    fault: 'primary-and-volume-deleted',
    why: 'it hands over before its disk is gone, and comes back empty as a replica',
    act: deletePodAndVolume('primary'),
    bounds: movedByPlan,
  }),
];

export const plannedRows: readonly Row[] = [
  ...under(allPolicies, (policy) => ({
    fault: 'switchover',
    why: 'pause, wait for equal offsets, demote first: nothing is lost',
    tier: policy === 'Balanced' ? 'quick' : 'full',
    act: switchOver,
    bounds: movedByPlan,
  })),
  row({
    fault: 'primary-killed-in-rolling-restart',
    why: 'what WAIT confirmed is with the other replica; the restart goes on under the new primary',
    act: killDuringRollingRestart,
    bounds: { ...failedOver, changes: { least: 1, most: 3 } },
  }),
];

export const operatorRows: readonly Row[] = [
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

export const networkRows: readonly Row[] = [
  row({
    fault: 'api-gone',
    why: 'nobody decides, and nothing needs a decision: writes go on',
    needs: ['api'],
    lease: 'shipped',
    act: apiGone,
    bounds: untouched,
  }),
  ...(['slow', 'broken', 'conflicts'] as const).flatMap((fault) => [
    row({
      fault: `api-${fault}`,
      why: 'nothing needs a decision, and nothing is decided for the answers alone',
      needs: ['api'],
      lease: 'shipped',
      act: only(fault),
      bounds: untouched,
    }),
    row({
      fault: `api-${fault}-switchover`,
      why: 'planned work loses nothing, done or given up',
      needs: ['api'],
      lease: 'shipped',
      act: switchOverDuring(fault),
      bounds: { changes: { least: 0, most: 1 }, neverTold: ['TwoWritersAccepted'] },
    }),
  ]),
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
