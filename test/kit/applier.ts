/**
 * Server-side apply to the API server of the local cluster, in memory, as a tool that keeps Git would do it:
 * strict, and without force, so that a field of somebody else is a refusal.
 * Never here: what is applied.
 */
import type { Query } from '../../src/local/api/port';
import { rangeOf } from '../../src/local/range';
import { ADMIN, startLocalApi } from './local-api';

export interface AppliedObject {
  readonly metadata: { readonly resourceVersion: string };
}

interface Given {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export interface Applier {
  /** @returns the object as the server has it. @throws Error with the server's words. */
  apply(object: Given, query?: Query): AppliedObject;
  /** undefined: it is not there. */
  live(object: Given): AppliedObject | undefined;
  /** Applies a definition, and waits until its kind is served. */
  define(
    crd: Given & { readonly spec: { readonly names: { readonly kind: string } } },
  ): Promise<void>;
}

export function applierOf(instance: number): Applier {
  const { api } = startLocalApi(rangeOf(instance));
  const placeOf = ({ apiVersion, kind, metadata }: Given) => {
    const [version = '', group = ''] = apiVersion.split('/').reverse();
    const known = api.registry.ofKind(group, kind);
    if (known === undefined) throw new Error(`no kind ${kind} in ${apiVersion}`);
    const resource = { group, version, resource: known.resource };
    const { name, namespace = 'default' } = metadata;
    return { resource, name, user: ADMIN, ...(known.scope === 'cluster' ? {} : { namespace }) };
  };
  const apply: Applier['apply'] = (object, query = {}) => {
    const { code, value } = api.handle({
      verb: 'patch',
      patch: 'apply',
      ...placeOf(object),
      body: JSON.parse(JSON.stringify(object)),
      query: { fieldManager: 'git', fieldValidation: 'Strict', ...query },
    });
    if (code >= 300) throw new Error(`${object.kind}: ${JSON.stringify(value)}`);
    return value as AppliedObject;
  };
  return {
    apply,
    live(object) {
      const { code, value } = api.handle({ verb: 'get', ...placeOf(object) });
      return code === 200 ? (value as AppliedObject) : undefined;
    },
    async define(crd) {
      apply(crd);
      const [group] = crd.metadata.name.split('.').slice(1).join('.').split('/');
      while (api.registry.ofKind(group ?? '', crd.spec.names.kind) === undefined)
        await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
