/**
 * What a pod has on disk: its volumes, the folders that stand for mount paths, programs and logs.
 * Never here: what runs in it (worker.ts).
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Place } from './downward';
import { expanded } from './expand';
import { type Host, lookupOf } from './host';
import type { Mapping } from './paths';
import type { Container, Pod, Volume } from './pod';
import { CLAIMS, specOf } from './pod';
import { contentOf, type Sources } from './volume-files';
import { writeVolume } from './volumes';

/** `missing`: an object that may come; `broken`: it could not be written. */
export interface Unfilled {
  readonly why: 'missing' | 'broken';
  /** In the words of FailedMount. */
  readonly message: string;
}

export interface PodFolder {
  readonly path: string;
  /** Makes or refreshes every volume. @returns the first that could not be, a broken one before a missing one. */
  fill(pod: Pod, place: Place): Unfilled | undefined;
  /**
   * Makes the folders of subPaths that are not there.
   * @param values of its environment, for subPathExpr.
   * @throws with the words of CreateContainerConfigError.
   */
  mappings(
    pod: Pod,
    container: Container,
    values: Readonly<Record<string, string>>,
  ): readonly Mapping[];
  /** A folder of the container's own, made at the first call. */
  container(name: string): string;
  /** Takes everything but claims away. @returns `later`: somebody still writes there. */
  remove(): 'done' | 'later';
}

/** @param token of the pod's ServiceAccount. */
export function podFolderOf(host: Host, first: Pod, token: Sources['token']): PodFolder {
  const path = join(host.folder, 'pods', first.metadata.uid);
  const claimFolders = new Map<string, string>();
  const folderOf = (volume: string): string =>
    claimFolders.get(volume) ?? join(path, 'volumes', volume);
  const fillOne = (pod: Pod, volume: Volume, place: Place): Unfilled | undefined => {
    const told = (why: Unfilled['why'], what: string): Unfilled => {
      return { why, message: `MountVolume.SetUp failed for volume "${volume.name}" : ${what}` };
    };
    const namespace = pod.metadata.namespace ?? '';
    try {
      const { persistentVolumeClaim: claim } = volume;
      const found = claim && boundVolume(host, namespace, claim.claimName);
      if (found?.kind === 'missing') return told('missing', found.message);
      if (found !== undefined) {
        claimFolders.set(volume.name, claimFolder(host.folder, found.volume));
      }
      const lookup = lookupOf(host, namespace);
      const sources = { pod, place, lookup, token };
      const missing = writeOne(folderOf(volume.name), volume, sources, host.nowMs());
      return missing === undefined ? undefined : told('missing', missing);
    } catch (problem) {
      return told('broken', (problem as Error).message);
    }
  };
  return {
    path,
    fill(pod, place) {
      // Each by itself: one that is missing keeps no other from being refreshed.
      const ends = (specOf(pod).volumes ?? []).map((volume) => fillOne(pod, volume, place));
      return ends.find((unfilled) => unfilled?.why === 'broken') ?? ends.find((end) => end);
    },
    mappings(pod, container, values) {
      const mounts = (container.volumeMounts ?? []).map((mount): Mapping => {
        const { name, mountPath, subPath = '', subPathExpr } = mount;
        const below = subPathExpr === undefined ? subPath : expanded(subPathExpr, values);
        const to = join(folderOf(name), inVolume(below));
        const volume = specOf(pod).volumes?.find((each) => each.name === name);
        if (below !== '' && volume !== undefined && isRoom(volume)) {
          makeSubPath(to, `volumeMount "${name}" of container "${container.name}"`);
        }
        return { from: mountPath, to };
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
    remove() {
      try {
        rmSync(path, { recursive: true, force: true });
        return 'done';
      } catch {
        return 'later';
      }
    },
  };
}

/** @returns what is missing. @throws where it cannot be written. */
function writeOne(
  folder: string,
  volume: Volume,
  sources: Sources,
  nowMs: number,
): string | undefined {
  if (volume.hostPath !== undefined) return 'the local cluster refuses hostPath volumes';
  if (isRoom(volume)) {
    mkdirSync(folder, { recursive: true });
    return undefined;
  }
  const content = contentOf(volume, sources);
  if (content === undefined) return 'the local cluster has no volumes of this kind';
  if (content.kind === 'missing') return content.message;
  writeVolume(folder, content.files, nowMs);
  return undefined;
}

/** @throws for what a variable may have made of it. */
function inVolume(subPath: string): string {
  if (isAbsolute(subPath)) {
    throw new Error(`error SubPath \`${subPath}\` must not be an absolute path`);
  }
  if (subPath.split('/').includes('..')) {
    throw new Error(`unable to provision SubPath \`${subPath}\`: must not contain '..'`);
  }
  return subPath;
}

/** Not made of objects, so that a container may write there. */
function isRoom({ emptyDir, persistentVolumeClaim }: Volume): boolean {
  return emptyDir !== undefined || persistentVolumeClaim !== undefined;
}

/** What is there may also be a file. */
function makeSubPath(path: string, of: string): void {
  if (existsSync(path)) return;
  try {
    mkdirSync(path, { recursive: true });
  } catch {
    throw new Error(`failed to create subPath directory for ${of}`);
  }
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
