/**
 * Rows of writes whose ownership, conflicts and results must be those of the real server.
 * Never here: how they are done (drive.ts).
 */
import type { JsonObject } from '../../../../src/local/api/port';
import type { Step, Target } from './drive';
import { configMap, podTemplate, thing } from './targets';

export interface Row {
  readonly why: string;
  readonly target: Target;
  readonly steps: readonly Step[];
}

const create = (manager: string, body: JsonObject): Step => ({ how: 'create', manager, body });
const merge = (manager: string, body: JsonObject): Step => ({ how: 'merge', manager, body });
const strategic = (manager: string, body: JsonObject): Step => ({
  how: 'strategic',
  manager,
  body,
});
const status = (manager: string, body: JsonObject): Step => ({ how: 'status', manager, body });
const apply = (manager: string, body: JsonObject, force = false): Step => ({
  how: 'apply',
  manager,
  body,
  force,
});

const data = (values: JsonObject) => ({ data: values });
const pods = (...containers: readonly JsonObject[]) => ({ template: { spec: { containers } } });
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const template = { metadata: { labels: { a: '1' } } };

const maps: readonly Row[] = [
  {
    why: 'a manager adds a key and takes it back',
    target: configMap,
    steps: [
      create('a', data({ x: '1' })),
      apply('b', data({ y: '2' })),
      apply('b', data({})),
      apply('b', {}),
    ],
  },
  {
    why: 'one conflict, then by force',
    target: configMap,
    steps: [
      create('a', data({ x: '1' })),
      apply('b', data({ x: '2' })),
      apply('b', data({ x: '2' }), true),
    ],
  },
  {
    why: 'several conflicts with several managers',
    target: configMap,
    steps: [
      apply('a', data({ x: '1', y: '1' })),
      merge('m', data({ z: '1' })),
      apply('b', data({ x: '2', y: '2', z: '2' })),
    ],
  },
  {
    why: 'two owners of one value: it goes with the second',
    target: configMap,
    steps: [
      apply('a', data({ x: '1', y: '1' })),
      apply('b', data({ x: '1' })),
      apply('a', data({ y: '1' })),
      apply('b', data({})),
    ],
  },
  {
    why: 'an update takes what it changes and no more',
    target: configMap,
    steps: [
      apply('a', data({ x: '1', y: '1' })),
      merge('m', data({ x: '2' })),
      merge('m', data({ y: null })),
      apply('a', data({ x: '2', y: '3' })),
    ],
  },
  {
    why: 'the same again changes nothing',
    target: configMap,
    steps: [
      apply('a', data({ x: '1' })),
      apply('a', data({ x: '1' })),
      merge('a', data({ x: '1' })),
    ],
  },
  {
    why: 'ownership forgotten, then begun by an apply',
    target: configMap,
    steps: [
      create('a', data({ x: '1', y: '1' })),
      merge('a', { metadata: { managedFields: [{}] } }),
      merge('m', data({ z: '1' })),
      apply('b', data({ w: '1' })),
      apply('b', data({ x: '5' })),
    ],
  },
  {
    why: 'labels, annotations and finalizers',
    target: configMap,
    steps: [
      create('a', { metadata: { labels: { l: '1' }, annotations: { n: '1' } } }),
      apply('b', { metadata: { labels: { m: '1' }, finalizers: ['x.test/b'] } }),
      apply('c', { metadata: { labels: { l: '2' }, finalizers: ['x.test/c'] } }, true),
      apply('b', { metadata: { labels: {} } }),
      apply('c', {}),
    ],
  },
  {
    why: 'kubectl moves from client-side to server-side apply',
    target: configMap,
    steps: [
      create('kubectl-client-side-apply', {
        data: { x: '1', y: '1' },
        metadata: {
          annotations: {
            [lastApplied]:
              '{"apiVersion":"v1","data":{"x":"1","y":"1"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"thing","namespace":"NS"}}\n',
          },
        },
      }),
      apply('kubectl', data({ x: '2' })),
      apply('other', data({ x: '3' })),
      apply('kubectl', data({ y: '4' })),
    ],
  },
];

