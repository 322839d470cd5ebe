/**
 * The engine for any Node.js program: watches Valkey servers by their addresses, fails over and
 * switches over as failover.md says, and tells what it does.
 * Never here: a decision (core), how nodes are reached (io). To see it run: examples/engine-embedding.
 */
import { problem, refuseOptions } from '../kit/option-problems';
import { GungnirError } from '../kit/reasons';
import { EventHub, type IterateOptions, type Listener } from './event-hub';
import type { SentinelEvent, SentinelEventName } from './events';
import { createGovernor, type Governor } from './governor';
import { type Moved, type MoveOptions, move } from './moves';
import { createOnlooker, type Onlooker } from './onlooker';
import { nodeName, optionProblems, type SentinelNode, type SentinelOptions } from './options';
import { idleStatus, type SentinelStatus } from './status';

/** How long to wait, and what ends the waiting. */
export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** ms; default: as long as it takes. */
  readonly timeoutMs?: number;
}

/** Where clients belong. */
export interface PrimaryAddress {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/**
 * ```ts
 * const sentinel = new Sentinel({ nodes: [{ host: '10.0.0.1' }, { host: '10.0.0.2' }], credentials });
 * sentinel.on('+switch-master', ({ from, to }) => console.log(`${from} -> ${to}`));
 * await sentinel.start();
 * ```
 * It keeps the process alive from `start` to `close`.
 */
export class Sentinel {
  private readonly hub = new EventHub();
  private readonly nodes: readonly SentinelNode[];
  private body: { readonly governor: Governor } | { readonly onlooker: Onlooker } | undefined;
  private phase: 'idle' | 'starting' | 'running' | 'closed' = 'idle';
  private ending: Promise<void> | undefined;
  private route: PrimaryAddress | undefined;
  private broken: SentinelEvent<'+broken'> | undefined;
  private readonly onAbort = (): void => void this.close();

  /** @throws InvalidOptionsError naming every option that cannot be used. Nothing is begun yet. */
  constructor(private readonly options: SentinelOptions) {
    refuseOptions(optionProblems(options));
    this.nodes = options.nodes.map((node) => ({ ...node }));
    this.hub.on('+route', (event) => this.onRoute(event as SentinelEvent<'+route'>));
    this.hub.on('+broken', (event) => {
      this.broken = event as SentinelEvent<'+broken'>;
    });
    options.signal?.addEventListener('abort', this.onAbort, { once: true });
  }

  /**
   * Begins. Resolved when the names of the nodes are looked up and the work has begun; whether there
   * is a primary is told by events, and awaited by `primary`.
   * @throws GungnirError NodeNameUnknown; NotStarted when it was started or closed before; the
   * signal's reason when that is aborted.
   */
  async start(): Promise<this> {
    this.options.signal?.throwIfAborted();
    if (this.phase !== 'idle') throw new GungnirError('NotStarted', { phase: this.phase });
    this.phase = 'starting';
    const emit = (event: SentinelEvent): void => this.hub.emit(event);
    try {
      if (this.options.mode === 'observe')
        this.body = { onlooker: await createOnlooker(this.options, emit) };
      else this.body = { governor: await createGovernor(this.options, emit) };
    } catch (error) {
      await this.close();
      throw error;
    }
    if (this.isClosed()) await this.stopBody();
    else this.phase = 'running';
    return this;
  }

  /**
   * @param type one word, or '*' for all. @returns takes the listener off again.
   * What a listener throws becomes an uncaught exception of the program; the engine goes on.
   */
  on<Name extends SentinelEventName>(type: Name, listener: Listener<Name>): () => void;
  on(type: '*', listener: Listener<SentinelEventName>): () => void;
  on(type: SentinelEventName | '*', listener: (event: never) => void): () => void {
    return this.hub.on(type, listener as Listener<SentinelEventName>);
  }

