/**
 * Whether a CustomResourceDefinition is allowed: names, versions, schemas, subresources, columns.
 * Never here: one schema (structural.ts), what it defines (kinds.ts).
 */
import { isObject, listAt, objectAt, same, textAt } from '../../json';
import { label1035Name, subdomainName } from '../../names';
import type { Json, JsonObject } from '../../port';
import type { Cause } from '../../typing';
import { invalid, invalidStruct, notSupported, required } from '../fault';
import type { CustomSchema } from './schema';
import { structuralFaults } from './structural';

type Causes = readonly Cause[];

export function definitionFaults(definition: JsonObject): Causes {
  const spec = objectAt(definition, 'spec');
  const [group, plural] = [textAt(spec, 'group'), textAt(spec, 'names', 'plural')];
  const name = textAt(definition, 'metadata', 'name');
  const wrongName =
    name === `${plural}.${group}`
      ? []
      : [invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group')];
  return [...wrongName, ...specFaults(spec)];
}

function specFaults(spec: JsonObject): Causes {
  return [
    ...groupFaults(textAt(spec, 'group')),
    ...scopeFaults(textAt(spec, 'scope')),
    ...versionsFaults(listAt(spec, 'versions').filter(isObject)),
    ...namesFaults(objectAt(spec, 'names')),
  ];
}

export function definitionUpdateFaults(old: JsonObject, definition: JsonObject): Causes {
  const fixed = ['group', 'scope'].flatMap((key) => stays(old, definition, key));
  const kind = namesStay(old, definition, 'kind');
  const plural = namesStay(old, definition, 'plural');
  const stored = storedFaults(definition);
  return [...specFaults(objectAt(definition, 'spec')), ...stored, ...fixed, ...kind, ...plural];
}

/** A version in which objects were stored stays, and the one in which they are is among them. */
function storedFaults(definition: JsonObject): Causes {
  const at = 'status.storedVersions';
  const stored = listAt(definition, 'status', 'storedVersions').map(String);
  const versions = listAt(definition, 'spec', 'versions').map((one) => textAt(one, 'name'));
  return stored.flatMap((name, index) =>
    versions.includes(name)
      ? []
      : [
          invalid(
            `${at}[${index}]`,
            name,
            `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from ${at}`,
          ),
        ],
  );
}

const isImmutable = 'field is immutable';

function stays(old: JsonObject, definition: JsonObject, key: string): Causes {
  const [before, after] = [textAt(old, 'spec', key), textAt(definition, 'spec', key)];
  return before === after ? [] : [invalid(`spec.${key}`, after, isImmutable)];
}

/** Names are taken once the kind is established. */
function namesStay(old: JsonObject, definition: JsonObject, key: string): Causes {
  const [before, after] = [
    textAt(old, 'spec', 'names', key),
    textAt(definition, 'spec', 'names', key),
  ];
  const established = listAt(old, 'status', 'conditions').some(
    (one) => textAt(one, 'type') === 'Established' && textAt(one, 'status') === 'True',
  );
  return before === after || !established ? [] : [invalid(`spec.names.${key}`, after, isImmutable)];
}

function groupFaults(group: string): Causes {
  const at = 'spec.group';
  if (group === '') return [required(at)];
  const wrong = subdomainName(group, 'name');
  if (wrong.length > 0) return [invalid(at, group, wrong.join(','))];
  return group.includes('.')
    ? []
    : [invalid(at, group, 'should be a domain with at least one dot')];
}

const scopes = ['Cluster', 'Namespaced'];

function scopeFaults(scope: string): Causes {
  if (scope === '') return [required('spec.scope')];
  return scopes.includes(scope) ? [] : [notSupported('spec.scope', scope, scopes)];
}

function versionsFaults(versions: readonly JsonObject[]): Causes {
  const faults: Cause[] = [];
  const names = versions.map((one) => textAt(one, 'name'));
  const [first] = versions;
  const parts = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'];
  const isOne = versions.every((one) =>
    parts.every((key) => same(one[key] ?? null, first?.[key] ?? null)),
  );
  const shown = versions.map((one) => goVersion(one, isOne));
  for (const [index, name] of names.entries()) {
    const wrong = label1035Name(name, 'name');
    if (wrong.length > 0)
      faults.push(invalid(`spec.versions[${index}].name`, name, wrong.join(',')));
    // The first one's name stands at the top too, as in v1beta1.
    if (wrong.length > 0 && index === 0)
      faults.push(invalid('spec.version', name, wrong.join(',')));
  }
  if (new Set(names).size < names.length) {
    faults.push(invalidStruct('spec.versions', shown, 'must contain unique version names'));
  }
  if (versions.filter(({ storage }) => storage === true).length !== 1) {
    const text = 'must have exactly one version marked as storage version';
    faults.push(invalidStruct('spec.versions', shown, text));
  }
  if (!versions.some(({ storage }) => storage === true)) {
    faults.push(invalid('status.storedVersions', null, 'must have at least one stored version'));
  }
  const [only] = versions;
  if (only !== undefined && versions.length === 1)
    return [...faults, ...versionFaults(only, 'spec', 0)];
  return [
    ...faults,
    ...versions.flatMap((one, index) => versionFaults(one, `spec.versions[${index}]`, index)),
  ];
}

/** As Go prints it. @param isOnly what all versions say alike stands at the top then. */
function goVersion(version: JsonObject, isOnly: boolean): JsonObject {
  const own = (key: string): Json => (isOnly ? null : (version[key] ?? null));
  return {
    Name: version.name ?? '',
    Served: version.served ?? false,
    Storage: version.storage ?? false,
    Deprecated: version.deprecated ?? false,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: own('schema'),
    Subresources: own('subresources'),
    AdditionalPrinterColumns: own('additionalPrinterColumns'),
    SelectableFields: own('selectableFields'),
  };
}

/** @param at of a single version, what it says stands at the top, as in v1beta1. */
function versionFaults(version: JsonObject, at: string, index: number): Causes {
  const schema = objectAt(version, 'schema').openAPIV3Schema;
  const schemaAt = `${at}.${at === 'spec' ? 'validation' : 'schema'}.openAPIV3Schema`;
  const own = isObject(schema)
    ? structuralFaults(schema as CustomSchema, schemaAt, 'root')
    : [required(`spec.versions[${index}].schema.openAPIV3Schema`)];
  const columns = listAt(version, 'additionalPrinterColumns').flatMap((one, column) =>
    columnFaults(one, `${at}.additionalPrinterColumns[${column}]`),
  );
  return [...own, ...scaleFaults(version, at), ...columns];
}

function scaleFaults(version: JsonObject, path: string): Causes {
  const scale = objectAt(version, 'subresources').scale;
  if (!isObject(scale)) return [];
  const at = `${path}.subresources.scale`;
  return [
    ...pathFaults(scale, 'specReplicasPath', '.spec.', 'should be a json path under .spec', at),
    ...pathFaults(
      scale,
      'statusReplicasPath',
      '.status.',
      'should be a json path under .status',
      at,
    ),
  ];
}

function pathFaults(
  scale: JsonObject,
  key: string,
  prefix: string,
  text: string,
  path: string,
): Causes {
  const value = textAt(scale, key);
  if (value === '') return [required(`${path}.${key}`)];
  return value.startsWith(prefix) ? [] : [invalid(`${path}.${key}`, value, text)];
}

const columnFormats = [
  'byte',
  'date',
  'date-time',
  'double',
  'float',
  'int32',
  'int64',
  'password',
];
const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];

