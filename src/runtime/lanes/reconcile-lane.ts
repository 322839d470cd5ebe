/**
 * Carries out the reconcile plan of one cluster: observe, plan, one request, again, until it is
 * settled or has to wait. Only the leader works; a slow request here delays nobody else.
 * Never here: a decision (runtime/plan), a role or a route (failover-lane.ts).
 */
import { explain, type Facts } from '../../kit/reasons';
import type { KubeObject as Manifest } from '../../resources/kube-object';
import { render } from '../../resources/render';
import { resolve } from '../../spec/defaults';
import { namesOf, SECRET_KEYS } from '../../spec/naming';
import type { Answer, Failure } from '../kube/answer';
import type { KubeClient } from '../kube/client';
import {
  type KubeObject,
  type PersistentVolumeClaim,
  type Resource,
  resourceOf,
  resources,
  type Secret,
  type StatefulSet,
} from '../kube/types';
import type { Instruments } from '../ops/instruments';
import type { Log } from '../ops/log';
import type { InForce } from '../plan/in-force';
import { modeOf } from '../plan/mode';
import { clientSecretProblem, passwordState } from '../plan/password-state';
import {
  type ClaimView,
  type LiveObject,
  type Observed,
  type Plan,
  plan,
  type Request,
} from '../plan/reconcile';
import type { RolloutView } from '../plan/rollout';
import { behind, readLive } from './live';
import { OwnWrites } from './own-writes';
import { completeData, type KeptData, rotateClientPassword, writePasswords } from './passwords';
import type { ClusterObject } from './record-store';
import type { SecretReader } from './secrets';
import type { View } from './view';

/** A lane that never settles is a bug or a fight; it rests after this many requests in a row. */
const REQUESTS_IN_A_ROW = 40;
const RETRY_BASE_MS = 200;
const RETRY_MAX_MS = 30_000;
const CONTROLLER = { controller: 'valkeycluster' } as const;

export interface ReconcileLaneOptions {
  readonly client: KubeClient;
  readonly view: View;
  readonly secrets: SecretReader;
  readonly cluster: () => ClusterObject | undefined;
  /** `remains`: what is in force of an invalid definition is no base for a change of objects. */
  readonly basis: () => InForce['basis'];
  readonly rollout: () => RolloutView;
  readonly mayAct: () => 'granted' | 'denied';
  /** While clients wait for a primary nothing here is worth their time; 0: nobody waits. */
  readonly standBackMs: () => number;
  readonly intervalMs: number;
  readonly log: Log;
  readonly instruments: Instruments;
  readonly onPlan: (plan: Plan) => void;
}

export class ReconcileLane {
  private readonly writes = new OwnWrites();
  private current: Plan = { kind: 'wait', on: 'StatefulSetUnseen', facts: {}, recheckAfterMs: 0 };
  private phase: 'idle' | 'running' | 'again' | 'stopped' = 'idle';
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  /** The passwords that the servers run with, as far as this process has seen them. */
  private inForce: KeptData | undefined;
  private secretRead: Answer<Secret> | undefined;
  private secretProblem: Facts | undefined;

  constructor(private readonly options: ReconcileLaneOptions) {}

  plan(): Plan {
    return this.current;
  }

  /**
   * Something changed: a pass begins now, or once more when the one under way is over; while the
   * primary changes, when that is over.
   */
  kick(): void {
    if (this.phase === 'stopped') return;
    if (this.phase !== 'idle') {
      this.phase = 'again';
      return;
    }
    const standBackMs = this.options.standBackMs();
    if (standBackMs > 0) {
      this.later(standBackMs);
      return;
    }
    this.phase = 'running';
    clearTimeout(this.timer);
    void this.pass()
      .catch((error: unknown) => this.onFault(error))
      .finally(() => this.afterPass());
  }

  stop(): void {
    this.phase = 'stopped';
    clearTimeout(this.timer);
  }

  private afterPass(): void {
    if (this.phase === 'stopped') return;
    const again = this.phase === 'again';
    this.phase = 'idle';
    if (again) this.kick();
  }

  private later(afterMs: number): void {
    clearTimeout(this.timer);
    if (this.phase !== 'stopped') this.timer = setTimeout(() => this.kick(), afterMs);
  }

