/**
 * The user's own kubectl on the local Kubernetes, each of its verbs that one needs. Where there is none, that is said
 * aloud, and nothing of it is run.
 * Never here: what the API answers in depth (differential/).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { notRun, optionalTool } from '../../build-tools/optional-tool';
import { type LocalCluster, startLocal } from '../../src/local/cluster';
import { findPrograms } from '../../src/local/programs';
import { type Kubectl, kubectlOf } from '../kit/kubectl';
import { until } from '../kit/until';

const AWAITED_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'gungnir-kubectl-'));
let cluster: LocalCluster;
let mine: Kubectl;
const program = optionalTool('kubectl') ?? '';
const WITHOUT = notRun('kubectl', "the user's kubectl on the local Kubernetes");
if (program === '') console.warn(WITHOUT);

beforeAll(async () => {
  cluster = await startLocal({ programs: findPrograms(process.env), nodes: 2 });
  mine = kubectlOf(program, cluster.kubeconfig, folder);
}, 120_000);
afterAll(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true });
}, 60_000);

const kubectl: Kubectl['run'] = (...asked) => mine.run(...asked);
const fine: Kubectl['fine'] = (...asked) => mine.fine(...asked);
const follow: Kubectl['follow'] = (args) => mine.follow(args);

function file(name: string, object: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(object));
  return path;
}

const map = (data: Readonly<Record<string, string>>): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'mine' },
  data,
});

const labels = { app: 'shop' };
const deployment = (replicas: number): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'shop' },
  spec: {
    replicas,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: 'main',
            image: 'valkey/valkey:8.0',
            command: ['sh', '-c', 'echo here I am; exec valkey-server --save ""'],
          },
        ],
      },
    },
  },
});

const rows: readonly (readonly [string, () => Promise<void>])[] = [
  [
    'apply, client-side: created, unchanged, configured; diff says what would change',
    async () => {
      const first = file('map.json', map({ a: '1' }));
      expect(await fine(`apply -f ${first}`)).toBe('configmap/mine created\n');
      expect(await fine(`apply -f ${first}`)).toBe('configmap/mine unchanged\n');
      expect(await kubectl(`diff -f ${first}`)).toMatchObject({ code: 0, out: '' });
      const second = file('map2.json', map({ a: '2' }));
      const diff = await kubectl(`diff -f ${second}`);
      expect(diff.code).toBe(1);
      expect(diff.out).toMatch(/^-\s+a: "1"$/m);
      expect(diff.out).toMatch(/^\+\s+a: "2"$/m);
      expect(await fine(`apply -f ${second}`)).toBe('configmap/mine configured\n');
      expect(await fine("get configmap mine -o jsonpath='{.data.a}'")).toBe('2');
    },
  ],

  [
    'a List is applied item by item, and deleted; its unknown fields and kinds are refused',
    async () => {
      const list = (...items: readonly object[]): object => ({
        apiVersion: 'v1',
        kind: 'List',
        items,
      });
      const two = { ...map({ a: '1' }), metadata: { name: 'two' } };
      const both = file('list.json', list(map({ a: '1' }), two));
      await fine('delete cm mine --ignore-not-found');
      expect(await fine(`apply -f ${both}`)).toBe(
        'configmap/mine created\nconfigmap/two created\n',
      );
      expect(await fine(`delete -f ${both}`)).toContain('"two" deleted');
      const wrong = file('wrong-list.json', list({ ...two, nonsense: 1 }));
      expect((await kubectl(`apply -f ${wrong}`)).err).toContain('unknown field "nonsense"');
      const alien = file('alien.json', { ...two, kind: 'Alien' });
      expect((await kubectl(`apply -f ${alien}`)).err).toContain(
        'no matches for kind "Alien" in version "v1"',
      );
      expect((await kubectl('get cm two')).err).toContain('"two" not found');
    },
  ],

  [
    'apply, server-side: another owner is a conflict, and may be forced',
    async () => {
      const mine = file('server.json', { ...map({ a: '3' }), metadata: { name: 'owned' } });
      expect(await fine(`apply --server-side -f ${mine}`)).toBe(
        'configmap/owned serverside-applied\n',
      );
      const theirs = file('server2.json', { ...map({ a: '4' }), metadata: { name: 'owned' } });
      const refused = await kubectl(`apply --server-side --field-manager=other -f ${theirs}`);
      expect(refused.code).toBe(1);
      expect(refused.err).toContain('conflict with "kubectl": .data.a');
      await fine(`apply --server-side --field-manager=other --force-conflicts -f ${theirs}`);
      expect(await fine("get cm owned -o jsonpath='{.data.a}'")).toBe('4');
    },
  ],

  [
    'patch in three forms, edit with an editor, label, delete',
    async () => {
      await fine('create configmap worked --from-literal=a=1');
      await fine(`patch cm worked --type=merge -p '{"data":{"b":"2"}}'`);
      await fine(`patch cm worked --type=json -p '[{"op":"remove","path":"/data/a"}]'`);
      await fine(`patch cm worked -p '{"data":{"c":"3"}}'`);
      expect(await fine("get cm worked -o jsonpath='{.data}'")).toBe('{"b":"2","c":"3"}');
      const edited = await fine('edit cm worked', { KUBE_EDITOR: 'sed -i s/\\"3\\"/\\"9\\"/' });
      expect(edited).toBe('configmap/worked edited\n');
      expect(await fine("get cm worked -o jsonpath='{.data.c}'")).toBe('9');
      await fine('label cm worked tier=x');
      expect(await fine('get cm -l tier=x -o name')).toBe('configmap/worked\n');
      expect(await fine('delete cm worked --dry-run=server')).toContain('(server dry run)');
      expect(await fine('get cm worked -o name')).toBe('configmap/worked\n');
      expect(await fine('delete cm worked')).toContain('"worked" deleted');
      expect(await kubectl('get cm worked')).toMatchObject({
        code: 1,
        err: 'Error from server (NotFound): configmaps "worked" not found\n',
      });
    },
  ],

  [
    'a deployment: rollout status, wait, columns, scale, describe, events, logs, exec',
    async () => {
      await fine(`apply -f ${file('deployment.json', deployment(1))}`);
      expect(await fine('rollout status deployment/shop --timeout=60s')).toContain(
        'successfully rolled out',
      );
      await fine('wait --for=condition=Available deployment/shop --timeout=60s');
      const wide = await fine('get pods -l app=shop -o wide');
      expect(wide).toMatch(/^NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\s+IP\s+NODE\s/);
      expect(wide).toMatch(/shop-\S+\s+1\/1\s+Running\s+0\s+\d+s\s+127\.\S+\s+node-\d/);
      const own = await fine(
        'get deploy shop -o custom-columns=NAME:.metadata.name,READY:.status.readyReplicas',
      );
      expect(own).toMatch(/^NAME\s+READY\nshop\s+1\n$/);
      const described = await fine('describe deployment shop');
      expect(described).toMatch(/Replicas:\s+1 desired \| 1 updated \| 1 total \| 1 available/);
      const pod = (await fine('get pods -l app=shop -o name')).trim();
      const story = await fine(`describe ${pod}`);
      for (const reason of ['Scheduled', 'Created', 'Started']) expect(story).toContain(reason);
      expect(await fine('get events')).toMatch(/Normal\s+Started\s+pod\/shop-/);
      expect(await fine(`logs ${pod}`)).toMatch(/^here I am\n/);
      const following = follow(`logs -f ${pod}`);
      await until(
        'the log follows',
        () => following.text().includes('Ready to accept'),
        AWAITED_MS,
      );
      following.child.kill('SIGTERM');
      expect(await fine(`exec ${pod} -- valkey-cli ping`)).toBe('PONG\n');
      expect(await kubectl(`exec ${pod} -- sh -c 'exit 7'`)).toMatchObject({ code: 7 });
      expect(await kubectl(`exec ${pod} -c other -- true`)).toMatchObject({
        code: 1,
        err: `Error from server (BadRequest): container other is not valid for ${pod.replace('/', ' ')}\n`,
      });
      expect(await fine('scale deployment shop --replicas=2')).toBe(
        'deployment.apps/shop scaled\n',
      );
      await fine('rollout status deployment/shop --timeout=60s');
      expect((await fine('get pods -l app=shop -o name')).trim().split('\n')).toHaveLength(2);
      await fine('delete deployment shop --wait=true');
      await fine('wait --for=delete pod -l app=shop --timeout=60s');
    },
  ],

  [
    'get -w tells what happens',
    async () => {
      const watching = follow('get configmaps -w');
      await until('it tells what is there', () => watching.text().includes('NAME'), AWAITED_MS);
      await fine('create configmap watched');
      await until('it tells what came', () => watching.text().includes('watched'), AWAITED_MS);
      watching.child.kill('SIGTERM');
      await fine('delete configmap watched');
    },
  ],

  [
    'explain, api-resources, auth can-i, and what it says of what is not there',
    async () => {
      expect(await fine('explain statefulset.spec.podManagementPolicy')).toMatch(
        /GROUP:\s+apps\nKIND:\s+StatefulSet\nVERSION:\s+v1/,
      );
      expect(await fine('api-resources --api-group=apps -o name')).toContain('statefulsets.apps\n');
      expect(await fine('auth can-i create pods')).toBe('yes\n');
      const account = '--as=system:serviceaccount:default:default';
      expect(await kubectl(`auth can-i create pods ${account}`)).toMatchObject({
        code: 1,
        out: 'no\n',
      });
      expect((await kubectl(`get pods ${account}`)).err).toContain(
        'pods is forbidden: User "system:serviceaccount:default:default" cannot list resource "pods" in API group "" in the namespace "default"',
      );
      expect((await kubectl('get nothings')).err).toBe(
        'error: the server doesn\'t have a resource type "nothings"\n',
      );
      const wrong = file('wrong.json', { ...map({}), metadata: { name: 'wrong' }, nonsense: 1 });
      expect((await kubectl(`apply -f ${wrong}`)).err).toContain('unknown field "nonsense"');
    },
  ],
  [
    'a custom kind: explained, applied, its columns, its status, and told what its schema forbids',
    async () => {
      await fine('apply --server-side -f deploy/crds/valkeyclusters.yaml');
      await fine(
        'wait --for=condition=Established crd/valkeyclusters.valkey.verilean.io --timeout=60s',
      );
      expect(await fine('explain valkeycluster.spec.replicas')).toMatch(
        /GROUP:\s+valkey.verilean.io\nKIND:\s+ValkeyCluster\nVERSION:\s+v1[\s\S]*FIELD: replicas <integer>/,
      );
      expect(await fine('apply -f examples/manifests/minimal.yaml')).toBe(
        'valkeycluster.valkey.verilean.io/my-valkey created\n',
      );
      expect(await fine('get vc')).toMatch(
        /^NAME\s+REPLICAS\s+PHASE\s+MASTER\s+READY\s+AGE\nmy-valkey\s+3\s/,
      );
      expect(await fine('get vc -o wide')).toMatch(/\sEPOCH\s+IMAGE\s+REASON\s/);
      await fine(
        `patch vc my-valkey --subresource=status --type=merge -p '{"status":{"phase":"Ready"}}'`,
      );
      await fine("wait --for=jsonpath='{.status.phase}'=Ready vc/my-valkey --timeout=60s");
      const refused = await kubectl(
        `patch vc my-valkey --type=merge -p '{"spec":{"replicas":-1}}'`,
      );
      expect(refused).toMatchObject({ code: 1 });
      expect(refused.err).toContain('spec.replicas');
      expect(await fine('delete -f examples/manifests/minimal.yaml')).toContain(
        '"my-valkey" deleted',
      );
    },
  ],
];

for (const [name, run] of program === '' ? [] : rows) test(name, run, AWAITED_MS * 3);

test('a machine without kubectl is told what is not run; one with it runs it', () => {
  const env = { PATH: folder, GUNGNIR_TOOLS: folder, KUBE_CACHE: folder };
  expect(optionalTool('kubectl', env)).toBeUndefined();
  expect(WITHOUT).toMatch(/^NOT RUN here: .*kubectl/);
  writeFileSync(join(folder, 'kubectl'), '');
  expect(optionalTool('kubectl', env)).toBe(join(folder, 'kubectl'));
});
