/**
 * A leader that is stopped in the middle of an order, in a real process of its own, and wakes when
 * another one leads: its order was executed before the new claim, or never is (failover.md I1).
 * Its lease check says yes for ever, so that the claim alone has to hold.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { millis } from '../../../src/kit/brands';
import { createEmbeddedEngine, type EmbeddedEngine } from '../../../src/sentinel/io/embedded';
import { createMemoryAuthority } from '../../../src/sentinel/io/memory-authority';
import type { FromChild, LeaderPlan, ToChild } from '../../kit/leader-process';
import { until } from '../../kit/until';
import { LAB_USERS, type Lab, startLab, type ValkeyProcess } from '../../kit/valkey';
import { infoField } from '../../kit/valkey-client';
import { countKept, isAck, startWriter, type Writer } from '../../kit/writer';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Host = ReturnType<typeof createMemoryAuthority>;

interface Leader {
  readonly told: string[];
  tell(message: ToChild): void;
  resume(): void;
  isStopped(): boolean;
}

/** The child's record is the host's, so both leaders share one store, as through the API server. */
function startLeader(plan: LeaderPlan, host: Host): Leader {
  const file = join(__dirname, '../../kit/leader-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  cleanups.push(() => void child.kill('SIGKILL'));
  const authority = host.contender('child');
  const told: string[] = [];
  // It may have ended meanwhile: the test says what it must have done.
  const tell = (message: ToChild): void => void child.send(message, () => {});
  child.on('message', (message: FromChild) => {
    if (message.kind === 'up') tell({ kind: 'plan', plan });
    if (message.kind === 'told') told.push(message.event);
    if (message.kind === 'campaigns') {
      // What it is told of losing never reaches it: it is stopped, or its network is.
      authority.start((leadership) => {
        if (leadership.kind === 'led') tell({ kind: 'led', record: leadership.record });
      });
    }
    if (message.kind === 'swap') {
      const { id, expected, next } = message;
      void authority.swap(expected, next).then((outcome) => tell({ kind: 'swapped', id, outcome }));
    }
  });
  return {
    told,
    tell,
    resume: () => void child.kill('SIGCONT'),
    isStopped: () => stateOf(child) === 'T',
  };
}

/** The third field of /proc/<pid>/stat. */
function stateOf(child: ChildProcess): string {
  return readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.charAt(0) ?? '';
}

async function startOther(
  lab: Lab,
  host: Host,
  onPrimary: (name: string | undefined) => void,
): Promise<EmbeddedEngine> {
  const engine = createEmbeddedEngine({
    nodes: lab.servers,
    base: LAB_USERS.base,
    authority: host.contender('other'),
    config: { pingIntervalMs: millis(200), downAfterMs: millis(1000) },
    onEvent(event) {
      if (event.kind === 'route') onPrimary(event.primary?.name);
    },
  });
  cleanups.push(() => engine.stop());
  await engine.start();
  return engine;
}

/** All that an order of the old leader could change. */
async function settingsOf(lab: Lab): Promise<readonly string[]> {
  return Promise.all(
    lab.servers.map(async (server) => {
      const fields = [
        'role',
        'master_host',
        'master_port',
        'master_replid',
        'run_id',
        'connected_slaves',
      ];
      const values = await Promise.all(
        fields.map((field) => infoField(server, field).catch(() => 'down')),
      );
      return `${server.name} ${values.join(' ')}`;
    }),
  );
}

interface Stage {
  readonly lab: Lab;
  readonly host: Host;
  readonly leader: Leader;
  readonly writer: Writer;
  readonly service: Service;
}

/** The test's own client Service: the name of the node that clients are sent to. */
interface Service {
  selects: string | undefined;
}

/** A cluster under the leader of the plan, with a writer. */
async function setTheStage(word: string, stopAt: LeaderPlan['stopAt']): Promise<Stage> {
  const lab = await startLab();
  cleanups.push(() => lab.stop());
  const host = createMemoryAuthority();
  const nodes = lab.servers.map(({ name, host: at, port }) => ({ name, host: at, port }));
  const leader = startLeader({ nodes, word, stopAt }, host);
  const hasReplicas = (): boolean =>
    host.record()?.members.length === 2 && leader.told.includes('+switch-master');
  await until('the first leader has a primary with replicas', hasReplicas, 15_000);
  await until('both replicas are linked', async () => {
    const links = lab.servers.slice(1).map((server) => infoField(server, 'master_link_status'));
    return (await Promise.all(links)).every((link) => link === 'up');
  });
  const service: Service = { selects: host.record()?.primary?.pod };
  const writer = startWriter({ name: 'w', waitReplicas: 1, target: () => selected(lab, service) });
  cleanups.push(() => writer.stop());
  await writer.firstAckAfter(performance.now() + 200);
  return { lab, host, leader, writer, service };
}

function selected(lab: Lab, { selects }: Service): ValkeyProcess | undefined {
  return lab.servers.find(({ name }) => name === selects);
}

async function stopTheLeader(
  { lab, leader }: Stage,
  trouble: 'kill' | 'switchover',
): Promise<void> {
  leader.tell({ kind: 'arm' });
  if (trouble === 'kill') await lab.server(0).kill();
  else leader.tell({ kind: 'switchover' });
  await until('the first leader has stopped itself', () => leader.isStopped(), 10_000);
}

/** Resolved when it serves and everybody follows. */
async function otherTakesOver(
  stage: Stage,
  trouble: 'kill' | 'switchover',
): Promise<EmbeddedEngine> {
  const { lab, host, writer, service } = stage;
  const engine = await startOther(lab, host, (name) => {
    service.selects = name;
  });
  host.takeOver('other', 'untold');
  const serves = (): boolean =>
    engine.state().work.kind === 'steady' && engine.record()?.phase === 'Steady';
  await until('the other leader serves', serves, 15_000);
  if (trouble === 'kill') await lab.server(0).start();
  await writer.firstAckAfter(performance.now());
  const follow = (): boolean =>
    engine.state().nodes.every(({ facts }) => facts?.role === 'master' || facts?.link === 'up');
  await until('everybody follows', follow, 15_000);
  return engine;
}

describe.each([
  {
    word: 'PSYNC',
    stopAt: 'beforeSend',
    trouble: 'kill',
    why: 'the promotion, its settings already made',
  },
  { word: 'PSYNC', stopAt: 'afterSend', trouble: 'kill', why: 'the promotion, sent and unread' },
  {
    word: 'CONFIG',
    stopAt: 'beforeSend',
    trouble: 'kill',
    why: 'the promotion, nothing of it sent',
  },
  { word: 'MULTI', stopAt: 'beforeSend', trouble: 'kill', why: 'the first hold' },
  {
    word: 'MULTI',
    stopAt: 'beforeSend',
    trouble: 'switchover',
    why: 'the handover of a paused primary',
  },
  {
    word: 'MULTI',
    stopAt: 'afterSend',
    trouble: 'switchover',
    why: 'the handover, sent and unread',
  },
] as const)('stopped $stopAt of $word: $why', ({ word, stopAt, trouble }) => {
  test('the next leader serves, and the old one changes nothing when it wakes', async () => {
    const stage = await setTheStage(word, stopAt);
    const { lab, leader, writer, service } = stage;
    await stopTheLeader(stage, trouble);
    const engine = await otherTakesOver(stage, trouble);
    const before = await settingsOf(lab);
    const term = engine.record()?.term;

    const wokenMs = performance.now();
    leader.resume();
    await until('the old leader finds out', () => leader.told.includes('+outrun'), 15_000);
    await writer.firstAckAfter(performance.now() + 300);
    expect(await settingsOf(lab), 'not one order of the old leader took effect').toEqual(before);
    expect(engine.record()?.term, 'and it could not outbid the new one').toBe(term);
    await writer.stop();
    const after = writer.history.filter(({ endedMs }) => endedMs > wokenMs);
    expect(
      after.filter((write) => !isAck(write)),
      'clients do not notice that it woke',
    ).toEqual([]);
    const primary = selected(lab, service);
    if (primary === undefined) throw new Error('nobody leads');
    expect((await countKept(writer.history, primary)).safeLost).toBe(0);
  }, 60_000);
});
