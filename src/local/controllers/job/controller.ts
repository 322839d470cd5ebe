/**
 * The Job controller: what it looks at.
 * Never here: what it does about it (decide.ts).
 */
import { NOTHING } from '../frame/action';
import { type Controller, source } from '../frame/controller';
import { joinKey, keyOf, splitKey } from '../frame/kind';
import { claim } from '../objects/claiming';
import { controllerOf } from '../objects/owner';
import { PODS } from '../objects/pod';
import { JOBS } from '../objects/workload';
import { decideJob } from './decide';
import { isHeld, release } from './tracking';

/** What `managedBy` says of a job that is ours; a job of another controller is left alone. */
const ownName = 'kubernetes.io/job-controller';

export const jobController: Controller = {
  name: 'job-controller',
  sources: [
    source(JOBS, (job) => [keyOf(job)]),
    source(PODS, (pod) => {
      const owner = controllerOf(pod);
      return owner?.kind === JOBS.kind ? [joinKey(pod.metadata.namespace, owner.name)] : [];
    }),
  ],
  decide(key, reader, nowMs) {
    const { namespace, name } = splitKey(key);
    const job = reader.get(JOBS, namespace, name);
    if ((job?.spec.managedBy ?? ownName) !== ownName) return NOTHING;
    const all = reader.list(PODS, namespace);
    const orphans = all.filter((pod) => {
      const owner = controllerOf(pod);
      if (owner?.kind !== JOBS.kind || owner.name !== name) return false;
      return owner.uid !== job?.metadata.uid && isHeld(pod);
    });
    const released = orphans.map(release);
    if (job === undefined) return released.length === 0 ? NOTHING : { actions: released };
    const { owned, actions } = claim(job, PODS, all, job.spec.selector);
    const decision = decideJob(job, owned, nowMs);
    return { ...decision, actions: [...released, ...actions, ...decision.actions] };
  },
};
