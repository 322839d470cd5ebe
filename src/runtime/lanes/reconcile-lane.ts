/**
 * Carries out the reconcile plan of one cluster: observe, plan, one request, again, until it is
 * settled or has to wait. Only the leader works; a slow request here delays nobody else.
 * Never here: a decision (runtime/plan), a role or a route (failover-lane.ts).
 */
import { randomBytes } from 'node:crypto';
import { render } from '../../resources/render';
import { secretData } from '../../resources/secret';
import { resolve } from '../../spec/defaults';
import { namesOf, SECRET_KEYS } from '../../spec/naming';
import type { Answer } from '../kube/answer';
import type { KubeClient } from '../kube/client';
import { type KubeObject, type Resource, resourceOf, resources, type Secret } from '../kube/types';
import type { Instruments } from '../ops/instruments';
import type { Log } from '../ops/log';
import {
  type LiveObject,
  type Observed,
  objectKey,
  type Plan,
  plan,
  type Request,
} from '../plan/reconcile';
import type { RolloutView } from '../plan/rollout';
import type { ClusterObject } from './record-store';
import type { SecretReader } from './secrets';
import type { View } from './view';

/** A lane that never settles is a bug or a fight; it rests after this many requests in a row. */
const REQUESTS_IN_A_ROW = 40;
const RETRY_BASE_MS = 200;
const RETRY_MAX_MS = 30_000;

export interface ReconcileLaneOptions {
  readonly client: KubeClient;
  readonly view: View;
  readonly secrets: SecretReader;
  readonly cluster: () => ClusterObject | undefined;
  readonly rollout: () => RolloutView;
  readonly mayAct: () => 'granted' | 'denied';
  readonly intervalMs: number;
  readonly log: Log;
  readonly instruments: Instruments;
  readonly onPlan: (plan: Plan) => void;
}

export interface ReconcileLane {
  kick(): void;
  plan(): Plan;
  stop(): void;
}

