/**
 * What the verbs ask of the types of fields. Implemented in typed/ (`export const typings: Typings` in
 * typed/index.ts); the verbs get it handed in. All of it is pure: no clock, no state, and an object that
 * goes in is never changed; what comes out may share parts with what went in.
 * Done by the verbs, so not here: JSON patch and merge patch themselves, metadata (names, labels, uid,
 * finalizers, owners, immutable metadata), resourceVersion, generation, deletion, RBAC, table columns.
 * Never here: how a type is checked.
 */
import type { Json, JsonObject } from './port';

/** One entry of `details.causes`, as `field.Error` words it. */
export interface Cause {
  /** `FieldValueInvalid`, `FieldValueRequired`, `FieldValueForbidden`, `FieldValueNotSupported` ... */
  readonly reason: string;
  /** Without the field: `Invalid value: -1: must be greater than or equal to 0`. */
  readonly message: string;
  readonly field: string;
}

/** A refusal before there is an object to validate. The verbs make the Status of it. */
export interface Refusal {
  readonly kind: 'refused';
  /** 400, 409, 415, 422 or 500. */
  readonly code: number;
  /** `BadRequest`, `Conflict`, `Invalid` ... */
  readonly reason: string;
  /** The whole message of the Status. */
  readonly message: string;
  /** With reason `FieldManagerConflict` for each conflict of an apply. */
  readonly causes?: readonly Cause[];
}

export interface Typed {
  readonly kind: 'object';
  readonly object: JsonObject;
  /** Texts of `Warning` headers, e.g. `unknown field "spec.replcas"`. */
  readonly warnings: readonly string[];
}

/** The query's `fieldValidation`: Strict refuses unknown and doubled fields, Warn tells them. */
export type Strictness = 'Strict' | 'Warn' | 'Ignore';

/** Who writes, for managedFields. */
export interface Writer {
  /** 1..128 characters. */
  readonly manager: string;
  readonly operation: 'Update' | 'Apply';
  /** `apiVersion` of the request, which the entry keeps. */
  readonly apiVersion: string;
  /** '' for the main endpoint; `status`, `scale` ... */
  readonly subresource: string;
  /** RFC 3339, whole seconds. */
  readonly now: string;
  /**
   * Top-level fields that this endpoint drops, so that they never enter managedFields: `['status']` for
   * the main endpoint of a kind with a status subresource, `['spec']` for its `/status`.
   */
  readonly reset: readonly string[];
}

/** One kind in one version. */
export interface Typing {
  /** Of the definitions below: `io.k8s.api.apps.v1.StatefulSet`, `io.verilean.valkey.v1alpha1.ValkeyCluster`. */
  readonly definition: string;
  /**
   * From the request's body (JSON or YAML already parsed) to an object: types checked, unknown fields
   * pruned (or told, or refused), defaults set. `apiVersion` and `kind` are right already.
   * Wrong types are a refusal with code 400 as the real decoder words it.
   */
  decode(input: JsonObject, strictness: Strictness): Typed | Refusal;
  /** Sets the defaults; used where the verbs made the object themselves (a patch). Same as in `decode`. */
  defaulted(object: JsonObject): JsonObject;
  /** Empty: valid. Without metadata; with CEL rules, for CRs. */
  validateCreate(object: JsonObject): readonly Cause[];
  /** Also what may not change (`spec.clusterIP`, StatefulSet fields, CEL transition rules). */
  validateUpdate(old: JsonObject, object: JsonObject, subresource: string): readonly Cause[];
  /** A strategic merge patch; a CR answers 415 (the verbs ask for it only where it is supported). */
  strategicPatch(old: JsonObject, patch: JsonObject): Typed | Refusal;
  /**
   * Server-side apply of `config` onto `live`; undefined: it does not exist yet. The result has defaults
   * and managedFields; it equals `live` in all but managedFields' times when nothing changed, and then
   * it is `live` itself. Unknown fields: refused or told by `strictness`.
   */
  apply(
    live: JsonObject | undefined,
    config: JsonObject,
    writer: Writer,
    force: boolean,
    strictness: Strictness,
  ): Typed | Refusal;
  /**
   * `object` with the managedFields that it has after `writer` wrote it over `live`; undefined: created.
   * Decides too what `metadata.managedFields` in the request means (absent: kept; `[{}]`: reset).
   */
  trackUpdate(live: JsonObject | undefined, object: JsonObject, writer: Writer): JsonObject;
  /** `no`: a CR, for which strategic merge patches are answered 415. */
  readonly strategic: 'yes' | 'no';
}

/** All types. */
export interface Typings {
  /** undefined: the kind has no schema here; the registry then refuses to start. */
  builtin(group: string, version: string, kind: string): Typing | undefined;
  /**
   * The types of a valid CustomResourceDefinition, one for each version, by its name. Its own validity
   * (structural schema, CEL that compiles ...) is `builtin('apiextensions.k8s.io', 'v1',
   * 'CustomResourceDefinition')`'s validateCreate and validateUpdate.
   */
  crd(definition: JsonObject): ReadonlyMap<string, Typing>;
  /**
   * OpenAPI v2 definitions by name, `$ref`s as `#/definitions/NAME`, with `description`s,
   * `x-kubernetes-group-version-kind` and patch strategies: what kubectl explain, edit and diff read.
   */
  definitions(): Readonly<Record<string, Json>>;
  /** The same of one CRD, all of its versions; `definitions` of its Typings are keys here. */
  crdDefinitions(definition: JsonObject): Readonly<Record<string, Json>>;
}
