/**
 * What the API server asks of the kubelet of a pod: its log and a command run beside it. Implemented by
 * the kubelet (and by a fake in tests); the server passes on bytes and answers refusals.
 * Never here: how a process is run, WebSocket frames.
 */

/** Which container; the server has already found out that the pod has it, and on which node it is. */
export interface ContainerRef {
  readonly namespace: string;
  readonly pod: string;
  /** Of the pod: a successor of the same name is another. */
  readonly uid: string;
  readonly node: string;
  readonly container: string;
}

export interface LogOptions {
  readonly follow: 'yes' | 'no';
  /** The container's run before this one. */
  readonly previous: 'yes' | 'no';
  /** Whole lines from the end. 0 or more; absent: all. */
  readonly tailLines?: number;
  /** 1 or more; lines younger than this. */
  readonly sinceSeconds?: number;
  /** RFC 3339; lines of this time or later. */
  readonly sinceTime?: string;
  /** Each line with its RFC 3339 time in front. */
  readonly timestamps: 'yes' | 'no';
  readonly limitBytes?: number;
}

/** Where a log goes. */
export interface LogSink {
  /** @returns `full`: nothing more until `drained` of the same sink resolves. */
  write(bytes: Uint8Array): 'more' | 'full';
  drained(): Promise<void>;
  /** Called once, at the end of the log, or of the container when it is followed. */
  end(): void;
}

/** Why the agent cannot serve it; the message is told as it is, with status 400. */
export interface AgentRefusal {
  readonly kind: 'refused';
  /** e.g. `previous terminated container "valkey" in pod "v0" not found`. */
  readonly message: string;
}

export interface ExecStreams {
  readonly stdout: (bytes: Uint8Array) => void;
  readonly stderr: (bytes: Uint8Array) => void;
  /** Sets where the client's stdin goes; undefined as chunk: the client closed it. */
  readonly onStdin: (listener: (chunk: Uint8Array | undefined) => void) => void;
  readonly onResize: (listener: (size: { width: number; height: number }) => void) => void;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

export interface ExecOptions {
  readonly command: readonly string[];
  readonly tty: 'yes' | 'no';
  readonly stdin: 'yes' | 'no';
}

export type ExecEnd =
  | { readonly kind: 'exited'; readonly code: number }
  /** The command could not be started, e.g. `exec: "redis-cli": executable file not found in $PATH`. */
  | { readonly kind: 'failed'; readonly message: string };

export interface NodeAgent {
  /** Streams into the sink until it ends. @returns what ends it early, with nothing more written. */
  logs(
    of: ContainerRef,
    options: LogOptions,
    sink: LogSink,
  ): { readonly kind: 'streaming'; readonly stop: () => void } | AgentRefusal;
  exec(
    inside: ContainerRef,
    options: ExecOptions,
    streams: ExecStreams,
  ): Promise<ExecEnd | AgentRefusal>;
}
