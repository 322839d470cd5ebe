/**
 * Namespaces from their first objects to their last, and what goes when owners go.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ApiObject } from '../../../src/local/api/port';
import type { Kind } from '../../../src/local/controllers/frame/kind';
import { readerOf } from '../../../src/local/controllers/frame/reader';
import { namespaceController } from '../../../src/local/controllers/namespaces/controller';
import {
  CONFIG_MAPS,
  NAMESPACES,
  SERVICE_ACCOUNTS,
} from '../../../src/local/controllers/objects/namespace';
import { NODES } from '../../../src/local/controllers/objects/node';
import { PODS } from '../../../src/local/controllers/objects/pod';
import { ROOT_CA, type Simulated, simulated } from './simulated';

let world: Simulated;
beforeEach(() => {
  world = simulated();
});
afterEach(() => world.stop());

describe('a namespace', () => {
  test('gets its ServiceAccount and the CA, and again when somebody deletes or changes them', () => {
    world.create(NAMESPACES, { metadata: { name: 'team' } });
    world.settle();
    expect(world.get(CONFIG_MAPS, 'kube-root-ca.crt', 'team').data).toEqual({ 'ca.crt': ROOT_CA });
    const { uid } = world.get(SERVICE_ACCOUNTS, 'default').metadata;
    world.remove(SERVICE_ACCOUNTS, 'default');
    world.patch(CONFIG_MAPS, 'kube-root-ca.crt', { data: { 'ca.crt': 'forged' } });
    world.settle();
    expect(world.get(SERVICE_ACCOUNTS, 'default').metadata.uid).not.toBe(uid);
    expect(world.get(CONFIG_MAPS, 'kube-root-ca.crt').data).toEqual({ 'ca.crt': ROOT_CA });
  });

  test('deleted, waits for its pods, then empties itself and goes', () => {
    world.create(NODES, { metadata: { name: 'n1' }, spec: {} });
    world.create(NAMESPACES, { metadata: { name: 'team' } });
    world.settle();
    const spec = { nodeName: 'n1', containers: [{ name: 'main', image: 'a' }] };
    world.create(PODS, { metadata: { name: 'web' }, spec }, 'team');
    world.create(CONFIG_MAPS, { metadata: { name: 'kept', finalizers: ['x.io/keep'] } }, 'team');
    world.settle();
    world.remove(NAMESPACES, 'team');
    world.settle();
    const conditions = world.get(NAMESPACES, 'team').status?.conditions ?? [];
    expect(conditions).toContainEqual(
      expect.objectContaining({ type: 'NamespaceContentRemaining', status: 'True' }),
    );
    expect(world.list(PODS, 'team')[0]?.metadata.deletionTimestamp).toBeDefined();
    expect(world.get(CONFIG_MAPS, 'kept', 'team').metadata.deletionTimestamp).toBeUndefined();
    world.remove(PODS, 'web', { gracePeriodSeconds: 0 }, 'team');
    world.settle();
    expect(world.get(CONFIG_MAPS, 'kept', 'team').metadata.deletionTimestamp).toBeDefined();
    expect(world.find(NAMESPACES, 'team')).toBeDefined();
    world.patch(CONFIG_MAPS, 'kept', { metadata: { finalizers: null } }, undefined, 'team');
    world.settle();
    expect(world.find(NAMESPACES, 'team')).toBeUndefined();
    expect(world.events('team')).toEqual([]);
  });
});

describe('what a watch has not told yet', () => {
  const kept = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kept', namespace: 'team', finalizers: ['x.io/keep'] },
  } as unknown as ApiObject;
  const ending = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'team', deletionTimestamp: '2026-01-01T00:00:00Z' },
    spec: { finalizers: ['kubernetes'] },
  } as unknown as ApiObject;
  const controller = namespaceController({ rootCa: ROOT_CA, served: () => [CONFIG_MAPS] });
  const actions = (present: readonly ApiObject[]): readonly string[] => {
    const cached = readerOf([[NAMESPACES, ending]]);
    const reader = {
      ...cached,
      kinds: () => [NAMESPACES, CONFIG_MAPS],
      freshList: (kind: Kind) => (kind === CONFIG_MAPS ? present : []),
    };
    return controller.decide('team', reader, 0).actions.map(({ kind }) => kind);
  };

  test.each([
    { present: [kept], names: ['deleteAll', 'patch'], why: 'it is emptied, and goes on' },
    { present: [], names: ['update'], why: 'it ends' },
  ])(
    'an ending namespace with $present.length object that no watch has told: $why',
    ({ present, names }) => {
      expect(actions(present)).toEqual(names);
    },
  );
});

describe('owners', () => {
  const ref = ({ kind, metadata }: ApiObject, more: object = {}) => ({
    ...{ apiVersion: 'v1', kind, name: metadata.name, uid: metadata.uid },
    ...more,
  });
  const map = (name: string, ...owners: readonly object[]) =>
    world.create(CONFIG_MAPS, { metadata: { name, ownerReferences: owners } });
  const left = () =>
    world
      .list(CONFIG_MAPS)
      .map(({ metadata }) => metadata.name)
      .filter((name) => name !== 'kube-root-ca.crt')
      .sort();

  test.each([
    { propagationPolicy: 'Background', names: [], why: 'what it owned follows' },
    { propagationPolicy: 'Foreground', names: [], why: 'what it owned goes first' },
    { propagationPolicy: 'Orphan', names: ['a', 'b'], why: 'what it owned is let go' },
  ])('deleted with $propagationPolicy leaves $names ($why)', ({ propagationPolicy, names }) => {
    const owner = map('owner');
    const child = map('a', ref(owner, { blockOwnerDeletion: true }));
    map('b', ref(child));
    world.settle();
    world.remove(CONFIG_MAPS, 'owner', { propagationPolicy });
    world.settle();
    expect(left()).toEqual(names);
  });

  test('in the foreground the owner waits for who blocks it, and for nobody else', () => {
    const owner = map('owner');
    world.create(CONFIG_MAPS, {
      metadata: {
        ...{ name: 'slow', finalizers: ['x.io/wait'] },
        ownerReferences: [ref(owner, { blockOwnerDeletion: true })],
      },
    });
    world.settle();
    world.remove(CONFIG_MAPS, 'owner', { propagationPolicy: 'Foreground' });
    world.settle();
    expect(left()).toEqual(['owner', 'slow']);
    world.patch(CONFIG_MAPS, 'slow', { metadata: { finalizers: null } });
    world.settle();
    expect(left()).toEqual([]);
  });

  test('one of two owners gone, the object stays with the other', () => {
    const [one, two] = [map('one'), map('two')];
    map('both', ref(one), ref(two));
    world.settle();
    world.remove(CONFIG_MAPS, 'one');
    world.settle();
    expect(world.get(CONFIG_MAPS, 'both').metadata.ownerReferences).toEqual([ref(two)]);
  });

  test.each([
    { change: { uid: 'another' }, names: ['owner'], why: 'a successor of the name is another' },
    { change: {}, names: ['child', 'owner'], why: 'the owner is there' },
    { change: { kind: 'Unheard' }, names: ['child', 'owner'], why: 'not for us to judge' },
  ])('a reference with $change leaves $names ($why)', ({ change, names }) => {
    map('child', { ...ref(map('owner')), ...change });
    world.settle();
    expect(left()).toEqual(names);
  });

  test('two that own each other go together', () => {
    const one = map('one');
    const two = map('two', ref(one, { blockOwnerDeletion: true }));
    world.patch(CONFIG_MAPS, 'one', {
      metadata: { ownerReferences: [ref(two, { blockOwnerDeletion: true })] },
    });
    world.settle();
    world.remove(CONFIG_MAPS, 'one', { propagationPolicy: 'Foreground' });
    world.settle();
    expect(left()).toEqual([]);
  });
});
