/**
 * Planted mutants: one guard of the engine taken away each, as a patch of a copied source file. The
 * explorer must kill each with a property; one that survives says why it may.
 * Never here: a hook in the shipped source.
 */

export interface Mutant {
  readonly name: string;
  /** From the root of the repository: the engine's source, or the environment's. */
  readonly file: string;
  /** Occurs exactly once there, or the run fails: a mutant must not die by an edit. */
  readonly find: string;
  readonly replace: string;
  /** The rule of failover.md that it breaks. */
  readonly rule: string;
  readonly scopes: readonly string[];
  /** The properties that kill it, each of them, or why none does. */
  readonly expected: { readonly killedBy: readonly string[] } | { readonly survives: string };
}

export const mutants: readonly Mutant[] = [
  {
    name: 'noIntentFirst',
    file: 'src/sentinel/core/intent.ts',
    find: '    target,\n    from: { replid, offset },',
    replace: '    from: { replid, offset },',
    rule: 'I10: the intent names the target before the promotion',
    scopes: ['crash'],
    expected: { killedBy: ['intentFirst'] },
  },
  {
    name: 'noHold',
    file: 'src/sentinel/core/fence.ts',
    find: 'return drained || state.nowMs - work.sinceAtMs >= config.drainMs;',
    replace: 'return false && drained;',
    rule: 'I2: every reachable replica is held, also under E1',
    scopes: ['slow'],
    expected: { killedBy: ['settles'] },
  },
  {
    name: 'unheldCountsAsHeld',
    file: 'src/sentinel/core/fence.ts',
    find: 'return turn.state.nodes.every((node) => isApart(turn, work, node));',
    replace: 'return isApart !== undefined && work !== undefined;',
    rule: 'I2 and I8: nobody is promoted before all are held',
    scopes: ['slow'],
    expected: { killedBy: ['choiceIsFresh'] },
  },
  {
    name: 'chooseBeforeFencing',
    file: 'src/sentinel/core/failover.ts',
    find: "    withNode(so_far, node.fact.podUid, { sight: 'old' }),\n  );\n  return advanceObserve(fresh",
    replace:
      "    withNode(so_far, node.fact.podUid, { sight: 'fresh' }),\n  );\n  return advanceObserve(fresh",
    rule: 'I8: the choice uses only what was read after the last hold',
    scopes: ['slow'],
    expected: { killedBy: ['choiceIsFresh'] },
  },
  {
    name: 'starvedAtOnce',
    file: 'src/sentinel/core/evidence.ts',
    find: '(detached[others] ?? sinceAtMs) + starvedAfterMs(record.L)',
    replace: '(detached[others] ?? sinceAtMs) + 0 * starvedAfterMs(record.L)',
    rule: 'E3: W has passed since the last detachment',
    scopes: ['isolated'],
    expected: { killedBy: ['fenceBeforePromote'] },
  },
  {
    name: 'starvedByAnyHold',
    file: 'src/sentinel/core/evidence.ts',
    find: 'if (detached.length <= others) return undefined;',
    replace: '',
    rule: 'E3: more than |members| - m are detached',
    scopes: ['island'],
    expected: { killedBy: ['fenceBeforePromote'] },
  },
  {
    name: 'noFence',
    file: 'src/sentinel/core/fence.ts',
    find: "  return consented(turn, work) ? 'E5' : 'none';",
    replace: "  return consented(turn, work) ? 'E5' : 'E3';",
    rule: 'I2: no promotion before the fence',
    scopes: ['isolated', 'hang'],
    expected: { killedBy: ['fenceBeforePromote'] },
  },
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
    name: 'restartedCountsAsHeard',
    file: 'src/sentinel/core/choose-replica.ts',
    find: "      node?.facts?.runId === member.runId && node.sight === 'fresh' && node.hold.kind === 'held';",
    replace: "      node?.sight === 'fresh' && node.hold.kind === 'held';",
    rule: 'section 6: heard means the same run',
    scopes: ['rebootCrash'],
    expected: { killedBy: ['confirmedWritesSurvive'] },
  },
  {
    name: 'offsetBeforeEpoch',
    file: 'src/sentinel/core/choose-replica.ts',
    find: 'return byEpoch || byData ||',
    replace: 'return byData || byEpoch ||',
    rule: 'I3: offsets are compared within one history only',
    scopes: ['diverged'],
    expected: { killedBy: ['confirmedWritesSurvive'] },
  },
  {
    name: 'targetUnseen',
    file: 'src/sentinel/core/evidence.ts',
    find: 'return [record.primary, record.target].flatMap((process) => process ?? []);\n}\n',
    replace: 'return [record.primary].flatMap((process) => process ?? []);\n}\n',
    rule: 'section 9: an unseen target is a second P',
    scopes: ['targetAlone'],
    expected: {
      survives:
        'with the unseen target away too few are heard, so section 6 refuses first; needs a larger scope',
    },
  },
  {
    name: 'everAttachedIgnored',
    file: 'src/sentinel/core/lineage.ts',
    find: 'const untouched = !record.everAttached && record.m !== 0;',
    replace: 'const untouched = record.m !== 0;',
    rule: 'I3: a parent counts as the newest epoch only when nothing of that was made safe',
    scopes: ['diverged'],
    expected: {
      survives:
        'it decides only when nobody of the newest epoch is heard: Durable refuses then, the others claim nothing',
    },
  },
];
