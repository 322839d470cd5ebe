/**
 * Scopes about faults that the older ones lack: loading, late lists, standstills of the leader, an
 * outrun leader that leads again, twins, foreign data, a lost node, witnesses.
 * Never here: acts of users alone.
 */
import { noBudget } from '../env/budget';
import { newWorld } from '../env/world';
import type { Scope } from '../mc/explore';
import type { Models } from './models';
import { longScope, scope } from './scope';
import {
  bootDeadWorld,
  chosen,
  confirmedWorld,
  consumerWorld,
  grantedWorld,
  killed,
  lostNodeWorld,
  reopeningWorld,
  serving,
  unsyncedWorld,
  volumesWorld,
} from './starts';

/** A node is loading between a look at it and the order that follows. */
export function loadScopes({ plain }: Models): readonly Scope[] {
  return [
    scope('loading', 'a replica begins to load what it was sent; a crash, a write', plain, () =>
      serving(plain, { load: 1, crash: 1, write: 1 }),
    ),
    scope('loadingKilled', 'the primary was killed; a restart, two nodes load', plain, () =>
      killed(plain, { load: 2, restart: 1 }),
    ),
    scope('loadingSwitchover', 'a switchover while a replica loads', plain, () =>
      serving(plain, { wish: 1, load: 1 }),
    ),
  ];
}

/** What a leader knows at its start, and what it misses. */
export function leaderScopes({ plain, watched, goesOn }: Models): readonly Scope[] {
  return [
    scope('bootLists', 'first boot: the list of pods is late, or leaves two out', watched, () =>
      newWorld(watched, 3, { ...noBudget, conceal: 2 }),
    ),
    scope('takeoverLists', 'a takeover with a late or partial list, a crash', watched, () =>
      serving(watched, { takeover: 1, conceal: 1, crash: 1 }),
    ),
    scope('outrun', 'the lease goes to and fro, nobody checks it, a crash', goesOn, () =>
      serving(goesOn, { takeover: 2, crash: 1 }),
    ),
    scope('outrunKilled', 'the same, the primary killed', goesOn, () =>
      killed(goesOn, { takeover: 2 }),
    ),
    scope('twoClaims', 'two leaders claim one node that restarted', goesOn, () =>
      serving(goesOn, { takeover: 1, reboot: 1 }),
    ),
    scope('stall', 'the leader stands still for 3 s; a takeover, a write', plain, () =>
      serving(plain, { stall: 1, takeover: 1, write: 1 }),
    ),
    scope('stallCrash', 'the leader stands still; a crash, a write', plain, () =>
      serving(plain, { stall: 1, crash: 1, write: 1 }),
    ),
    scope('api', 'a crash, the API refuses two CAS', plain, () =>
      serving(plain, { crash: 1, apiError: 2 }),
    ),
  ];
}

/** Nodes that are lost, doubled, or somebody else's. */
export function nodeScopes(models: Models): readonly Scope[] {
  const { plain, balanced, watched, twins, pairs } = models;
  return [
    scope('cut', 'the engine alone loses a node, and finds it again, Balanced', balanced, () =>
      serving(balanced, { cut: 1, heal: 1, write: 1 }),
    ),
    scope('cutCrash', 'the engine alone loses a node; a crash', balanced, () =>
      serving(balanced, { cut: 1, crash: 1 }),
    ),
    scope('lostNode', 'Durable with a node that is lost for good; a crash, a write', plain, () =>
      lostNodeWorld(plain, { ...noBudget, crash: 1, restart: 1, write: 1 }),
    ),
    scope(
      'lostWrite',
      'Durable: a write that one replica confirmed, a node cut off, a crash',
      plain,
      () => confirmedWorld(plain, { ...noBudget, isolate: 1, crash: 1 }),
    ),
    longScope('lostWriteAny', 'Durable: a write, a node cut off, a crash', plain, () =>
      serving(plain, { isolate: 1, crash: 1, write: 1 }),
    ),
    scope(
      'reopen',
      'all died after a write that one replica confirmed; one comes back',
      plain,
      () => reopeningWorld(plain, { ...noBudget, restart: 1 }),
    ),
    scope('reopenLast', 'the same; two are back without it, the last one comes', plain, () =>
      chosen(plain, reopeningWorld(plain, { ...noBudget, restart: 3 }), [
        'restart p2 (disk kept)',
        'restart p1 (disk behind)',
      ]),
    ),
    scope('reopenBoot', 'all died soon after the first boot; two are back empty', plain, () =>
      chosen(plain, bootDeadWorld(plain, { ...noBudget, restart: 3 }), [
        'restart p2 (disk empty)',
        'restart p1 (disk empty)',
      ]),
    ),
    longScope('reopenAll', 'the same; all come back', plain, () =>
      reopeningWorld(plain, { ...noBudget, restart: 3 }),
    ),
    scope(
      'twoConfirm',
      'WAIT 2 and minReplicasToWrite 2, Durable; a crash, two writes',
      pairs,
      () => serving(pairs, { crash: 1, write: 2 }),
    ),
    scope('twin', 'two nodes cut off together, the pod of one is force-deleted', twins, () =>
      serving(twins, { isolate: 2, twin: 1 }),
    ),
    scope('foreign', 'a dead node comes back with the data of another cluster', watched, () =>
      serving(watched, { crash: 1, foreign: 1, accept: 1 }),
    ),
    scope(
      'consumer',
      'the primary feeds a foreign consumer; it is cut off, Balanced',
      balanced,
      () => consumerWorld(balanced, { ...noBudget, isolate: 1, heal: 1, write: 1 }),
    ),
    scope(
      'granted',
      'writes without replicas were granted; a restart, a crash, a write',
      plain,
      () => grantedWorld(plain, { ...noBudget, restart: 1, crash: 1, write: 1 }),
    ),
  ];
}

/** Where one guard alone decides. */
export function narrowScopes({ plain, loose, balanced }: Models): readonly Scope[] {
  return [
    scope('targetUnseen', 'm is 0, a promotion is not heard of, its target is cut off', loose, () =>
      killed(loose, { lose: 1, isolate: 1 }),
    ),
    scope(
      'unsynced',
      'a member that never joined the newest history; a crash, Balanced',
      balanced,
      () => unsyncedWorld(balanced, { ...noBudget, crash: 1, isolate: 1 }),
    ),
    scope('bootVolumes', 'first boot over kept volumes of one history', plain, () =>
      volumesWorld(plain, [[], ['x1'], ['x1', 'x2']], { ...noBudget, hang: 1, resume: 1 }),
    ),
    scope('bootVolumesCrash', 'the same with a crash', plain, () =>
      volumesWorld(plain, [[], ['x1'], ['x1', 'x2']], { ...noBudget, crash: 1 }),
    ),
    longScope('bootVolumesBoth', 'the same with both', plain, () =>
      volumesWorld(plain, [[], ['x1'], ['x1', 'x2']], {
        ...noBudget,
        crash: 1,
        hang: 1,
        resume: 1,
      }),
    ),
    scope('bootHistories', 'first boot over volumes of two histories; one answer', plain, () =>
      volumesWorld(plain, [[], ['x1', 'x2'], ['y1']], { ...noBudget, accept: 1 }),
    ),
  ];
}
