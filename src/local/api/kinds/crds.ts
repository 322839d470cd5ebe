/**
 * Kinds that a CustomResourceDefinition serves, and the conditions it gets once they are.
 * Never here: whether a definition is valid (its Typing), storage.
 */
import { at, isObject, listAt, objectAt, textAt, withAt } from '../json';
import { pathName, subdomainName } from '../names';
import type { Json, JsonObject } from '../port';
import type { Typings } from '../typing';
import type { Kind, PrinterColumn, ScalePaths, Subresource } from './kind';

/** One Kind for each served version, the storage version first. */
export function kindsOfDefinition(definition: JsonObject, typings: Typings): readonly Kind[] {
  const types = typings.crd(definition);
  const versions = listAt(definition, 'spec', 'versions').filter(isObject);
  const stored = versions.find((version) => version.storage === true);
  const group = textAt(definition, 'spec', 'group');
  const storedApiVersion = `${group}/${textAt(stored, 'name')}`;
  return versions
    .filter((version) => version.served === true)
    .sort((a, b) => (a === stored ? -1 : b === stored ? 1 : 0))
    .flatMap((version) => {
      const typing = types.get(textAt(version, 'name'));
      if (typing === undefined) return [];
      return [kindOf(definition, version, storedApiVersion, typing)];
    });
}

function kindOf(
  definition: JsonObject,
  version: JsonObject,
  storedApiVersion: string,
  typing: Kind['typing'],
): Kind {
  const names = objectAt(definition, 'spec', 'names');
  const group = textAt(definition, 'spec', 'group');
  const kind = textAt(names, 'kind');
  const resource = textAt(names, 'plural');
  const status = at(version, 'subresources', 'status') !== undefined;
  const apiVersion = `${group}/${textAt(version, 'name')}`;
  const scale = scaleOf(version);
  return {
    group,
    version: textAt(version, 'name'),
    resource,
    singular: textAt(names, 'singular') || kind.toLowerCase(),
    kind,
    listKind: textAt(names, 'listKind') || `${kind}List`,
    shortNames: textsOf(names, 'shortNames'),
    categories: textsOf(names, 'categories'),
    scope: textAt(definition, 'spec', 'scope') === 'Cluster' ? 'cluster' : 'namespaced',
    collection: `${resource}.${group}`,
    storedApiVersion,
    origin: 'crd',
    typing,
    verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
    subresources: subresourcesOf(kind, status, scale),
    ...(scale === undefined ? {} : { scale }),
    nameRule: (name, use) => {
      const faults = subdomainName(name, use);
      return faults.length > 0 ? faults : pathName(name, use);
    },
    status: status ? 'kept' : 'plain',
    generation: 'counted',
    generationMetadata: [],
    unconditionalUpdate: 'refused',
    createOnUpdate: 'refused',
    deleteAnswers: 'status',
    garbage: 'collected',
    fields: selectableFields(version),
    printerColumns: columnsOf(version),
    toVersion: (object) => withAt(object, ['apiVersion'], apiVersion),
    toStored: (object) => withAt(object, ['apiVersion'], storedApiVersion),
    ...(status ? { onCreate: withoutStatus } : {}),
    definition,
  };
}

function withoutStatus(object: JsonObject): JsonObject {
  return withAt(object, ['status'], undefined);
}

function textsOf(names: JsonObject, member: string): readonly string[] {
  return listAt(names, member).filter((name): name is string => typeof name === 'string');
}

function subresourcesOf(
  kind: string,
  status: boolean,
  scale: ScalePaths | undefined,
): readonly Subresource[] {
  const verbs = ['get', 'patch', 'update'];
  const found: Subresource[] = [];
  if (status) found.push({ name: 'status', apiVersion: '', kind, verbs });
  if (scale !== undefined) {
    found.push({ name: 'scale', apiVersion: 'autoscaling/v1', kind: 'Scale', verbs });
  }
  return found;
}

function scaleOf(version: JsonObject): ScalePaths | undefined {
  const scale = at(version, 'subresources', 'scale');
  if (!isObject(scale)) return undefined;
  const selector = textAt(scale, 'labelSelectorPath');
  return {
    spec: pathOf(textAt(scale, 'specReplicasPath')),
    status: pathOf(textAt(scale, 'statusReplicasPath')),
    ...(selector === '' ? {} : { selector: pathOf(selector) }),
  };
}

/** `.spec.replicas` -> its parts. */
function pathOf(path: string): readonly string[] {
  return path.replace(/^\./, '').split('.');
}

function selectableFields(version: JsonObject): Kind['fields'] {
  const found = listAt(version, 'selectableFields').map((field) => {
    const path = pathOf(textAt(field, 'jsonPath'));
    const read = (object: JsonObject): string => {
      const value = at(object, ...path);
      return value === undefined || value === null ? '' : String(value);
    };
    return [path.join('.'), read] as const;
  });
  return Object.fromEntries(found);
}

function columnsOf(version: JsonObject): readonly PrinterColumn[] {
  return listAt(version, 'additionalPrinterColumns').map((column) => ({
    name: textAt(column, 'name'),
    type: textAt(column, 'type'),
    format: textAt(column, 'format'),
    description: textAt(column, 'description'),
    priority: Number(at(column, 'priority') ?? 0),
    jsonPath: textAt(column, 'jsonPath'),
  }));
}

/** The definition as the real server's controllers leave it once it is served. */
export function established(definition: JsonObject, nowText: string): JsonObject {
  const names = objectAt(definition, 'spec', 'names');
  const kind = textAt(names, 'kind');
  const accepted = {
    ...names,
    listKind: textAt(names, 'listKind') || `${kind}List`,
    singular: textAt(names, 'singular') || kind.toLowerCase(),
  };
  const storage = listAt(definition, 'spec', 'versions').find((one) => at(one, 'storage') === true);
  const stored = listAt(definition, 'status', 'storedVersions');
  const name = textAt(storage, 'name');
  const conditions = listAt(definition, 'status', 'conditions');
  return {
    ...definition,
    status: {
      ...objectAt(definition, 'status'),
      acceptedNames: accepted,
      conditions:
        conditions.length > 0
          ? conditions
          : [
              condition('NamesAccepted', 'NoConflicts', 'no conflicts found', nowText),
              condition(
                'Established',
                'InitialNamesAccepted',
                'the initial names have been accepted',
                nowText,
              ),
            ],
      storedVersions: stored.includes(name) ? stored : [...stored, name],
    },
  };
}

function condition(type: string, reason: string, message: string, nowText: string): Json {
  return { lastTransitionTime: nowText, message, reason, status: 'True', type };
}
