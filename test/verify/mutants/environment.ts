/**
 * Guards that are Valkey's or the API's: a model without them must be seen to be wrong.
 * Never here: how a mutant is planted.
 */
import type { Mutant } from './registry';

export const environmentMutants: readonly Mutant[] = [
  {
    name: 'bootsAsMaster',
    file: 'test/verify/env/servers.ts',
    find: 'patched(next, podUid, { ...born, log, m: 1 })',
    replace: "patched(next, podUid, { ...born, role: 'master', log, m: 1 })",
    rule: 'I4: a process starts unable to accept writes',
    scopes: ['reboot'],
    expected: { killedBy: ['bootFenced'] },
  },
  {
    name: 'casAlwaysWins',
    file: 'test/verify/env/leader.ts',
    find: 'const won = sameRecord(swap.expected, world.api);',
    replace: 'const won = sameRecord(swap.next, swap.next);',
    rule: 'section 2: the record is written by compare-and-swap',
    scopes: ['outrun', 'twoLeaders'],
    expected: { killedBy: ['staleSwapNeverWins'] },
  },
  {
    name: 'holdTakesNoEffect',
    file: 'test/verify/env/orders.ts',
    find: "return done({ role: 'replica', upstream: undefined, link: 'down' });",
    replace: 'return done({});',
    rule: 'section 2: a held node is attached to nobody',
    scopes: ['slow'],
    expected: { killedBy: ['settles'] },
  },
  {
    name: 'usersOutliveTheirClaim',
    file: 'test/verify/env/orders.ts',
    find: 'const sealed = patched(servers, podUid, { users: kept });',
    replace: 'const sealed = patched(servers, podUid, { users });',
    rule: 'I1: the user of a claim is the fencing token',
    scopes: ['takeoverLost'],
    expected: { killedBy: ['lowerClaimNeverActs'] },
  },
];
