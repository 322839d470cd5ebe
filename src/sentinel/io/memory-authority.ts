/**
 * An authority within one process: the record in memory, and who leads among several contenders. It is
 * the embedded engine's default, and the tests' way to take the lead from somebody by force.
 * Never here: anything that survives the process.
 */
import { isDeepStrictEqual } from 'node:util';
import type { SwapOutcome } from '../core/event';
import type { ClusterRecord } from '../core/record';
import type { Authority, Leadership } from './ports';

/** Several authorities of one process over one lease in memory, for tests. */
export interface MemoryAuthorityHost {
  /** Whoever starts first leads; the next in line leads when the one before has stopped. */
  contender(name: string): Authority;
  /** `told`: the old leader learns it first. `untold`: it goes on believing, like a paused process. */
  takeOver(name: string, oldLeader: 'told' | 'untold'): void;
  record(): ClusterRecord | undefined;
}

interface Contender {
  readonly name: string;
  readonly tell: (leadership: Leadership) => void;
  belief: 'leads' | 'follows';
}

/** @param initial the record of an earlier life, when it was kept somewhere. */
export function createMemoryAuthority(initial?: ClusterRecord): MemoryAuthorityHost {
  let record = initial;
  let leader: Contender | undefined;
  const contenders: Contender[] = [];

  function lead(next: Contender | undefined): void {
    leader = next;
    if (next === undefined) return;
    next.belief = 'leads';
    next.tell({ kind: 'led', record });
  }

  function swap(
    me: Contender | undefined,
    expected: ClusterRecord | undefined,
    next: ClusterRecord,
  ): SwapOutcome {
    if (me === undefined || me !== leader) return { kind: 'conflict', actual: record };
    if (!isDeepStrictEqual(record, expected)) return { kind: 'conflict', actual: record };
    record = next;
    return { kind: 'ok' };
  }

  function contender(name: string): Authority {
    let me: Contender | undefined;
    return {
      start(tell) {
        me = { name, tell, belief: 'follows' };
        contenders.push(me);
        // As from the network: never within the call that asked for it.
        setImmediate(() => {
          if (leader === undefined && me !== undefined && contenders.includes(me)) lead(me);
        });
      },
      mayAct: () => (me?.belief === 'leads' ? 'granted' : 'denied'),
      swap: async (expected, next) => swap(me, expected, next),
      async stop() {
        if (me === undefined) return;
        contenders.splice(contenders.indexOf(me), 1);
        me.belief = 'follows';
        if (leader === me) lead(contenders[0]);
        me = undefined;
      },
    };
  }

  return {
    contender,
    takeOver(name, oldLeader) {
      const next = contenders.find((other) => other.name === name);
      if (next === undefined || next === leader) return;
      const old = leader;
      if (old !== undefined && oldLeader === 'told') {
        old.belief = 'follows';
        old.tell({ kind: 'lost' });
      }
      lead(next);
    },
    record: () => record,
  };
}
