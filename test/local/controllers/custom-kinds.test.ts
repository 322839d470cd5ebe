/**
 * Kinds that come with a CRD while the controllers run are collected and emptied like any other.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ApiObject } from '../../../src/local/api/port';
import { kindOf } from '../../../src/local/controllers/frame/kind';
import { CONFIG_MAPS, NAMESPACES } from '../../../src/local/controllers/objects/namespace';
import { type Simulated, simulated } from './simulated';

const DEFINITIONS = kindOf<ApiObject>(
  'apiextensions.k8s.io/v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  'Cluster',
);
const THINGS = kindOf<ApiObject>('x.io/v1', 'Thing', 'things');

let world: Simulated;
beforeEach(() => {
  world = simulated();
  world.create(DEFINITIONS, {
    metadata: { name: 'things.x.io' },
    spec: {
      group: 'x.io',
      scope: 'Namespaced',
      names: { kind: 'Thing', listKind: 'ThingList', plural: 'things', singular: 'thing' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object' } },
        },
      ],
    },
  });
  world.settle();
});
afterEach(() => world.stop());

function child(owner: ApiObject): object {
  const { name, uid } = owner.metadata;
  return {
    apiVersion: 'x.io/v1',
    kind: 'Thing',
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

test('what a custom object owns goes with it', () => {
  const owner = world.create(THINGS, { metadata: { name: 'one' } });
  world.create(CONFIG_MAPS, { metadata: { name: 'part', ownerReferences: [child(owner)] } });
  world.settle();
  expect(world.find(CONFIG_MAPS, 'part')).toBeDefined();
  world.remove(THINGS, 'one', { propagationPolicy: 'Background' });
  world.settle();
  expect(world.find(CONFIG_MAPS, 'part')).toBeUndefined();
});

test('a namespace waits for the finalizer of a custom object', () => {
  world.create(NAMESPACES, { metadata: { name: 'team' } });
  world.settle();
  world.create(THINGS, { metadata: { name: 'one', finalizers: ['x.io/stop'] } }, 'team');
  world.settle();
  world.remove(NAMESPACES, 'team');
  world.settle();
  expect(world.get(THINGS, 'one', 'team').metadata.deletionTimestamp).toBeDefined();
  world.patch(THINGS, 'one', { metadata: { finalizers: null } }, undefined, 'team');
  world.settle();
  expect(world.find(NAMESPACES, 'team')).toBeUndefined();
});

test('the definition deleted, its objects go first', () => {
  world.create(THINGS, { metadata: { name: 'one' } });
  world.settle();
  world.remove(DEFINITIONS, 'things.x.io');
  world.settle();
  expect(world.find(DEFINITIONS, 'things.x.io')).toBeUndefined();
});
