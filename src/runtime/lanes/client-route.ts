/**
 * The client Service's selector: one write for each flip, on a connection that is kept warm, again
 * until it stands or something newer is wanted. What a user changed there is put back.
 * Never here: whom it shall select.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { millis } from '../../kit/brands';
import type { Route } from '../../sentinel/core/ready';
import type { Routed, Router } from '../../sentinel/io/ports';
import { ANNOTATIONS, LABELS, namesOf, podSelector } from '../../spec/naming';
import type { Failure } from '../kube/answer';
import type { KubeClient } from '../kube/client';
import { type EndpointSlice, resources, type Service } from '../kube/types';
import { Retry, type RetryWorld } from './retry';

/** Clients wait for the flip. */
const BACKOFF = { baseMs: millis(100), capMs: millis(2000) } as const;

export interface ClientRouteOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly cluster: string;
  readonly service: () => Service | undefined;
  readonly mayAct: () => 'granted' | 'denied';
  readonly retries: RetryWorld;
}

type Flipped = 'done' | 'conflict' | 'unread' | Failure;

export class ClientRoute implements Router {
  private wanted: Route | undefined;
  /** `again`: something was shown while a write was under way. */
  private phase: 'idle' | 'working' | 'again' | 'stopped' = 'idle';
  private listener: (seen: Routed) => void = () => {};
  private stamp = '';
  private writing: Promise<unknown> = Promise.resolve();

  private readonly retry: Retry;

  constructor(private readonly options: ClientRouteOptions) {
    this.retry = new Retry(options.retries, 'route', BACKOFF);
  }

  route(next: Route): void {
    this.wanted = next;
    this.retry.hurry();
    this.begin();
  }

  private begin(): void {
    this.writing = Promise.all([this.writing, this.work()]);
  }

  /** Leadership was lost: what another leader routes is not put back when we lead again. */
  forget(): void {
    this.wanted = undefined;
  }

  onSeen(next: (seen: Routed) => void): void {
    this.listener = next;
  }

  /**
   * To be called when the watch shows something of the cluster's Services or EndpointSlices.
   * @param stamp another one whenever any of them changed, the other Services' included.
   */
  show(service: Service | undefined, slices: readonly EndpointSlice[], stamp: string): void {
    const selected = service?.spec?.selector?.[LABELS.podName] ?? '';
    const pods = slices
      .flatMap(({ endpoints }) => endpoints ?? [])
      .flatMap(({ targetRef }) => targetRef?.name ?? []);
    const proxies = stamp === this.stamp ? 'asBefore' : 'stirred';
    if (stamp !== this.stamp) this.retry.hurry();
    this.stamp = stamp;
    this.listener({ selected, endpoints: [...new Set(pods)].sort(), proxies });
    const drifted =
      this.wanted !== undefined && service !== undefined && !this.stands(service, this.wanted);
    if (drifted) this.begin();
  }

  /** Resolved when what was asked for stands, or it is too late; nothing is written from then on. */
  async finish(withinMs: number): Promise<void> {
    const timeUp = delay(withinMs, undefined, { ref: false });
    if (this.phase !== 'stopped') await Promise.race([this.writing, timeUp]);
    this.phase = 'stopped';
  }

  private async work(): Promise<void> {
    if (!this.begins()) return;
    let base = this.options.service();
    for (let conflicts = 0; this.wanted !== undefined && this.isWorking(); ) {
      const route: Route = this.wanted;
      const flipped = base === undefined ? 'unread' : await this.flip(base, route);
      if (flipped === 'done' && this.wanted === route) break;
      conflicts += flipped === 'conflict' ? 1 : 0;
      // The first conflict is ordinary: somebody else wrote in between.
      const rests = flipped === 'conflict' ? conflicts > 1 : typeof flipped === 'object';
      if (rests && flipped !== 'done' && flipped !== 'unread') await this.retry.rest(flipped);
      base = flipped === 'done' ? this.options.service() : await this.read();
    }
    if (this.endsForNow() === 'again') await this.work();
  }

  private begins(): boolean {
    if (this.phase === 'idle') {
      this.phase = 'working';
      return true;
    }
    if (this.phase === 'working') this.phase = 'again';
    return false;
  }

  private endsForNow(): ClientRoute['phase'] {
    const { phase } = this;
    if (phase !== 'stopped') this.phase = 'idle';
    return phase;
  }

  private isWorking(): boolean {
    return this.phase !== 'stopped' && this.options.mayAct() === 'granted';
  }

  private selectorOf(route: Route): Readonly<Record<string, string>> {
    const { cluster } = this.options;
    const pod = route.kind === 'to' ? route.pod : namesOf(cluster).nobody;
    return { ...podSelector(cluster), [LABELS.podName]: pod };
  }

  private stands(service: Service, route: Route): boolean {
    const selector = service.spec?.selector ?? {};
    const wanted = Object.entries(this.selectorOf(route));
    const same = wanted.every(([key, value]) => selector[key] === value);
    return (
      same && wanted.length === Object.keys(selector).length && epochOf(service) === route.epoch
    );
  }

  /** One merge patch: keys that do not belong there go with the same write. */
  private async flip(service: Service, route: Route): Promise<Flipped> {
    if (epochOf(service) > route.epoch || this.stands(service, route)) return 'done';
    const { client, namespace, cluster } = this.options;
    const keys = Object.keys(service.spec?.selector ?? {});
    const selector = {
      ...Object.fromEntries(keys.map((key) => [key, null])),
      ...this.selectorOf(route),
    };
    const { resourceVersion } = service.metadata;
    const annotations = { [ANNOTATIONS.epoch]: String(route.epoch) };
    const patch = { metadata: { resourceVersion, annotations }, spec: { selector } };
    const name = { namespace, name: namesOf(cluster).client };
    const answer = await client.mergePatch(resources.services, name, patch, { lane: 'failover' });
    if (answer.kind !== 'ok') return answer.kind === 'conflict' ? 'conflict' : answer;
    this.retry.worked();
    return 'done';
  }

  /** @returns undefined after a rest when it cannot be read now. */
  private async read(): Promise<Service | undefined> {
    const { client, namespace, cluster } = this.options;
    const name = { namespace, name: namesOf(cluster).client };
    const answer = await client.get(resources.services, name, { lane: 'failover' });
    if (answer.kind === 'ok') return answer.value;
    await this.retry.rest(answer);
    return undefined;
  }
}

function epochOf(service: Service): number {
  return Number(service.metadata.annotations?.[ANNOTATIONS.epoch] ?? 0);
}