function columnFaults(column: Json, path: string): Causes {
  const type = textAt(column, 'type');
  const text = `must be one of ${columnTypes.join(',')}`;
  const faults: Cause[] = [];
  if (textAt(column, 'name') === '') faults.push(required(`${path}.name`));
  if (type === '') faults.push(required(`${path}.type`, text));
  else if (!columnTypes.includes(type)) faults.push(invalid(`${path}.type`, type, text));
  const format = textAt(column, 'format');
  if (format !== '' && !columnFormats.includes(format)) {
    const known = `must be one of ${columnFormats.join(',')}`;
    faults.push(invalid(`${path}.format`, format, known));
  }
  const jsonPath = textAt(column, 'jsonPath');
  if (jsonPath === '') faults.push(required(`${path}.JSONPath`));
  else if (!jsonPath.startsWith('.')) {
    const simple = 'must be a simple json path starting with .';
    faults.push(invalid(`${path}.JSONPath`, jsonPath, simple));
  }
  return faults;
}

function namesFaults(names: JsonObject): Causes {
  const faults: Cause[] = [];
  for (const key of ['plural', 'singular', 'kind', 'listKind']) {
    const value = textAt(names, key);
    const at = `spec.names.${key}`;
    if (value === '') {
      faults.push(required(at));
      continue;
    }
    const mixed = key === 'kind' || key === 'listKind';
    const wrong = label1035Name(mixed ? value.toLowerCase() : value, 'name');
    const prefix = mixed ? 'may have mixed case, but should otherwise match: ' : '';
    if (wrong.length > 0) faults.push(invalid(at, value, prefix + wrong.join(',')));
  }
  for (const [index, one] of listAt(names, 'shortNames').entries()) {
    const wrong = label1035Name(String(one), 'name');
    if (wrong.length > 0) {
      faults.push(invalid(`spec.names.shortNames[${index}]`, one, wrong.join(',')));
    }
  }
  for (const [index, one] of listAt(names, 'categories').entries()) {
    const wrong = label1035Name(String(one), 'name');
    if (wrong.length > 0) {
      faults.push(invalid(`spec.names.categories[${index}]`, one, wrong.join(',')));
    }
  }
  if (names.kind === names.listKind) {
    const text = 'kind and listKind may not be the same';
    faults.push(invalid('spec.names.listKind', names.listKind, text));
  }
  return faults;
}
