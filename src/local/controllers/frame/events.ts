/**
 * Events as client-go's recorder writes them: a new one for a new tale, a higher count for one that
 * was told before.
 * Never here: whether something is worth telling.
 */
import type { ApiObject, LocalApi } from '../../api/port';
import { microTimestamp, timestamp } from '../objects/time';
import type { Tale } from './action';
import type { Identity } from './execute';
import { asJson } from './json';

const EVENTS = { group: '', version: 'v1', resource: 'events' };
/** Tales that are remembered for counting, as in client-go. */
const REMEMBERED_MAX = 4096;

interface Told {
  readonly name: string;
  readonly count: number;
}

/**
 * @returns writes one Event, or counts the one that was written for the same key; a refusal is nobody's concern.
 */
export function countedEvents(
  api: LocalApi,
  identity: Identity,
  nowMs: () => number,
): (about: ApiObject, key: readonly unknown[], eventOf: (metadata: object) => object) => void {
  const told = new Map<string, Told>();
  let sequence = 0;
  const remember = (key: string, entry: Told): void => {
    told.delete(key);
    told.set(key, entry);
    const [oldest] = told.keys();
    if (told.size > REMEMBERED_MAX && oldest !== undefined) told.delete(oldest);
  };
  return (about, parts, eventOf) => {
    const namespace = about.metadata.namespace ?? 'default';
    const key = JSON.stringify([about.kind, about.metadata.uid, ...parts]);
    const known = told.get(key);
    if (known !== undefined) {
      const count = known.count + 1;
      const body = { count, lastTimestamp: timestamp(nowMs()) };
      const at = { resource: EVENTS, namespace, name: known.name };
      const answer = api.handle({ verb: 'patch', patch: 'strategic', ...at, body, ...identity });
      if (answer.code < 300) return remember(key, { name: known.name, count });
    }
    sequence = (sequence + 1) % 1_000_000;
    const nanoseconds = BigInt(Math.floor(nowMs())) * 1_000_000n + BigInt(sequence);
    const name = `${about.metadata.name}.${nanoseconds.toString(16)}`;
    const body = asJson(eventOf({ name, namespace }));
    api.handle({ verb: 'create', resource: EVENTS, namespace, body, ...identity });
    remember(key, { name, count: 1 });
  };
}

/** @returns tells what a controller has to say. */
export function recorderOver(
  api: LocalApi,
  identity: Identity,
  nowMs: () => number,
): (tale: Tale, component: string) => void {
  const write = countedEvents(api, identity, nowMs);
  return (tale, component) => {
    const { about, reason, message } = tale;
    const eventFor = (metadata: object): object => eventOf(tale, component, metadata, nowMs());
    write(about, [reason, message, component], eventFor);
  };
}

function eventOf(
  { about, reason, message, type = 'Normal', action }: Tale,
  component: string,
  metadata: object,
  nowMs: number,
): object {
  const at = timestamp(nowMs);
  const shared = { apiVersion: 'v1', kind: 'Event', metadata, reason, message, type };
  const involvedObject = referenceTo(about);
  if (action !== undefined) {
    const reporting = { reportingComponent: component, reportingInstance: component };
    return { ...shared, involvedObject, eventTime: microTimestamp(nowMs), action, ...reporting };
  }
  const times = { firstTimestamp: at, lastTimestamp: at, count: 1 };
  const reporting = { reportingComponent: component, reportingInstance: '' };
  return { ...shared, involvedObject, source: { component }, ...times, ...reporting };
}

/** @param fieldPath the part of the object that it is about. */
export function referenceTo({ apiVersion, kind, metadata }: ApiObject, fieldPath?: string): object {
  const { name, namespace, uid, resourceVersion } = metadata;
  const path = fieldPath === undefined ? {} : { fieldPath };
  return { kind, namespace, name, uid, apiVersion, resourceVersion, ...path };
}
