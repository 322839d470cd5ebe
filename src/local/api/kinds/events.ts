/**
 * Events of events.k8s.io and of the core are one storage: the form of each from the other
 * (pkg/apis/events/v1/conversion.go).
 * Never here: anything else of Events.
 */
import { at, defined, objectAt, withAt } from '../json';
import type { JsonObject } from '../port';

/** From events.k8s.io/v1 to the core's form, in which it is stored. */
export function eventToStored(event: JsonObject): JsonObject {
  const { regarding, note, related, ...rest } = event;
  const {
    deprecatedSource,
    deprecatedFirstTimestamp,
    deprecatedLastTimestamp,
    deprecatedCount,
    reportingController,
    ...kept
  } = rest;
  return defined({
    ...kept,
    apiVersion: 'v1',
    involvedObject: regarding ?? {},
    related,
    message: note,
    source: deprecatedSource ?? {},
    firstTimestamp: deprecatedFirstTimestamp ?? null,
    lastTimestamp: deprecatedLastTimestamp ?? null,
    count: deprecatedCount,
    reportingComponent: reportingController ?? '',
    reportingInstance: at(event, 'reportingInstance') ?? '',
  });
}

/** The other way round. */
export function eventFromStored(stored: JsonObject): JsonObject {
  const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, ...rest } = stored;
  const { reportingComponent, reportingInstance, ...kept } = rest;
  return defined({
    ...withAt(kept, ['apiVersion'], 'events.k8s.io/v1'),
    regarding: involvedObject ?? {},
    note: message,
    deprecatedSource: source ?? objectAt(undefined),
    deprecatedFirstTimestamp: firstTimestamp ?? null,
    deprecatedLastTimestamp: lastTimestamp ?? null,
    deprecatedCount: count,
    reportingController: reportingComponent === '' ? undefined : reportingComponent,
    reportingInstance: reportingInstance === '' ? undefined : reportingInstance,
    eventTime: at(stored, 'eventTime') ?? null,
  });
}
