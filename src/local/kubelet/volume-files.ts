/**
 * The files of a volume that is made of objects: names, bytes and modes, or what is missing.
 * Never here: writing them (volumes.ts), tokens (they are handed in).
 */
import { fieldOf, type Place, resourceOf } from './downward';
import type { Lookup } from './environment';
import type { DownwardItem, KeyToPath, Pod, ProjectedSource, Volume } from './pod';

export interface VolumeFile {
  /** Below the volume, as `keys/a`. */
  readonly path: string;
  readonly bytes: Buffer;
  /** 0..0o777. */
  readonly mode: number;
}

export type VolumeContent =
  | { readonly kind: 'files'; readonly files: readonly VolumeFile[] }
  | { readonly kind: 'missing'; readonly message: string };

export interface TokenWanted {
  readonly audience: string | undefined;
  readonly expirationSeconds: number;
}

export interface Sources {
  readonly pod: Pod;
  readonly lookup: Lookup;
  readonly place: Place;
  /** A token for the pod's ServiceAccount; undefined: refused. */
  readonly token: (wanted: TokenWanted) => string | undefined;
}

const MODE = 0o644;

/** @returns undefined for a volume that is no such volume. */
export function contentOf(volume: Volume, sources: Sources): VolumeContent | undefined {
  const { configMap, secret, projected, downwardAPI } = volume;
  if (configMap !== undefined) return ofConfigMap(configMap, configMap.defaultMode, sources);
  if (secret !== undefined) {
    const name = secret.secretName;
    return ofSecret(name === undefined ? secret : { ...secret, name }, secret.defaultMode, sources);
  }
  if (downwardAPI !== undefined) {
    return ofFields(downwardAPI.items ?? [], downwardAPI.defaultMode, sources);
  }
  if (projected === undefined) return undefined;
  const parts = (projected.sources ?? []).map((source) =>
    ofSource(source, projected.defaultMode, sources),
  );
  const missing = parts.find(({ kind }) => kind === 'missing');
  if (missing !== undefined) return missing;
  const files = parts.flatMap((part) => (part.kind === 'files' ? part.files : []));
  return { kind: 'files', files };
}

function ofSource(
  source: ProjectedSource,
  mode: number | undefined,
  sources: Sources,
): VolumeContent {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  if (configMap !== undefined) return ofConfigMap(configMap, mode, sources);
  if (secret !== undefined) return ofSecret(secret, mode, sources);
  if (downwardAPI !== undefined) return ofFields(downwardAPI.items ?? [], mode, sources);
  if (serviceAccountToken === undefined) return { kind: 'files', files: [] };
  const { audience, expirationSeconds = 3600, path } = serviceAccountToken;
  const token = sources.token({ audience, expirationSeconds });
  if (token === undefined) {
    const name = sources.pod.spec?.serviceAccountName ?? 'default';
    const message = `failed to fetch token: serviceaccounts "${name}" not found`;
    return { kind: 'missing', message };
  }
  const file = { path, bytes: Buffer.from(token), mode: mode ?? MODE };
  return { kind: 'files', files: [file] };
}

interface Chosen {
  readonly name?: string;
  readonly items?: readonly KeyToPath[];
  readonly optional?: boolean;
}

function ofConfigMap(chosen: Chosen, mode: number | undefined, sources: Sources): VolumeContent {
  const { name = '' } = chosen;
  const map = sources.lookup.configMap(name);
  if (map === undefined) return absent(chosen, `configmap "${name}" not found`);
  const data = new Map<string, Buffer>();
  for (const [key, text] of Object.entries(map.data ?? {})) data.set(key, Buffer.from(text));
  for (const [key, text] of Object.entries(map.binaryData ?? {})) {
    data.set(key, Buffer.from(text, 'base64'));
  }
  return choose(data, 'configmap references non-existent config key', chosen, mode);
}

function ofSecret(chosen: Chosen, mode: number | undefined, sources: Sources): VolumeContent {
  const { name = '' } = chosen;
  const secret = sources.lookup.secret(name);
  if (secret === undefined) return absent(chosen, `secret "${name}" not found`);
  const data = new Map<string, Buffer>();
  for (const [key, text] of Object.entries(secret.data ?? {})) {
    data.set(key, Buffer.from(text, 'base64'));
  }
  return choose(data, 'references non-existent secret key', chosen, mode);
}

function absent({ optional }: Chosen, message: string): VolumeContent {
  return optional === true ? { kind: 'files', files: [] } : { kind: 'missing', message };
}

function choose(
  data: ReadonlyMap<string, Buffer>,
  lacks: string,
  { items, optional }: Chosen,
  mode = MODE,
): VolumeContent {
  const wanted = items ?? [...data.keys()].map((key) => ({ key, path: key }));
  const files: VolumeFile[] = [];
  for (const item of wanted) {
    const bytes = data.get(item.key);
    if (bytes !== undefined) {
      files.push({
        path: item.path,
        bytes,
        mode: ('mode' in item ? item.mode : undefined) ?? mode,
      });
    } else if (optional !== true) {
      return { kind: 'missing', message: `${lacks}: ${item.key}` };
    }
  }
  return { kind: 'files', files };
}

function ofFields(items: readonly DownwardItem[], mode = MODE, sources: Sources): VolumeContent {
  const files: VolumeFile[] = [];
  for (const { path, fieldRef, resourceFieldRef, mode: own } of items) {
    const value =
      fieldRef === undefined
        ? resourceFieldRef && resourceOf(sources.pod, '', resourceFieldRef, sources.place)
        : fieldOf(sources.pod, fieldRef, sources.place);
    if (value === undefined) return { kind: 'missing', message: `no such field for ${path}` };
    files.push({ path, bytes: Buffer.from(value), mode: own ?? mode });
  }
  return { kind: 'files', files };
}

/** Whether a change of this object may change the volume. */
export function uses(volume: Volume, kind: 'ConfigMap' | 'Secret', name: string): boolean {
  if (kind === 'ConfigMap' && volume.configMap?.name === name) return true;
  if (kind === 'Secret' && volume.secret?.secretName === name) return true;
  return (volume.projected?.sources ?? []).some(({ configMap, secret }) =>
    kind === 'ConfigMap' ? configMap?.name === name : secret?.name === name,
  );
}
