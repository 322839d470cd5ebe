/**
 * What is known of a cluster's passwords: whether new ones would lock running servers out, and whether the
 * user's own Secret gives one.
 * Never here: a password (lanes/passwords.ts).
 */
import type { Facts } from '../../kit/reasons';
import { SECRET_KEYS } from '../../spec/naming';
import type { PodView } from './pod-facts';
import type { Observed } from './reconcile';

/** How a Secret was answered for: an answer of the server, by its kind. */
interface Read {
  readonly kind: string;
  readonly value?: { readonly data?: Readonly<Record<string, string>> };
}

/**
 * @param kept whether this process has seen those in force.
 * @param read the last answer; undefined: none yet. A server that did not answer proves no loss.
 */
export function passwordState(
  kept: boolean,
  read: Read | undefined,
  pods: readonly PodView[],
): Observed['passwords'] {
  if (kept) return 'kept';
  const isEmpty = Object.keys(read?.value?.data ?? {}).length === 0;
  const isGone = read?.kind === 'notFound' || (read?.kind === 'ok' && isEmpty);
  return isGone && pods.some(hasStarted) ? 'lost' : 'unread';
}

/** A container that was made has read the Secret; one that waits for it has not. */
function hasStarted({ status }: PodView): boolean {
  return (status?.containerStatuses ?? []).some(({ containerID }) => containerID !== undefined);
}

/** @returns why the Secret of auth.secretName gives no password; undefined when it does. */
export function clientSecretProblem(secret: string, read: Read): Facts | undefined {
  if (read.kind !== 'ok') return { secret, problem: read.kind };
  const value = read.value?.data?.[SECRET_KEYS.clientPassword];
  return value ? undefined : { secret, problem: `no key ${SECRET_KEYS.clientPassword}` };
}
