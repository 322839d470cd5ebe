/**
 * Every metric that the operator gives, by name: those of controller-runtime and client-go where they mean
 * the same, those of the redis_exporter with our prefix for facts of a cluster.
 * Never here: who sets them.
 */
import type { Registry } from './metrics';

/** Failover times in seconds: from the design's 7 ms to a failover that waited for starvation. */
const failoverBuckets = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

const cluster = ['namespace', 'cluster'] as const;
const pod = [...cluster, 'pod'] as const;

export type Instruments = ReturnType<typeof createInstruments>;

export function createInstruments(registry: Registry) {
  return {
    ...controllerInstruments(registry),
    ...kubernetesInstruments(registry),
    ...clusterInstruments(registry),
  };
}

function controllerInstruments(registry: Registry) {
  const { counter, gauge, histogram } = registry;
  return {
    reconciles: counter({
      name: 'controller_runtime_reconcile_total',
      help: 'Reconciliations by result: success, error, requeue_after.',
      labels: ['controller', 'result'],
    }),
    reconcileErrors: counter({
      name: 'controller_runtime_reconcile_errors_total',
      help: 'Reconciliations that ended in an error.',
      labels: ['controller'],
    }),
    reconcileSeconds: histogram({
      name: 'controller_runtime_reconcile_time_seconds',
      help: 'Duration of one reconciliation.',
      labels: ['controller'],
    }),
    activeWorkers: gauge({
      name: 'controller_runtime_active_workers',
      help: 'Reconciliations that run at this moment.',
      labels: ['controller'],
    }),
    queueDepth: gauge({
      name: 'workqueue_depth',
      help: 'Clusters that wait for their turn.',
      labels: ['name'],
    }),
    queueAdds: counter({
      name: 'workqueue_adds_total',
      help: 'Clusters put into the queue.',
      labels: ['name'],
    }),
    queueRetries: counter({
      name: 'workqueue_retries_total',
      help: 'Clusters put into the queue again after an error.',
      labels: ['name'],
    }),
    queueSeconds: histogram({
      name: 'workqueue_queue_duration_seconds',
      help: 'Time that a cluster waited in the queue.',
      labels: ['name'],
    }),
    workSeconds: histogram({
      name: 'workqueue_work_duration_seconds',
      help: 'Time that one pass took.',
      labels: ['name'],
    }),
  };
}

function kubernetesInstruments(registry: Registry) {
  const { counter, gauge } = registry;
  return {
    leaderStatus: gauge({
      name: 'leader_election_master_status',
      help: '1 while this process holds the lease.',
      labels: ['name'],
    }),
    requests: counter({
      name: 'rest_client_requests_total',
      help: 'Requests to the API server by status code, or by what became of them.',
      labels: ['code', 'host', 'method'],
    }),
    watchTroubles: counter({
      name: 'gungnir_watch_troubles_total',
      help: 'Lists and watches that failed and were opened again; namespace is empty for one of all.',
      labels: ['resource', 'namespace', 'during'],
    }),
    watchAge: gauge({
      name: 'gungnir_watch_last_contact_seconds',
      help: 'Time since the last byte of a watch.',
      labels: ['resource'],
    }),
    eventsDropped: counter({
      name: 'gungnir_events_dropped_total',
      help: 'Kubernetes Events that were not written: rate limit or a full queue.',
      labels: ['why'],
    }),
    stalls: counter({
      name: 'gungnir_event_loop_stalls_total',
      help: 'Times that our own event loop stood still for more than 250 ms.',
    }),
  };
}

function clusterInstruments(registry: Registry) {
  const { counter, gauge, histogram } = registry;
  return {
    up: gauge({
      name: 'gungnir_up',
      help: '1 when the node answers its probe.',
      labels: pod,
    }),
    instanceInfo: gauge({
      name: 'gungnir_instance_info',
      help: 'Always 1; role and version of the node are its labels.',
      labels: [...pod, 'role', 'valkey_version'],
    }),
    connectedReplicas: gauge({
      name: 'gungnir_connected_slaves',
      help: 'Replicas attached to the node.',
      labels: pod,
    }),
    replicationOffset: gauge({
      name: 'gungnir_replication_offset_bytes',
      help: 'Replication offset of the node.',
      labels: pod,
    }),
    primaryAvailable: gauge({
      name: 'gungnir_primary_available',
      help: '1 while the cluster has a primary that takes writes.',
      labels: cluster,
    }),
    epoch: gauge({
      name: 'gungnir_cluster_epoch',
      help: 'Changes of primary so far.',
      labels: cluster,
    }),
    term: gauge({
      name: 'gungnir_cluster_term',
      help: 'Acquisitions of the lease so far.',
      labels: cluster,
    }),
    failovers: counter({
      name: 'gungnir_failovers_total',
      help: 'Failovers and switchovers by reason.',
      labels: [...cluster, 'reason'],
    }),
    failoverSeconds: histogram({
      name: 'gungnir_failover_duration_seconds',
      help: 'From the first sign of the fault to the promotion.',
      labels: [...cluster, 'reason'],
      buckets: failoverBuckets,
    }),
    engineFaults: counter({
      name: 'gungnir_engine_faults_total',
      help: 'Times that the engine of the cluster contradicted itself and was begun anew.',
      labels: cluster,
    }),
    requestTroubles: counter({
      name: 'gungnir_request_troubles_total',
      help: 'Writes for a cluster that failed and are tried again, by what was written.',
      labels: [...cluster, 'what', 'answer'],
    }),
    condition: gauge({
      name: 'gungnir_cluster_condition',
      help: '1 for the status that the condition has.',
      labels: [...cluster, 'type', 'status'],
    }),
  };
}

/** What the Prometheus client libraries give of a process, by the same names. */
export function addProcessMetrics(registry: Registry): void {
  const resident = registry.gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of this process.',
  });
  const cpu = registry.counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time that this process used.',
  });
  const started = registry.gauge({
    name: 'process_start_time_seconds',
    help: 'Start of this process since 1970.',
  });
  started.set(Math.round(Date.now() / 1_000 - process.uptime()));
  let told = { user: 0, system: 0 };
  registry.onCollect(() => {
    const { user, system } = process.cpuUsage(told);
    told = { user: told.user + user, system: told.system + system };
    resident.set(process.memoryUsage.rss());
    cpu.add({}, (user + system) / 1_000_000);
  });
}
