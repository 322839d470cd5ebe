/**
 * Which of the engine's words become Kubernetes Events, and how they read. Each Event carries what a
 * person would do next; where the engine asks, the exact command.
 * Never here: how Events are written (runtime/ops).
 */
import { describe, type Facts, type Reason } from '../../kit/reasons';
import type { Tell } from '../../sentinel/core/ready';
import { type ClusterRecord, servedEpoch } from '../../sentinel/core/record';
import { ANNOTATIONS } from '../../spec/naming';

export interface Announcement {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly action: 'Failover' | 'Switchover' | 'Watch';
  readonly note: string;
}

type Words = (facts: Facts) => Omit<Announcement, 'note'> & { readonly note: string };

const announced: Readonly<Record<string, Words>> = {
  '+switch-master': (facts) => ({
    type: 'Normal',
    reason: 'PrimaryChanged',
    action: 'Failover',
    note: changeNote(facts),
  }),
  '+odown': ({ pod, why }) => ({
    type: 'Warning',
    reason: 'PrimaryDown',
    action: 'Failover',
    note: `the primary ${pod ?? ''} is down: ${spelled(causes, why)}`,
  }),
  '+divergence': ({ pod, lostBytes }) => ({
    type: 'Warning',
    reason: 'WritesDiverged',
    action: 'Failover',
    note: `${pod ?? ''} held ${lostBytes ?? 'unknown'} bytes that the primary does not have; they are gone`,
  }),
  '+kill': ({ pod }) => ({
    type: 'Warning',
    reason: 'PrimaryKilled',
    action: 'Failover',
    note: `the hung primary ${pod ?? ''} is deleted so that it cannot write`,
  }),
  '+reboot': ({ pod }) => ({
    type: 'Normal',
    reason: 'ServerRestarted',
    action: 'Watch',
    note: `valkey-server of ${pod ?? ''} was restarted`,
  }),
  '-switchover': ({ to, why }) => ({
    type: 'Warning',
    reason: 'SwitchoverGivenUp',
    action: 'Switchover',
    note: `the switchover to ${to ?? ''} was given up: ${why ?? ''}`,
  }),
  '+takeover': ({ term }) => ({
    type: 'Normal',
    reason: 'TookOver',
    action: 'Watch',
    note: `this operator decides about the cluster (term ${term ?? ''})`,
  }),
};

/**
 * @param cluster its name, for the command that answers.
 * @param standing the annotation `accept` as it is when the engine speaks.
 * @returns undefined for what is only logged.
 */
export function announcementOf(
  tell: Tell,
  cluster: string,
  namespace: string,
  standing?: string,
): Announcement | undefined {
  const { event, facts, reason } = tell;
  // Every start waits for its pods: the condition says for which, and an alarm would be false.
  if (reason === 'WaitingForFirstBoot') return undefined;
  if (reason === 'SwitchoverRefused')
    return { type: 'Warning', reason, action: 'Switchover', note: describe(reason, facts) };
  if (reason === undefined || !event.startsWith('+')) return announced[event]?.(facts);
  const said = describe(reason, facts);
  const command = said.includes('accept=')
    ? answerCommand(reason, facts, { cluster, namespace, standing })
    : '';
  return { type: 'Warning', reason, action: 'Failover', note: said + command };
}

/**
 * A leader that dies behind its last step has recorded a change that nobody was told of. Its successor
 * sees that by what stands there for all to see: the status, or role labels where that names no primary.
 * @param masterPod as the status has it; '' or undefined: none.
 * @param labelled pods whose label says that they are the primary.
 * @returns undefined when what is recorded was told, or this leader is to end the change itself.
 */
export function untoldChange(
  record: ClusterRecord | undefined,
  masterPod: string | undefined,
  labelled: readonly string[],
): Announcement | undefined {
  const to = record?.primary?.pod;
  if (record === undefined || to === undefined || record.phase !== 'Steady') return undefined;
  const shown = masterPod ? [masterPod] : labelled;
  const [from] = shown;
  if (from === undefined || shown.includes(to)) return undefined;
  const note = `${to} is the primary instead of ${from}: recorded by an operator that may have ended before it told (epoch ${servedEpoch(record)})`;
  return { type: 'Normal', reason: 'PrimaryChanged', action: 'Failover', note };
}

interface Question {
  readonly cluster: string;
  readonly namespace: string;
  readonly standing: string | undefined;
}

/** Foreign data is given up for the primary's; which node else is accepted is for a person to say. */
function answerCommand(
  reason: Reason,
  { primary, epoch }: Facts,
  { cluster, namespace, standing }: Question,
): string {
  const annotate = `kubectl -n ${namespace} annotate vc ${cluster} ${ANNOTATIONS.accept}`;
  const pod = reason === 'ForeignHistory' ? (primary ?? 'POD') : 'POD';
  const set = `${annotate}=${pod}@${epoch ?? 'EPOCH'}`;
  const chosen = pod === 'POD' ? ', with the name of the node for POD' : '';
  if (standing === undefined) return ` Command${chosen}: ${set}`;
  return ` The annotation accept=${standing} was there before this question, so it is no answer: remove it, then set it${chosen}: ${annotate}- && ${set}`;
}

/** Why the primary changes, by the engine's word for it. */
const causes: Readonly<Record<string, string>> = {
  socketClosed: 'its process ended',
  terminated: 'its container ended',
  replaced: 'its process was replaced',
  outOfService: 'its node is out of service',
  hung: 'it does not answer',
  gone: 'it cannot be reached',
  readOnly: 'it takes no writes',
  unseenTarget: 'its successor cannot be seen',
  leaving: 'its pod is about to go',
  asked: 'asked for',
  accepted: 'accepted by a user',
  diskError: 'its disk refuses writes',
  firstBoot: 'first start',
  adopted: 'found as it was',
};

/** @param why the engine's word, as in status.failovers.last.reason. */
export function causeText(why: string): string {
  return spelled(causes, why);
}

/** What says that the old primary takes no writes (failover.md section 4). */
const fences: Readonly<Record<string, string>> = {
  E1: 'the old one is dead',
  E2: 'the old one was made read-only',
  E3: 'the old one has no replicas to write with',
  E5: 'the old one may still take writes, as its policy accepts',
};

function spelled(words: Readonly<Record<string, string>>, word: Facts[string]): string {
  return words[String(word)] ?? String(word ?? 'unknown');
}

function changeNote({ from, to, epoch, fencedBy, why, lostBytes }: Facts): string {
  const cause = spelled(causes, why);
  if (from === '') return `${to} is the primary: ${cause} (epoch ${epoch})`;
  const lost = lostBytes === undefined ? '' : `, ${lostBytes} bytes lost`;
  const fence = `${spelled(fences, fencedBy)} (${fencedBy})`;
  return `${to} is the primary instead of ${from}: ${cause}; ${fence}${lost} (epoch ${epoch})`;
}
