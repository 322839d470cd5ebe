/**
 * Where pods go, and the words in which the scheduler says that they go nowhere.
 */
import { describe, expect, test } from 'vitest';
import { NODES, type Node, type Taint } from '../../../src/local/controllers/objects/node';
import type { Pod, PodSpec } from '../../../src/local/controllers/objects/pod';
import type { Claim, PersistentVolume } from '../../../src/local/controllers/objects/storage';
import { decidePod } from '../../../src/local/controllers/scheduler/decide';
import type { Room } from '../../../src/local/controllers/scheduler/room';

const meta = (name: string, labels: Readonly<Record<string, string>> = {}) => ({
  ...{ name, namespace: 'default', uid: name, resourceVersion: '1', labels },
  creationTimestamp: '2026-01-01T00:00:00Z',
});

function node(name: string, spec: Node['spec'] = {}, status: Node['status'] = {}): Node {
  const labels = { 'kubernetes.io/hostname': name, zone: name === 'n3' ? 'b' : 'a' };
  const { apiVersion, kind } = NODES;
  return { apiVersion, kind, metadata: meta(name, labels), spec, status };
}

function pod(name: string, spec: Partial<PodSpec> = {}, app = 'web'): Pod {
  const containers = [{ name: 'main' }];
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: meta(name, { app }), status: {} },
    spec: { containers, ...spec },
  };
}

interface Cluster {
  readonly nodes?: readonly Node[] | undefined;
  readonly standing?: readonly Pod[];
  readonly claims?: readonly Claim[];
  readonly volumes?: readonly PersistentVolume[];
}

function room({ nodes, standing = [], claims = [], volumes = [] }: Cluster): Room {
  return {
    seats: (nodes ?? [node('n1'), node('n2'), node('n3')]).map((entry) => ({
      node: entry,
      pods: standing.filter(({ spec }) => spec.nodeName === entry.metadata.name),
    })),
    claimNamed: (_, name) => claims.find(({ metadata }) => metadata.name === name),
    volumeNamed: (name) => volumes.find(({ metadata }) => metadata.name === name),
    classNamed: () => ({
      ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: meta('local') },
      provisioner: 'p',
      volumeBindingMode: 'WaitForFirstConsumer',
    }),
    labelsOfNamespace: () => ({}),
  };
}

const decide = (asking: Pod, cluster: Cluster = {}) =>
  decidePod(asking, room(cluster), Date.UTC(2026, 0, 1)).actions;

const boundTo = (asking: Pod, cluster: Cluster = {}) =>
  decide(asking, cluster).flatMap((action) => (action.kind === 'bind' ? [action.node] : []))[0];

function refusal(asking: Pod, cluster: Cluster = {}): string | undefined {
  for (const action of decide(asking, cluster)) if (action.kind === 'tell') return action.message;
  return undefined;
}

const tail = (nodes: number, hopes: string) =>
  `no new claims to deallocate, preemption: 0/${nodes} nodes are available: ${hopes}.`;
const hopeless = (count: number) => `${count} Preemption is not helpful for scheduling`;
const noVictims = (count: number) => `${count} No preemption victims found for incoming pod`;
const lost: Taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };
const web = { matchLabels: { app: 'web' } };
const byHost = { topologyKey: 'kubernetes.io/hostname', labelSelector: web };

const cpu = (amount: string) => ({
  containers: [{ name: 'main', resources: { requests: { cpu: amount } } }],
});

interface Row extends Cluster {
  readonly spec: Partial<PodSpec>;
  readonly message: string;
}

/** The messages are those of kube-scheduler 1.34.4. */
describe('refusals', () => {
  test.each([
    {
      why: 'cordoned',
      nodes: [node('n1', { unschedulable: true })],
      spec: {},
      message: `0/1 nodes are available: 1 node(s) were unschedulable. ${tail(1, hopeless(1))}`,
    },
    {
      why: 'each node for its own reason',
      nodes: [node('n1', { taints: [lost] }), node('n2', { unschedulable: true })],
      spec: {},
      message: `0/2 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, 1 node(s) were unschedulable. ${tail(2, hopeless(2))}`,
    },
    {
      why: 'no node has the label',
      nodes: [node('n1')],
      spec: { nodeSelector: { disk: 'fast' } },
      message: `0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. ${tail(1, hopeless(1))}`,
    },
    {
      why: 'asks for more than there is',
      nodes: [node('n1', {}, { allocatable: { cpu: '1', memory: '1Gi' } })],
      spec: cpu('1500m'),
      message: `0/1 nodes are available: 1 Insufficient cpu. ${tail(1, hopeless(1))}`,
    },
    {
      why: 'another pod has taken what it asks for',
      nodes: [node('n1', {}, { allocatable: { cpu: '1', memory: '1Gi' } })],
      standing: [pod('other', { nodeName: 'n1', ...cpu('500m') })],
      spec: cpu('800m'),
      message: `0/1 nodes are available: 1 Insufficient cpu. ${tail(1, noVictims(1))}`,
    },
    {
      why: 'twenty tenths of what there is are all of it',
      nodes: [node('n1', {}, { allocatable: { cpu: '2' } })],
      standing: Array.from({ length: 20 }, (_, i) =>
        pod(`tenth-${i}`, { nodeName: 'n1', ...cpu('0.1') }),
      ),
      spec: cpu('100m'),
      message: `0/1 nodes are available: 1 Insufficient cpu. ${tail(1, noVictims(1))}`,
    },
    {
      why: 'a claim that is not there',
      nodes: [node('n1')],
      spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-web-0' } }] },
      message: '0/1 nodes are available: persistentvolumeclaim "data-web-0" not found. not found',
    },
    { why: 'no node at all', nodes: [], spec: {}, message: 'no nodes available to schedule pods' },
  ])('$why', ({ nodes, spec, message, standing = [] }: Row) => {
    expect(refusal(pod('web-0', spec), { nodes, standing })).toBe(message);
  });

  test('a refusal says its own condition alone, so that nobody else loses one', () => {
    const foreign = { type: 'example.test/Gate', status: 'True' } as const;
    const asking = { ...pod('web-0'), status: { conditions: [foreign] } };
    const [patch] = decide(asking, { nodes: [] }).filter(({ kind }) => kind === 'patch');
    const conditions = [expect.objectContaining({ type: 'PodScheduled', status: 'False' })];
    expect(patch).toMatchObject({ type: 'strategic', patch: { status: { conditions } } });
  });

  test('a refusal that was told is not told again; a pod that fits is bound', () => {
    const message = 'no nodes available to schedule pods';
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
    } as const;
    const told = { ...pod('web-0'), status: { conditions: [condition] } };
    expect(decide(told, { nodes: [] })).toEqual([]);
    expect(boundTo(told)).toBe('n1');
  });
});

