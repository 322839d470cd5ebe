/**
 * What the server adds to a claim and refuses of it: the default class, the finalizer, growth that its class does
 * not allow (plugins DefaultStorageClass, StorageObjectInUseProtection, PersistentVolumeClaimResize).
 * Never here: binding and growing (controllers/volumes), fields that never change (typed/validation).
 */
import { amountOf } from '../../../spec/quantity';
import { objectAt, textAt, textsAt, withAt } from '../json';
import { withFinalizer } from '../metadata';
import type { JsonObject } from '../port';
import { forbidden, Refused } from '../status';
import type { Hooks } from './kind';

const classes = 'storageclasses.storage.k8s.io';
const defaultClass = 'storageclass.kubernetes.io/is-default-class';

/** The newest of the classes that are marked. */
export function prepareClaim(claim: JsonObject, hooks: Hooks): JsonObject {
  const guarded = withFinalizer(claim, 'kubernetes.io/pvc-protection');
  if (objectAt(guarded, 'spec').storageClassName !== undefined) return guarded;
  const marked = hooks
    .list(classes)
    .filter((found) => textsAt(found, 'metadata', 'annotations')[defaultClass] === 'true')
    .sort((a, b) => (createdAt(a) < createdAt(b) ? 1 : -1));
  const first = marked[0];
  if (first === undefined) return guarded;
  return withAt(guarded, ['spec', 'storageClassName'], textAt(first, 'metadata', 'name'));
}

function createdAt(object: JsonObject): string {
  return textAt(object, 'metadata', 'creationTimestamp');
}

/** Of a claim that is not bound its types tell it: nothing of it may change. @throws Refused */
export function growingClaim(old: JsonObject, claim: JsonObject, hooks: Hooks): JsonObject {
  const isBound = textAt(old, 'status', 'phase') === 'Bound';
  if (!isBound || sizeOf(claim) <= sizeOf(old) || mayGrow(old, hooks)) return claim;
  const of = { group: '', resource: 'persistentvolumeclaims' };
  const why =
    'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
  throw new Refused(forbidden(of, textAt(old, 'metadata', 'name'), why));
}

function mayGrow(claim: JsonObject, hooks: Hooks): boolean {
  const found = hooks.get(classes, textAt(claim, 'spec', 'storageClassName'));
  return found?.allowVolumeExpansion === true;
}

function sizeOf(claim: JsonObject): number {
  return amountOf(textAt(claim, 'spec', 'resources', 'requests', 'storage')) ?? 0;
}
