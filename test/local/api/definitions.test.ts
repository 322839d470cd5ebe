/**
 * CustomResourceDefinitions: served at once, ended after their objects; deletion of what they served.
 */
import { expect, test } from 'vitest';
import { at, listAt, textAt } from '../../../src/local/api/json';
import type { JsonObject } from '../../../src/local/api/port';
import { createLab, refusalOf } from './lab';

const definitions = 'apiextensions.k8s.io/v1:customresourcedefinitions';
const widgets = 'ns:example.com/v1:widgets';
const version = (name: string, storage: boolean): JsonObject => ({
  name,
  served: true,
  storage,
  schema: { openAPIV3Schema: { type: 'object' } },
  subresources: { status: {} },
});
const definition: JsonObject = {
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [version('v1', true), version('v2', false)],
  },
};
const widget = (name: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name, ...more },
  spec: { size: 1 },
});

test('a definition is served as soon as it is stored, and says so', () => {
  const lab = createLab();
  expect(lab.ask('list', widgets).code).toBe(404);
  lab.ask('create', definitions, { body: definition });
  const stored = lab.ask('get', `${definitions}/widgets.example.com`).value;
  const types = listAt(stored, 'status', 'conditions').map((one) => textAt(one, 'type'));
  expect(types).toEqual(['NamesAccepted', 'Established']);
  expect(lab.ask('create', widgets, { body: widget('a') }).code).toBe(201);
  expect(lab.ask('get', 'ns:example.com/v2:widgets/a').value.apiVersion).toBe('example.com/v2');
});

test('custom resources must say what they are', () => {
  const lab = createLab();
  lab.ask('create', definitions, { body: definition });
  const nameless = { metadata: { name: 'a' } };
  expect(refusalOf(lab.ask('create', widgets, { body: nameless }))[2]).toBe(
    `the object provided is unrecognized (must be of type Widget): Object 'Kind' is missing in '{"metadata":{"name":"a"}}' ({"metadata":{"name":"a"}})`,
  );
  const other = { ...widget('a'), kind: 'Gadget' };
  expect(refusalOf(lab.ask('create', widgets, { body: other }))[2]).toBe(
    'Gadget.example.com "a" is invalid: kind: Invalid value: "Gadget": must be Widget',
  );
});

test('a definition goes after its objects, and these after their finalizers', () => {
  const lab = createLab();
  lab.ask('create', definitions, { body: definition });
  lab.ask('create', widgets, { body: widget('a') });
  lab.ask('create', widgets, { body: widget('b', { finalizers: ['x.io/y'] }) });
  const ending = lab.ask('delete', `${definitions}/widgets.example.com`).value;
  expect(at(ending, 'metadata', 'finalizers')).toEqual([
    'customresourcecleanup.apiextensions.k8s.io',
  ]);
  lab.settle();
  expect(lab.ask('get', `${widgets}/a`).code).toBe(404);
  expect(textAt(lab.ask('get', `${widgets}/b`).value, 'metadata', 'deletionTimestamp')).not.toBe(
    '',
  );
  lab.ask('patch', `${widgets}/b`, { body: { metadata: { finalizers: null } }, patch: 'merge' });
  lab.settle();
  expect(lab.ask('get', `${definitions}/widgets.example.com`).code).toBe(404);
  expect(lab.ask('list', widgets).code).toBe(404);
});