  private async pass(): Promise<void> {
    const { options } = this;
    await this.readSecret();
    for (let count = 0; count < REQUESTS_IN_A_ROW; count += 1) {
      const object = options.cluster();
      if (object === undefined || options.mayAct() === 'denied') {
        this.later(options.intervalMs);
        return;
      }
      const next = this.planNow(object);
      if (next.kind !== 'act') {
        this.rest(next);
        return;
      }
      const answer = await this.carryOut(object, next.request);
      if (answer.kind !== 'ok') {
        this.fail(next.request, answer);
        return;
      }
    }
    this.later(RETRY_MAX_MS);
  }

  /** A Secret that cannot be read is taken as it was last seen; writes find out by themselves. */
  private async readSecret(): Promise<void> {
    const object = this.options.cluster();
    if (object === undefined || this.options.mayAct() === 'denied') return;
    const { namespace = '', name } = object.metadata;
    const answer = await this.options.secrets.read(namespace, namesOf(name).secret);
    this.secretRead = answer;
    if (answer.kind === 'ok') this.inForce = completeData(answer.value) ?? this.inForce;
    await this.readClientSecret(object);
  }

  /** One that cannot be read changes nothing: the password in force stays. */
  private async readClientSecret(object: ClusterObject): Promise<void> {
    const { secrets, onPlan } = this.options;
    const { namespace = '' } = object.metadata;
    const secret = object.spec?.auth?.secretName;
    const before = this.secretProblem;
    this.secretProblem =
      secret === undefined
        ? undefined
        : clientSecretProblem(secret, await secrets.read(namespace, secret));
    if (JSON.stringify(before) !== JSON.stringify(this.secretProblem)) onPlan(this.current);
  }

  /** Why the user's own Secret gives no password; undefined when it does, or none is named. */
  clientSecretProblem(): Facts | undefined {
    return this.secretProblem;
  }

  private planNow(object: ClusterObject): Plan {
    const next = plan(this.observe(object));
    this.tell(next);
    return next;
  }

  private tell(next: Plan): void {
    const changed = JSON.stringify(next) !== JSON.stringify(this.current);
    this.current = next;
    if (changed) this.options.onPlan(next);
  }

  private rest(next: Exclude<Plan, { kind: 'act' }>): void {
    const settled = next.kind === 'settled';
    this.failures = 0;
    this.options.instruments.reconciles.add({
      ...CONTROLLER,
      result: settled ? 'success' : 'requeue_after',
    });
    this.later(settled ? this.options.intervalMs : next.recheckAfterMs);
  }

  private fail(request: Request, failure: Failure): void {
    const { instruments, log } = this.options;
    instruments.reconciles.add({ ...CONTROLLER, result: 'error' });
    instruments.reconcileErrors.add(CONTROLLER);
    this.writes.forget();
    this.failures += 1;
    this.later(this.restMs());
    if (failure.kind === 'conflict') return;
    const said = 'status' in failure ? failure.status.message : failure.kind;
    log.warn('request refused', { request: request.kind, answer: failure.kind, said });
    const facts = { request: request.kind, said };
    this.tell({ kind: 'wait', on: 'RequestRefused', facts, recheckAfterMs: RETRY_BASE_MS });
  }

  /** A contradiction of our own stops this cluster's lane until its next try, and no other. */
  private onFault(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    this.failures += 1;
    this.options.instruments.reconcileErrors.add(CONTROLLER);
    this.options.log.error(explain('ReconcileFault', { problem }));
    this.later(this.restMs());
    const facts = { problem };
    this.tell({ kind: 'wait', on: 'ReconcileFault', facts, recheckAfterMs: RETRY_MAX_MS });
  }

