/**
 * Events of both groups: how they are printed, read in the other group, and refused.
 * Never here: other kinds (printing.ts, printing-kinds.ts).
 */
import type { JsonObject } from '../../../../src/local/api/port';
import { core, type Group, get, named, post, silently } from '../row';
import { cells, table, tabled } from './tables';

const long = '2001-02-03T04:05:06Z';
const event = (name: string, more: JsonObject = {}): JsonObject => ({
  metadata: { name },
  involvedObject: { kind: 'Pod', name: 'p', namespace: 'NS' },
  type: 'Normal',
  reason: 'Because',
  message: ' it is so\n',
  ...more,
});
const newEvent = (name: string, more: JsonObject = {}): JsonObject => ({
  metadata: { name },
  regarding: { kind: 'Pod', name: 'p', namespace: 'NS' },
  type: 'Normal',
  reason: 'Because',
  action: 'Act',
  note: 'it is so',
  eventTime: '2001-02-03T04:05:06.000000Z',
  reportingController: 'x.test/c',
  reportingInstance: 'c-1',
  ...more,
});
const series = { count: 7, lastObservedTime: '2001-02-03T04:05:06.000000Z' };

export const events: Group['rows'] = [
  tabled(
    'events of every sort as a table',
    core('events'),
    event('bare'),
    event('counted', { count: 3, firstTimestamp: long, lastTimestamp: long }),
    event('first-only', { firstTimestamp: long }),
    event('from-a-node', { source: { component: 'kubelet', host: 'h' } }),
    event('of-a-field', {
      involvedObject: { kind: 'Pod', name: 'p', namespace: 'NS', fieldPath: 'spec.x' },
    }),
    event('of-a-kind', { involvedObject: { kind: 'Pod', namespace: 'NS' } }),
  ),
  tabled(
    'events of the newer group as a table',
    named('events.k8s.io/v1', 'events'),
    newEvent('once'),
    newEvent('again', { series }),
  ),
  {
    why: 'an event of one group is read in the other',
    steps: [
      silently(post(named('events.k8s.io/v1', 'events'), newEvent('new', { series }))),
      silently(post(core('events'), event('old', { source: { component: 'c' }, count: 2 }))),
      get(core('events', 'new')),
      get(named('events.k8s.io/v1', 'events', 'old')),
      get(core('events'), { accept: table, shown: cells }),
    ],
  },
  {
    why: 'an event of the newer group says who acts and when',
    steps: [
      ...['eventTime', 'reportingController', 'reportingInstance', 'action', 'reason', 'type'].map(
        (field) =>
          post(
            named('events.k8s.io/v1', 'events'),
            newEvent(`no-${field.toLowerCase()}`, { [field]: null }),
          ),
      ),
      post(named('events.k8s.io/v1', 'events'), newEvent('count', { deprecatedCount: 2 })),
      post(named('events.k8s.io/v1', 'events'), newEvent('fine'), { only: ['kind'] }),
    ],
  },
  {
    why: 'an event is of an object in its own namespace',
    steps: [
      post(
        core('events'),
        event('a', { involvedObject: { kind: 'Pod', name: 'p', namespace: 'x' } }),
      ),
      post(core('events'), event('b', { involvedObject: { kind: 'Node', name: 'n' } })),
      post(core('events'), event('c'), { only: ['kind'] }),
    ],
  },
];
