/**
 * Events of the kubelet, as a real one writes them: a new one for a new tale, a higher count for one that
 * was told before.
 * Never here: whether something is worth telling.
 */
import type { Answer, ApiObject, LocalApi, User } from '../api/port';
import { timestamp } from '../controllers/objects/time';
import { isFine, type TellEvent } from './host';

const EVENTS = { group: '', version: 'v1', resource: 'events' };
/** Tales that are remembered for counting, as in client-go. */
const REMEMBERED_MAX = 4096;

/** @param node where it comes from; undefined: a node that has no link tells nothing. */
export function eventsOf(
  api: LocalApi,
  user: User,
  nowMs: () => number,
): (node: string) => TellEvent {
  const told = new Map<string, { readonly name: string; readonly count: number }>();
  let sequence = 0;
  const send = (request: object): Answer =>
    api.handle({ resource: EVENTS, user, userAgent: 'kubelet', ...request } as never);
  return (node) => (about, type, reason, message, fieldPath) => {
    const namespace = about.metadata.namespace ?? 'default';
    const key = JSON.stringify([about.metadata.uid, fieldPath, type, reason, message]);
    const known = told.get(key);
    const at = timestamp(nowMs());
    if (known !== undefined) {
      const count = known.count + 1;
      const body = { count, lastTimestamp: at };
      const { name } = known;
      if (isFine(send({ verb: 'patch', patch: 'merge', namespace, name, body }))) {
        return remember(told, key, { name, count });
      }
    }
    sequence = (sequence + 1) % 1_000_000;
    const nanoseconds = BigInt(Math.floor(nowMs())) * 1_000_000n + BigInt(sequence);
    const name = `${about.metadata.name}.${nanoseconds.toString(16)}`;
    const body = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
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
    send({ verb: 'create', namespace, body });
    return remember(told, key, { name, count: 1 });
  };
}

function remember<Value>(told: Map<string, Value>, key: string, value: Value): void {
  told.delete(key);
  told.set(key, value);
  const [oldest] = told.keys();
  if (told.size > REMEMBERED_MAX && oldest !== undefined) told.delete(oldest);
}

function referenceTo({ apiVersion, kind, metadata }: ApiObject, fieldPath?: string): object {
  const { name, namespace, uid, resourceVersion } = metadata;
  const path = fieldPath === undefined ? {} : { fieldPath };
  return { kind, namespace, name, uid, apiVersion, resourceVersion, ...path };
}
