/**
 * The two lanes of one ValkeyCluster, and the definition that is in force for both.
 * Never here: what a lane does; which definition is in force (plan/in-force.ts).
 */
import { GungnirError } from '../../kit/reasons';
import { namesOf, SECRET_KEYS, USERS } from '../../spec/naming';
import type { KubeClient } from '../kube/client';
import type { Instruments } from '../ops/instruments';
import { type InForce, inForce, problemFacts } from '../plan/in-force';
import { standBackMs } from '../plan/pace';
import type { Trouble } from '../plan/status';
import { unreadableWishes } from '../plan/wishes';
import { ClientUsers } from './client-users';
import { FailoverLane, type FailoverLaneOptions } from './failover-lane';
import { ReconcileLane } from './reconcile-lane';
import type { ClusterObject } from './record-store';
import { type SecretReader, secretText } from './secrets';
import type { View } from './view';

type Shared =
  | 'client'
  | 'transport'
  | 'view'
  | 'secrets'
  | 'mayAct'
  | 'clock'
  | 'rng'
  | 'log'
  | 'events'
  | 'instruments'
  | 'onStep';

export interface ClusterLanesOptions extends Pick<FailoverLaneOptions, Shared> {
  readonly client: KubeClient;
  readonly view: View;
  readonly secrets: SecretReader;
  readonly instruments: Instruments;
  readonly intervalMs: number;
}

export class ClusterLanes {
  readonly uid: string;
  private readonly failover: FailoverLane;
  private readonly reconcile: ReconcileLane;
  private readonly users: ClientUsers;
  private object: ClusterObject;
  private definition: InForce;
  /** Generation of the invalid definition that was told last. */
  private told: number | undefined;

  constructor(
    private readonly options: ClusterLanesOptions,
    first: ClusterObject,
  ) {
    this.uid = first.metadata.uid;
    this.definition = inForce(first, undefined);
    this.object = { ...first, spec: this.definition.spec };
    for (const wish of unreadableWishes(first.metadata.annotations))
      options.log.warn('unreadable annotation', { wish, expected: 'POD@EPOCH' });
    this.users = this.createClientUsers();
    this.failover = new FailoverLane({
      ...options,
      onStep: (told) => {
        options.onStep(told);
        if (told.event === '+claimed') this.users.keep();
      },
      object: this.object,
      troubles: () => this.troubles(),
      plan: () => this.reconcile.plan(),
      onChange: () => this.reconcile.kick(),
    });
    this.reconcile = this.createReconcileLane();
  }

  /** The watch showed something of this cluster. */
  refresh(object: ClusterObject): void {
    this.definition = inForce(object, this.definition);
    this.object = { ...object, spec: this.definition.spec };
    this.tellProblems();
    this.failover.refresh(this.object);
    this.reconcile.kick();
  }

  setLeadership(kind: 'led' | 'lost'): void {
    this.failover.setLeadership(kind);
    if (kind === 'lost') return;
    this.told = undefined;
    this.tellProblems();
    this.reconcile.kick();
  }

  /** The object is gone; undefined: another one of its name is there. */
  retire(last: ClusterObject | undefined): Promise<void> {
    this.reconcile.stop();
    this.users.stop();
    return this.failover.retire(
      last === undefined ? undefined : { ...last, spec: this.definition.spec },
    );
  }

  stop(): Promise<void> {
    this.reconcile.stop();
    this.users.stop();
    return this.failover.stop();
  }

  private createReconcileLane(): ReconcileLane {
    const { clock, view, intervalMs } = this.options;
    const { name, namespace = '' } = this.object.metadata;
    return new ReconcileLane({
      ...this.options,
      intervalMs,
      cluster: () => (view.cluster(namespace, name) === undefined ? undefined : this.object),
      basis: () => this.definition.basis,
      rollout: () => this.failover.rollout(),
      standBackMs: () => standBackMs(this.failover.state(), clock.monotonicMs()),
      onPlan: () => {
        this.users.keep();
        this.failover.publishSoon();
      },
    });
  }

  private createClientUsers(): ClientUsers {
    const { secrets, transport, mayAct, log } = this.options;
    const { name, namespace = '' } = this.object.metadata;
    const { secret } = namesOf(name);
    return new ClientUsers({
      transport,
      mayAct,
      base: {
        username: USERS.base,
        get password() {
          return secretText(secrets, namespace, secret, SECRET_KEYS.operatorPassword);
        },
      },
      state: () => this.failover.state(),
      password: () => {
        if (this.object.spec?.auth?.secretName === undefined) return undefined;
        const text = secretText(secrets, namespace, secret, SECRET_KEYS.clientPassword);
        return text === '' ? undefined : text;
      },
      onTold: (pod, kept) => {
        if (kept === 'kept') log.info('clients password is in force', { pod });
        else log.warn('clients password is not in force yet', { pod, kept });
      },
    });
  }

  private troubles(): readonly Trouble[] {
    const secret = this.reconcile.clientSecretProblem();
    const told: Trouble[] = [];
    if (this.definition.basis !== 'given')
      told.push({
        type: 'Degraded',
        reason: 'InvalidDefinition',
        facts: problemFacts(this.definition),
      });
    if (secret !== undefined)
      told.push({ type: 'ConfigurationWarning', reason: 'ClientSecretUnusable', facts: secret });
    return told;
  }

  /** Once for each definition, by whoever leads. */
  private tellProblems(): void {
    const { basis, generation } = this.definition;
    if (basis === 'given' || this.told === generation || this.options.mayAct() === 'denied') return;
    this.told = generation;
    this.failover.alarm(new GungnirError('InvalidDefinition', problemFacts(this.definition)));
  }
}
