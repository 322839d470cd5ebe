/**
 * Which of the engine's words become Kubernetes Events, and how they read. Each Event carries what a
 * person would do next; where the engine asks, the exact command.
 * Never here: how Events are written (runtime/ops).
 */
import { explain, type Facts, type Reason } from '../../kit/reasons';
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
    note: `the primary ${pod ?? ''} is down (${why ?? ''})`,
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
    note: `this operator leads, term ${term ?? ''}`,
  }),
};

/** @param cluster its name, for the command that answers. @returns undefined for what is only logged. */
export function announcementOf(
  tell: Tell,
  cluster: string,
  namespace: string,
): Announcement | undefined {
  if (tell.reason !== undefined && tell.event.startsWith('+'))
    return asked(tell.reason, tell.facts, cluster, namespace);
  return announced[tell.event]?.(tell.facts);
}

function asked(reason: Reason, facts: Facts, cluster: string, namespace: string): Announcement {
  const said = explain(reason, facts);
  const pod = String(facts.primary ?? facts.pod ?? 'POD');
  const command = `kubectl -n ${namespace} annotate --overwrite vc ${cluster} valkey.verilean.io/accept=${pod}@${facts.epoch ?? 'EPOCH'}`;
  const note = said.includes('accept=') ? `${said} Command: ${command}` : said;
  return { type: 'Warning', reason, action: 'Failover', note };
}

function changeNote({ from, to, epoch, fencedBy, why, lostBytes }: Facts): string {
  const before = from === '' ? '' : ` instead of ${from}`;
  const lost = lostBytes === undefined ? '' : `, ${lostBytes} bytes lost`;
  return `${to} is the primary${before} (epoch ${epoch}, ${why}, fenced by ${fencedBy}${lost})`;
}
