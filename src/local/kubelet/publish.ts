/**
 * Writes a pod's status, and takes its object away when its processes have ended.
 * Never here: what the status says (status.ts).
 */
import { isDeepStrictEqual } from 'node:util';
import type { Timers } from '../controllers/frame/timers';
import { isFine } from './host';
import { PODS, type Pod } from './pod';
import { factsOf, type PodState } from './pod-state';
import { statusOf } from './status';

/** A refused write is tried again after this. */
const RETRY_MS = 1_000;

/** @returns ends it when it is not needed any more. */
export function publisherOf(timers: Timers): (state: PodState) => void {
  let cancel = (): void => {};
  return (state) => {
    cancel();
    if (publishOnce(state) === 'refused') cancel = timers.after(RETRY_MS, () => state.publish());
  };
}

function publishOnce(state: PodState): 'done' | 'refused' {
  const { host, node, pod } = state;
  if (node.link === 'down' || state.life === 'stopped') return 'done';
  const { namespace = '', name, uid } = pod.metadata;
  const at = { resource: PODS, namespace, name, user: host.user, userAgent: 'kubelet' };
  const found = host.api.handle({ ...at, verb: 'get' });
  if (!isFine(found)) return found.code === 404 ? 'done' : 'refused';
  const present = found.value as Pod;
  if (present.metadata.uid !== uid) return 'done';
  state.pod = present;
  const status = { ...present.status, ...statusOf(factsOf(state)) };
  if (isDeepStrictEqual(status, present.status)) return 'done';
  const body = { ...present, apiVersion: 'v1', kind: 'Pod', status };
  const answer = host.api.handle({ ...at, verb: 'update', subresource: 'status', body });
  if (!isFine(answer)) return answer.code === 404 ? 'done' : 'refused';
  state.pod = answer.value as Pod;
  return 'done';
}

/** @returns `later`: the node has no link, or the server refuses. */
export function deleteObject({ host, node, pod }: PodState): 'done' | 'later' {
  if (node.link === 'down') return 'later';
  const { namespace = '', name, uid } = pod.metadata;
  const answer = host.api.handle({
    verb: 'delete',
    resource: PODS,
    namespace,
    name,
    user: host.user,
    userAgent: 'kubelet',
    body: { gracePeriodSeconds: 0, preconditions: { uid } },
  });
  // 404 and 409: it is gone, or another pod has its name.
  return isFine(answer) || answer.code === 404 || answer.code === 409 ? 'done' : 'later';
}
