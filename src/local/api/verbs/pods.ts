/**
 * Endpoints of pods that change them: binding to a node and eviction within a disruption budget.
 * Never here: log and exec (http/), the budget's own arithmetic (its controller).
 */
import { isObject, listAt, numberAt, objectAt, textAt, textsAt, withAt } from '../json';
import { isEnding } from '../metadata';
import type { Json, JsonObject } from '../port';
import { labelSelectorTest } from '../selectors';
import { badRequest, conflict, failure, forbidden, Refused } from '../status';
import { deleteOptionsOf, removeObject } from './remove';
import { type Call, commit, existing, isDryRun, keyIn, now } from './server';

/** What a subresource answers that has nothing to show. */
export function done(code: number): JsonObject {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code };
}

/** @throws Refused */
export function bind(call: Call, name: string): JsonObject {
  const body = isObject(call.request.body) ? call.request.body : {};
  if (textAt(body, 'metadata', 'name') !== name) {
    throw new Refused(badRequest('name in URL does not match name in Binding object'));
  }
  const pod = existing(call, name);
  const node = textAt(body, 'target', 'name');
  const why = isEnding(pod)
    ? `pod ${name} is being deleted, cannot be assigned to a host`
    : textAt(pod, 'spec', 'nodeName') !== ''
      ? `pod ${name} is already assigned to node "${textAt(pod, 'spec', 'nodeName')}"`
      : undefined;
  if (why !== undefined) {
    throw new Refused(conflict({ group: '', resource: 'pods/binding' }, name, why));
  }
  const placed = withAt(pod, ['spec', 'nodeName'], node);
  const scheduled = withCondition(call, placed, {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
  });
  const annotations = textsAt(body, 'metadata', 'annotations');
  const annotated =
    Object.keys(annotations).length === 0
      ? scheduled
      : withAt(scheduled, ['metadata', 'annotations'], {
          ...textsAt(pod, 'metadata', 'annotations'),
          ...annotations,
        });
  commit(call, keyIn(call, name), annotated);
  return done(201);
}

/** Set, or changed with the time at which its status last changed. */
function withCondition(call: Call, pod: JsonObject, condition: JsonObject): JsonObject {
  const conditions = listAt(pod, 'status', 'conditions');
  const before = conditions.find((one) => textAt(one, 'type') === textAt(condition, 'type'));
  const since =
    before !== undefined && textAt(before, 'status') === textAt(condition, 'status')
      ? textAt(before, 'lastTransitionTime')
      : now(call);
  const next: Json = { ...condition, lastTransitionTime: since };
  const all =
    before === undefined
      ? [...conditions, next]
      : conditions.map((one) => (one === before ? next : one));
  return withAt(pod, ['status', 'conditions'], all);
}

/** @throws Refused */
export function evict(asking: Call, name: string): JsonObject {
  const body = isObject(asking.request.body) ? asking.request.body : {};
  const call = listAt(body, 'deleteOptions', 'dryRun').includes('All') ? dry(asking) : asking;
  if (textAt(body, 'metadata', 'name') !== name) {
    throw new Refused(badRequest('name in URL does not match name in Eviction object'));
  }
  const options = deleteOptionsOf(call, body.deleteOptions);
  const pod = existing(call, name);
  if (!mayGoUnasked(pod)) takeFromBudget(call, pod);
  if (!isDryRun(call)) {
    const marked = withCondition(call, pod, {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
      lastProbeTime: null,
    });
    checkStill(pod, options.uid);
    commit(call, keyIn(call, name), marked);
  }
  const { resourceVersion: _own, ...rest } = options;
  removeObject(call, name, rest);
  return done(201);
}

function dry(call: Call): Call {
  return { ...call, request: { ...call.request, query: { ...call.request.query, dryRun: 'All' } } };
}

function checkStill(pod: JsonObject, uid: string | undefined): void {
  const found = textAt(pod, 'metadata', 'uid');
  if (uid === undefined || uid === found) return;
  const why = `the UID in the precondition (${uid}) does not match the UID in record (${found}). The object might have been deleted and then recreated`;
  const name = textAt(pod, 'metadata', 'name');
  throw new Refused(conflict({ group: '', resource: 'Pod' }, name, why));
}

function mayGoUnasked(pod: JsonObject): boolean {
  return (
    ['Succeeded', 'Failed', 'Pending'].includes(textAt(pod, 'status', 'phase')) || isEnding(pod)
  );
}

const budgets = 'poddisruptionbudgets.policy';

function takeFromBudget(call: Call, pod: JsonObject): void {
  const labels = textsAt(pod, 'metadata', 'labels');
  const namespace = textAt(pod, 'metadata', 'namespace');
  const fitting = call.server.store
    .list(budgets, `${namespace}/`)
    .filter(({ object }) => labelSelectorTest(objectAt(object, 'spec', 'selector'))(labels));
  const [first, second] = fitting;
  if (first === undefined) return;
  if (second !== undefined) {
    const message =
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new Refused(failure(500, '', message));
  }
  const budget = first.object;
  if (!isReady(pod) && unreadyMayGo(budget)) return;
  const taken = withOneTaken(call, budget, textAt(pod, 'metadata', 'name'));
  if (!isDryRun(call)) call.server.store.put(budgets, first.key, taken);
}

function isReady(pod: JsonObject): boolean {
  return listAt(pod, 'status', 'conditions').some(
    (one) => textAt(one, 'type') === 'Ready' && textAt(one, 'status') === 'True',
  );
}

function unreadyMayGo(budget: JsonObject): boolean {
  if (textAt(budget, 'spec', 'unhealthyPodEvictionPolicy') === 'AlwaysAllow') return true;
  const desired = numberAt(budget, 'status', 'desiredHealthy') ?? 0;
  return desired > 0 && (numberAt(budget, 'status', 'currentHealthy') ?? 0) >= desired;
}

function withOneTaken(call: Call, budget: JsonObject, pod: string): JsonObject {
  const name = textAt(budget, 'metadata', 'name');
  const status = objectAt(budget, 'status');
  const allowed = numberAt(status, 'disruptionsAllowed') ?? 0;
  const observed = numberAt(status, 'observedGeneration') ?? 0;
  if (observed < (numberAt(budget, 'metadata', 'generation') ?? 0)) {
    const why = `The disruption budget ${name} is still being processed by the server.`;
    throw new Refused(overBudget(why, 10));
  }
  if (allowed < 0) {
    const of = { group: 'policy', resource: 'poddisruptionbudget' };
    throw new Refused(forbidden(of, name, 'pdb disruptions allowed is negative'));
  }
  if (allowed === 0) {
    const desired = numberAt(status, 'desiredHealthy') ?? 0;
    const current = numberAt(status, 'currentHealthy') ?? 0;
    const why = `The disruption budget ${name} needs ${desired} healthy pods and has ${current} currently`;
    throw new Refused(overBudget(why, 0));
  }
  return {
    ...budget,
    status: {
      ...status,
      disruptedPods: { ...objectAt(status, 'disruptedPods'), [pod]: now(call) },
      disruptionsAllowed: allowed - 1,
    },
  };
}

function overBudget(why: string, retryAfterSeconds: number) {
  const message = "Cannot evict pod as it would violate the pod's disruption budget.";
  return failure(429, 'TooManyRequests', message, {
    causes: [{ reason: 'DisruptionBudget', message: why }],
    ...(retryAfterSeconds === 0 ? {} : { retryAfterSeconds }),
  });
}
