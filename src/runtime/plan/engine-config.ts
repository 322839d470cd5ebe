/**
 * The engine's settings from a definition. The names are the API's; the defaults are the spec's.
 * Never here: a default of its own.
 */
import { millis } from '../../kit/brands';
import { liveConfig } from '../../resources/valkey-conf';
import type { Config } from '../../sentinel/core/config';
import type { ValkeyClusterSpec } from '../../spec/cluster';
import { resolve } from '../../spec/defaults';
import { USERS } from '../../spec/naming';

/**
 * kube-proxy takes changes in at most once a second, so the last change may have waited a second before it was
 * taken in, and the next one waits a second after that (decision 0036).
 */
const SERVICE_QUIET_MS = millis(2100);
/** kube-proxy sends new connections elsewhere 25 to 145 ms after it saw the change. */
const SERVICE_SETTLE_MS = millis(150);
const DRAIN_MS = millis(50);

/** @param spec a valid spec. */
export function engineConfig(spec: ValkeyClusterSpec): Config {
  const { sentinel, failover, replicas } = resolve(spec);
  return {
    pingIntervalMs: millis(sentinel.pingIntervalMs),
    downAfterMs: millis(sentinel.downAfterMs),
    failoverTimeoutMs: millis(sentinel.failoverTimeoutMs),
    waitForBestMs: millis(failover.waitForBestMs),
    policy: failover.policy,
    prefer: failover.prefer,
    minReplicasToWrite: failover.minReplicasToWrite,
    maxLagSeconds: failover.maxLagSeconds,
    dataLossPolicy: failover.dataLossPolicy,
    onDiskError: failover.onDiskError,
    replicas,
    clientUsers: [USERS.clients],
    addresses: 'reusable',
    killPort: 'present',
    serviceQuietMs: SERVICE_QUIET_MS,
    serviceSettleMs: SERVICE_SETTLE_MS,
    drainMs: DRAIN_MS,
    settings: Object.entries(liveConfig(spec)),
  };
}
