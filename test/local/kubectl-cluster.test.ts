/**
 * A live ValkeyCluster under `gungnir local up`, as a person handles it: the user's own kubectl for the
 * objects, valkey-cli at the address of the client Service, Helm's chart through kubectl. Where there is no
 * kubectl, that is said aloud, and nothing of it is run; nor is the chart without Helm.
 * Never here: what each verb of kubectl does in depth (kubectl.test.ts).
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHART, programFile } from '../../build-tools/chart/chart';
import { notRun, optionalTool } from '../../build-tools/optional-tool';
import { readBundle } from '../../src/runtime/cli/pack';
import { type Kubectl, kubectlOf, ranOf } from '../kit/kubectl';
import { bundled, type Up, up } from '../kit/local-up';
import { until } from '../kit/until';
import { serverProgram } from '../kit/valkey-versions';
import type { Ran } from '../kit/world';

const SLOW_MS = 120_000;
const NAME = 'my-valkey';
const program = optionalTool('kubectl') ?? '';
if (program === '') console.warn(notRun('kubectl', 'a live ValkeyCluster by kubectl'));
const SYSTEM = 'gungnir-system';
const helm = optionalTool('helm') ?? '';
if (helm === '')
  console.warn(notRun('helm', 'helm template | kubectl apply on the local Kubernetes'));

const folder = mkdtempSync(join(tmpdir(), 'gungnir-kubectl-cluster-'));
let programs = '';
let local: Up;
let kubectl: Kubectl;
beforeAll(async () => {
  if (program === '') return;
  programs = await bundled();
  local = await up(programs, ['--nodes', '3']);
  kubectl = kubectlOf(program, local.kubeconfig, folder);
}, SLOW_MS);
afterAll(async () => {
  local?.child.kill('SIGINT');
  await local?.ended;
  for (const one of [folder, programs].filter((path) => path !== ''))
    rmSync(one, { recursive: true, force: true });
}, SLOW_MS);

const field = (what: string, path: string): Promise<string> =>
  kubectl.fine(`get ${what} -o jsonpath='{${path}}'`);

/** As a client of this cluster types it. @param password undefined: none. */
async function valkeyCli(password: string | undefined, ...command: string[]): Promise<Ran> {
  const address = await field(`service ${NAME}-client`, '.spec.clusterIP');
  const env = password === undefined ? {} : { VALKEYCLI_AUTH: password, REDISCLI_AUTH: password };
  const cli = join(dirname(serverProgram()), 'valkey-cli');
  return ranOf(cli, ['-h', address, ...command], { PATH: process.env.PATH, ...env });
}

async function passwordOf(): Promise<string> {
  const text = await field(`secret ${NAME}-secret`, '.data.password');
  return Buffer.from(text, 'base64').toString();
}

/** The chart of this tree, with the program that `local up` runs. @returns its folder. */
async function chartHere(): Promise<string> {
  const chart = join(folder, 'chart');
  cpSync(CHART, chart, { recursive: true });
  const operator = join(programs, 'operator.mjs');
  const bundle = await readBundle(operator, async (path) => readFileSync(path, 'utf8'));
  mkdirSync(join(chart, 'files'), { recursive: true });
  writeFileSync(join(chart, 'files/program.json'), programFile(bundle));
  return chart;
}

/** As a user pipes one into the other. @returns the lines that kubectl prints. */
async function applyChart(chart: string): Promise<readonly string[]> {
  const path = [dirname(helm), dirname(program), process.env.PATH].join(delimiter);
  const env = { PATH: path, HOME: folder, KUBECONFIG: local.kubeconfig };
  const rendered = `helm template gungnir ${chart} --namespace ${SYSTEM} --include-crds --kube-version 1.34.0`;
  const line = ['-o', 'pipefail', '-c', `${rendered} | kubectl apply -f -`];
  const { code, out, err } = await ranOf('bash', line, env);
  expect(code, `${out}${err}`).toBe(0);
  return out.trimEnd().split('\n');
}

const podUids = (): Promise<string> =>
  kubectl.fine(
    `get pods -l valkey.verilean.io/cluster=${NAME} -o jsonpath='{.items[*].metadata.uid}'`,
  );

async function untilAll(replicas: number): Promise<void> {
  await kubectl.fine(
    `wait --for=jsonpath='{.status.readyReplicas}'=${replicas} vc/${NAME} --timeout=60s`,
  );
  await kubectl.fine(`wait --for=condition=Ready vc/${NAME} --timeout=60s`);
}

/** @returns what the condition says once it fits. */
async function degraded(name: string, fits: RegExp): Promise<string> {
  const path = '.status.conditions[?(@.type=="Degraded")].message';
  return until(
    `Degraded of ${name} says ${fits}`,
    async () => {
      const said = await field(`vc ${name}`, path);
      return fits.test(said) && said;
    },
    30_000,
    200,
  ) as Promise<string>;
}

type Row = readonly [string, () => Promise<void>];

