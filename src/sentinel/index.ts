/**
 * `gungnir/sentinel`: the failover engine in any Node.js program.
 * Never here: Kubernetes (gungnir/sentinel/kubernetes), constructs (gungnir).
 */
export { InvalidOptionsError, type OptionProblem } from '../kit/invalid-options';
export { explain, type Facts, GungnirError, type Reason, reasons } from '../kit/reasons';
export type { LeaseFact } from './core/election';
export type { SwapOutcome } from './core/event';
export type { Address } from './core/facts';
export type { ClusterRecord, HistoryEntry, Process } from './core/record';
export type { IterateOptions, Listener } from './event-hub';
export type { SentinelEvent, SentinelEventName, SentinelEvents } from './events';
export { type FileAuthorityOptions, fileAuthority } from './io/file-authority';
export {
  createLeasedAuthority as leasedAuthority,
  type Kept,
  type LeasedAuthorityOptions,
  type LeaseStore,
  type LeaseTimes,
  leaseOf,
  type StoreRead,
  type StoreWrite,
  timeProblems,
} from './io/leased-authority';
export {
  createMemoryAuthority as memoryAuthority,
  type MemoryAuthorityHost,
} from './io/memory-authority';
export type {
  Answer,
  Authority,
  Connected,
  ConnectFailure,
  Connection,
  Credentials,
  Leadership,
  Transport,
} from './io/ports';
export type { Command, Reply } from './io/resp';
export { createSocketTransport as socketTransport } from './io/socket-transport';
export type { Moved, MoveOptions } from './moves';
export type { SentinelNode, SentinelOptions } from './options';
export { type PrimaryAddress, Sentinel, type WaitOptions } from './sentinel';
export { type ServerFiles, type ServerFilesOptions, serverFiles } from './server-files';
export type { LastFailover, NodeStatus, SentinelStatus } from './status';
