/**
 * Which of the engine's words become Kubernetes Events, and how they read. Each Event carries what a
 * person would do next; where the engine asks, the exact command.
 * Never here: how Events are written (runtime/ops).
 */
import { describe, type Facts, type Reason } from '../../kit/reasons';
import type { Tell } from '../../sentinel/core/ready';

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

/** @param cluster its name, for the command that answers. @returns undefined for what is only logged. */
export function announcementOf(
  tell: Tell,
  cluster: string,
  namespace: string,
): Announcement | undefined {
  // Every start waits for its pods: the condition says for which, and an alarm would be false.
  if (tell.reason === 'WaitingForFirstBoot') return undefined;
  if (tell.reason !== undefined && tell.event.startsWith('+'))
    return asked(tell.reason, tell.facts, cluster, namespace);
  return announced[tell.event]?.(tell.facts);
}

function asked(reason: Reason, facts: Facts, cluster: string, namespace: string): Announcement {
  const said = describe(reason, facts);
  const pod = String(facts.primary ?? facts.pod ?? 'POD');
  const command = `kubectl -n ${namespace} annotate --overwrite vc ${cluster} valkey.verilean.io/accept=${pod}@${facts.epoch ?? 'EPOCH'}`;
  const note = said.includes('accept=') ? `${said} Command: ${command}` : said;
  return { type: 'Warning', reason, action: 'Failover', note };
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