const lists: readonly Row[] = [
  {
    why: 'containers by name, each with its own fields',
    target: podTemplate,
    steps: [
      create('a', { ...pods({ name: 'one', image: 'i:1' }), ...{} }),
      apply('b', pods({ name: 'two', image: 'i:2', env: [{ name: 'E', value: '1' }] })),
      apply('c', pods({ name: 'two', env: [{ name: 'F', value: '2' }] })),
      apply('b', pods({ name: 'two', image: 'i:3' })),
      apply('c', pods({ name: 'one', image: 'i:9' }, { name: 'two', image: 'i:9' })),
      apply('b', { template }),
    ],
  },
  {
    why: 'the order of items: the applied one, woven into what is there',
    target: podTemplate,
    steps: [
      create(
        'a',
        pods({ name: 'a', image: 'i' }, { name: 'b', image: 'i' }, { name: 'c', image: 'i' }),
      ),
      apply(
        'b',
        pods({ name: 'c', tty: true }, { name: 'x', image: 'i' }, { name: 'a', tty: true }),
      ),
      apply('c', pods({ name: 'y', image: 'i' }, { name: 'b', tty: true })),
    ],
  },
  {
    why: 'ports whose key has a default',
    target: podTemplate,
    steps: [
      apply('a', pods({ name: 'one', image: 'i:1', ports: [{ containerPort: 80 }] })),
      apply(
        'b',
        pods({
          name: 'one',
          ports: [
            { containerPort: 80, name: 'http' },
            { containerPort: 80, protocol: 'UDP' },
          ],
        }),
      ),
      apply('a', pods({ name: 'one', image: 'i:1' })),
    ],
  },
  {
    why: 'amounts in another unit are another value',
    target: podTemplate,
    steps: [
      apply('a', pods({ name: 'one', image: 'i', resources: { limits: { memory: '1024Mi' } } })),
      apply('a', pods({ name: 'one', image: 'i', resources: { limits: { memory: '1024Mi' } } })),
      apply('b', pods({ name: 'one', resources: { limits: { memory: '1Gi' } } })),
    ],
  },
  {
    why: 'defaults belong to nobody, and an update owns them',
    target: podTemplate,
    steps: [
      apply('a', pods({ name: 'one', image: 'i:1', readinessProbe: { tcpSocket: { port: 80 } } })),
      merge('m', { template: { spec: { restartPolicy: 'Always', nodeSelector: { a: 'b' } } } }),
      apply('a', pods({ name: 'one', image: 'i:1' })),
    ],
  },
  {
    why: 'strategic patches',
    target: podTemplate,
    steps: [
      create('a', {
        template: {
          metadata: { labels: { a: '1', b: '2' } },
          spec: {
            containers: [
              {
                name: 'one',
                image: 'i:1',
                env: [
                  { name: 'A', value: '1' },
                  { name: 'B', value: '2' },
                ],
              },
              { name: 'two', image: 'i:1', args: ['x', 'y'] },
            ],
            volumes: [{ name: 'v', emptyDir: {} }],
            tolerations: [{ key: 'k', operator: 'Exists' }],
          },
        },
      }),
      strategic('m', pods({ name: 'one', image: 'i:2' })),
      strategic('m', pods({ name: 'two', $patch: 'delete' })),
      strategic(
        'm',
        pods({
          name: 'one',
          env: [
            { name: 'C', value: '3' },
            { name: 'A', $patch: 'delete' },
          ],
        }),
      ),
      strategic('m', {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'zero' }, { name: 'one' }],
            containers: [{ name: 'zero', image: 'z' }],
          },
        },
      }),
      strategic('m', {
        template: {
          spec: {
            volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }],
          },
        },
      }),
      strategic('m', { template: { spec: { tolerations: [{ key: 'l', operator: 'Exists' }] } } }),
      strategic('m', { template: { metadata: { labels: { $patch: 'replace', c: '3' } } } }),
      strategic('m', { metadata: { finalizers: ['a.test/x', 'a.test/y'] } }),
      strategic('m', {
        metadata: { finalizers: ['a.test/z'], '$deleteFromPrimitiveList/finalizers': ['a.test/x'] },
      }),
      strategic('m', pods({ $patch: 'replace' }, { name: 'one', image: 'new:1' })),
      strategic('m', { template: { spec: { containers: [{ image: 'no-key' }] } } }),
      strategic('m', { template: { spec: { containers: [{ $patch: 'upsert', name: 'x' }] } } }),
      strategic('m', { metadata: { finalizers: null } }),
    ],
  },
];

