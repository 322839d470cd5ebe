/**
 * How often each fault, and each act of clients and users, may still happen in a world.
 * Never here: what it does (the faults' own files).
 */

export interface Budget {
  readonly crash: number;
  readonly restart: number;
  /** Crash and restart in one, inside any detection window. */
  readonly reboot: number;
  /** A restart with a volume that holds another cluster's data. */
  readonly foreign: number;
  readonly hang: number;
  readonly resume: number;
  /** Cut off from all, or (`cut`) from the engine alone. */
  readonly isolate: number;
  readonly cut: number;
  readonly heal: number;
  /** A replica loads what it was sent, a fresh process what its disk holds. */
  readonly load: number;
  /** The pod of a lost process is force-deleted, and another one takes its name. */
  readonly twin: number;
  readonly lose: number;
  readonly delay: number;
  readonly apiError: number;
  readonly takeover: number;
  readonly stall: number;
  /** A leader's first list of pods is late, or leaves one out. */
  readonly conceal: number;
  readonly write: number;
  readonly flush: number;
  /** A write that a pause does not keep out. */
  readonly intrude: number;
  readonly wish: number;
  readonly withdraw: number;
  readonly accept: number;
  /** The user changes the number of replicas, to three from two or to two from three. */
  readonly scale: number;
}

export const noBudget: Budget = {
  crash: 0,
  restart: 0,
  reboot: 0,
  foreign: 0,
  hang: 0,
  resume: 0,
  isolate: 0,
  cut: 0,
  heal: 0,
  load: 0,
  twin: 0,
  lose: 0,
  delay: 0,
  apiError: 0,
  takeover: 0,
  stall: 0,
  conceal: 0,
  write: 0,
  flush: 0,
  intrude: 0,
  wish: 0,
  withdraw: 0,
  accept: 0,
  scale: 0,
};
