/**
 * What a row of the differential suite is: a behaviour in words, and the requests that show it. In paths and
 * bodies `NS` stands for the row's own namespace, `$name` for what an earlier step has kept.
 * Never here: rows (rows/), sending (play.ts).
 */
import type { Json, JsonObject } from '../../../src/local/api/port';

export interface Step {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'TRACE';
  readonly path: string;
  /** A string is sent as it stands. */
  readonly body?: Json;
  /** Instead of a body: sent byte for byte. */
  readonly bytes?: Buffer;
  readonly contentType?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without a certificate. */
  readonly certificate?: 'own' | 'none';
  /** Name and dotted path of what later steps use. */
  readonly keep?: Readonly<Record<string, string>>;
  /** Asked again until this holds; only then it counts. */
  readonly until?: (body: JsonObject, status: number) => boolean;
  /** Dotted paths: of the answer, only these are compared. */
  readonly only?: readonly string[];
  /** Compared is what this makes of the answer. */
  readonly shown?: (body: JsonObject) => Json;
  /** A watch: `during` is done once it is open, and it ends with so many events, or with one that says `last`. */
  readonly watch?: {
    readonly events: number;
    readonly last?: string;
    readonly during?: readonly Step[];
  };
  /** Its answer is not compared: it only prepares. */
  readonly silent?: 'yes';
}

export interface Row {
  readonly why: string;
  readonly steps: readonly Step[];
}

export interface Group {
  /** Also the name of its record. */
  readonly name: string;
  readonly rows: readonly Row[];
}

const merge = 'application/merge-patch+json';
export const patches = {
  merge,
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

export const get = (path: string, more: Partial<Step> = {}): Step => ({
  method: 'GET',
  path,
  ...more,
});
export const post = (path: string, body: Json, more: Partial<Step> = {}): Step => ({
  method: 'POST',
  path,
  body,
  ...more,
});
export const put = (path: string, body: Json, more: Partial<Step> = {}): Step => ({
  method: 'PUT',
  path,
  body,
  ...more,
});
export const patch = (
  how: keyof typeof patches,
  path: string,
  body: Json,
  more: Partial<Step> = {},
): Step => ({ method: 'PATCH', path, body, contentType: patches[how], ...more });
export const remove = (path: string, body?: Json, more: Partial<Step> = {}): Step => ({
  method: 'DELETE',
  path,
  ...(body === undefined ? {} : { body }),
  ...more,
});
/** It only prepares. */
export const silently = (step: Step): Step => ({ ...step, silent: 'yes' });

/** Of the row's namespace: `core('configmaps', 'a')`. */
export const core = (resource: string, name?: string): string =>
  `/api/v1/namespaces/NS/${resource}${name === undefined ? '' : `/${name}`}`;
export const named = (group: string, resource: string, name?: string): string =>
  `/apis/${group}/namespaces/NS/${resource}${name === undefined ? '' : `/${name}`}`;

export const configMap = (name: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  ...more,
});

/** Of a pod that no node takes, so that nothing happens to it. */
export const parked: JsonObject = {
  nodeSelector: { nowhere: 'yes' },
  containers: [{ name: 'main', image: 'valkey/valkey:8.0' }],
};
