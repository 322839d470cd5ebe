/**
 * The status of a ValkeyCluster in zod. Only types, no limits on values: the engine's memory must
 * never be refused, and a field that is missing here would be dropped by the API server in silence.
 */
import * as z from 'zod';

/** 64 bits on the wire; JavaScript is exact up to 2^53, which a stream reaches after 285 years at 1 MB/ms. */
const long = z.int().meta({ format: 'int64' });
const count = z.int();

const process = z
  .strictObject({
    pod: z.string(),
    podUid: z.string(),
    containerId: z.string().optional(),
    runId: z.string(),
    pvcUid: z.string().optional(),
  })
  .meta({ struct: 'ProcessStatus' });

const lineage = z
  .strictObject({ epoch: long, replid: z.string(), fromOffset: long, cut: z.string() })
  .meta({ struct: 'LineageStatus' });

const record = z
  .strictObject({
    term: long,
    epoch: long,
    primary: process.optional(),
    members: z.array(process).meta({ listType: 'atomic' }),
    everAttached: z.boolean(),
    foreign: z.boolean(),
    lineage: z.array(lineage).meta({ listType: 'atomic' }),
    phase: z.string(),
    target: process.optional(),
    from: z
      .strictObject({ replid: z.string(), offset: long })
      .meta({ struct: 'StreamPosition' })
      .optional(),
    m: count,
    L: count,
    offset: long,
    keys: long,
    at: long,
  })
  .meta({ struct: 'RecordStatus' });

const node = z
  .strictObject({
    podName: z.string(),
    role: z.string(),
    healthy: z.boolean(),
    lastPingSuccess: long.optional(),
    consecutivePingFailures: count.optional(),
    replOffset: long.optional(),
  })
  .meta({ struct: 'NodeStatus' });

const failovers = z
  .strictObject({
    count: long,
    last: z
      .strictObject({
        reason: z.string(),
        from: z.string().optional(),
        to: z.string().optional(),
        durationMs: long.optional(),
        lostBytes: long.optional(),
      })
      .meta({ struct: 'LastFailoverStatus' })
      .optional(),
  })
  .meta({ struct: 'FailoversStatus' });

const condition = z
  .strictObject({
    type: z.string(),
    status: z.string(),
    reason: z.string(),
    message: z.string(),
    lastTransitionTime: z.string().meta({ format: 'date-time' }),
    observedGeneration: long.optional(),
  })
  .meta({ struct: 'ConditionStatus' });

export const clusterStatus = z
  .strictObject({
    phase: z.string().optional(),
    masterPod: z.string().optional(),
    currentMaster: z.string().optional(),
    replicas: count.optional(),
    readyReplicas: count.optional(),
    lastReconcileTime: z.string().meta({ format: 'date-time' }).optional(),
    nodeStatuses: z
      .array(node)
      .meta({ listMapKeys: ['podName'] })
      .optional(),
    observedGeneration: long.optional(),
    record: record.optional(),
    failovers: failovers.optional(),
    conditions: z
      .array(condition)
      .meta({ listMapKeys: ['type'] })
      .optional(),
    selector: z.string().optional(),
  })
  .meta({ struct: 'ValkeyClusterStatus' });