  private restMs(): number {
    return Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** this.failures);
  }

  private observe(object: ClusterObject): Observed {
    const { namespace = '', name, uid } = object.metadata;
    const spec = object.spec ?? {};
    const { persistence } = resolve(spec);
    const { basis, secrets, view } = this.options;
    return {
      wanted: render({ metadata: { name, namespace, uid }, spec }),
      live: (kind, part) => this.live(kind, namespace, part),
      applied: this.writes.versions,
      clientPassword:
        spec.auth?.secretName === undefined
          ? undefined
          : secrets.peek(namespace, spec.auth.secretName)?.data?.[SECRET_KEYS.clientPassword] ||
            undefined,
      secretKeys: Object.values(SECRET_KEYS),
      clusterUid: uid,
      mode: modeOf(object, view.statefulSet(namespace, namesOf(name).statefulSet), basis()),
      passwords: passwordState(
        this.inForce !== undefined,
        this.secretRead,
        view.pods(namespace, name),
      ),
      rollout: this.options.rollout(),
      claims: view.claimsOf(namespace, name).map(claimView),
      wantedSize: persistence.enabled ? persistence.storageSize : undefined,
    };
  }

  private live(kind: string, namespace: string, name: string): LiveObject | undefined {
    const { view, secrets } = this.options;
    if (kind === 'Secret') return secrets.peek(namespace, name);
    const seen = view.subResource(kind, namespace, name);
    return this.writes.newest(kind, name, seen) as LiveObject | undefined;
  }

  private async carryOut(object: ClusterObject, request: Request): Promise<Answer<unknown>> {
    const { client, log } = this.options;
    const namespace = object.metadata.namespace ?? '';
    log.info('reconcile', { request: request.kind, what: nameOf(request) });
    switch (request.kind) {
      case 'apply':
        return this.apply(object, request.manifest);
      case 'writeSecret':
        return this.remembered(await writePasswords(client, object, request.name, this.inForce));
      case 'rotate':
        return this.remembered(await rotateClientPassword(client, object, request.name));
      case 'expand': {
        const patch = { spec: { resources: { requests: { storage: request.size } } } };
        return client.mergePatch(
          resources.persistentVolumeClaims,
          { namespace, name: request.name },
          patch,
        );
      }
      case 'restart':
        return this.restart(object, request);
    }
  }

  /** A StatefulSet is changed only as it was when the change was planned; it may lose pods by it. */
  private async apply(object: ClusterObject, manifest: Manifest): Promise<Answer<unknown>> {
    const { client } = this.options;
    const { namespace = '' } = object.metadata;
    const seen =
      manifest.kind === 'StatefulSet'
        ? (this.live(manifest.kind, namespace, manifest.metadata.name) as StatefulSet | undefined)
        : undefined;
    const shrinks = Number(manifest.spec?.replicas) < (seen?.spec?.replicas ?? 0);
    const live = shrinks ? await readLive(client, object, this.options.rollout()) : undefined;
    if (live !== undefined && live.kind !== 'ok') return live;
    const base = seen === undefined ? {} : { resourceVersion: seen.metadata.resourceVersion };
    const guarded = { ...manifest, metadata: { ...manifest.metadata, ...base } };
    return this.remembered(
      await client.apply<KubeObject, typeof guarded>(resourceOf(manifest) as Resource, guarded),
    );
  }

  private async restart(
    object: ClusterObject,
    { pod, podUid }: Request & { readonly kind: 'restart' },
  ): Promise<Answer<unknown>> {
    const { client, rollout } = this.options;
    const { namespace } = object.metadata;
    const live = await readLive(client, object, rollout());
    if (live.kind !== 'ok') return live;
    const { pods, statefulSet } = live.value;
    const { metadata } = pods.find((one) => one.metadata.uid === podUid) ?? {};
    const revision = metadata?.labels?.['controller-revision-hash'];
    if (metadata === undefined || revision === statefulSet.status?.updateRevision)
      return behind('the pod is up to date');
    const { resourceVersion } = metadata;
    return client.remove(
      resources.pods,
      { namespace, name: pod },
      { uid: podUid, resourceVersion },
    );
  }

  private remembered(answer: Answer<KubeObject>): Answer<KubeObject> {
    if (answer.kind !== 'ok') return answer;
    this.writes.remember(answer.value);
    if (answer.value.kind === 'Secret') this.options.secrets.keep(answer.value);
    return answer;
  }
}

function nameOf(request: Request): string {
  switch (request.kind) {
    case 'apply':
      return `${request.manifest.kind}/${request.manifest.metadata.name}`;
    case 'writeSecret':
    case 'rotate':
      return `Secret/${request.name}`;
    case 'expand':
      return `PersistentVolumeClaim/${request.name}`;
    case 'restart':
      return `Pod/${request.pod}`;
  }
}

function claimView({ metadata, spec }: PersistentVolumeClaim): ClaimView {
  return { name: metadata.name, size: spec?.resources?.requests?.storage ?? '0' };
}