const refusals: readonly Row[] = [
  {
    why: 'an unknown field in an apply',
    target: podTemplate,
    steps: [
      apply('a', pods({ name: 'one', image: 'i:1', imgae: 'x' })),
      apply('a', { template: { spec: { containers: [], what: 1 } } }),
    ],
  },
  {
    why: 'wrong types in an apply',
    target: podTemplate,
    steps: [
      apply('a', pods({ name: 'one', image: 1 })),
      apply('a', { template: { spec: { containers: {} } } }),
      apply('a', { template: { spec: { terminationGracePeriodSeconds: 'x' } } }),
      apply('a', pods({ name: 'one', tty: 'yes' })),
      apply('a', { template: 'x' }),
    ],
  },
  {
    why: 'twins and nameless items in an apply',
    target: podTemplate,
    steps: [
      apply('a', pods({ name: 'one', image: 'i' }, { name: 'one', image: 'j' })),
      apply(
        'a',
        pods({ name: 'one', image: 'i', ports: [{ containerPort: 1 }, { containerPort: 1 }] }),
      ),
      apply('a', pods({ name: 'one', image: 'i', volumeMounts: [{ name: 'x' }] })),
    ],
  },
  {
    why: 'managedFields cannot be applied',
    target: configMap,
    steps: [
      apply('a', {
        metadata: {
          managedFields: [
            {
              manager: 'a',
              operation: 'Apply',
              apiVersion: 'v1',
              fieldsType: 'FieldsV1',
              fieldsV1: {},
            },
          ],
        },
      }),
    ],
  },
];

const custom: readonly Row[] = [
  {
    why: 'sets, maps, atoms of a custom resource',
    target: thing,
    steps: [
      create('a', { spec: { set: ['x'], atomic: ['p'], map: [{ name: 'm', value: '1' }] } }),
      apply('b', { spec: { set: ['y', 'x'], map: [{ name: 'm', port: 81, tags: { t: '1' } }] } }),
      apply('c', { spec: { atomic: ['q'] } }),
      apply('c', { spec: { atomic: ['q'], whole: { a: '1' }, labels: { l: '1' } } }, true),
      apply('d', { spec: { whole: { b: '1' }, labels: { k: '1' } } }),
      apply('b', { spec: { set: ['y'] } }),
      apply('b', { spec: {} }),
    ],
  },
  {
    why: 'anything goes below preserve-unknown-fields',
    target: thing,
    steps: [
      apply('a', { spec: { any: { x: { y: 1 }, l: [1, { z: 2 }] }, either: 5 } }),
      apply('b', { spec: { any: { x: { w: 1 }, l: [3] }, either: '5' } }),
      apply('b', { spec: { any: { x: { w: 1 } }, nested: { deep: { x: '1' } } } }),
      apply('a', { spec: { any: {} } }),
      apply('b', { spec: { nested: {} } }),
    ],
  },
  {
    why: 'a status has owners of its own',
    target: thing,
    steps: [
      create('a', { spec: { replicas: 1 }, status: { phase: 'dropped' } }),
      status('s', { status: { phase: 'Ready', conditions: [{ type: 'T', status: 'True' }] } }),
      status('s', { status: { conditions: [{ type: 'T', status: 'False' }] } }),
      apply('b', { spec: { mode: 'A' }, status: { phase: 'x' } }),
      merge('a', { spec: { replicas: 3 } }),
    ],
  },
  {
    why: 'an unknown field of a custom resource',
    target: thing,
    steps: [
      apply('a', { spec: { replica: 1 } }),
      apply('a', { spec: { replicas: 'x' } }),
      apply('a', { spec: { map: [{ port: 80 }] } }),
      apply('a', { spec: { set: ['x', 'x'] } }),
    ],
  },
];

export const rows: readonly Row[] = [...maps, ...lists, ...refusals, ...custom];
