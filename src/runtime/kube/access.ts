/**
 * How to reach an API server and prove who we are: the common shape of a kubeconfig and of a pod's
 * service account. Never here: reading either (kubeconfig.ts, incluster.ts).
 */
import { millis } from '../../kit/brands';
import type { Clock } from '../../kit/clock';

/** What the TLS layer needs. A changed value opens new connections. */
export interface TlsMaterial {
  /** PEM; undefined means the system's roots. */
  readonly ca: string | undefined;
  /** PEM of the client certificate and its key, when that is how we prove who we are. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Name to verify instead of the server's host. */
  readonly serverName: string | undefined;
  readonly verify: 'always' | 'never';
}

export interface Credentials {
  /** Sent with every request: `authorization` for a token. Never logged. */
  readonly headers: Readonly<Record<string, string>>;
  /** The same object as long as nothing in it changed. */
  readonly tls: TlsMaterial;
}

export interface KubeAccess {
  /** `https://host:port` and an optional path prefix, without a slash at the end. */
  readonly server: string;
  /** Where namespaced requests go when the user names none. */
  readonly namespace: string;
  /** For messages: `kubeconfig FILE, context NAME` or `the service account of this pod`. */
  readonly origin: string;
  /**
   * @param age `fresh` after the server refused the cached ones.
   * Never throws once the access was loaded: what cannot be read again is used as it was.
   */
  credentials(age: 'cached' | 'fresh'): Promise<Credentials>;
}

/** Credentials are read again after this long: a pod's token is rotated under it. */
export const rereadAfterMs = millis(60_000);

/**
 * Keeps credentials for a minute, and beyond it when they cannot be read again.
 * @param read may throw; its first call is the caller's, so that a start without credentials fails.
 */
export function keepCredentials(
  first: Credentials,
  clock: Clock,
  read: () => Promise<Credentials>,
): KubeAccess['credentials'] {
  let kept = first;
  let readAtMs = clock.monotonicMs();
  return async (age) => {
    const nowMs = clock.monotonicMs();
    if (age === 'cached' && nowMs - readAtMs < rereadAfterMs) return kept;
    readAtMs = nowMs;
    try {
      const next = await read();
      kept = { headers: next.headers, tls: sameTls(kept.tls, next.tls) ? kept.tls : next.tls };
    } catch {
      // The old ones may still be good; if not, the server says so by name (unauthorized).
    }
    return kept;
  };
}

function sameTls(one: TlsMaterial, other: TlsMaterial): boolean {
  return (
    one.ca === other.ca &&
    one.cert === other.cert &&
    one.key === other.key &&
    one.serverName === other.serverName &&
    one.verify === other.verify
  );
}
