/**
 * Scopes about what users do: answers to questions, wishes, FLUSHALL, another number of replicas, and
 * the choice of the policy Available.
 * Never here: faults alone.
 */
import { noBudget } from '../env/budget';
import type { Scope } from '../mc/explore';
import type { Models } from './models';
import { longScope, scope } from './scope';
import {
  askedWorld,
  chosen,
  confirmedWorld,
  countedWorld,
  killed,
  lateTargetWorld,
  serving,
  shortWorld,
  switchingWorld,
} from './starts';

/** `accept` before and after the question it may answer. */
export function acceptScopes({ balanced }: Models): readonly Scope[] {
  return [
    scope(
      'accept',
      'two nodes cut off, the user accepts once, asked or not, Balanced',
      balanced,
      () => serving(balanced, { isolate: 2, accept: 1 }),
    ),
    scope('acceptHeal', 'the primary cut off, one answer, the primary back', balanced, () =>
      askedWorld(balanced, { ...noBudget, heal: 1, accept: 1 }),
    ),
    scope('acceptTakeover', 'the primary cut off, an answer, a takeover', balanced, () =>
      chosen(balanced, askedWorld(balanced, { ...noBudget, accept: 1, takeover: 1 }), [
        'the user accepts p1@1',
      ]),
    ),
    longScope('acceptTwice', 'two nodes cut off, two answers, Balanced', balanced, () =>
      serving(balanced, { isolate: 2, accept: 2 }),
    ),
    longScope('acceptHealAny', 'the same with one answer, and one node back', balanced, () =>
      serving(balanced, { isolate: 2, heal: 1, accept: 1 }),
    ),
    longScope('acceptTakeoverAny', 'one node cut off, one answer, a takeover', balanced, () =>
      serving(balanced, { isolate: 1, accept: 1, takeover: 1 }),
    ),
  ];
}

/** Planned moves that users disturb. */
export function wishScopes({ plain }: Models): readonly Scope[] {
  return [
    scope('withdrawn', 'a switchover whose wish is withdrawn, a crash, a write', plain, () =>
      serving(plain, { wish: 1, withdraw: 1, crash: 1, write: 1 }),
    ),
    scope('withdrawnLost', 'the same with a lost order', plain, () =>
      serving(plain, { wish: 1, withdraw: 1, lose: 1 }),
    ),
    scope('intrude', 'a user ends the pause and writes; a crash', plain, () =>
      serving(plain, { wish: 1, intrude: 1, crash: 1 }),
    ),
    scope('intrudeLost', 'the same while both offsets are compared, with a lost order', plain, () =>
      switchingWorld(plain, { ...noBudget, intrude: 1, lose: 1, write: 1 }),
    ),
    scope('switchoverApi', 'a switchover with refused and slow CAS', plain, () =>
      serving(plain, { wish: 1, apiError: 1, delay: 1 }),
    ),
    scope('flush', 'a record with keys, FLUSHALL, a write, a crash', plain, () =>
      countedWorld(plain, { ...noBudget, flush: 1, write: 1, crash: 1 }),
    ),
    scope('flushKilled', 'FLUSHALL, two crashes, Durable', plain, () =>
      serving(plain, { flush: 1, crash: 2 }),
    ),
  ];
}

/** The number of replicas changes. */
export function scaleScopes({ watched, pair }: Models): readonly Scope[] {
  return [
    scope('shrink', 'from three to two, a crash, a write, with Kubernetes facts', watched, () =>
      serving(watched, { scale: 1, crash: 1, write: 1 }),
    ),
    scope('shrinkTakeover', 'from three to two, a takeover', watched, () =>
      serving(watched, { scale: 1, takeover: 1 }),
    ),
    longScope('shrinkTakeoverCrash', 'from three to two, a crash and a takeover', watched, () =>
      serving(watched, { scale: 1, crash: 1, takeover: 1 }),
    ),
    scope('grow', 'from two to three, a crash, a write', pair, () =>
      shortWorld(pair, { ...noBudget, scale: 1, crash: 1, write: 1 }),
    ),
    scope('growRestart', 'from two to three, a crash, a restart', pair, () =>
      shortWorld(pair, { ...noBudget, scale: 1, crash: 1, restart: 1 }),
    ),
    longScope('growAny', 'from two to three, a crash, a restart, a write', pair, () =>
      shortWorld(pair, { ...noBudget, scale: 1, crash: 1, restart: 1, write: 1 }),
    ),
    scope('growTakeover', 'from two to three, a takeover, a partial list', pair, () =>
      shortWorld(pair, { ...noBudget, scale: 1, takeover: 1, conceal: 1 }),
    ),
    longScope(
      'growTakeoverCrash',
      'from two to three, a crash, a takeover, a partial list',
      pair,
      () => shortWorld(pair, { ...noBudget, scale: 1, crash: 1, takeover: 1, conceal: 1 }),
    ),
  ];
}

/** Two writers are accepted under a partition. */
export function availableScopes({ available, careless }: Models): readonly Scope[] {
  return [
    scope('available', 'a node cut off from all, and back, two writes, Available', available, () =>
      serving(available, { isolate: 1, heal: 1, write: 2 }),
    ),
    scope(
      'availableIsland',
      'a write that one replica confirmed, two nodes cut off together, one back',
      available,
      () => confirmedWorld(available, { ...noBudget, isolate: 2, heal: 1 }),
    ),
    longScope('availableIslandAny', 'the same with a write at any time', available, () =>
      serving(available, { isolate: 2, heal: 1, write: 1 }),
    ),
    scope('availableKilled', 'the primary was killed; a hang, Available', available, () =>
      killed(available, { hang: 1, resume: 1 }),
    ),
    scope('lateTarget', 'a promotion in the socket of a hung node, Available', available, () =>
      lateTargetWorld(available, { ...noBudget, resume: 1, write: 1 }),
    ),
    longScope('availableKilledLost', 'the same with a lost order, from the death', available, () =>
      killed(available, { hang: 1, resume: 1, lose: 1 }),
    ),
    scope(
      'careless',
      'a node cut off, and back, where no write waits for a replica',
      careless,
      () => serving(careless, { isolate: 1, heal: 1, write: 1 }),
    ),
    scope('flap', 'processes stand still and go on, twice, Available', available, () =>
      serving(available, { hang: 2, resume: 2 }),
    ),
  ];
}
