/**
 * The two lanes of one ValkeyCluster, and the definition that is in force for both.
 * Never here: what a lane does; which definition is in force (plan/in-force.ts).
 */
import { GungnirError } from '../../kit/reasons';
import type { KubeClient } from '../kube/client';
import type { Instruments } from '../ops/instruments';
import { type InForce, inForce, problemFacts } from '../plan/in-force';
import { unreadableWishes } from '../plan/wishes';
import { FailoverLane, type FailoverLaneOptions } from './failover-lane';
import { ReconcileLane } from './reconcile-lane';
import type { ClusterObject } from './record-store';
import type { SecretReader } from './secrets';
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
    this.failover = new FailoverLane({
      ...options,
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
    return this.failover.retire(
      last === undefined ? undefined : { ...last, spec: this.definition.spec },
    );
  }

  stop(): Promise<void> {
    this.reconcile.stop();
    return this.failover.stop();
  }

  private createReconcileLane(): ReconcileLane {
    const { view, intervalMs } = this.options;
    const { name, namespace = '' } = this.object.metadata;
    return new ReconcileLane({
      ...this.options,
      intervalMs,
      cluster: () => (view.cluster(namespace, name) === undefined ? undefined : this.object),
      basis: () => this.definition.basis,
      rollout: () => this.failover.rollout(),
      onPlan: () => this.failover.publishSoon(),
    });
  }

  private troubles(): ReturnType<FailoverLaneOptions['troubles']> {
    if (this.definition.basis === 'given') return [];
    return [
      { type: 'Degraded', reason: 'InvalidDefinition', facts: problemFacts(this.definition) },
    ];
  }

  /** Once for each definition, by whoever leads. */
  private tellProblems(): void {
    const { basis, generation } = this.definition;
    if (basis === 'given' || this.told === generation || this.options.mayAct() === 'denied') return;
    this.told = generation;
    this.failover.alarm(new GungnirError('InvalidDefinition', problemFacts(this.definition)));
  }
}
