/**
 * What the parts of a kubelet share: the API, the time, the programs, and how it differs from others.
 * Never here: a pod's state.
 */
import type { Answer, ApiObject, LocalApi, User } from '../api/port';
import type { Caches } from '../controllers/frame/cache';
import type { Timers } from '../controllers/frame/timers';
import type { Addresses } from './addresses';
import type { BackOffBounds } from './back-off';
import type { ApiAddress, Lookup } from './environment';
import type { Programs } from './images';
import { type Amounts, PODS, type Pod, SERVICES } from './pod';
import type { Processes } from './processes';

export interface KubeletSettings {
  /** Default as a real kubelet: 10 s, 5 min. */
  readonly backOff: BackOffBounds;
  /** From a container's end to its first next run. A real kubelet looks each second. */
  readonly restartDelayMs: number;
  /** From the start of a container to its first probe; a real one asks at any point of the period. */
  readonly firstProbeMs: number;
  /** Until the kubelet says again what somebody wrote over its own conditions, and writes again what it could not. */
  readonly resyncMs: number;
  /** `live on`: whoever deletes a pod by force gets what a lost node gives him: a twin. */
  forceDeleted: 'end' | 'live on';
}

export interface NodePlace {
  readonly name: string;
  readonly ip: string;
  readonly allocatable: Amounts;
  /** `down`: the kubelet goes on alone: it hears nothing and tells nothing. */
  link: 'up' | 'down';
}

export type TellEvent = (
  about: ApiObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  /** `spec.containers{valkey}`. */
  fieldPath?: string,
) => void;

export interface Host {
  readonly api: LocalApi;
  readonly user: User;
  readonly caches: Caches;
  readonly timers: Timers;
  /** Wall time. */
  readonly nowMs: () => number;
  readonly processes: Processes;
  readonly addresses: Addresses;
  /** Everything that this instance keeps on disk is below it. */
  readonly folder: string;
  readonly programs: Programs;
  readonly server: ApiAddress;
  readonly settings: KubeletSettings;
  readonly tell: TellEvent;
}

/** The objects beside a pod as the server has them at this moment, not as a watch has told so far. */
export function lookupOf({ api, user, caches }: Host, namespace: string): Lookup {
  const get = <Known>(resource: string, name: string): Known | undefined => {
    const answer = api.handle({
      verb: 'get',
      resource: { group: '', version: 'v1', resource },
      namespace,
      name,
      user,
    });
    return answer.code === 200 ? (answer.value as Known) : undefined;
  };
  return {
    configMap: (name) => get('configmaps', name),
    secret: (name) => get('secrets', name),
    services: () => caches.list(SERVICES, namespace),
  };
}

/** A pod as the server has it at this moment: a watch may be some turns behind. */
export function podNow({ api, user }: Pick<Host, 'api' | 'user'>, of: Pod): Pod | undefined {
  const { namespace = '', name, uid } = of.metadata;
  const answer = api.handle({ verb: 'get', resource: PODS, namespace, name, user });
  const found = answer.value as Pod;
  return isFine(answer) && found.metadata.uid === uid ? found : undefined;
}

export function isFine({ code }: Answer): boolean {
  return code >= 200 && code < 300;
}

export function nameOf({ metadata }: Pod): string {
  return `${metadata.name}_${metadata.namespace}(${metadata.uid})`;
}
