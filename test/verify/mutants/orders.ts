/**
 * Guards of claims, orders, the record and planned moves.
 * Never here: how a mutant is planted.
 */
import type { Mutant } from './registry';

export const orderMutants: readonly Mutant[] = [
  {
    name: 'othersKept',
    file: 'src/sentinel/core/claim.ts',
    find: "send(sealing, podUid, { kind: 'seal', term, n, others })",
    replace:
      "send(sealing, podUid, { kind: 'seal', term, n, others: others.slice(others.length) })",
    rule: 'I1: a claim deletes every other user of the engine',
    scopes: ['takeoverLost', 'twoLeaders'],
    expected: { killedBy: ['lowerClaimNeverActs'] },
  },
  {
    name: 'secondLookDropped',
    file: 'src/sentinel/core/claim.ts',
    find: '  if (higher > term) {',
    replace: '  if (higher > term + 1000) {',
    rule: 'section 9: two claims of one node see each other at the second look',
    scopes: ['twoClaims'],
    expected: { killedBy: ['lowerClaimNeverActs'] },
  },
  {
    name: 'claimNotRepeated',
    file: 'src/sentinel/core/claim.ts',
    find: 'claim: retryAt(turn, retryAfterMs),',
    replace: 'claim: retryAt(turn, turn.state.record?.primary === undefined ? retryAfterMs : 1e9),',
    rule: 'I1: a node that lost its claim is claimed again',
    scopes: ['reboot'],
    expected: { killedBy: ['settles'] },
  },
  {
    name: 'unreadCountsAsDone',
    file: 'src/sentinel/core/on-reply.ts',
    find: '      : loseClaim(free, node, retryAfterMs);\n',
    replace:
      "      : node.claim.kind === 'held' ? onObeyed(withNode(free, podUid(node), { pending: undefined }), node, order) : loseClaim(free, node, retryAfterMs);\n",
    rule: 'I1: an unread order makes the node unclaimed',
    scopes: ['switchoverLost'],
    expected: { killedBy: ['intentFirst'] },
  },
  {
    name: 'outrunGoesOn',
    file: 'src/sentinel/core/on-lease.ts',
    find: "  const actual = outcome.kind === 'conflict' ? outcome.actual : record;\n  if ((actual?.term ?? 0) !== (record?.term ?? 0))",
    replace:
      "  const actual = outcome.kind === 'conflict' ? outcome.actual : record;\n  if (actual === undefined && record !== undefined)",
    rule: 'section 9: a conflict with a newer term means that we are not the leader',
    scopes: ['twoLeaders', 'outrun'],
    expected: { killedBy: ['staleSwapNeverWins'] },
  },
  {
    name: 'sentBesides',
    file: 'src/sentinel/core/turn.ts',
    find: 'return node.pending === undefined;',
    replace: "return node.pending === undefined || node.pending === 'observe';",
    rule: 'I1: one order at a time on a connection',
    scopes: ['crash'],
    expected: { killedBy: ['oneAtATime'] },
  },
  {
    name: 'followBeforeMember',
    file: 'src/sentinel/core/attach-replicas.ts',
    find: 'isReady(node) &&\n      isMember(record, node) &&',
    replace: 'isReady(node) &&',
    rule: 'section 2: a process enters the record before its REPLICAOF',
    scopes: ['reboot'],
    expected: { killedBy: ['membersBeforeFollow'] },
  },
  {
    name: 'grantNeverGiven',
    file: 'src/sentinel/core/grant.ts',
    find: 'nowMs - since >= GRANT_AFTER_MS',
    replace: 'nowMs - since < 0 * GRANT_AFTER_MS',
    rule: 'section 10: a primary without replicas is let go on',
    scopes: ['flushKilled'],
    expected: { killedBy: ['settles'] },
  },
  {
    name: 'raisedInTheRecordFirst',
    file: 'src/sentinel/core/grant.ts',
    find: '  if (primary.minSet?.m !== to.m || primary.minSet.L !== to.L) {',
    replace: '  if (record.m === to.m && primary.minSet?.m !== to.m) {',
    rule: 'section 10: the server is raised before the record',
    scopes: ['granted'],
    expected: { killedBy: ['minIsInForce'] },
  },
  {
    name: 'promotedWithoutMin',
    file: 'src/sentinel/core/promotion.ts',
    find: '    m: record.m,\n    L: record.L,\n  } as const;',
    replace: '    m: 0,\n    L: record.L,\n  } as const;',
    rule: 'section 7: the promotion sets the m that the record says',
    scopes: ['crash'],
    expected: { killedBy: ['minIsInForce'] },
  },
  {
    name: 'catchUpSkipped',
    file: 'src/sentinel/core/switchover.ts',
    find: 'candidate.facts?.offset === work.stoppedAt)',
    replace: 'candidate.facts !== undefined)',
    rule: 'section 8: promoted only at the offset where the old primary stopped',
    scopes: ['intrude', 'intrudeLost'],
    expected: { killedBy: ['switchoverLosesNothing'] },
  },
  {
    name: 'routeEpochFalls',
    file: 'src/sentinel/core/turn.ts',
    find: 'epoch: Math.max(wished.epoch, record?.epoch ?? 0)',
    replace: 'epoch: wished.epoch',
    rule: 'I7: the epoch beside the Service never falls',
    scopes: ['switchoverTakeover', 'switchoverLost', 'withdrawn'],
    expected: { killedBy: ['numbersNeverFall'] },
  },
];
