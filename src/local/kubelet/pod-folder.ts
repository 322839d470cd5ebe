/**
 * What a pod has on disk: its volumes, the folders that stand for mount paths, programs and logs.
 * Never here: what runs in it (worker.ts).
 */
import { mkdirSync, rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Place } from './downward';
import { expanded } from './expand';
import { type Host, lookupOf } from './host';
import type { Mapping } from './paths';
import type { Container, Pod, Volume } from './pod';
import { CLAIMS, specOf } from './pod';
import { contentOf } from './volume-files';
import { writeVolume } from './volumes';

export interface PodFolder {
  readonly path: string;
  /** Makes or refreshes every volume. @returns what is missing, in the words of FailedMount. */
  fill(pod: Pod, place: Place): string | undefined;
  /** @param values of its environment, for subPathExpr. */
  mappings(
    pod: Pod,
    container: Container,
    values: Readonly<Record<string, string>>,
  ): readonly Mapping[];
  /** A folder of the container's own, made at the first call. */
  container(name: string): string;
  /** Takes everything but claims away. */
  remove(): void;
}

/** @param token of the pod's ServiceAccount. */
export function podFolderOf(
  host: Host,
  first: Pod,
  token: (audience: string | undefined, expirationSeconds: number) => string | undefined,
): PodFolder {
  const path = join(host.folder, 'pods', first.metadata.uid);
  const claimFolders = new Map<string, string>();
  const folderOf = (volume: string): string =>
    claimFolders.get(volume) ?? join(path, 'volumes', volume);
  const fillOne = (pod: Pod, volume: Volume, place: Place): string | undefined => {
    if (volume.hostPath !== undefined) return 'the local cluster refuses hostPath volumes';
    const namespace = pod.metadata.namespace ?? '';
    const { persistentVolumeClaim: claim } = volume;
    if (claim !== undefined) {
      const found = boundVolume(host, namespace, claim.claimName);
      if (found.kind === 'missing') return found.message;
      claimFolders.set(volume.name, claimFolder(host.folder, found.volume));
      mkdirSync(claimFolder(host.folder, found.volume), { recursive: true });
      return undefined;
    }
    const content = contentOf(volume, {
      pod,
      place,
      lookup: lookupOf(host, namespace),
      token: ({ audience, expirationSeconds }) => token(audience, expirationSeconds),
    });
    if (content?.kind === 'missing') return content.message;
    if (content === undefined && volume.emptyDir === undefined) {
      return 'the local cluster has no volumes of this kind';
    }
    if (content === undefined) mkdirSync(folderOf(volume.name), { recursive: true });
    else writeVolume(folderOf(volume.name), content.files, host.nowMs());
    return undefined;
  };
  return {
    path,
    fill(pod, place) {
      for (const volume of specOf(pod).volumes ?? []) {
        const missing = fillOne(pod, volume, place);
        if (missing !== undefined) {
          return `MountVolume.SetUp failed for volume "${volume.name}" : ${missing}`;
        }
      }
      return undefined;
    },
    mappings(_pod, container, values) {
      const mounts = (container.volumeMounts ?? []).map((mount): Mapping => {
        const below =
          mount.subPathExpr === undefined
            ? (mount.subPath ?? '')
            : expanded(mount.subPathExpr, values);
        return { from: mount.mountPath, to: join(folderOf(mount.name), below) };
      });
      const words = container.terminationMessagePath ?? '/dev/termination-log';
      const own = join(path, 'containers', container.name, 'termination-log');
      return [...mounts, { from: words, to: own }].filter(({ from }) => isAbsolute(from));
    },
    container(name) {
      const folder = join(path, 'containers', name);
      mkdirSync(join(folder, 'root'), { recursive: true });
      return folder;
    },
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}

type Bound =
  | { readonly kind: 'bound'; readonly volume: string }
  | { readonly kind: 'missing'; readonly message: string };

function boundVolume({ caches }: Host, namespace: string, claim: string): Bound {
  const found = caches.get(CLAIMS, namespace, claim);
  const volume = found?.spec?.volumeName ?? '';
  const what = `persistentvolumeclaim "${claim}"`;
  if (found === undefined) return { kind: 'missing', message: `${what} not found` };
  return volume === '' || found.status?.phase !== 'Bound'
    ? { kind: 'missing', message: `${what} is not bound` }
    : { kind: 'bound', volume };
}

/** Where the data of a PersistentVolume is, whichever pod has it. */
export function claimFolder(folder: string, volume: string): string {
  return join(folder, 'volumes', volume);
}
