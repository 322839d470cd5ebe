/**
 * Bodies as clients written in Go send them for built-in kinds: every kind of field once, what is left out, and
 * bytes that are no message.
 * Never here: what the objects mean (objects.ts).
 */
import { core, type Group, named, parked, post, remove, type Step, silently } from '../row';

const TYPE = 'application/vnd.kubernetes.protobuf';

/** A varint, an 8-byte number, a message or a text. */
type Value = number | bigint | Buffer | string;
/** Field number and value. */
type Field = readonly [number: number, value: Value];

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

function message(...fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      const tag = (type: number): Buffer => varint(BigInt(number * 8 + type));
      if (typeof value === 'number' || typeof value === 'bigint')
        return [tag(0), varint(BigInt(value))];
      const bytes = Buffer.from(value);
      return [tag(2), varint(BigInt(bytes.length)), bytes];
    }),
  );
}

const entry = (key: string, value: Value): Buffer => message([1, key], [2, value]);
const quantity = (text: string): Buffer => message([1, text]);
const number = (value: number): Buffer => message([1, 0], [2, value]);
const percent = (text: string): Buffer => message([1, 1], [3, text]);
const at = (seconds: number, nanos: number): Buffer => message([1, seconds], [2, nanos]);

/** With its first four bytes, its kind, and the encoding and type that Go's clients leave empty. */
function envelope(apiVersion: string, kind: string, object: Buffer): Buffer {
  const type = message([1, apiVersion], [2, kind]);
  return Buffer.concat([Buffer.from('k8s\0'), message([1, type], [2, object], [3, ''], [4, ''])]);
}

const send = (path: string, bytes: Buffer, more: Partial<Step> = {}): Step => ({
  method: 'POST',
  path,
  bytes,
  contentType: TYPE,
  ...more,
});
const make = (path: string, apiVersion: string, kind: string, ...fields: readonly Field[]): Step =>
  send(path, envelope(apiVersion, kind, message([1, message([1, 'a'])], ...fields)));

