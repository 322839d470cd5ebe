/**
 * A small part of `npm run verify` for every run of the tests: three scopes of the shipped engine,
 * and one mutant that must die, so that the checker itself cannot fall silent.
 */
import { describe, expect, test } from 'vitest';
import { explore } from './mc/explore';
import { traceOf } from './mc/trace';
import { safety } from './props/safety';
import { scopesOf } from './scopes/all';
import { shipped } from './scopes/models';

const small = ['bootLost', 'lost', 'slow', 'twoLeaders', 'switchoverLost'];

describe('the failover engine in small scopes', () => {
  test.each(small)(
    '%s: every property holds and every run ends',
    (name) => {
      const scope = scopesOf(shipped).find((other) => other.name === name);
      if (scope === undefined) throw new Error(`no scope ${name}`);
      const result = explore(scope, {
        properties: safety,
        until: 'firstFailure',
        progress: 'checked',
      });
      const [first] = result.failures;
      const trace =
        first === undefined ? [] : [first.property, first.what, ...traceOf(scope, first.path)];
      expect(trace).toEqual([]);
      expect(result.ended).toBe('complete');
      expect(result.seen.get('oneMasterPerEpoch')).toBeGreaterThan(0);
    },
    60_000,
  );

  test('an engine that promotes without its intent in the record is caught', () => {
    const blind = {
      ...shipped,
      step: (...[config, state, event]: Parameters<typeof shipped.step>) => {
        const ready = shipped.step(config, state, event);
        const next = ready.persist?.next;
        if (next?.phase !== 'Failover') return ready;
        return {
          ...ready,
          persist: { expected: ready.persist?.expected, next: { ...next, target: undefined } },
        };
      },
    };
    const scope = scopesOf(blind).find(({ name }) => name === 'slow');
    if (scope === undefined) throw new Error('no scope slow');
    const result = explore(scope, {
      properties: safety,
      until: 'firstFailure',
      progress: 'ignored',
    });
    expect(result.failures.map(({ property }) => property)).toEqual(['intentFirst']);
  }, 60_000);
});
