/**
 * E4: removes one pod, again until the API server has answered for certain or it is too late to count.
 * Never here: whether it is killed (sentinel/core/fence.ts); what came of it is seen on the watch.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Ready } from '../../sentinel/core/ready';
import type { Failure } from '../kube/answer';
import type { KubeClient } from '../kube/client';
import { resources } from '../kube/types';

const AGAIN_MS = 500;
const TRIES = 20;

export interface KillOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly mayAct: () => 'granted' | 'denied';
  readonly onTrouble: (failure: Failure) => void;
}

/** A pod of another uid or none at all needs no kill. */
export async function killPod(
  { client, namespace, mayAct, onTrouble }: KillOptions,
  { pod, podUid }: NonNullable<Ready['kill']>,
): Promise<void> {
  const name = { namespace, name: pod };
  const how = { uid: podUid, gracePeriodSeconds: 1, lane: 'failover' } as const;
  let conflicts = 0;
  for (let count = 0; count < TRIES && mayAct() === 'granted'; count += 1) {
    const live = await client.get(resources.pods, name, { lane: 'failover' });
    if (live.kind === 'notFound') return;
    if (live.kind === 'ok' && live.value.metadata.uid !== podUid) return;
    // A pod whose status changes all the time is the same process still: its uid says so.
    const version = live.kind === 'ok' ? live.value.metadata.resourceVersion : undefined;
    const resourceVersion = conflicts === 0 ? version : undefined;
    const answer =
      live.kind === 'ok'
        ? await client.remove(resources.pods, name, { ...how, resourceVersion })
        : live;
    if (answer.kind === 'ok' || answer.kind === 'notFound') return;
    if (answer.kind === 'conflict') {
      conflicts += 1;
      continue;
    }
    onTrouble(answer);
    await delay(AGAIN_MS);
  }
}
