/**
 * An API server in memory with a clock of its own, for tests of verbs. Types of fields are permissive
 * here: what is said is stored; the real ones have tests of their own.
 */
import { type ApiServer, createApi } from '../../../src/local/api/api';
import { isObject, textAt, withAt } from '../../../src/local/api/json';
import type { Answer, JsonObject, Request, User, Verb } from '../../../src/local/api/port';
import { createStore, type Store, type StoreOptions } from '../../../src/local/api/store';
import type { Typing, Typings } from '../../../src/local/api/typing';

export const admin: User = { name: 'admin', groups: ['system:masters'] };

export const permissive: Typings = {
  builtin: (group, version, kind) => typingOf(`${group}.${version}.${kind}`, 'yes'),
  crd: (definition) => {
    const versions = (definition.spec as JsonObject).versions as readonly JsonObject[];
    return new Map(versions.map((one) => [textAt(one, 'name'), typingOf('cr', 'no')]));
  },
  definitions: () => ({}),
  crdDefinitions: () => ({}),
};

function typingOf(definition: string, strategic: 'yes' | 'no'): Typing {
  return {
    definition,
    strategic,
    decode: (object) => ({ kind: 'object', object, warnings: [] }),
    defaulted: (object) => object,
    validateCreate: (object) =>
      textAt(object, 'spec', 'bad') === ''
        ? []
        : [{ reason: 'FieldValueInvalid', message: 'Invalid value: "bad": no', field: 'spec.bad' }],
    validateUpdate: () => [],
    strategicPatch: (old, patch) => ({
      kind: 'object',
      object: merged(old, patch),
      warnings: [],
    }),
    apply: (live, config) => ({ kind: 'object', object: merged(live ?? {}, config), warnings: [] }),
    trackUpdate: (_live, object) => object,
  };
}

function merged(old: JsonObject, patch: JsonObject): JsonObject {
  let result = old;
  for (const [key, value] of Object.entries(patch)) {
    const before = old[key];
    const next = isObject(before) && isObject(value) ? merged(before, value) : value;
    result = withAt(result, [key], next === null ? undefined : next);
  }
  return result;
}

export interface Lab {
  readonly api: ApiServer;
  readonly store: Store;
  /** Moves the wall clock. */
  advance(ms: number): void;
  ask(verb: Verb, path: string, more?: Partial<Request>): Answer<JsonObject>;
  /** Runs what was put off, until nothing is left. */
  settle(): void;
}

/** 2026-11-21T12:00:00Z. */
const startMs = 1_795_262_400_000;

export function createLab(storeOptions: StoreOptions = {}): Lab {
  const store = createStore(storeOptions);
  let nowMs = startMs;
  let made = 0;
  let later: (() => void)[] = [];
  const api = createApi({
    store,
    typings: permissive,
    nowMs: () => nowMs,
    uuid() {
      made += 1;
      return `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
    },
    suffix() {
      made += 1;
      return String(made).padStart(5, 'x');
    },
    defer: (run) => later.push(run),
    addresses: {
      next: (taken) =>
        Array.from({ length: 50 }, (_one, i) => `127.64.255.${i + 1}`).find((ip) => !taken.has(ip)),
      contains: (address) => address.startsWith('127.64.255.'),
      nodePorts: { first: 30_000, last: 30_009 },
    },
    tokens: {
      issuer: 'https://kubernetes.default.svc',
      sign: (claims) => Buffer.from(JSON.stringify(claims)).toString('base64url'),
      verify: (token) => JSON.parse(Buffer.from(token, 'base64url').toString()) as JsonObject,
    },
  });
  const lab: Lab = {
    api,
    store,
    advance(ms) {
      nowMs += ms;
    },
    ask: (verb, path, more = {}) =>
      api.handle({ verb, user: admin, ...placeOf(path), ...more }) as Answer<JsonObject>,
    settle() {
      while (later.length > 0) {
        const now = later;
        later = [];
        for (const run of now) run();
      }
    },
  };
  lab.ask('create', 'namespaces', { body: { metadata: { name: 'ns' } } });
  lab.ask('create', 'ns:serviceaccounts', { body: { metadata: { name: 'default' } } });
  return lab;
}

/** `ns:pods/p1/status`, `ns:apps/v1:statefulsets`, `nodes/n1`. */
function placeOf(path: string): Pick<Request, 'resource' | 'namespace' | 'name' | 'subresource'> {
  const parts = path.split(':');
  const tail = parts[parts.length - 1] ?? '';
  const [resource = '', name, subresource] = tail.split('/');
  const heads = parts.slice(0, -1);
  const versioned = heads.find((head) => head.includes('/'));
  const namespace = heads.find((head) => !head.includes('/'));
  const [group = '', version = 'v1'] = versioned?.split('/') ?? ['', 'v1'];
  return {
    resource: { group, version, resource },
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** `[code, reason, message]` of a refusal. */
export function refusalOf(answer: Answer<JsonObject>): readonly [number, string, string] {
  return [answer.code, textAt(answer.value, 'reason'), textAt(answer.value, 'message')];
}