  /** The next event of this type. @throws the signal's reason; NotStarted at `close`. */
  once<Name extends SentinelEventName>(
    type: Name,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<SentinelEvent<Name>> {
    return this.awaited<SentinelEvent<Name>>(options, (resolve) =>
      this.on(type, (event) => resolve(event as SentinelEvent<Name>)),
    );
  }

  /** Every event from this call on, until `close` or the signal ends the iteration. */
  events(options: IterateOptions = {}): AsyncIterableIterator<SentinelEvent> {
    return this.hub.iterate(options);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<SentinelEvent> {
    return this.events();
  }

  /** Where clients belong, as soon as there is such a node. @throws NoPrimaryInTime; the signal's reason; NotStarted. */
  primary(options: WaitOptions = {}): Promise<PrimaryAddress> {
    const { route } = this;
    if (route !== undefined) return Promise.resolve(route);
    return this.awaited<PrimaryAddress>(options, (resolve) =>
      this.hub.on('+route', () => {
        if (this.route !== undefined) resolve(this.route);
      }),
    );
  }

  /**
   * Moves the primary to `to`, without losing a write: writes wait, the offsets become equal, the old
   * one is demoted first. Resolved when the new one serves and is recorded.
   * @throws GungnirError SwitchoverRefused (no such replica is attached and close behind, or it was
   * given up: the primary is as it was), NotTheAuthority, ObserveOnly, NotStarted, EngineBroken, MoveTimedOut;
   * InvalidOptionsError for a node that is not one of the options.
   */
  async switchover(options: MoveOptions & { readonly to: string }): Promise<Moved> {
    const names = this.nodes.map(nodeName);
    if (!names.includes(options.to))
      refuseOptions([problem('to', options.to, `give one of ${names.join(', ')}`)]);
    return this.move(options.to, options);
  }

  /**
   * Moves the primary to the best replica: by a switchover while it serves; where it is down, resolved
   * when the failover that runs anyway has its new primary. It never shortens a wait for proof.
   * @throws as `switchover`.
   */
  async failover(options: MoveOptions = {}): Promise<Moved> {
    return this.move(undefined, options);
  }

  /**
   * The answer where the engine stopped and asks (`status().blocked`): this node's data is kept, what
   * others have beyond it may be lost. It counts for the question that is open at this moment.
   */
  accept(node: string): void {
    const names = this.nodes.map(nodeName);
    if (!names.includes(node))
      refuseOptions([problem('node', node, `give one of ${names.join(', ')}`)]);
    this.governor().accept(node);
  }

  /** Plain data, as of now. Never throws. */
  status(): SentinelStatus {
    const { body } = this;
    if (body === undefined || this.phase === 'closed')
      return idleStatus(this.nodes, this.phase === 'closed' ? 'closed' : 'idle');
    return 'governor' in body ? body.governor.status() : body.onlooker.status();
  }

  /**
   * Ends all work: a change of primary that is under way goes on to its end, some seconds at most;
   * connections end, the authority is given back. The servers go on as they are. Again and again is allowed.
   */
  close(): Promise<void> {
    this.ending ??= this.end();
    return this.ending;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async end(): Promise<void> {
    this.options.signal?.removeEventListener('abort', this.onAbort);
    await this.stopBody();
    this.phase = 'closed';
    this.hub.close();
  }

  private async stopBody(): Promise<void> {
    const { body } = this;
    if (body === undefined) return;
    if ('governor' in body) await body.governor.stop();
    else body.onlooker.stop();
  }

  private isClosed(): boolean {
    return this.phase === 'closed' || this.ending !== undefined;
  }

  private async move(to: string | undefined, options: MoveOptions): Promise<Moved> {
    return move(this.governor().engine, this.hub, to, options);
  }

  private governor(): Governor {
    if (this.options.mode === 'observe') throw new GungnirError('ObserveOnly');
    const { body } = this;
    if (body === undefined || !('governor' in body) || this.isClosed())
      throw new GungnirError('NotStarted', { phase: this.phase });
    if (this.broken !== undefined)
      throw new GungnirError('EngineBroken', { error: this.broken.message });
    return body.governor;
  }

  private onRoute({ node, host, port }: SentinelEvent<'+route'>): void {
    const whole = node !== undefined && host !== undefined && port !== undefined;
    this.route = whole ? { name: node, host, port } : undefined;
  }

  private async awaited<Value>(
    { signal, timeoutMs }: WaitOptions,
    listen: (resolve: (value: Value) => void) => () => void,
  ): Promise<Value> {
    signal?.throwIfAborted();
    if (this.isClosed()) throw new GungnirError('NotStarted', { phase: 'closed' });
    const cleanups: (() => void)[] = [];
    try {
      return await new Promise<Value>((resolve, reject) => {
        cleanups.push(listen(resolve));
        cleanups.push(this.hub.onClose(() => reject(new GungnirError('NotStarted'))));
        const onAbort = (): void => reject(signal?.reason);
        signal?.addEventListener('abort', onAbort, { once: true });
        cleanups.push(() => signal?.removeEventListener('abort', onAbort));
        if (timeoutMs === undefined) return;
        const late = new GungnirError('NoPrimaryInTime', { afterMs: timeoutMs });
        const timer = setTimeout(() => reject(late), timeoutMs);
        cleanups.push(() => clearTimeout(timer));
      });
    } finally {
      for (const cleanup of cleanups) cleanup();
    }
  }
}