export function startReconcileLane(options: ReconcileLaneOptions): ReconcileLane {
  const { view, log, instruments, mayAct } = options;
  const applied = new Map<string, string>();
  const written = new Map<string, KubeObject>();
  let current: Plan = { kind: 'wait', on: 'StatefulSetUnseen', facts: {}, recheckAfterMs: 0 };
  let phase: 'idle' | 'running' | 'again' | 'stopped' = 'idle';
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;

  function later(afterMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(kick, afterMs);
  }

  function kick(): void {
    if (phase === 'stopped') return;
    if (phase === 'running' || phase === 'again') {
      phase = 'again';
      return;
    }
    phase = 'running';
    clearTimeout(timer);
    void pass().finally(() => {
      const again = phase === 'again';
      if (phase !== 'stopped') phase = 'idle';
      if (again) kick();
    });
  }

  async function pass(): Promise<void> {
    const first = options.cluster();
    if (first !== undefined && mayAct() === 'granted') await readSecret(first);
    for (let count = 0; count < REQUESTS_IN_A_ROW; count += 1) {
      const object = options.cluster();
      if (object === undefined || mayAct() === 'denied') return later(options.intervalMs);
      tell(plan(observe(object)));
      if (current.kind === 'settled') return settle('success', options.intervalMs);
      if (current.kind === 'wait') return settle('requeue_after', current.recheckAfterMs);
      const answer = await carryOut(object, current.request);
      if (answer.kind !== 'ok') return fail(current.request, answer);
    }
    settle('requeue_after', RETRY_MAX_MS);
  }

  /** A Secret that cannot be read is taken as it was last seen; writes find out by themselves. */
  async function readSecret({ metadata }: ClusterObject): Promise<void> {
    await options.secrets.read(metadata.namespace ?? '', namesOf(metadata.name).secret);
  }

  function tell(next: Plan): void {
    const changed = JSON.stringify(next) !== JSON.stringify(current);
    current = next;
    if (changed) options.onPlan(next);
  }

  function settle(result: 'success' | 'requeue_after', afterMs: number): void {
    failures = 0;
    instruments.reconciles.add({ controller: 'valkeycluster', result });
    later(afterMs);
  }

  function fail(request: Request, answer: Exclude<Answer<unknown>, { kind: 'ok' }>): void {
    instruments.reconciles.add({ controller: 'valkeycluster', result: 'error' });
    instruments.reconcileErrors.add({ controller: 'valkeycluster' });
    written.clear();
    failures += 1;
    if (answer.kind === 'conflict') return later(RETRY_BASE_MS);
    const said = 'status' in answer ? answer.status.message : answer.kind;
    log.warn('request refused', { request: request.kind, answer: answer.kind, said });
    tell({
      kind: 'wait',
      on: 'RequestRefused',
      facts: { request: request.kind, said },
      recheckAfterMs: RETRY_BASE_MS,
    });
    later(Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** failures));
  }

  function observe(object: ClusterObject): Observed {
    const { namespace = '', name, uid } = object.metadata;
    const spec = object.spec ?? {};
    const wanted = render({ metadata: { name, namespace, uid }, spec });
    return {
      wanted,
      live: (kind, part) => newest(kind, namespace, part),
      applied,
      secretKeys: Object.values(SECRET_KEYS),
      clusterUid: uid,
      mode: resolve(spec).paused ? 'paused' : modeOf(view, namespace, name),
      rollout: options.rollout(),
    };
  }

  /** Our own write is known before the watch shows it. */
  function newest(kind: string, namespace: string, name: string): LiveObject | undefined {
    const key = objectKey(kind, name);
    if (kind === 'Secret') return options.secrets.peek(namespace, name) as LiveObject | undefined;
    const seen = view.part(kind, namespace, name);
    const ours = written.get(key);
    if (
      ours !== undefined &&
      (seen === undefined ||
        seen.metadata.uid !== ours.metadata.uid ||
        seen.metadata.resourceVersion === ours.metadata.resourceVersion)
    ) {
      if (seen !== undefined) written.delete(key);
      return (seen ?? ours) as LiveObject;
    }
    return (isOlder(seen, ours) ? ours : seen) as LiveObject | undefined;
  }

  async function carryOut(object: ClusterObject, request: Request): Promise<Answer<unknown>> {
    const namespace = object.metadata.namespace ?? '';
    log.info('reconcile', {
      request: request.kind,
      what:
        'manifest' in request
          ? `${request.manifest.kind}/${request.manifest.metadata.name}`
          : 'pod' in request
            ? request.pod
            : request.name,
    });
    switch (request.kind) {
      case 'apply':
        return apply(request.manifest);
      case 'writeSecret':
        return writeSecret(object, request.name);
      case 'restart':
        return options.client.remove(
          resources.pods,
          { namespace, name: request.pod },
          { uid: request.podUid },
        );
    }
  }

  async function apply(
    manifest: Request & { kind: 'apply' } extends { manifest: infer M } ? M : never,
  ): Promise<Answer<unknown>> {
    const resource = resourceOf(manifest) as Resource;
    const answer = await options.client.apply<KubeObject, typeof manifest>(resource, manifest);
    if (answer.kind === 'ok') remember(answer.value);
    return answer;
  }

  function remember(object: KubeObject): void {
    const key = objectKey(object.kind, object.metadata.name);
    applied.set(key, object.metadata.resourceVersion);
    if (object.kind === 'Secret') options.secrets.keep(object);
    written.set(key, object);
  }

  /** Random once, here and nowhere else; the version guards against a second operator doing the same. */
  async function writeSecret(object: ClusterObject, name: string): Promise<Answer<unknown>> {
    const namespace = object.metadata.namespace ?? '';
    const live = await options.client.get<Secret>(resources.secrets, { namespace, name });
    if (live.kind !== 'ok' || live.value.data?.[SECRET_KEYS.acl] !== undefined) return live;
    const client = await clientPassword(object);
    if (client.kind !== 'ok') return client;
    const passwords = {
      client: client.value,
      operator: password(),
      replication: password(),
      probe: password(),
    };
    const answer = await options.client.mergePatch<Secret>(
      resources.secrets,
      { namespace, name },
      {
        metadata: { resourceVersion: live.value.metadata.resourceVersion },
        stringData: secretData(object.metadata.uid, passwords),
      },
    );
    if (answer.kind === 'ok') remember(answer.value);
    return answer;
  }

  /** A user's own Secret gives the clients' password only. */
  async function clientPassword(object: ClusterObject): Promise<Answer<string>> {
    const name = object.spec?.auth?.secretName;
    if (name === undefined) return { kind: 'ok', value: password() };
    const answer = await options.client.get<Secret>(resources.secrets, {
      namespace: object.metadata.namespace,
      name,
    });
    if (answer.kind !== 'ok') return answer;
    const value = answer.value.data?.[SECRET_KEYS.clientPassword];
    if (value !== undefined)
      return { kind: 'ok', value: Buffer.from(value, 'base64').toString('utf8') };
    return {
      kind: 'invalid',
      status: {
        code: 0,
        reason: '',
        message: `the Secret ${name} has no key ${SECRET_KEYS.clientPassword}`,
        retryAfterMs: undefined,
      },
    };
  }

  return {
    kick,
    plan: () => current,
    stop() {
      phase = 'stopped';
      clearTimeout(timer);
    },
  };
}

function password(): string {
  return randomBytes(24).toString('base64url');
}

/** Objects that Git applied before us stay Git's: the StatefulSet says so. */
function modeOf(view: View, namespace: string, name: string): Observed['mode'] {
  const statefulSet = view.statefulSet(namespace, namesOf(name).statefulSet);
  return statefulSet?.metadata.annotations?.['valkey.verilean.io/managed-by'] === 'gitops'
    ? 'gitops'
    : 'managed';
}

function isOlder(seen: KubeObject | undefined, ours: KubeObject | undefined): boolean {
  if (ours === undefined || seen === undefined) return false;
  return BigInt(seen.metadata.resourceVersion) < BigInt(ours.metadata.resourceVersion);
}
