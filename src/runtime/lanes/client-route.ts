/**
 * The client Service's selector: one write for each flip, on a connection that is kept warm, again
 * until it stands or something newer is wanted. What a user changed there is put back.
 * Never here: whom it shall select.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Route } from '../../sentinel/core/ready';
import type { Routed, Router } from '../../sentinel/io/ports';
import { ANNOTATIONS, LABELS, namesOf, podSelector } from '../../spec/naming';
import type { Failure } from '../kube/answer';
import type { KubeClient } from '../kube/client';
import { type EndpointSlice, resources, type Service } from '../kube/types';

const AGAIN_MS = 100;

export interface ClientRouteOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly cluster: string;
  readonly service: () => Service | undefined;
  readonly mayAct: () => 'granted' | 'denied';
  readonly onTrouble: (failure: Failure) => void;
}

export class ClientRoute implements Router {
  private wanted: Route | undefined;
  /** `again`: something was shown while a write was under way. */
  private phase: 'idle' | 'working' | 'again' | 'stopped' = 'idle';
  private listener: (seen: Routed) => void = () => {};
  private stamp = '';
  private writing: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ClientRouteOptions) {}

  route(next: Route): void {
    this.wanted = next;
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
    while (this.wanted !== undefined && this.isWorking()) {
      const route: Route = this.wanted;
      const outcome = base === undefined ? 'read' : await this.flip(base, route);
      if (outcome === 'done' && this.wanted === route) break;
      if (outcome === 'later') await delay(AGAIN_MS);
      base = outcome === 'done' ? this.options.service() : await this.read();
      if (base === undefined) await delay(AGAIN_MS);
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
  private async flip(service: Service, route: Route): Promise<'done' | 'read' | 'later'> {
    if (epochOf(service) > route.epoch || this.stands(service, route)) return 'done';
    const { client, namespace, cluster, onTrouble } = this.options;
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
    if (answer.kind === 'ok') return 'done';
    if (answer.kind === 'conflict') return 'read';
    if (answer.kind !== 'notFound') onTrouble(answer);
    return 'later';
  }

  private async read(): Promise<Service | undefined> {
    const { client, namespace, cluster, onTrouble } = this.options;
    const name = { namespace, name: namesOf(cluster).client };
    const answer = await client.get(resources.services, name, { lane: 'failover' });
    if (answer.kind === 'ok') return answer.value;
    if (answer.kind !== 'notFound') onTrouble(answer);
    return undefined;
  }
}

function epochOf(service: Service): number {
  return Number(service.metadata.annotations?.[ANNOTATIONS.epoch] ?? 0);
}
