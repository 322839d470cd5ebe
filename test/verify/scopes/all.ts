/**
 * The scopes of the explorer, each a start and budgets of faults. In all of them: three pods,
 * virtual time in which every message takes a millisecond unless a fault says otherwise, faults
 * between any two steps that change more than time.
 * Never here: longer runs (sim) and real servers (test/sentinel/io).
 */

import { noBudget } from '../env/budget';
import { kill } from '../env/connections';
import { settled } from '../env/replication';
import { type Engine, newWorld } from '../env/world';
import type { Scope } from '../mc/explore';
import { leaderScopes, loadScopes, narrowScopes, nodeScopes } from './faults';
import { type Models, modelsOf } from './models';
import { acceptScopes, availableScopes, scaleScopes, wishScopes } from './people';
import { longScope, partScope, scope } from './scope';
import { aloneWorld, chosen, divergedWorld, killed, serving, slowIntentWorld } from './starts';

/** A cluster that starts for the first time. */
function bootScopes({ plain }: Models): readonly Scope[] {
  return [
    scope('boot', 'first boot with a crash and a write', plain, () =>
      newWorld(plain, 3, { ...noBudget, crash: 1, write: 1 }),
    ),
    scope('bootLost', 'first boot with a lost order', plain, () =>
      newWorld(plain, 3, { ...noBudget, lose: 1 }),
    ),
    scope('bootTakeover', 'first boot with a takeover', plain, () =>
      newWorld(plain, 3, { ...noBudget, takeover: 1 }),
    ),
  ];
}

/** Processes that die, come back, or lose the network. */
function crashScopes({ plain, balanced }: Models): readonly Scope[] {
  return [
    scope('crash', 'one crash, one restart, two writes', plain, () =>
      serving(plain, { crash: 1, restart: 1, write: 2 }),
    ),
    scope('reboot', 'a restart inside the detection window, two writes', plain, () =>
      serving(plain, { reboot: 1, write: 2 }),
    ),
    scope('lost', 'crash, one lost order', plain, () =>
      serving(plain, { crash: 1, lose: 1, write: 1 }),
    ),
    scope('slow', 'the primary was killed, two orders or CAS are slow, Balanced', balanced, () =>
      killed(balanced, { delay: 2 }),
    ),
    scope('double', 'two crashes, a restart', plain, () => killed(plain, { crash: 1, restart: 1 })),
    longScope('doubleTwice', 'two crashes, two restarts', plain, () =>
      killed(plain, { crash: 1, restart: 2 }),
    ),
    scope('isolated', 'a node cut off from all, and back', plain, () =>
      serving(plain, { isolate: 1, heal: 1, write: 2 }),
    ),
    scope(
      'rebootCrash',
      'a write that one replica confirmed, the primary dead, a replica restarts',
      plain,
      () =>
        settled(
          kill(
            chosen(plain, serving(plain, { reboot: 1, write: 1 }), [
              'write w2 to p0, confirmed by p1',
            ]),
            0,
          ),
        ),
    ),
    scope('targetLost', 'the primary was killed; a lost order, then a hung node', plain, () =>
      killed(plain, { lose: 1, hang: 1, resume: 1 }),
    ),
    scope(
      'diverged',
      'the first primary died with unconfirmed writes; a crash, a restart, Balanced',
      balanced,
      () => divergedWorld(balanced, { ...noBudget, crash: 1, restart: 1, write: 1 }),
    ),
    scope(
      'targetAlone',
      'one replica was left: its promotion was not heard of, it is cut off; restarts',
      balanced,
      () => aloneWorld(balanced),
    ),
    scope('island', 'two nodes cut off, together with each other, Balanced', balanced, () =>
      serving(balanced, { isolate: 2, write: 1 }),
    ),
  ];
}

