/**
 * ServiceAccount tokens of one pod: asked for once, kept, and renewed at 80 % of their time.
 * Never here: what is in one.
 */
import { type Host, isFine } from './host';
import type { Pod } from './pod';
import { specOf } from './pod';

export interface Tokens {
  /** @returns undefined when the server refuses the first one. */
  of(audience: string | undefined, expirationSeconds: number): string | undefined;
  /** When the first of them has to be renewed; undefined: there is none. */
  renewAtMs(): number | undefined;
}

const RENEW_AT = 0.8;
/** A refused renewal leaves the one that is there, and is tried again after this. */
const RETRY_MS = 60_000;

export function tokensOf(
  { api, user, nowMs }: Pick<Host, 'api' | 'user' | 'nowMs'>,
  pod: Pod,
): Tokens {
  const kept = new Map<string, { readonly token: string; readonly renewAtMs: number }>();
  return {
    of(audience, expirationSeconds) {
      const key = JSON.stringify([audience, expirationSeconds]);
      const known = kept.get(key);
      if (known !== undefined && nowMs() < known.renewAtMs) return known.token;
      const { name, namespace = '', uid } = pod.metadata;
      const answer = api.handle({
        verb: 'create',
        resource: { group: '', version: 'v1', resource: 'serviceaccounts' },
        namespace,
        name: specOf(pod).serviceAccountName ?? 'default',
        subresource: 'token',
        user,
        body: {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          spec: {
            audiences: audience === undefined ? [] : [audience],
            expirationSeconds,
            boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
          },
        },
      });
      const { status } = answer.value as { readonly status?: { readonly token?: string } };
      const token = status?.token;
      if (!isFine(answer) || token === undefined) {
        if (known === undefined) return undefined;
        kept.set(key, { ...known, renewAtMs: nowMs() + RETRY_MS });
        return known.token;
      }
      kept.set(key, { token, renewAtMs: nowMs() + expirationSeconds * 1000 * RENEW_AT });
      return token;
    },
    renewAtMs() {
      const times = [...kept.values()].map(({ renewAtMs }) => renewAtMs);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