const byHelm: readonly Row[] = [
  [
    'helm template | kubectl apply: an operator where there was none takes the cluster as it is, and leads it',
    async () => {
      const before = await podUids();
      expect(before.split(' ')).toHaveLength(3);
      await kubectl.fine(`delete namespace ${SYSTEM} --timeout=60s`);
      await kubectl.fine(`create namespace ${SYSTEM}`);
      const chart = await chartHere();
      expect(await applyChart(chart)).toContain('deployment.apps/gungnir-operator created');
      await kubectl.fine(`rollout status deployment/gungnir-operator -n ${SYSTEM} --timeout=60s`);
      expect(await kubectl.fine(`get deployment gungnir-operator -n ${SYSTEM}`)).toMatch(
        /\ngungnir-operator\s+2\/2\s/,
      );
      const primary = await field(`vc ${NAME}`, '.status.masterPod');
      const epoch = await field(`vc ${NAME}`, '.status.record.lineage[-1:].epoch');
      await kubectl.fine(`annotate vc ${NAME} valkey.verilean.io/switchover=@${epoch}`);
      await until(
        'it has a new primary',
        async () => {
          const now = await field(`vc ${NAME}`, '.status.masterPod');
          return now !== '' && now !== primary;
        },
        60_000,
        200,
      );
      await untilAll(3);
      expect(await podUids(), 'no pod was made anew').toBe(before);
      expect((await valkeyCli(await passwordOf(), 'GET', 'greeting')).out).toBe('hello\n');
      const budget = `pdb gungnir-operator -n ${SYSTEM}`;
      const generation = await field(budget, '.metadata.generation');
      const again = await applyChart(chart);
      expect(again.length).toBeGreaterThan(5);
      // Of a budget kubectl sends the selector each time, since its patchStrategy is replace; it is the same one.
      const changed = again.filter((line) => !line.endsWith(' unchanged'));
      expect(changed).toEqual(['poddisruptionbudget.policy/gungnir-operator configured']);
      expect(await field(budget, '.metadata.generation')).toBe(generation);
    },
  ],
];

