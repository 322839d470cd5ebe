/**
 * What the verbs know of a kind: its names, its endpoints and the few things in which kinds differ.
 * Never here: the kinds themselves (builtin.ts, crds.ts), types of fields (Typing).
 */
import type { Granting } from '../escalation';
import type { NameRule } from '../names';
import type { JsonObject, User } from '../port';
import type { Typing } from '../typing';

/** An endpoint below an object. */
export interface Subresource {
  readonly name: string;
  /** `apps/v1` of what it takes and gives; '' for the kind's own. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

export interface ScalePaths {
  readonly spec: readonly string[];
  readonly status: readonly string[];
  /** Of a text (CRD) or a LabelSelector (built-in); absent: no selector is told. */
  readonly selector?: readonly string[];
}

/** What a hook may ask of the server. */
export interface Hooks {
  nowText(): string;
  uuid(): string;
  /** The other objects, as stored. */
  get(collection: string, key: string): JsonObject | undefined;
  list(collection: string): readonly JsonObject[];
  /** A free Service address; undefined: the range is used up. */
  serviceAddress(): string | undefined;
  serviceAddressState(address: string): 'free' | 'taken' | 'outside';
  nodePort(): number;
  readonly user: User;
  /** What the user may grant to others. */
  readonly granting: Granting;
}

export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly scope: 'namespaced' | 'cluster';
  /** Of the store; served versions of one kind share it. */
  readonly collection: string;
  /** Of the objects in the store. */
  readonly storedApiVersion: string;
  readonly origin: 'builtin' | 'crd';
  readonly typing: Typing;
  readonly verbs: readonly string[];
  readonly subresources: readonly Subresource[];
  readonly scale?: ScalePaths;
  readonly nameRule: NameRule;
  /** `kept`: only the status endpoint writes it. */
  readonly status: 'kept' | 'plain';
  /** Counted when something else than metadata and status changes; `none`: never set. */
  readonly generation: 'counted' | 'none';
  /** Parts of metadata that count too. */
  readonly generationMetadata: readonly string[];
  /** PUT without a resourceVersion. */
  readonly unconditionalUpdate: 'allowed' | 'refused';
  readonly createOnUpdate: 'allowed' | 'refused';
  readonly deleteAnswers: 'object' | 'status';
  /** Whether deletion may add finalizers for the garbage collector. */
  readonly garbage: 'collected' | 'never';
  /** Field selectors beside metadata.name and metadata.namespace. */
  readonly fields: Readonly<Record<string, (object: JsonObject) => string>>;
  /** Columns of `kubectl get`, for CRDs. */
  readonly printerColumns?: readonly PrinterColumn[];
  /** Right after decoding: parts that mean the same are made to agree. */
  readonly onDecode?: (object: JsonObject) => JsonObject;
  readonly onCreate?: (object: JsonObject, hooks: Hooks) => JsonObject;
  readonly onUpdate?: (old: JsonObject, object: JsonObject, hooks: Hooks) => JsonObject;
  /** Between the stored form and that of this version. */
  readonly toVersion?: (stored: JsonObject) => JsonObject;
  readonly toStored?: (object: JsonObject) => JsonObject;
  /** Told to everybody who uses it. */
  readonly deprecation?: string;
  /** Of a CRD: the definition that serves it. */
  readonly definition?: JsonObject;
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
  readonly jsonPath: string;
}

export function apiVersionOf(kind: { readonly group: string; readonly version: string }): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}
