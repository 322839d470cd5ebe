/**
 * Values that a field of a ValkeyCluster may have: what is rendered with them shows which results depend on
 * the field, before its own value is known. The first one is the fullest.
 * Never here: a value that gets into an object.
 */
import { SPEC_SCHEMA } from '../../spec/cluster-schema.generated';
import type { StructuralSchema } from '../../spec/structural';
import type { Path } from './spots';

const TEXTS = ['sample-a', 'sample-b', '1Gi', '2Gi', 'a', 'b', '1', '2'];
/** `^(In|NotIn)$`: nothing else is legal. */
const WORDS = /^\^\((\w+(?:\|\w+)+)\)\$$/;
/** Begins the key of a map that comes as a whole; the map's own place follows, for two may be joined. */
const ANY_KEY = 'sample-of';
/** What the renderer looks for by its name. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  limits: ['cpu', 'memory'],
  requests: ['cpu', 'memory'],
  // One that a running server takes, and one that needs a restart.
  config: ['notify-keyspace-events', 'io-threads'],
};

const ANY_TEXTS = ['sample-a', 'sample-b'];
/** Of a ValkeyCluster's metadata. */
const MAPS: ReadonlySet<string | number | undefined> = new Set(['labels', 'annotations']);
const ANY_MAPS = [{ [ANY_KEY]: 'a' }, { [ANY_KEY]: 'b' }, {}];
const KNOWN_KEYS = new Set(Object.values(KEYS).flat());

/** Whether a key stands for whichever ones a map will have. */
export function isSampleKey(key: string): boolean {
  return KNOWN_KEYS.has(key) || key.startsWith(ANY_KEY);
}

/** @param path of the definition, such as `spec.replicas`. Two different ones at least. */
export function samplesAt([head, ...path]: Path): readonly unknown[] {
  if (head !== 'spec') return path.length === 1 && MAPS.has(path[0]) ? ANY_MAPS : ANY_TEXTS;
  const place = path.reduce<Place | undefined>((at, key) => below(at, key), {
    schema: SPEC_SCHEMA,
    name: '',
    trail: ANY_KEY,
  });
  return place === undefined ? ANY_TEXTS : samplesOf(place);
}

interface Place {
  readonly schema: StructuralSchema;
  /** The key that it stands under. */
  readonly name: string;
  /** All keys that lead to it. */
  readonly trail: string;
}

function below(at: Place | undefined, key: string | number): Place | undefined {
  if (at === undefined) return undefined;
  const { properties, additionalProperties, items } = at.schema;
  const schema = typeof key === 'number' ? items : (properties?.[key] ?? additionalProperties);
  return schema === undefined ? undefined : inside(at, String(key), schema);
}

function inside({ trail }: Place, name: string, schema: StructuralSchema): Place {
  return { schema, name, trail: `${trail}-${name}` };
}

function samplesOf(place: Place): readonly unknown[] {
  const { schema } = place;
  if (schema.enum !== undefined) return schema.enum;
  if (schema['x-kubernetes-int-or-string'] === true) return texts(schema);
  switch (schema.type) {
    case 'boolean':
      return [true, false];
    case 'integer':
      return integers(schema);
    case 'string':
      return texts(schema);
    case 'array':
      return lists(place);
    default:
      return schema.properties === undefined ? maps(place) : structs(place);
  }
}

function integers({ default: fallback, minimum = 0, maximum = 1000 }: StructuralSchema) {
  const wanted = [fallback, 3, minimum, minimum + 1, 5, 7, maximum];
  const legal = wanted.filter(
    (value): value is number => typeof value === 'number' && value >= minimum && value <= maximum,
  );
  return [...new Set(legal)];
}

function texts({ pattern, maxLength = 64 }: StructuralSchema): readonly string[] {
  const [, words] = WORDS.exec(pattern ?? '') ?? [];
  if (words !== undefined) return words.split('|');
  const shape = new RegExp(pattern ?? '');
  return TEXTS.filter((text) => text.length <= maxLength && shape.test(text));
}

function lists(place: Place): readonly unknown[] {
  const { items = {} } = place.schema;
  const [first, second = first] = samplesOf({ ...place, schema: items });
  return [[first], [second], [first, second], []];
}

function maps(place: Place): readonly unknown[] {
  const { additionalProperties = {} } = place.schema;
  const [first, second = first] = samplesOf({ ...place, schema: additionalProperties });
  const all = (value: unknown): object =>
    Object.fromEntries((KEYS[place.name] ?? [place.trail]).map((key) => [key, value]));
  return [all(first), all(second), {}];
}

/** All fields by their first sample; then each other sample of each field; then none of them. */
function structs(place: Place): readonly unknown[] {
  const { properties = {} } = place.schema;
  const fields = Object.entries(properties).map(([name, schema]) => ({
    name,
    samples: samplesOf(inside(place, name, schema)),
  }));
  const full = Object.fromEntries(fields.map(({ name, samples }) => [name, samples[0]]));
  const varied = fields.flatMap(({ name, samples }) =>
    samples.slice(1).map((sample) => ({ ...full, [name]: sample })),
  );
  return [full, ...varied, {}];
}
