/**
 * The port between the local API server and everything that lives inside its process: controllers,
 * kubelets, the Service proxy and the HTTPS front. One call is one API request with its user, checked,
 * admitted and answered as a real API server answers it.
 * Never here: how it is answered (the other files of api/), sockets.
 */

/** Any JSON value that an object of the API may hold. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Metadata as the server keeps it. */
export interface Metadata {
  readonly name: string;
  readonly generateName?: string;
  /** Absent for cluster-wide kinds. */
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly Json[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** An object as stored. `Spec` and `Status` are what the reader declares to know of it. */
export interface ApiObject<Spec = unknown, Status = unknown> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec?: Spec;
  readonly status?: Status;
}

/** Which collection: `{ group: 'apps', version: 'v1', resource: 'statefulsets' }`; group '' is the core. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  /** Plural, lower case. */
  readonly resource: string;
}

/** Who asks. Controllers and kubelets ask as `system:...` users that RBAC always allows. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

export type Verb = 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

export interface Request {
  readonly verb: Verb;
  readonly resource: Resource;
  /** Absent: cluster-wide kind, or a list over all namespaces. */
  readonly namespace?: string;
  /** Absent for list, create and deletecollection. */
  readonly name?: string;
  /** `status`, `scale`, `eviction`, `token`, `binding` ... */
  readonly subresource?: string;
  readonly query?: Query;
  readonly body?: unknown;
  /** Where the body's text says a member twice: the paths of all, in its order. */
  readonly members?: readonly string[];
  /** Of the body of a patch. */
  readonly patch?: 'json' | 'merge' | 'strategic' | 'apply';
  readonly user: User;
  /** Becomes the field manager where the query names none: the part before the first `/`. */
  readonly userAgent?: string;
}

/** Query parameters, as the API names them. */
export interface Query {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
  readonly dryRun?: 'All';
  readonly fieldManager?: string;
  readonly force?: boolean;
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
  /** The older word for Orphan and Background. */
  readonly orphanDependents?: boolean;
  readonly gracePeriodSeconds?: number;
  /** Of a watch: what is there comes first, then a bookmark that says so. */
  readonly sendInitialEvents?: boolean;
}

/** `metav1.Status`: how a refusal, or a deletion, is told. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly causes?: readonly {
      readonly reason?: string;
      readonly message?: string;
      readonly field?: string;
    }[];
    readonly retryAfterSeconds?: number;
  };
  readonly code: number;
}

/** `value` is an object, a list (`items` inside) or a Status; `warnings` become `Warning` headers. */
export interface Answer<Value = unknown> {
  readonly code: number;
  readonly value: Value;
  readonly warnings?: readonly string[];
}

export interface WatchEvent<Object = ApiObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: Object;
}

export interface WatchRequest {
  readonly resource: Resource;
  readonly namespace?: string;
  readonly query?: Query & {
    readonly allowWatchBookmarks?: boolean;
    readonly timeoutSeconds?: number;
  };
  readonly user: User;
}

/** The whole server, without its sockets. */
export interface LocalApi {
  /**
   * One request, answered at once: the store is memory. Never throws for what the caller sent; a
   * refusal is an answer whose value is a Status.
   */
  handle(request: Request): Answer;
  /**
   * Events from the query's resourceVersion on, each in a turn of its own and in order of version.
   * Without a version, or with '0', the present objects come first as ADDED.
   * @returns ends it; no event comes afterwards.
   */
  watch(request: WatchRequest, onEvent: (event: WatchEvent) => void): () => void;
}
