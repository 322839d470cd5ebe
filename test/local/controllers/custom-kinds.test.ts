/**
 * Kinds that come with a CRD while the controllers run are collected and emptied like any other.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ApiObject } from '../../../src/local/api/port';
import { kindOf } from '../../../src/local/controllers/frame/kind';
import {
  CONFIG_MAPS,
  NAMESPACES,
  SERVICE_ACCOUNTS,
} from '../../../src/local/controllers/objects/namespace';
import { type Simulated, simulated } from './simulated';

const DEFINITIONS = kindOf<ApiObject>(
  'apiextensions.k8s.io/v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  'Cluster',
);
const THINGS = kindOf<ApiObject>('x.io/v1', 'Thing', 'things');

/** @param stored the newest version, which is the stored one; only that is served. */
function versions(stored: 'v1' | 'v2' | 'none'): readonly object[] {
  const schema = { openAPIV3Schema: { type: 'object' } };
  const v1 = { name: 'v1', served: stored === 'v1', storage: stored !== 'v2', schema };
  return stored === 'v2' ? [v1, { name: 'v2', served: true, storage: true, schema }] : [v1];
}

let world: Simulated;
beforeEach(() => {
  world = simulated();
  world.create(DEFINITIONS, {
    metadata: { name: 'things.x.io' },
    spec: {
      group: 'x.io',
      scope: 'Namespaced',
      names: { kind: 'Thing', listKind: 'ThingList', plural: 'things', singular: 'thing' },
      versions: versions('v1'),
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

test('controllers that start again take nothing away that has its owner, and what has lost it', () => {
  const one = world.create(THINGS, { metadata: { name: 'one' } });
  const map = world.create(CONFIG_MAPS, { metadata: { name: 'map' } });
  world.create(CONFIG_MAPS, { metadata: { name: 'part', ownerReferences: [child(one)] } });
  const { name, uid } = map.metadata;
  const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid }];
  world.create(SERVICE_ACCOUNTS, { metadata: { name: 'user', ownerReferences } });
  world.create(CONFIG_MAPS, { metadata: { name: 'piece', ownerReferences } });
  world.settle();
  world.restart();
  const left = () => [
    ...['part', 'piece'].map((part) => world.find(CONFIG_MAPS, part) !== undefined),
    world.find(SERVICE_ACCOUNTS, 'user') !== undefined,
  ];
  expect(left()).toEqual([true, true, true]);
  world.remove(CONFIG_MAPS, 'map', { propagationPolicy: 'Background' });
  world.restart();
  expect(left()).toEqual([true, false, false]);
});

describe('the definition deleted, what its objects own', () => {
  test.each([
    { owners: ['one'], goes: true, why: 'goes with them' },
    { owners: ['one', 'map'], goes: false, why: 'stays while another owner is there' },
  ])('$why', ({ owners, goes }) => {
    const one = world.create(THINGS, { metadata: { name: 'one' } });
    const map = world.create(CONFIG_MAPS, { metadata: { name: 'map' } });
    const second = { apiVersion: 'v1', kind: 'ConfigMap', name: 'map', uid: map.metadata.uid };
    const ownerReferences = owners.map((name) => (name === 'one' ? child(one) : second));
    world.create(CONFIG_MAPS, { metadata: { name: 'part', ownerReferences } });
    world.settle();
    world.remove(DEFINITIONS, 'things.x.io');
    world.settle();
    expect(world.find(CONFIG_MAPS, 'part') === undefined).toBe(goes);
  });

  test('stays when the definition only stops serving them', () => {
    const one = world.create(THINGS, { metadata: { name: 'one' } });
    world.create(CONFIG_MAPS, { metadata: { name: 'part', ownerReferences: [child(one)] } });
    world.settle();
    world.patch(DEFINITIONS, 'things.x.io', { spec: { versions: versions('none') } });
    world.settle();
    expect(() => world.get(THINGS, 'one')).toThrow();
    world.patch(CONFIG_MAPS, 'part', { data: { looked: 'again' } });
    world.settle();
    expect(world.find(CONFIG_MAPS, 'part')).toBeDefined();
  });
});

describe('a version that is served no more', () => {
  const next = kindOf<ApiObject>('x.io/v2', 'Thing', 'things');
  beforeEach(() => {
    world.create(NAMESPACES, { metadata: { name: 'team' } });
    world.settle();
    world.create(THINGS, { metadata: { name: 'one' } }, 'team');
    world.settle();
    world.patch(DEFINITIONS, 'things.x.io', { spec: { versions: versions('v2') } });
    world.settle();
  });

  test('is followed by the next one: a namespace goes with its objects', () => {
    expect(world.get(next, 'one', 'team').apiVersion).toBe('x.io/v2');
    world.remove(NAMESPACES, 'team');
    world.settle();
    expect(world.find(NAMESPACES, 'team')).toBeUndefined();
  });

  test('is followed by the next one: what an object owns goes with it, and not before', () => {
    const owner = { ...child(world.get(next, 'one', 'team')), apiVersion: 'x.io/v2' };
    world.create(CONFIG_MAPS, { metadata: { name: 'part', ownerReferences: [owner] } }, 'team');
    world.settle();
    expect(world.find(CONFIG_MAPS, 'part', 'team')).toBeDefined();
    world.remove(next, 'one', { propagationPolicy: 'Background' }, 'team');
    world.settle();
    expect(world.find(CONFIG_MAPS, 'part', 'team')).toBeUndefined();
  });
});
