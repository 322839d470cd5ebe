/**
 * A Sentinel with a file authority in a process of its own, for tests that kill or stop it.
 * Never here: the judgement; the parent looks at the servers.
 */
import {
  type FileAuthorityOptions,
  fileAuthority,
  Sentinel,
  type SentinelNode,
} from '../../src/sentinel';
import { LAB_USERS } from './valkey';

export interface ContenderPlan {
  readonly nodes: readonly SentinelNode[];
  readonly authority: FileAuthorityOptions;
}

/** Its Sentinel's events, and `up` once that asks for the lease. */
export type FromContender = { readonly type: string; readonly to?: string; readonly term?: number };

process.once('message', ({ nodes, authority }: ContenderPlan) => {
  const sentinel = new Sentinel({
    nodes,
    credentials: LAB_USERS.base,
    pingIntervalMs: 200,
    downAfterMs: 2000,
    authority: fileAuthority(authority),
  });
  sentinel.on('*', (event) => process.send?.(event));
  void sentinel.start().then(() => process.send?.({ type: 'up' } satisfies FromContender));
});
process.once('disconnect', () => process.exit());
