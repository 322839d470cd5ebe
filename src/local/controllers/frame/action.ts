/**
 * What a controller wants done, as data: decisions return it, the shell (execute.ts) does it.
 * Never here: an answer; a controller looks again instead.
 */
import type { ApiObject, OwnerReference } from '../../api/port';
import type { Kind } from './kind';

/** An object that is not there yet; apiVersion and kind come from its Kind. */
export interface Draft {
  readonly metadata: {
    readonly name?: string;
    readonly generateName?: string;
    readonly namespace?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    readonly ownerReferences?: readonly OwnerReference[];
    readonly finalizers?: readonly string[];
  };
  readonly [field: string]: unknown;
}

/** The reason and message of an Event; `type` is Normal where it is absent. */
export interface Tale {
  readonly about: ApiObject;
  readonly reason: string;
  readonly message: string;
  readonly type?: 'Normal' | 'Warning';
  /** Told in the newer form (events.k8s.io), which names what was done. */
  readonly action?: string;
}

/** Told when the action is refused; the server's message follows `message`. */
type OnRefusal = { readonly onRefusal?: Tale };

export type Action =
  | ({
      readonly kind: 'create';
      readonly of: Kind;
      readonly object: Draft;
      /** `{name}` in its message becomes the name that the object got. */
      readonly onSuccess?: Tale;
    } & OnRefusal)
  /** Puts the whole object; its resourceVersion guards against a change in between. */
  | ({
      readonly kind: 'update';
      readonly of: Kind;
      readonly object: ApiObject;
      /** Of a namespace: its own finalizers. */
      readonly subresource?: 'finalize';
    } & OnRefusal)
  /** Puts the status; done even when an action before it was refused. */
  | { readonly kind: 'status'; readonly of: Kind; readonly object: ApiObject }
  /** With the object's uid as a precondition. */
  | ({
      readonly kind: 'patch';
      readonly of: Kind;
      readonly object: ApiObject;
      readonly patch: Readonly<Record<string, unknown>>;
      /** `strategic` names the conditions it sets, and leaves those of others. Default: merge patch. */
      readonly type?: 'strategic';
      readonly subresource?: 'status';
    } & OnRefusal)
  | ({
      readonly kind: 'delete';
      readonly of: Kind;
      readonly object: ApiObject;
      /** Absent: the object's own. */
      readonly graceSeconds?: number;
      readonly propagation?: 'Foreground' | 'Background' | 'Orphan';
      /** Only if nothing has changed since. */
      readonly onlyThisVersion?: true;
    } & OnRefusal)
  /** All of the kind in the namespace, each as if it were deleted by itself. */
  | { readonly kind: 'deleteAll'; readonly of: Kind; readonly namespace: string }
  /** Puts a pod on a node. */
  | ({ readonly kind: 'bind'; readonly pod: ApiObject; readonly node: string } & OnRefusal)
  | ({ readonly kind: 'tell' } & Tale)
  /** Goes no further: the key comes again with back-off, as after a refusal. */
  | { readonly kind: 'giveUp' };

export interface Decision {
  readonly actions: readonly Action[];
  /** Looks again after so long, even when nothing changes. */
  readonly recheckAfterMs?: number | undefined;
}

export const NOTHING: Decision = { actions: [] };
