/**
 * What a pod may know of itself and what its volumes hold, as tables; no files, no processes.
 */
import { describe, expect, test } from 'vitest';
import { conditionsOf } from '../../../src/local/kubelet/conditions';
import { fieldOf, resourceOf } from '../../../src/local/kubelet/downward';
import { environmentOf, type Lookup } from '../../../src/local/kubelet/environment';
import type { Container, Pod, PodCondition, Volume } from '../../../src/local/kubelet/pod';
import { firstRecords, hasStarted } from '../../../src/local/kubelet/record';
import { contentOf, uses } from '../../../src/local/kubelet/volume-files';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const meta = (name: string) => ({
  name,
  namespace: 'ns',
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '',
});
const container: Container = {
  name: 'a',
  image: 'valkey/valkey:8.0',
  resources: { limits: { cpu: '250m' }, requests: { memory: '100Mi' } },
};
const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { ...meta('p'), labels: { b: '2', a: '"1"' }, annotations: { note: 'yes' } },
  spec: {
    nodeName: 'n1',
    serviceAccountName: 'acc',
    containers: [
      container,
      { ...container, name: 'b' },
      { ...container, name: 'odd', resources: { limits: { cpu: '1001m', memory: '1.1G' } } },
    ],
  },
};
const place = {
  podIp: '127.64.1.1',
  hostIp: '127.64.0.11',
  allocatable: { cpu: '4', memory: '8Gi' },
};
const lookup: Lookup = {
  configMap: (name) =>
    name === 'words'
      ? {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: meta(name),
          data: { k: 'v' },
          binaryData: { bin: base64('b') },
        }
      : undefined,
  secret: (name) =>
    name === 'keys'
      ? { apiVersion: 'v1', kind: 'Secret', metadata: meta(name), data: { k: base64('s') } }
      : undefined,
  services: () => [],
};

describe('fields of a pod', () => {
  test.each([
    ['metadata.name', 'p'],
    ['metadata.namespace', 'ns'],
    ['metadata.uid', 'u'],
    ['metadata.labels', 'a="\\"1\\""\nb="2"'],
    ['metadata.annotations', 'note="yes"'],
    ["metadata.annotations['note']", 'yes'],
    ["metadata.labels['none']", ''],
    ['spec.nodeName', 'n1'],
    ['spec.serviceAccountName', 'acc'],
    ['status.podIP', '127.64.1.1'],
    ['status.podIPs', '127.64.1.1'],
    ['status.hostIP', '127.64.0.11'],
    ['spec.priority', undefined],
  ])('%s is %s', (fieldPath, value) => {
    expect(fieldOf(pod, { fieldPath }, place)).toBe(value);
  });

  test.each([
    { ref: { resource: 'limits.cpu' }, value: '1', why: 'rounded up to whole cores' },
    {
      ref: { resource: 'limits.cpu', divisor: '1m' },
      value: '250',
      why: 'in the unit that is asked for',
    },
    {
      ref: { resource: 'limits.memory', divisor: '1Gi' },
      value: '8',
      why: 'without a limit the node is one',
    },
    { ref: { resource: 'requests.memory' }, value: '104857600', why: 'in bytes' },
    {
      ref: { resource: 'limits.cpu', divisor: '1m', containerName: 'odd' },
      value: '1001',
      why: 'thousandths are whole numbers',
    },
    {
      ref: { resource: 'limits.cpu', containerName: 'odd' },
      value: '2',
      why: 'a thousandth more than a core',
    },
    {
      ref: { resource: 'limits.memory', containerName: 'odd' },
      value: '1100000000',
      why: 'bytes are whole numbers too',
    },
    {
      ref: { resource: 'limits.memory', divisor: '1Mi', containerName: 'odd' },
      value: '1050',
      why: 'a part of a unit counts as one',
    },
    { ref: { resource: 'requests.cpu' }, value: '0', why: 'nothing is asked for' },
    {
      ref: { resource: 'requests.cpu', containerName: 'b' },
      value: '0',
      why: 'of another container',
    },
    {
      ref: { resource: 'requests.cpu', containerName: 'c' },
      value: undefined,
      why: 'there is no such container',
    },
    { ref: { resource: 'cpu' }, value: undefined, why: 'neither limit nor request' },
  ])('$ref.resource is $value: $why', ({ ref, value }) => {
    expect(resourceOf(pod, 'a', ref, place)).toBe(value);
  });
});

describe('an environment that cannot be made', () => {
  test.each([
    {
      env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'no', key: 'k' } } }],
      message: 'secret "no" not found',
    },
    {
      env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'keys', key: 'no' } } }],
      message: "couldn't find key no in Secret ns/keys",
    },
    {
      env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'words', key: 'no' } } }],
      message: "couldn't find key no in ConfigMap ns/words",
    },
    {
      env: [{ name: 'X', valueFrom: { fieldRef: { fieldPath: 'spec.x' } } }],
      message: 'unsupported fieldPath: spec.x',
    },
    {
      env: [{ name: 'X', valueFrom: { resourceFieldRef: { resource: 'x' } } }],
      message: 'unsupported container resource : x',
    },
    { envFrom: [{ configMapRef: { name: 'no' } }], message: 'configmap "no" not found' },
    { envFrom: [{ secretRef: { name: 'no' } }], message: 'secret "no" not found' },
  ])('$message', ({ message, ...more }) => {
    const server = { host: '127.64.0.1', port: 6443 };
    const answer = environmentOf(pod, { ...container, ...more }, lookup, place, server);
    expect(answer).toEqual({ kind: 'failed', message });
  });
});