const secrets = core('secrets');
const kinds: Group['rows'] = [
  {
    why: 'protobuf: bytes by name, labels, a false that was said, empty texts that count as absent',
    steps: [
      send(
        secrets,
        envelope(
          'v1',
          'Secret',
          message(
            [
              1,
              message([1, 'a'], [2, ''], [7, 0], [8, ''], [11, entry('x', 'y')], [14, 'x.test/f']),
            ],
            [2, entry('key', Buffer.from([0, 255, 7]))],
            [2, entry('empty', '')],
            [2, message([1, 'none'])],
            [3, ''],
            [5, 0],
          ),
        ),
      ),
      silently({
        method: 'PATCH',
        path: `${secrets}/a`,
        body: { metadata: { finalizers: null } },
        contentType: 'application/merge-patch+json',
      }),
    ],
  },
  {
    why: 'protobuf: ports by number and by name, a selector',
    steps: [
      make(core('services'), 'v1', 'Service', [
        2,
        message(
          [1, message([1, 'one'], [3, 80], [4, number(8080)])],
          [1, message([1, 'two'], [2, 'TCP'], [3, 81], [4, percent('web')])],
          [2, entry('app', 'a')],
          [3, 'None'],
        ),
      ]),
    ],
  },
  {
    why: 'protobuf: quantities by name',
    steps: [
      make(core('persistentvolumeclaims'), 'v1', 'PersistentVolumeClaim', [
        2,
        message(
          [1, 'ReadWriteOnce'],
          [2, message([2, entry('storage', quantity('1Gi'))])],
          [5, 'none'],
        ),
      ]),
    ],
  },
  {
    why: 'protobuf: times to the microsecond, a time that is none',
    steps: [
      make(named('coordination.k8s.io/v1', 'leases'), 'coordination.k8s.io/v1', 'Lease', [
        2,
        message([1, 'me'], [2, 15], [3, at(1_700_000_000, 123_456_789)]),
      ]),
      send(
        '/api/v1/namespaces/default/events?dryRun=All',
        envelope(
          'v1',
          'Event',
          message(
            [1, message([1, 'a'], [8, at(-62_135_596_800, 0)])],
            [2, message([1, 'Pod'], [2, 'default'], [3, 'p'])],
            [6, at(1_700_000_000, 5)],
            [8, 3],
          ),
        ),
      ),
    ],
  },
  {
    why: 'protobuf: a pod with embedded structs, lists of numbers, packed or not, and a size',
    steps: [
      make(core('pods'), 'v1', 'Pod', [
        2,
        message(
          [1, message([1, 'v'], [2, message([2, message([2, quantity('5Mi')])])])],
          [
            2,
            message(
              [1, 'main'],
              [2, 'valkey/valkey:8.0'],
              [8, message([2, entry('cpu', quantity('100m'))])],
              [10, message([1, message([2, message([1, '/'], [2, number(80)])])], [4, 7])],
              [11, message([1, message([3, message([1, percent('web')])])])],
              [16, 1],
            ),
          ],
          [4, 0],
          [7, entry('nowhere', 'yes')],
          [14, message([2, 0], [3, 1], [4, 7], [4, 300])],
        ),
      ]),
      send(
        core('pods'),
        envelope(
          'v1',
          'Pod',
          message(
            [1, message([1, 'b'])],
            [
              2,
              message(
                [2, message([1, 'main'], [2, 'valkey/valkey:8.0'])],
                [7, entry('nowhere', 'yes')],
                [14, message([4, Buffer.from([7, 0xac, 2])])],
              ),
            ],
          ),
        ),
        { only: ['spec.securityContext'] },
      ),
    ],
  },
  {
    why: 'protobuf: a share, a revision with data of its own, a review with lists by name',
    steps: [
      make(named('policy/v1', 'poddisruptionbudgets'), 'policy/v1', 'PodDisruptionBudget', [
        2,
        message([2, message([1, entry('app', 'a')])], [3, percent('50%')]),
      ]),
      make(
        named('apps/v1', 'controllerrevisions'),
        'apps/v1',
        'ControllerRevision',
        [2, message([1, '{"spec":{"a":[1,null]}}'])],
        [3, 0],
      ),
      send(
        '/apis/authorization.k8s.io/v1/subjectaccessreviews',
        envelope(
          'authorization.k8s.io/v1',
          'SubjectAccessReview',
          message([
            2,
            message(
              [1, message([2, 'get'], [5, 'pods'])],
              [3, 'nobody'],
              [5, entry('x.test/scopes', message([1, 'one'], [1, 'two']))],
              [5, message([1, 'x.test/none'])],
            ),
          ]),
        ),
      ),
    ],
  },
  {
    why: 'protobuf: an eviction, and a scale',
    steps: [
      silently(post(core('pods'), { metadata: { name: 'a' }, spec: parked })),
      make(core('pods', 'a/eviction'), 'policy/v1', 'Eviction'),
      silently(
        post(named('apps/v1', 'statefulsets'), {
          metadata: { name: 'a' },
          spec: {
            replicas: 0,
            serviceName: 's',
            selector: { matchLabels: { app: 'a' } },
            template: { metadata: { labels: { app: 'a' } }, spec: parked },
          },
        }),
      ),
      {
        ...make(named('apps/v1', 'statefulsets', 'a/scale'), 'autoscaling/v1', 'Scale', [
          2,
          message([1, 1]),
        ]),
        method: 'PUT',
        only: ['spec'],
      },
    ],
  },
  {
    why: 'protobuf: options of a deletion',
    steps: [
      silently(post(core('pods'), { metadata: { name: 'a' }, spec: parked })),
      remove(core('pods', 'a'), undefined, {
        bytes: envelope('v1', 'DeleteOptions', message([2, message([1, 'another'])])),
        contentType: TYPE,
      }),
      remove(core('pods', 'a'), undefined, {
        bytes: envelope('v1', 'DeleteOptions', message([1, 0], [4, 'Background'], [5, 'All'])),
        contentType: TYPE,
        only: ['metadata.name'],
      }),
    ],
  },
  {
    why: 'protobuf: an object that is put in place of another, and a field that nobody knows',
    steps: [
      silently(post(core('configmaps'), { metadata: { name: 'a' }, data: { x: '1' } })),
      {
        ...send(
          core('configmaps', 'a'),
          envelope(
            'v1',
            'ConfigMap',
            message([1, message([1, 'a'])], [2, entry('y', '2')], [99, 'unknown']),
          ),
          { only: ['data'] },
        ),
        method: 'PUT',
      },
    ],
  },
];

const secret = envelope(
  'v1',
  'Secret',
  message([1, message([1, 'a'])], [2, entry('key', 'value')]),
);
const inner = message([1, message([1, 'a'])], [2, entry('key', 'value')]);
const cutInside = envelope('v1', 'Secret', inner.subarray(0, -2));

const faults: Group['rows'] = [
  {
    why: 'protobuf: no message, a message of another kind, and one that ends too early',
    steps: [
      send(secrets, Buffer.from('nothing')),
      send(secrets, Buffer.alloc(0)),
      send(secrets, Buffer.from('k8s\0')),
      send(secrets, envelope('v1', 'ConfigMap', inner)),
      send(secrets, envelope('', '', inner)),
      send(secrets, secret.subarray(0, -6)),
      send(secrets, cutInside),
      send(secrets, envelope('v1', 'Secret', Buffer.from([0x0e, 1]))),
      send(secrets, envelope('v1', 'Secret', Buffer.from([8, 1]))),
      send(secrets, envelope('v1', 'Secret', Buffer.from([0, 1]))),
      send(secrets, envelope('v1', 'Secret', Buffer.alloc(12, 255))),
    ],
  },
  {
    why: 'protobuf: not for definitions and custom kinds, nor a patch',
    steps: [
      send(
        '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/x',
        envelope('apiextensions.k8s.io/v1', 'Nothing', inner),
        { method: 'PUT' },
      ),
      { ...send(`${secrets}/a`, secret), method: 'PATCH' },
    ],
  },
];

export const protobuf: Group = { name: 'protobuf', rows: [...kinds, ...faults] };
