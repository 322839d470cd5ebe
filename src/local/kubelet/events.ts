/**
 * Events of the kubelet, with the node that they come from and the container that they are about.
 * Never here: whether something is worth telling, how often it was told (controllers/frame/events.ts).
 */
import type { LocalApi, User } from '../api/port';
import { countedEvents, referenceTo } from '../controllers/frame/events';
import { timestamp } from '../controllers/objects/time';
import type { TellEvent } from './host';

/** @returns by the name of the node. */
export function eventsOf(
  api: LocalApi,
  user: User,
  nowMs: () => number,
): (node: string) => TellEvent {
  const write = countedEvents(api, { user, userAgent: 'kubelet' }, nowMs);
  return (node) => (about, type, reason, message, fieldPath) => {
    write(about, [fieldPath, type, reason, message], (metadata) => {
      const at = timestamp(nowMs());
      return {
        apiVersion: 'v1',
        kind: 'Event',
        metadata,
        involvedObject: referenceTo(about, fieldPath),
        reason,
        message,
        source: { component: 'kubelet', host: node },
        firstTimestamp: at,
        lastTimestamp: at,
        count: 1,
        type,
        reportingComponent: 'kubelet',
        reportingInstance: node,
      };
    });
  };
}