const rows: readonly Row[] = [
  [
    'apply, wait and get: the columns say who serves',
    async () => {
      await kubectl.fine('apply -f examples/manifests/minimal.yaml');
      await kubectl.fine(`wait --for=condition=Ready vc/${NAME} --timeout=60s`);
      expect(await kubectl.fine(`get vc ${NAME}`)).toMatch(
        /^NAME\s+REPLICAS\s+PHASE\s+MASTER\s+READY\s+AGE\nmy-valkey\s+3\s+Running\s+my-valkey-0\s+3\s+\d+s\n$/,
      );
      expect(await kubectl.fine(`get vc ${NAME} -o wide`)).toMatch(
        /\sEPOCH\s+IMAGE\s+REASON\s+AGE\n.*\s1\s+valkey\/valkey:\S+\s+AllReady\s+\d+s\n$/,
      );
      expect(await kubectl.fine(`get sts ${NAME}`)).toMatch(/\nmy-valkey\s+3\/3\s/);
    },
  ],
  [
    'describe and events tell its story',
    async () => {
      const story = await kubectl.fine(`describe vc ${NAME}`);
      expect(story).toMatch(/Reason:\s+AllReady\s+Status:\s+True\s+Type:\s+Ready/);
      expect(story).toMatch(/Master Pod:\s+my-valkey-0/);
      const events = await kubectl.fine(`get events --field-selector involvedObject.name=${NAME}`);
      expect(events).toMatch(/Normal\s+\w+\s+valkeycluster\/my-valkey\s/);
      expect(await kubectl.fine(`describe pod ${NAME}-0`)).toContain('Started');
    },
  ],
  [
    'valkey-cli at the address of the client Service: with the password it writes, without it is refused',
    async () => {
      const password = await passwordOf();
      expect(await valkeyCli(password, 'SET', 'greeting', 'hello')).toMatchObject({ out: 'OK\n' });
      expect((await valkeyCli(password, 'ROLE')).out).toMatch(/^master\n/);
      expect((await valkeyCli(undefined, 'GET', 'greeting')).out).toMatch(/^NOAUTH /);
      const wrong = await valkeyCli('wrong', 'GET', 'greeting');
      expect(wrong.out + wrong.err).toMatch(/^AUTH failed: WRONGPASS/m);
    },
  ],
  [
    'scale up and down: the StatefulSet follows, the primary and its data stay',
    async () => {
      expect(await kubectl.fine(`scale vc ${NAME} --replicas=4`)).toMatch(/my-valkey scaled\n$/);
      await until('the StatefulSet wants four', async () => {
        return (await field(`sts ${NAME}`, '.spec.replicas')) === '4';
      });
      await untilAll(4);
      expect(await kubectl.fine(`get vc ${NAME}`)).toMatch(
        /\nmy-valkey\s+4\s+Running\s+my-valkey-0\s+4\s/,
      );
      await kubectl.fine(`scale vc ${NAME} --replicas=3`);
      await kubectl.fine(`wait --for=delete pod/${NAME}-3 --timeout=60s`);
      await untilAll(3);
      expect((await valkeyCli(await passwordOf(), 'GET', 'greeting')).out).toBe('hello\n');
      const refused = await kubectl.run(`scale vc ${NAME} --replicas=0`);
      expect(refused.code).toBe(1);
      expect(refused.err).toContain('spec.replicas');
    },
  ],
  [
    'rollout status refuses it, as the operator replaces the pods; the condition Progressing tells what it would',
    async () => {
      const status = await kubectl.run(`rollout status statefulset/${NAME} --timeout=60s`);
      expect(status).toMatchObject({ code: 1 });
      expect(status.err).toContain('only available for RollingUpdate strategy type');
      await kubectl.fine(`wait --for=condition=Progressing=False vc/${NAME} --timeout=60s`);
      const strategy = await field(`sts ${NAME}`, '.spec.updateStrategy.type');
      expect(strategy, 'or kubectl could follow it').toBe('OnDelete');
    },
  ],
  [
    'a cluster whose image is not to be had, or that no node can hold, says so',
    async () => {
      const lost = (image: string, cpu: string): object => ({
        apiVersion: 'valkey.verilean.io/v1',
        kind: 'ValkeyCluster',
        metadata: { name: 'lost' },
        spec: { replicas: 1, image, resources: { requests: { cpu } } },
      });
      const file = join(folder, 'lost.json');
      writeFileSync(file, JSON.stringify(lost('nowhere.invalid/none:1', '1m')));
      await kubectl.fine(`apply -f ${file}`);
      expect(await degraded('lost', /notRunning=/)).toMatch(
        /pods=lost-0 .*notRunning=lost-0: (ErrImagePull|ImagePullBackOff): .*nowhere\.invalid/,
      );
      await kubectl.fine('delete vc lost');
      await kubectl.fine('wait --for=delete pod/lost-0 --timeout=60s');
      writeFileSync(file, JSON.stringify(lost('valkey/valkey:8.0', '4000')));
      await kubectl.fine(`apply -f ${file}`);
      expect(await degraded('lost', /notRunning=/)).toMatch(
        /notRunning=lost-0: Unschedulable: .*Insufficient cpu/,
      );
      await kubectl.fine('delete vc lost');
    },
  ],
  [
    'cordon, drain, uncordon: the primary on that node hands over first, its pod waits for its volume',
    async () => {
      const old = await field(`vc ${NAME}`, '.status.masterPod');
      const node = await field(`pod ${old}`, '.spec.nodeName');
      const changes = await field(`vc ${NAME}`, '.status.failovers.count');
      expect(await kubectl.fine(`cordon ${node}`)).toBe(`node/${node} cordoned\n`);
      expect(await kubectl.fine(`get node ${node}`)).toMatch(/Ready,SchedulingDisabled/);
      expect(await field(`vc ${NAME}`, '.status.masterPod'), 'a cordon moves nothing').toBe(old);
      const drained = await kubectl.fine(
        `drain ${node} --ignore-daemonsets --delete-emptydir-data --timeout=60s`,
      );
      expect(drained).toContain(`pod/${old} evicted\n`);
      expect(drained).toMatch(/node\/\S+ drained\n$/);
      await kubectl.fine(
        `wait --for=jsonpath='{.status.readyReplicas}'=2 vc/${NAME} --timeout=60s`,
      );
      expect(await field(`vc ${NAME}`, '.status.masterPod')).not.toBe(old);
      expect(await field(`vc ${NAME}`, '.status.failovers.last.lostBytes')).toBe('0');
      expect(await field(`pod ${old}`, '.status.phase'), 'its volume is on that node').toBe(
        'Pending',
      );
      expect((await valkeyCli(await passwordOf(), 'GET', 'greeting')).out).toBe('hello\n');
      expect(await kubectl.fine(`uncordon ${node}`)).toBe(`node/${node} uncordoned\n`);
      await untilAll(3);
      expect(Number(await field(`vc ${NAME}`, '.status.failovers.count'))).toBe(
        Number(changes) + 1,
      );
    },
  ],
  ...(helm === '' ? [] : byHelm),
  [
    'delete: what it owned goes with it, and its address answers nobody',
    async () => {
      const password = await passwordOf();
      const address = await field(`service ${NAME}-client`, '.spec.clusterIP');
      await kubectl.fine(`delete vc ${NAME}`);
      await kubectl.fine('wait --for=delete pod -l app.kubernetes.io/name=valkey --timeout=60s');
      await kubectl.fine(`wait --for=delete sts/${NAME} svc/${NAME}-client --timeout=60s`);
      expect((await kubectl.run(`get vc ${NAME}`)).err).toContain('NotFound');
      const cli = join(dirname(serverProgram()), 'valkey-cli');
      const asked = await ranOf(cli, ['-h', address, '-a', password, 'PING']);
      expect(asked.code).toBe(1);
      expect(asked.err).toContain('Could not connect');
    },
  ],
];

for (const [name, run] of program === '' ? [] : rows) test(name, run, SLOW_MS);

test('a machine without kubectl is told that this was not run', () => {
  const env = { PATH: folder, GUNGNIR_TOOLS: folder, KUBE_CACHE: folder };
  expect(optionalTool('kubectl', env)).toBeUndefined();
});