/** Two leaders. */
function takeoverScopes({ plain, goesOn }: Models): readonly Scope[] {
  return [
    scope('takeover', 'crash, a takeover, the first leader stands still', plain, () =>
      serving(plain, { crash: 1, takeover: 1, write: 1 }),
    ),
    scope('takeoverLost', 'the primary was killed; a lost order, a takeover', plain, () =>
      killed(plain, { lose: 1, takeover: 1 }),
    ),
    scope('takeoverReboot', 'a takeover, a reboot', plain, () =>
      serving(plain, { reboot: 1, takeover: 1 }),
    ),
    partScope(
      'everythingKilled',
      'the primary was killed; a restart, a lost order, a takeover, two writes',
      plain,
      () => killed(plain, { restart: 1, lose: 1, takeover: 1, write: 2 }),
    ),
    partScope('everything', 'a crash, a restart, a lost order, a takeover, two writes', plain, () =>
      serving(plain, { crash: 1, restart: 1, lose: 1, takeover: 1, write: 2 }),
    ),
    scope(
      'twoLeaders',
      'crash, a takeover, the first leader goes on without a lease check',
      goesOn,
      () => serving(goesOn, { crash: 1, takeover: 1 }),
    ),
    scope('twoLeadersLost', 'the same, the primary killed, with a lost order', goesOn, () =>
      killed(goesOn, { lose: 1, takeover: 1 }),
    ),
  ];
}

/** Processes that stand still. */
function hangScopes({ plain, balanced }: Models): readonly Scope[] {
  return [
    scope('hang', 'a primary or replica stands still and goes on, Balanced', balanced, () =>
      serving(balanced, { hang: 1, resume: 1, write: 1 }),
    ),
    scope('hangTakeover', 'the same with a takeover, Durable', plain, () =>
      serving(plain, { hang: 1, resume: 1, takeover: 1 }),
    ),
    scope(
      'backLate',
      'a hung primary comes back while the intent of its successor is written slowly, Balanced',
      balanced,
      () => slowIntentWorld(balanced, { ...noBudget, resume: 1 }),
    ),
    scope('hangLost', 'a primary stands still, one lost order', plain, () =>
      serving(plain, { hang: 1, resume: 1, lose: 1 }),
    ),
  ];
}

/** Planned moves. */
function switchoverScopes({ plain, served, stuck }: Models): readonly Scope[] {
  return [
    scope('switchover', 'a switchover with a crash', plain, () =>
      serving(plain, { wish: 1, crash: 1, write: 1 }),
    ),
    scope('switchoverLost', 'a switchover with a lost order', plain, () =>
      serving(plain, { wish: 1, lose: 1, write: 1 }),
    ),
    scope('switchoverTakeover', 'a switchover with a takeover', plain, () =>
      serving(plain, { wish: 1, takeover: 1, write: 1 }),
    ),
    scope('served', 'a switchover through a Service, with a crash', served, () =>
      serving(served, { wish: 1, crash: 1, write: 1 }),
    ),
    scope('servedTakeover', 'the same with a takeover', served, () =>
      serving(served, { wish: 1, takeover: 1, write: 1 }),
    ),
    scope('stuck', 'a switchover whose Service does not turn, with a crash', stuck, () =>
      serving(stuck, { wish: 1, crash: 1, write: 1 }),
    ),
  ];
}

/** With what Kubernetes knows of pods. */
function watchedScopes({ watched }: Models): readonly Scope[] {
  return [
    scope('watched', 'crash, restart, with Kubernetes facts', watched, () =>
      serving(watched, { crash: 1, restart: 1, write: 1 }),
    ),
    scope('watchedHang', 'hang, kill by E4, with Kubernetes facts', watched, () =>
      serving(watched, { hang: 1, resume: 1, restart: 1, write: 1 }),
    ),
  ];
}

export function scopesOf(engine: Engine): readonly Scope[] {
  const models = modelsOf(engine);
  return [
    ...bootScopes(models),
    ...crashScopes(models),
    ...takeoverScopes(models),
    ...hangScopes(models),
    ...switchoverScopes(models),
    ...watchedScopes(models),
    ...loadScopes(models),
    ...leaderScopes(models),
    ...nodeScopes(models),
    ...narrowScopes(models),
    ...acceptScopes(models),
    ...wishScopes(models),
    ...scaleScopes(models),
    ...availableScopes(models),
  ];
}
