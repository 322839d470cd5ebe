/**
 * The verbs, against what a real 1.34 server answered to the same requests.
 */
import { describe, expect, test } from 'vitest';
import { at, listAt, textAt } from '../../../src/local/api/json';
import type { JsonObject } from '../../../src/local/api/port';
import { createLab, refusalOf } from './lab';

const configMap = (name: string, more: JsonObject = {}): JsonObject => ({
  metadata: { name, ...more },
});

describe('create', () => {
  test('sets what the server owns, and wipes what a client may not say', () => {
    const lab = createLab();
    const body = configMap('a', { uid: 'mine', creationTimestamp: '1999-01-01T00:00:00Z' });
    const made = lab.ask('create', 'ns:configmaps', { body });
    expect(made.code).toBe(201);
    expect(made.value.metadata).toMatchObject({
      name: 'a',
      namespace: 'ns',
      creationTimestamp: '2026-11-21T12:00:00Z',
    });
    expect(textAt(made.value, 'metadata', 'uid')).not.toBe('mine');
    expect([made.value.kind, made.value.apiVersion]).toEqual(['ConfigMap', 'v1']);
  });

  test.each([
    {
      why: 'the namespace is not there',
      path: 'nope:configmaps',
      body: configMap('a'),
      told: [404, 'NotFound', 'namespaces "nope" not found'],
    },
    {
      why: 'another namespace in the body',
      path: 'ns:configmaps',
      body: configMap('a', { namespace: 'x' }),
      told: [
        400,
        'BadRequest',
        'the namespace of the provided object does not match the namespace sent on the request',
      ],
    },
    {
      why: 'another kind',
      path: 'ns:configmaps',
      body: { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'a' } },
      told: [
        400,
        'BadRequest',
        'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
      ],
    },
    {
      why: 'a version that is not served',
      path: 'ns:configmaps',
      body: { kind: 'ConfigMap', apiVersion: 'v2', metadata: { name: 'a' } },
      told: [
        400,
        'BadRequest',
        'ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:110"',
      ],
    },
    {
      why: 'a resourceVersion',
      path: 'ns:configmaps',
      body: configMap('a', { resourceVersion: '3' }),
      told: [500, '', 'resourceVersion should not be set on objects to be created'],
    },
    {
      why: 'a name that is no name',
      path: 'ns:configmaps',
      body: configMap('A_b'),
      told: [
        422,
        'Invalid',
        `ConfigMap "A_b" is invalid: metadata.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      ],
    },
  ])('refuses $why', ({ path, body, told }) => {
    const lab = createLab();
    expect(refusalOf(lab.ask('create', path, { body }))).toEqual(told);
  });

  test('the same name twice', () => {
    const lab = createLab();
    lab.ask('create', 'ns:configmaps', { body: configMap('a') });
    const second = lab.ask('create', 'ns:configmaps', { body: configMap('a') });
    expect(refusalOf(second)).toEqual([409, 'AlreadyExists', 'configmaps "a" already exists']);
    expect(second.value.details).toEqual({ name: 'a', kind: 'configmaps' });
  });

  test('a dry run answers as if, and stores nothing', () => {
    const lab = createLab();
    const query = { dryRun: 'All' as const };
    expect(lab.ask('create', 'ns:configmaps', { body: configMap('a'), query }).code).toBe(201);
    expect(lab.ask('get', 'ns:configmaps/a').code).toBe(404);
  });

  test('generateName adds five characters', () => {
    const lab = createLab();
    const body = { metadata: { generateName: 'job-' } };
    const made = lab.ask('create', 'ns:configmaps', { body });
    expect(textAt(made.value, 'metadata', 'name')).toMatch(/^job-.{5}$/);
  });

  test('a namespace that ends takes nothing new', () => {
    const lab = createLab();
    expect(lab.ask('delete', 'namespaces/ns').value).toMatchObject({
      status: { phase: 'Terminating' },
    });
    const refused = lab.ask('create', 'ns:configmaps', { body: configMap('a') });
    expect(refusalOf(refused)).toEqual([
      403,
      'Forbidden',
      'configmaps "a" is forbidden: unable to create new content in namespace ns because it is being terminated',
    ]);
    expect(listAt(refused.value, 'details', 'causes')).toEqual([
      {
        reason: 'NamespaceTerminating',
        message: 'namespace ns is being terminated',
        field: 'metadata.namespace',
      },
    ]);
  });
});

describe('update', () => {
  test('an old version is a conflict, the present one is not, none is unconditional', () => {
    const lab = createLab();
    const { value } = lab.ask('create', 'ns:configmaps', { body: configMap('a') });
    const stale = configMap('a', { resourceVersion: '1' });
    const refused = lab.ask('update', 'ns:configmaps/a', { body: stale });
    expect(refusalOf(refused)).toEqual([
      409,
      'Conflict',
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    ]);
    const present = { ...value, data: { x: '1' } };
    expect(lab.ask('update', 'ns:configmaps/a', { body: present }).code).toBe(200);
    const bare = { ...configMap('a'), data: { x: '2' } };
    expect(lab.ask('update', 'ns:configmaps/a', { body: bare }).value.data).toEqual({ x: '2' });
  });

  test('a lease needs its version', () => {
    const lab = createLab();
    const path = 'ns:coordination.k8s.io/v1:leases/l1';
    expect(lab.ask('update', path, { body: configMap('l1') }).code).toBe(201);
    expect(refusalOf(lab.ask('update', path, { body: configMap('l1') }))).toEqual([
      422,
      'Invalid',
      'leases.coordination.k8s.io "l1" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    ]);
  });

  test('another uid is a failed precondition', () => {
    const lab = createLab();
    const { value } = lab.ask('create', 'ns:configmaps', { body: configMap('a') });
    const refused = lab.ask('update', 'ns:configmaps/a', { body: configMap('a', { uid: '123' }) });
    expect(textAt(refused.value, 'message')).toBe(
      `Operation cannot be fulfilled on configmaps "a": StorageError: invalid object, Code: 4, Key: /registry/configmaps/ns/a, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: 123, UID in object meta: ${textAt(value, 'metadata', 'uid')}`,
    );
  });

  test('generation counts changes of spec, not of status nor of metadata', () => {
    const lab = createLab();
    const path = 'ns:apps/v1:statefulsets';
    const body = { metadata: { name: 's' }, spec: { replicas: 1 }, status: { replicas: 9 } };
    const made = lab.ask('create', path, { body });
    expect(made.value.status).toEqual({ availableReplicas: 0, replicas: 0 });
    const generation = (): unknown =>
      at(lab.ask('get', `${path}/s`).value, 'metadata', 'generation');
    expect(generation()).toBe(1);
    const merge = (patch: JsonObject, sub = ''): void => {
      lab.ask('patch', `${path}/s${sub}`, { body: patch, patch: 'merge' });
    };
    merge({ metadata: { labels: { a: 'b' } } });
    merge({ status: { replicas: 3 } });
    merge({ status: { replicas: 3 } }, '/status');
    merge({ spec: { replicas: 7 } }, '/status');
    expect(generation()).toBe(1);
    expect(lab.ask('get', `${path}/s`).value).toMatchObject({
      spec: { replicas: 1 },
      status: { replicas: 3 },
    });
    merge({ spec: { replicas: 2 } });
    expect(generation()).toBe(2);
  });

  test('what changes nothing makes no version', () => {
    const lab = createLab();
    const { value } = lab.ask('create', 'ns:configmaps', { body: configMap('a') });
    lab.ask('patch', 'ns:configmaps/a', { body: {}, patch: 'merge' });
    lab.ask('update', 'ns:configmaps/a', { body: value });
    expect(lab.ask('get', 'ns:configmaps/a').value).toBe(value);
  });
});

describe('delete', () => {
  test('answers what was deleted, and then that it is not there', () => {
    const lab = createLab();
    const { value } = lab.ask('create', 'ns:configmaps', { body: configMap('a') });
    expect(lab.ask('delete', 'ns:configmaps/a').value).toMatchObject({
      status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid: textAt(value, 'metadata', 'uid') },
    });
    expect(refusalOf(lab.ask('delete', 'ns:configmaps/a'))).toEqual([
      404,
      'NotFound',
      'configmaps "a" not found',
    ]);
  });

  test('waits for finalizers, then for none', () => {
    const lab = createLab();
    lab.ask('create', 'ns:configmaps', { body: configMap('a', { finalizers: ['x/y'] }) });
    lab.ask('delete', 'ns:configmaps/a');
    const ending = lab.ask('get', 'ns:configmaps/a').value;
    expect(ending.metadata).toMatchObject({
      deletionTimestamp: '2026-11-21T12:00:00Z',
      deletionGracePeriodSeconds: 0,
    });
    const more = { metadata: { finalizers: ['x/y', 'x/z'] } };
    expect(refusalOf(lab.ask('patch', 'ns:configmaps/a', { body: more, patch: 'merge' }))[2]).toBe(
      'ConfigMap "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x/z"}',
    );
    const none = { metadata: { finalizers: null } };
    expect(lab.ask('patch', 'ns:configmaps/a', { body: none, patch: 'merge' }).code).toBe(200);
    expect(lab.ask('get', 'ns:configmaps/a').code).toBe(404);
  });

  test.each([
    { propagation: 'Orphan', finalizers: ['orphan'] },
    { propagation: 'Foreground', finalizers: ['foregroundDeletion'] },
  ] as const)('$propagation leaves $finalizers to the collector', ({ propagation, finalizers }) => {
    const lab = createLab();
    lab.ask('create', 'ns:configmaps', { body: configMap('a') });
    lab.ask('delete', 'ns:configmaps/a', { query: { propagationPolicy: propagation } });
    expect(at(lab.ask('get', 'ns:configmaps/a').value, 'metadata', 'finalizers')).toEqual(
      finalizers,
    );
  });

  test('a dry run is asked for in the body, and in the query only where there is no body', () => {
    const lab = createLab();
    const here = (): number => lab.ask('get', 'ns:configmaps/a').code;
    lab.ask('create', 'ns:configmaps', { body: configMap('a') });
    const dry = { body: { dryRun: ['All'] } };
    expect(lab.ask('delete', 'ns:configmaps/a', dry).value).toMatchObject({ status: 'Success' });
    lab.ask('deletecollection', 'ns:configmaps', dry);
    lab.ask('delete', 'ns:configmaps/a', { query: { dryRun: 'All' } });
    const other = lab.ask('delete', 'ns:configmaps/a', { body: { dryRun: ['All', 'Some'] } });
    expect(refusalOf(other)).toEqual([
      422,
      'Invalid',
      'DeleteOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["All","Some"]: supported values: "All"',
    ]);
    expect(here()).toBe(200);
    lab.ask('delete', 'ns:configmaps/a', { query: { dryRun: 'All' }, body: {} });
    expect(here()).toBe(404);
  });

  test('preconditions', () => {
    const lab = createLab();
    const { value } = lab.ask('create', 'ns:configmaps', { body: configMap('a') });
    const uid = textAt(value, 'metadata', 'uid');
    const body = { preconditions: { uid: 'x' } };
    expect(refusalOf(lab.ask('delete', 'ns:configmaps/a', { body }))).toEqual([
      409,
      'Conflict',
      `Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (x) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    ]);
    expect(lab.ask('delete', 'ns:configmaps/a', { body: { preconditions: { uid } } }).code).toBe(
      200,
    );
  });
});
