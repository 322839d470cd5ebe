/**
 * Discovery: which groups, versions, resources and verbs are served, in the plain and the aggregated form.
 * Never here: schemas (openapi.ts).
 */
import { createHash } from 'node:crypto';
import type { Kind } from '../kinds/kind';
import type { Registry } from '../kinds/registry';
import type { JsonObject } from '../port';
import { reviews } from '../verbs/reviews';

interface Entry {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly scope: 'namespaced' | 'cluster';
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: Kind['subresources'];
  /** Of what is stored; questions are not. */
  readonly storedApiVersion?: string;
  readonly origin?: Kind['origin'];
}

const bindings: Entry = {
  group: '',
  version: 'v1',
  resource: 'bindings',
  singular: 'binding',
  kind: 'Binding',
  scope: 'namespaced',
  verbs: ['create'],
  shortNames: [],
  categories: [],
  subresources: [],
};

function entriesOf(registry: Registry): readonly Entry[] {
  const asked = reviews.map(
    (review): Entry => ({
      ...review,
      version: 'v1',
      singular: review.kind.toLowerCase(),
      verbs: ['create'],
      shortNames: [],
      categories: [],
      subresources: [],
    }),
  );
  return [bindings, ...registry.all(), ...asked].sort((a, b) => (a.resource < b.resource ? -1 : 1));
}

/** In the order of the real server: built-in groups first, then those of CRDs. */
function groupNames(registry: Registry): readonly string[] {
  const names = [...registry.all(), ...reviews].map(({ group }) => group);
  return [...new Set(names)].filter((name) => name !== '');
}

function versionsOf(entries: readonly Entry[], group: string): readonly string[] {
  const found = entries.filter((entry) => entry.group === group).map(({ version }) => version);
  return [...new Set(found)].sort(byPriority);
}

/** v2 before v1 before v1beta2 before v1beta1 before v1alpha1. */
function byPriority(a: string, b: string): number {
  const rank = (version: string): readonly number[] => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (match === null) return [-1, 0, 0];
    const stage = match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0;
    return [stage, Number(match[1]), Number(match[3] ?? 0)];
  };
  const [left, right] = [rank(a), rank(b)];
  for (let i = 0; i < 3; i += 1) {
    const difference = (right[i] ?? 0) - (left[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : 1;
}

export function coreVersions(address: string): JsonObject {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
  };
}

export function groupList(registry: Registry): JsonObject {
  const groups = groupNames(registry).map((name) => groupBody(registry, name));
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

function groupBody(registry: Registry, name: string): JsonObject {
  const versions = versionsOf(entriesOf(registry), name).map((version) => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  return { name, versions, preferredVersion: versions[0] ?? {} };
}

/** undefined: no such group. */
export function oneGroup(registry: Registry, name: string): JsonObject | undefined {
  if (!groupNames(registry).includes(name)) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(registry, name) };
}

/** undefined: no such version. */
export function resourceList(
  registry: Registry,
  group: string,
  version: string,
): JsonObject | undefined {
  const entries = entriesOf(registry).filter(
    (entry) => entry.group === group && entry.version === version,
  );
  if (entries.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: entries.flatMap(plainResources),
  };
}

function plainResources(entry: Entry): readonly JsonObject[] {
  const namespaced = entry.scope === 'namespaced';
  return [
    {
      name: entry.resource,
      singularName: entry.singular,
      namespaced,
      kind: entry.kind,
      verbs: entry.verbs,
      ...(entry.shortNames.length === 0 ? {} : { shortNames: entry.shortNames }),
      ...(entry.categories.length === 0 ? {} : { categories: entry.categories }),
      ...storageHash(entry),
    },
    ...entry.subresources.map(({ name, apiVersion, kind, verbs }) => ({
      name: `${entry.resource}/${name}`,
      singularName: '',
      namespaced,
      ...(apiVersion === '' ? {} : groupAndVersion(apiVersion)),
      kind,
      verbs,
    })),
  ];
}

/** By which clients see that the stored version has changed. */
function storageHash({ storedApiVersion, kind }: Entry): JsonObject {
  if (storedApiVersion === undefined) return {};
  const stored =
    kind === 'CustomResourceDefinition' ? 'apiextensions.k8s.io/v1beta1' : storedApiVersion;
  const path = stored.includes('/') ? stored : `/${stored}`;
  const bytes = createHash('sha256').update(`${path}/${kind}`).digest();
  return { storageVersionHash: bytes.subarray(0, 8).toString('base64') };
}

function groupAndVersion(apiVersion: string): JsonObject {
  const [group = '', version = ''] = apiVersion.split('/');
  return { group, version };
}

/** @param root `core` for /api, `named` for /apis. */
export function aggregated(registry: Registry, root: 'core' | 'named'): JsonObject {
  const entries = entriesOf(registry);
  const names = root === 'core' ? [''] : groupNames(registry);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: names.map((name) => ({
      metadata: name === '' ? {} : { name },
      versions: versionsOf(entries, name).map((version) => ({
        version,
        resources: entries
          .filter((entry) => entry.group === name && entry.version === version)
          .map(aggregatedResource),
        freshness: 'Current',
      })),
    })),
  };
}

/** Of a built-in kind the group and version are not told again. */
function ownResponse({ origin, group, version }: Entry): JsonObject {
  return origin === 'crd' ? { group, version } : { group: '', version: '' };
}

function aggregatedResource(entry: Entry): JsonObject {
  const own = ownResponse(entry);
  const scope = entry.scope === 'namespaced' ? 'Namespaced' : 'Cluster';
  return {
    resource: entry.resource,
    responseKind: { ...own, kind: entry.kind },
    scope,
    singularResource: entry.singular,
    verbs: entry.verbs,
    ...(entry.shortNames.length === 0 ? {} : { shortNames: entry.shortNames }),
    ...(entry.categories.length === 0 ? {} : { categories: entry.categories }),
    ...(entry.subresources.length === 0
      ? {}
      : {
          subresources: entry.subresources.map((one) => ({
            subresource: one.name,
            responseKind: {
              ...(one.apiVersion === '' ? own : groupAndVersion(one.apiVersion)),
              kind: one.kind,
            },
            verbs: one.verbs,
          })),
        }),
  };
}
