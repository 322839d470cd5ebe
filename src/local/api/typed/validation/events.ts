/**
 * Validation of Events of both groups (pkg/apis/core/validation/events.go): the newer one asks who acts and when.
 * Never here: the form of the one in the other (kinds/events.ts).
 */
import { numberAt, textAt } from '../../json';
import { qualifiedName } from '../../names';
import type { JsonObject } from '../../port';
import { invalid, required } from '../fault';
import { type Causes, each } from './checks';

const types = ['Normal', 'Warning'];

/** An event is of an object of its own namespace; of one without a namespace, in `default`. */
function placeFaults(namespace: string, of: string): Causes {
  const fits = of === '' ? namespace === 'default' : namespace === of;
  if (fits) return [];
  return [invalid('involvedObject.namespace', of, 'does not match event.namespace')];
}

/** As they were before `eventTime`; with one, all of it is asked for. */
export function coreEventFaults(event: JsonObject): Causes {
  const place = textAt(event, 'metadata', 'namespace');
  const faults = placeFaults(place, textAt(event, 'involvedObject', 'namespace'));
  if (textAt(event, 'eventTime') === '') return faults;
  return [...faults, ...actorFaults(event, 'reportingComponent')];
}

function actorFaults(event: JsonObject, controller: string): Causes {
  const name = textAt(event, controller);
  const missing = (field: string) => (textAt(event, field) === '' ? [required(field)] : []);
  return [
    ...(name === '' ? [required('reportingController')] : []),
    ...each('reportingController', name, qualifiedName(name)),
    ...missing('reportingInstance'),
    ...missing('action'),
    ...missing('reason'),
  ];
}

export function eventFaults(event: JsonObject): Causes {
  const place = textAt(event, 'metadata', 'namespace');
  const type = textAt(event, 'type');
  const unset = (field: string, isSet: boolean) =>
    isSet ? [invalid(field, '', 'needs to be unset')] : [];
  const time = textAt(event, 'eventTime');
  return [
    ...placeFaults(place, textAt(event, 'regarding', 'namespace')),
    ...(time === '' ? [required('eventTime')] : actorFaults(event, 'reportingController')),
    ...(types.includes(type) ? [] : [invalid('type', '', `has invalid value: ${type}`)]),
    ...unset('firstTimestamp', textAt(event, 'deprecatedFirstTimestamp') !== ''),
    ...unset('lastTimestamp', textAt(event, 'deprecatedLastTimestamp') !== ''),
    ...unset('count', (numberAt(event, 'deprecatedCount') ?? 0) !== 0),
    ...unset('source', textAt(event, 'deprecatedSource', 'component') !== ''),
  ];
}
