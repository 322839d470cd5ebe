/**
 * New objects of the built-in kinds before the real server (dry run) and before the local types: the same
 * defaults, zero values, canonical amounts and owners, but for what admission and strategies add
 * (recorded in golden/objects.json).
 */
import { beforeAll, expect, test } from 'vitest';
import { isObject } from '../../../../src/local/api/json';
import type { Json, JsonObject } from '../../../../src/local/api/port';
import { typings } from '../../../../src/local/api/typed/index';
import { objects } from './object-rows';
import { type Ask, recorded, scrubbed, type Told } from './oracle';

interface Case {
  readonly apiVersion: string;
  readonly kind: string;
  readonly object: JsonObject;
  readonly ask: Ask;
}

const cases: readonly Case[] = objects.map(({ apiVersion, kind, plural, body, scope }) => {
  const prefix = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const namespaced = scope !== 'cluster';
  const metadata = isObject(body.metadata) ? body.metadata : {};
  const object = {
    apiVersion,
    kind,
    ...body,
    metadata: { name: 'new', ...(namespaced ? { namespace: 'NS' } : {}), ...metadata },
  };
  const path = `${prefix}${namespaced ? '/namespaces/NS' : ''}/${plural}`;
  const ask: Ask = {
    method: 'POST',
    path: `${path}?dryRun=All&fieldManager=me&fieldValidation=Strict`,
    body: object,
  };
  return { apiVersion, kind, object, ask };
});

let told: readonly Told[] = [];
beforeAll(async () => {
  const asks = cases.map(({ ask }) => ask);
  told = await recorded('objects', asks);
}, 60_000);

/** Set by admission plugins or strategies of the server, which the verbs imitate. */
const added: readonly string[] = [
  'metadata.finalizers',
  'spec.clusterIP',
  'spec.clusterIPs',
  'spec.ipFamilies',
  'spec.ipFamilyPolicy',
  'spec.tolerations',
  'spec.priority',
  'spec.preemptionPolicy',
  'spec.serviceAccount',
  'spec.serviceAccountName',
  'spec.storageClassName',
  'status.phase',
  'status.qosClass',
  'status.lastPhaseTransitionTime',
];

function without(object: JsonObject, paths: readonly string[]): JsonObject {
  const copy = JSON.parse(JSON.stringify(object)) as Record<string, Record<string, Json>>;
  for (const path of paths) {
    const [part = '', key = ''] = path.split('.');
    delete copy[part]?.[key];
  }
  return copy;
}

test.each(cases.map((one, index) => ({ ...one, index })))(
  '$index: a new $kind',
  ({ apiVersion, kind, object, index }) => {
    const real = told[index];
    const [group = '', version = ''] = apiVersion.includes('/')
      ? apiVersion.split('/')
      : ['', apiVersion];
    const typing = typings.builtin(group, version, kind);
    const decoded = typing?.decode(object, 'Strict');
    if (typing === undefined || decoded === undefined) throw new Error(`no type ${kind}`);
    if (decoded.kind === 'refused') {
      expect({ code: decoded.code, message: decoded.message }).toEqual({
        code: real?.status,
        message: real?.body.message,
      });
      return;
    }
    expect(real?.status, String(real?.body.message)).toBe(201);
    const tracked = typing.trackUpdate(undefined, decoded.object, {
      manager: 'me',
      operation: 'Update',
      apiVersion,
      subresource: '',
      now: '2026-01-01T00:00:00Z',
      reset: hasStatus(decoded.object) ? ['status'] : [],
    });
    const own = scrubbed(tracked) as JsonObject;
    expect(without(own, added)).toEqual(without(real?.body ?? {}, added));
  },
);

function hasStatus(object: JsonObject): boolean {
  return object.status !== undefined;
}