describe('choices', () => {
  test('nineteen tenths leave room for one more', () => {
    const tenths = Array.from({ length: 19 }, (_, i) =>
      pod(`tenth-${i}`, { nodeName: 'n1', ...cpu('0.1') }),
    );
    const nodes = [node('n1', {}, { allocatable: { cpu: '2' } })];
    expect(boundTo(pod('web-0', cpu('0.1')), { nodes, standing: tenths })).toBe('n1');
  });

  const standing = [pod('web-1', { nodeName: 'n1' }), pod('other', { nodeName: 'n2' }, 'other')];

  test('the emptier node, then the first name', () => {
    expect(boundTo(pod('web-0'))).toBe('n1');
    expect(boundTo(pod('web-0'), { standing })).toBe('n3');
  });

  test.each([
    { whenUnsatisfiable: 'ScheduleAnyway', goes: 'n2', why: 'prefers a host without its like' },
    { whenUnsatisfiable: 'DoNotSchedule', goes: 'n2', why: 'needs one' },
  ] as const)('spread over hosts, $whenUnsatisfiable ($why)', ({ whenUnsatisfiable, goes }) => {
    const topologySpreadConstraints = [{ maxSkew: 1, whenUnsatisfiable, ...byHost }];
    const nodes = [node('n1'), node('n2')];
    expect(boundTo(pod('web-0', { topologySpreadConstraints }), { nodes, standing })).toBe(goes);
  });

  test('a spread that must hold refuses the rest; one that should hold does not', () => {
    const nodes = [node('n1'), node('n2', { unschedulable: true })];
    const must = { maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', ...byHost } as const;
    const should = { ...must, whenUnsatisfiable: 'ScheduleAnyway' } as const;
    expect(refusal(pod('web-0', { topologySpreadConstraints: [must] }), { nodes, standing })).toBe(
      `0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) were unschedulable. ${tail(2, `${noVictims(1)}, ${hopeless(1)}`)}`,
    );
    expect(
      boundTo(pod('web-0', { topologySpreadConstraints: [should] }), { nodes, standing }),
    ).toBe('n1');
  });

  test('anti-affinity keeps away, its own and that of others; affinity seeks', () => {
    const required = { requiredDuringSchedulingIgnoredDuringExecution: [byHost] };
    const alone = { affinity: { podAntiAffinity: required } };
    const nodes = [node('n1'), node('n2')];
    const busy = [pod('a', { nodeName: 'n2' }, 'other'), pod('web-1', { nodeName: 'n1' })];
    expect(boundTo(pod('web-0', alone), { nodes, standing: busy })).toBe('n2');
    const shy = [pod('web-1', { nodeName: 'n1', ...alone }), pod('a', { nodeName: 'n2' }, 'other')];
    expect(boundTo(pod('web-0'), { nodes, standing: shy })).toBe('n2');
    const near = { affinity: { podAffinity: required } };
    const crowd = [...busy, pod('b', { nodeName: 'n1' }, 'other')];
    expect(boundTo(pod('web-0', near), { nodes, standing: crowd })).toBe('n1');
  });

  test('a claim whose volume is on a node decides; one without a volume is sent to the node first', () => {
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    const kind = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: meta('data') };
    const open: Claim = {
      ...kind,
      spec: { storageClassName: 'local' },
      status: { phase: 'Pending' },
    };
    const [first] = decide(pod('web-0', { volumes }), { claims: [open] });
    expect(first).toMatchObject({
      kind: 'patch',
      patch: { metadata: { annotations: { 'volume.kubernetes.io/selected-node': 'n1' } } },
    });
    const bound: Claim = { ...kind, spec: { volumeName: 'v' }, status: { phase: 'Bound' } };
    const hosts = { key: 'kubernetes.io/hostname', operator: 'In', values: ['n3'] };
    const volume: PersistentVolume = {
      ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: meta('v') },
      spec: { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [hosts] }] } } },
    };
    const cluster = { claims: [bound], volumes: [volume] };
    for (const nodeSelectorTerms of [null, []]) {
      const spec = { nodeAffinity: { required: { nodeSelectorTerms } } };
      expect(
        refusal(pod('web-0', { volumes }), { ...cluster, volumes: [{ ...volume, spec }] }),
      ).toContain("3 node(s) didn't match PersistentVolume's node affinity");
    }
    expect(boundTo(pod('web-0', { volumes }), cluster)).toBe('n3');
    const nodes = [node('n1')];
    expect(refusal(pod('web-0', { volumes }), { ...cluster, nodes })).toContain(
      "1 node(s) didn't match PersistentVolume's node affinity",
    );
  });
});
