/**
 * What the controller of StatefulSets leaves: the state that it comes to, awaited, not when.
 * Never here: other controllers (controllers.ts).
 */
import type { JsonObject } from '../../../../src/local/api/port';
import { core, type Group, get, named, parked, patch, post, remove, silently } from '../row';
import {
  claims,
  items,
  podNames,
  pods,
  ready,
  seen,
  set,
  settled,
  statefulSets,
  statusHas,
} from './awaited';

const sets: Group['rows'] = [
  {
    why: 'a stateful set of two comes up in order, and says so',
    steps: [
      post(statefulSets, set({ replicas: 2 })),
      settled(
        `${statefulSets}/s`,
        { readyReplicas: 2, availableReplicas: 2, currentReplicas: 2 },
        { keep: { revision: 'status.currentRevision' } },
      ),
      get(named('apps/v1', 'controllerrevisions'), {
        shown: (body) =>
          items(body).map(
            ({ revision, metadata }) => [revision, (metadata as JsonObject).name] as never,
          ),
      }),
    ],
  },
  {
    why: 'its pods carry its labels, host name and owner',
    steps: [
      silently(post(statefulSets, set({ replicas: 1 }))),
      get(core('pods', 's-0'), {
        until: statusHas({ phase: 'Running' }),
        only: [
          'metadata.labels',
          'metadata.ownerReferences',
          'metadata.generateName',
          'spec.hostname',
          'spec.subdomain',
        ],
      }),
    ],
  },
  {
    why: 'in order, the second one waits for the first',
    steps: [
      silently(post(statefulSets, set({ replicas: 2 }, parked))),
      settled(`${statefulSets}/s`, { ...seen, replicas: 1 }),
      pods(1),
    ],
  },
  {
    why: 'in parallel, nobody waits',
    steps: [
      silently(post(statefulSets, set({ replicas: 3, podManagementPolicy: 'Parallel' }, parked))),
      settled(`${statefulSets}/s`, { ...seen, replicas: 3 }),
      pods(3),
    ],
  },
  {
    why: 'less replicas take the last ones away',
    steps: [
      silently(post(statefulSets, set({ replicas: 3, podManagementPolicy: 'Parallel' }))),
      ready(3),
      silently(patch('merge', `${statefulSets}/s/scale`, { spec: { replicas: 1 } })),
      pods(1),
      settled(
        `${statefulSets}/s`,
        { replicas: 1, observedGeneration: 2 },
        { only: ['status.replicas', 'status.readyReplicas', 'status.collisionCount'] },
      ),
    ],
  },
  {
    why: 'on delete: a changed template waits for the deletion of a pod',
    steps: [
      silently(
        post(
          statefulSets,
          set({
            replicas: 2,
            podManagementPolicy: 'Parallel',
            updateStrategy: { type: 'OnDelete' },
          }),
        ),
      ),
      ready(2),
      silently(
        patch('merge', `${statefulSets}/s`, {
          spec: { template: { metadata: { labels: { app: 'x', v: '2' } } } },
        }),
      ),
      settled(
        `${statefulSets}/s`,
        { observedGeneration: 2 },
        { only: ['status.currentReplicas', 'status.updatedReplicas', 'status.readyReplicas'] },
      ),
      silently(remove(core('pods', 's-1'))),
      settled(
        `${statefulSets}/s`,
        { updatedReplicas: 1, readyReplicas: 2 },
        { only: ['status.replicas', 'status.updatedReplicas'] },
      ),
      get(core('pods'), {
        shown: (body) =>
          items(body).map(
            ({ metadata }) => ((metadata as JsonObject).labels as JsonObject).v ?? 'old',
          ),
      }),
    ],
  },
  {
    why: 'a rolling update stops at its partition',
    steps: [
      silently(
        post(
          statefulSets,
          set({
            replicas: 2,
            podManagementPolicy: 'Parallel',
            updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
          }),
        ),
      ),
      ready(2),
      silently(
        patch('merge', `${statefulSets}/s`, {
          spec: { template: { metadata: { labels: { app: 'x', v: '2' } } } },
        }),
      ),
      settled(
        `${statefulSets}/s`,
        { observedGeneration: 2, updatedReplicas: 1, readyReplicas: 2, currentReplicas: 1 },
        { only: ['status.replicas', 'status.currentReplicas', 'status.updatedReplicas'] },
      ),
      get(core('pods'), {
        shown: (body) =>
          items(body).map(
            ({ metadata }) => ((metadata as JsonObject).labels as JsonObject).v ?? 'old',
          ),
      }),
    ],
  },
  {
    why: 'most of a stateful set may not be changed',
    steps: [
      silently(post(statefulSets, set({ replicas: 0 }))),
      patch('merge', `${statefulSets}/s`, { spec: { serviceName: 'other' } }),
      patch('merge', `${statefulSets}/s`, { spec: { podManagementPolicy: 'Parallel' } }),
    ],
  },
  {
    why: 'claims are made from templates and stay, unless the policy says otherwise',
    steps: [
      silently(
        post(
          statefulSets,
          set(
            {
              replicas: 2,
              podManagementPolicy: 'Parallel',
              persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete', whenDeleted: 'Retain' },
              volumeClaimTemplates: [
                {
                  metadata: { name: 'data' },
                  spec: {
                    accessModes: ['ReadWriteOnce'],
                    storageClassName: 'none-such',
                    resources: { requests: { storage: '1Gi' } },
                  },
                },
              ],
            },
            parked,
          ),
        ),
      ),
      get(claims, {
        until: (body) => items(body).length === 2,
        shown: (body) =>
          items(body).map(
            ({ metadata, status }) =>
              [
                (metadata as JsonObject).name,
                (metadata as JsonObject).labels,
                (status as JsonObject).phase,
              ] as never,
          ),
      }),
      silently(pods(2)),
      silently(patch('merge', `${statefulSets}/s/scale`, { spec: { replicas: 1 } })),
      get(claims, { until: (body) => items(body).length === 1, shown: (body) => podNames(body) }),
      silently(remove(`${statefulSets}/s`)),
      pods(0),
      get(claims, { shown: (body) => podNames(body) }),
    ],
  },
];

export const statefulSetRows: Group = { name: 'stateful-sets', rows: sets };
