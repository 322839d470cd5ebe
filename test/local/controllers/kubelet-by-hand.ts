/**
 * The kubelet's part, done by a test: pods that have a node run, pods on their way out end.
 */
import { PODS } from '../../../src/local/controllers/objects/pod';
import type { Simulated } from './simulated';

/** What a kubelet would say of pods that start. */
export function runAll(world: Simulated): void {
  for (const { metadata, status, spec } of world.list(PODS)) {
    if (status?.phase !== 'Pending' || !spec.nodeName) continue;
    setReady(world, metadata.name, 'True');
  }
  world.settle();
}

export function setReady(world: Simulated, name: string, status: 'True' | 'False'): void {
  const lastTransitionTime = new Date(world.nowMs()).toISOString();
  const conditions = [{ type: 'Ready', status, lastTransitionTime }];
  const podIP = `127.0.0.${Number(/\d+$/.exec(name)?.[0] ?? 0) + 1}`;
  const running = { phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions };
  world.patch(PODS, name, { status: running }, 'status');
}

/** Pods on their way out end at once. */
export function reap(world: Simulated): void {
  for (const { metadata } of world.list(PODS))
    if (metadata.deletionTimestamp !== undefined)
      world.remove(PODS, metadata.name, { gracePeriodSeconds: 0 });
  world.settle();
}
