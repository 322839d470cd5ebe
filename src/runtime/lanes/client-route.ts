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

export interface ClientRoute extends Router {
  /** To be called when the watch shows another Service or other EndpointSlices of it. */
  show(service: Service | undefined, slices: readonly EndpointSlice[]): void;
  stop(): void;
}

export function createClientRoute(options: ClientRouteOptions): ClientRoute {
  const { client, namespace, cluster, mayAct, onTrouble } = options;
  const names = namesOf(cluster);
  let wanted: Route | undefined;
  let working = false;
  let stopped = false;
  let listener: (seen: Routed) => void = () => {};

  function selectorOf(route: Route): Readonly<Record<string, string>> {
    const pod = route.kind === 'to' ? route.pod : names.nobody;
    return { ...podSelector(cluster), [LABELS.podName]: pod };
  }

  function stands(service: Service, route: Route): boolean {
    const selector = service.spec?.selector ?? {};
    const same = Object.entries(selectorOf(route)).every(([key, value]) => selector[key] === value);
    return same && service.metadata.annotations?.[ANNOTATIONS.epoch] === String(route.epoch);
  }

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    let base = options.service();
    while (wanted !== undefined && !stopped && mayAct() === 'granted') {
      const route: Route = wanted;
      const outcome = base === undefined ? 'read' : await flip(base, route);
      if (outcome === 'done' && wanted === route) break;
      if (outcome === 'later') await delay(AGAIN_MS);
      base = outcome === 'done' ? options.service() : await read();
      if (base === undefined) await delay(AGAIN_MS);
    }
    working = false;
  }

  async function flip(service: Service, route: Route): Promise<'done' | 'read' | 'later'> {
    if (Number(service.metadata.annotations?.[ANNOTATIONS.epoch] ?? 0) > route.epoch) return 'done';
    if (stands(service, route)) return 'done';
    const selector = Object.fromEntries(
      Object.keys(service.spec?.selector ?? {}).map((key) => [key, null as string | null]),
    );
    const answer = await client.mergePatch(
      resources.services,
      { namespace, name: names.client },
      {
        metadata: {
          resourceVersion: service.metadata.resourceVersion,
          annotations: { [ANNOTATIONS.epoch]: String(route.epoch) },
        },
        spec: { selector: { ...selector, ...selectorOf(route) } },
      },
      { lane: 'failover' },
    );
    if (answer.kind === 'ok') return 'done';
    if (answer.kind === 'conflict') return 'read';
    if (answer.kind !== 'notFound') onTrouble(answer);
    return 'later';
  }

  async function read(): Promise<Service | undefined> {
    const answer = await client.get(
      resources.services,
      { namespace, name: names.client },
      { lane: 'failover' },
    );
    if (answer.kind === 'ok') return answer.value;
    if (answer.kind !== 'notFound') onTrouble(answer);
    return undefined;
  }

  return {
    route(next) {
      wanted = next;
      void work();
    },
    onSeen(next) {
      listener = next;
    },
    show(service, slices) {
      const selected = service?.spec?.selector?.[LABELS.podName] ?? '';
      const ready = slices.flatMap(({ endpoints }) => endpoints ?? []);
      const pods = ready.flatMap(({ targetRef }) => targetRef?.name ?? []);
      listener({ selected, endpoints: [...new Set(pods)].sort() });
      if (wanted !== undefined && service !== undefined && !stands(service, wanted)) void work();
    },
    stop() {
      stopped = true;
    },
  };
}