describe('what a volume holds', () => {
  const sources = {
    pod,
    lookup,
    place,
    token: ({ audience }: { readonly audience: string | undefined }) =>
      audience === 'no' ? undefined : `t-${audience}`,
  };
  const files = (volume: Partial<Volume>) => {
    const content = contentOf({ name: 'v', ...volume }, sources);
    if (content?.kind !== 'files') return content?.message;
    return content.files.map(({ path, bytes, mode }) => `${path}=${bytes} ${mode.toString(8)}`);
  };

  test.each([
    {
      volume: { configMap: { name: 'words' } },
      holds: ['k=v 644', 'bin=b 644'],
      why: 'texts and bytes',
    },
    {
      volume: { secret: { secretName: 'keys', defaultMode: 0o440 } },
      holds: ['k=s 440'],
      why: 'its own mode',
    },
    {
      volume: { secret: { secretName: 'no', optional: true } },
      holds: [],
      why: 'nothing where it may be missing',
    },
    { volume: { secret: { secretName: 'no' } }, holds: 'secret "no" not found', why: 'missing' },
    {
      volume: { configMap: { name: 'words', items: [{ key: 'no', path: 'x' }] } },
      holds: 'configmap references non-existent config key: no',
      why: 'a key is missing',
    },
    {
      volume: { secret: { secretName: 'keys', items: [{ key: 'no', path: 'x' }] } },
      holds: 'references non-existent secret key: no',
      why: 'a key of a Secret is missing',
    },
    {
      volume: { configMap: { name: 'words', optional: true, items: [{ key: 'no', path: 'x' }] } },
      holds: [],
      why: 'a key may be missing',
    },
    {
      volume: {
        downwardAPI: {
          items: [
            {
              path: 'cpu',
              mode: 0o400,
              resourceFieldRef: { containerName: 'a', resource: 'limits.cpu' },
            },
          ],
        },
      },
      holds: ['cpu=1 400'],
      why: 'a limit',
    },
    {
      volume: { downwardAPI: { items: [{ path: 'x', fieldRef: { fieldPath: 'spec.x' } }] } },
      holds: 'no such field for x',
      why: 'no such field',
    },
    {
      volume: {
        projected: {
          defaultMode: 0o400,
          sources: [
            { serviceAccountToken: { path: 'token', audience: 'me' } },
            { secret: { name: 'keys', items: [{ key: 'k', path: 'deep/k' }] } },
            {
              downwardAPI: {
                items: [{ path: 'ns', fieldRef: { fieldPath: 'metadata.namespace' } }],
              },
            },
          ],
        },
      },
      holds: ['token=t-me 400', 'deep/k=s 400', 'ns=ns 400'],
      why: 'several in one',
    },
    {
      volume: { projected: { sources: [{ configMap: { name: 'no' } }] } },
      holds: 'configmap "no" not found',
      why: 'a part is missing',
    },
    {
      volume: { projected: { sources: [{ serviceAccountToken: { path: 't', audience: 'no' } }] } },
      holds: 'failed to fetch token: serviceaccounts "acc" not found',
      why: 'no token',
    },
    { volume: { emptyDir: {} }, holds: undefined, why: 'made of no object' },
  ])('$why', ({ volume, holds }) => {
    expect(files(volume)).toEqual(holds);
  });

  test.each([
    { volume: { configMap: { name: 'x' } }, kind: 'ConfigMap', is: true },
    { volume: { configMap: { name: 'x' } }, kind: 'Secret', is: false },
    { volume: { secret: { secretName: 'x' } }, kind: 'Secret', is: true },
    { volume: { projected: { sources: [{ secret: { name: 'x' } }] } }, kind: 'Secret', is: true },
    {
      volume: { projected: { sources: [{ configMap: { name: 'y' } }] } },
      kind: 'ConfigMap',
      is: false,
    },
  ] as const)('$volume has to do with the $kind x: $is', ({ volume, kind, is }) => {
    expect(uses({ name: 'v', ...volume }, kind, 'x')).toBe(is);
  });
});

describe('readiness gates', () => {
  const gate = (status: 'True' | 'False' | undefined) => {
    const written: readonly PodCondition[] =
      status === undefined
        ? []
        : [{ type: 'open', status, lastTransitionTime: '', lastProbeTime: null }];
    const gated: Pod = {
      ...pod,
      spec: { containers: [{ name: 'a', image: '' }], readinessGates: [{ conditionType: 'open' }] },
      status: { conditions: written },
    };
    const records = firstRecords(gated.spec ?? { containers: [] }).map((record) => ({
      ...hasStarted(record, { id: 'x', startedAtMs: 0 }, undefined, { firstMs: 1, maxMs: 1 }),
      started: 'yes' as const,
      ready: 'yes' as const,
    }));
    const facts = {
      pod: gated,
      records,
      podIp: 'ip',
      hostIp: 'ip',
      startedAtMs: 0,
      nowMs: 0,
      life: 'goes on' as const,
    };
    const conditions = conditionsOf(facts, 'Running');
    expect(conditions.filter(({ type }) => type === 'open')).toEqual(written);
    return conditions.find(({ type }) => type === 'Ready');
  };

  test.each([
    { status: 'True', ready: 'True', message: undefined, why: 'it is open' },
    {
      status: 'False',
      ready: 'False',
      message: 'the status of pod readiness gate "open" is not "True", but False',
      why: 'it is closed',
    },
    {
      status: undefined,
      ready: 'False',
      message: 'corresponding condition of pod readiness gate "open" does not exist.',
      why: 'nobody wrote it',
    },
  ] as const)('Ready is $ready: $why', ({ status, ready, message }) => {
    expect(gate(status)).toMatchObject({
      status: ready,
      ...(message === undefined ? {} : { message }),
    });
  });
});
