/**
 * The claims of a cluster's pods, by pod. A pod keeps its claim for life, so a claim that the watch
 * shows no more (its label was taken away) does not make a running pod vanish.
 * Never here: what a claim says about the data (plan/pod-facts.ts).
 */
import { claimNameOf, type PodView, type VolumeView } from '../plan/pod-facts';

export class Volumes {
  private readonly byPod = new Map<string, VolumeView>();

  refresh(pods: readonly PodView[], claim: (name: string) => VolumeView | undefined): void {
    for (const uid of this.byPod.keys())
      if (!pods.some(({ metadata }) => metadata.uid === uid)) this.byPod.delete(uid);
    for (const pod of pods) {
      const name = claimNameOf(pod);
      const seen = name === undefined ? undefined : claim(name);
      if (seen !== undefined) this.byPod.set(pod.metadata.uid, seen);
    }
  }

  of(pod: PodView): VolumeView | undefined {
    return this.byPod.get(pod.metadata.uid);
  }
}
