/**
 * What an end-to-end test may do to the world around a ValkeyCluster: change objects, look at them,
 * and hurt processes. One suite runs in every world that has this shape.
 * Never here: what a world is made of (world-real.ts), what is expected of it (test/e2e).
 */
import type { ChildProcess } from 'node:child_process';

export interface PodName {
  readonly namespace: string;
  readonly pod: string;
}

export interface ObjectRef {
  /** As kubectl takes it: `service`, `valkeycluster`, `deployment` ... */
  readonly kind: string;
  /** Left out for objects of the whole cluster. */
  readonly namespace?: string;
  readonly name: string;
}

/** How a command ended. Its code is the caller's business: a refused command is a fact, no exception. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export type Removal = 'and wait' | 'at once' | 'by force' | 'alone';

/** `stop` and `continue` freeze and thaw a process; `kill` ends it without its knowing. */
export type Signal = 'kill' | 'stop' | 'continue';

/** @throws when the process has ended. */
export type Grip = (signal: Signal) => Promise<void>;

/** The API server as pods reach it, and the key pair that they know it by. */
export interface ApiPlace {
  readonly host: string;
  readonly port: number;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface Addresses {
  /** `at once`: the address that was freed last is the next pod's. */
  reuse(when: 'late' | 'at once'): void;
  /** No pod has it any more. */
  isFree(address: string): boolean;
}

export interface World {
  /** For a proxy in front of it. */
  readonly api: ApiPlace;
  /** The client that people type; never throws. */
  kubectl(...args: readonly string[]): Promise<Ran>;
  /** YAML or JSON documents. @throws with the server's words when one of them is refused. */
  apply(documents: string): Promise<void>;
  /** @returns undefined when it is not there. */
  get<Value>(ref: ObjectRef): Promise<Value | undefined>;
  /** @param labels a label selector; left out: all of them. */
  list<Value>(kind: string, namespace: string, labels?: string): Promise<readonly Value[]>;
  /** A merge patch. @throws with the server's words. */
  patch(ref: ObjectRef, patch: object): Promise<void>;
  /**
   * Waits until it is gone when `how` says so; `by force` takes a pod's object without waiting for its
   * processes; `alone` leaves what it owns. Being absent is no failure.
   */
  remove(ref: ObjectRef, how: Removal): Promise<void>;
  exec(pod: PodName, ...command: readonly string[]): Promise<Ran>;
  logs(pod: PodName): Promise<string>;
  /** Each line as it is written, from the first one. @returns ends it. */
  follow(pod: PodName, onLine: (line: string) => void): () => void;
  /**
   * Every object of the kind in the namespace as it is, then each change of one of them; a deleted one
   * comes once more as it was last. @returns ends it.
   */
  watch<Value>(kind: string, namespace: string, onObject: (object: Value) => void): () => void;
  /** A program of this machine that reaches pods and Services by their addresses; stdin, stdout piped. */
  spawn(program: string, args: readonly string[]): ChildProcess;
  /** The first process of the pod's only container. @returns once the signal was sent. */
  signal(pod: PodName, signal: Signal): Promise<void>;
  /** The process that runs in the pod at this moment, whatever becomes of the pod later. */
  grip(pod: PodName): Promise<Grip>;
  /** Absent where that is not for us to say. */
  readonly addresses?: Addresses;
  /**
   * Stops the kubelet of the node that the pod is on: nobody looks after the pods there, and they live on.
   * @returns lets it go on.
   */
  stopKubelet(pod: PodName): Promise<() => Promise<void>>;
  /** What the pod answers at this path over HTTP; undefined when it does not answer by 200. */
  http(pod: PodName, port: number, path: string): Promise<string | undefined>;
}
