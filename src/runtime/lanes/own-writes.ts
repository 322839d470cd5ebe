/**
 * What we wrote ourselves, until the watch shows it: a plan made in between would write it again.
 * Never here: what is wanted.
 */
import type { KubeObject } from '../kube/types';
import { objectKey } from '../plan/reconcile';

export class OwnWrites {
  private readonly latest = new Map<string, KubeObject>();
  /** Versions that an apply of ours left, by object. */
  readonly versions = new Map<string, string>();

  remember(object: KubeObject): void {
    const key = objectKey(object.kind, object.metadata.name);
    this.versions.set(key, object.metadata.resourceVersion);
    this.latest.set(key, object);
  }

  /** After a failure nothing of ours is taken for granted. */
  forget(): void {
    this.latest.clear();
  }

  /** The newer of what the watch shows and what we wrote. */
  newest(kind: string, name: string, seen: KubeObject | undefined): KubeObject | undefined {
    const key = objectKey(kind, name);
    const ours = this.latest.get(key);
    if (ours === undefined) return seen;
    if (seen === undefined || isOlder(seen, ours)) return ours;
    this.latest.delete(key);
    return seen;
  }
}

/** Another uid is another object: the watch is right. */
function isOlder(seen: KubeObject, ours: KubeObject): boolean {
  if (seen.metadata.uid !== ours.metadata.uid) return false;
  return BigInt(seen.metadata.resourceVersion) < BigInt(ours.metadata.resourceVersion);
}
