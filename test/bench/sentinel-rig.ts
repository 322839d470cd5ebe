/**
 * Three real servers under three real Sentinels, or under nobody with the FAILOVER command. The servers
 * keep Valkey's default min-replicas-to-write 0, which is the fastest that Sentinel can be; clients ask
 * all Sentinels every 10 ms and follow the first that changes its answer, which is kinder to it than
 * most client libraries are.
 * Never here: what is measured.
 */
import type { Address } from '../../src/sentinel/core/facts';
import type { Reply } from '../../src/sentinel/io/resp';
import { until } from '../kit/until';
import { type Lab, startLab } from '../kit/valkey';
import { askAs, connectRaw, type RawClient } from '../kit/valkey-client';
import { inSync, isAt, type Rig, seenDirectly } from './rig';
import { type Sentinels, startSentinels, WATCHED } from './sentinel-process';

/** How often a client asks who serves. */
export const ASK_EVERY_MS = 10;
const READY_MS = 30_000;

export async function startSentinelRig(downAfterMs: number): Promise<Rig> {
  const lab = await startPlainLab();
  let sentinels: Sentinels | undefined;
  let asker: Asker | undefined;
  const stop = async (): Promise<void> => {
    await asker?.stop();
    await sentinels?.stop();
    await lab.stop();
  };
  try {
    const started = await startSentinels(lab.server(0), downAfterMs);
    sentinels = started;
    await until(
      'Sentinels that know each other',
      () => isWatching(started.addresses),
      READY_MS,
      50,
    );
    const asking = startAsker(started.addresses, lab.server(0), askSentinel);
    asker = asking;
    const [first] = started.addresses;
    const switchover = async (): Promise<void> => {
      if (first !== undefined) await asked(first, 'SENTINEL', 'FAILOVER', WATCHED);
    };
    return { ...seenDirectly(lab, asking.target), switchover, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

/** Nobody watches: planned work by `FAILOVER` on the primary; clients ask the servers for ROLE. */
export async function startCommandRig(): Promise<Rig> {
  const lab = await startPlainLab();
  const asker = startAsker(lab.servers, lab.server(0), askRole);
  return {
    ...seenDirectly(lab, asker.target),
    async switchover() {
      await askAs(asker.target(), 'FAILOVER');
    },
    async stop() {
      await asker.stop();
      await lab.stop();
    },
  };
}

/** Server 0 is the primary of the others, and all are in sync. */
async function startPlainLab(): Promise<Lab> {
  const lab = await startLab({ boot: 'open', config: ['min-replicas-to-write 0'] });
  const [primary, ...replicas] = lab.servers;
  if (primary === undefined) return lab;
  for (const replica of replicas) {
    await askAs(replica, 'REPLICAOF', primary.host, String(primary.port));
  }
  await until('replicas in sync', () => inSync(primary, replicas.length), READY_MS, 20);
  return lab;
}

/** Every Sentinel sees two replicas in good order and two others of its kind. */
async function isWatching(addresses: readonly Address[]): Promise<boolean> {
  const views = await Promise.all(addresses.map(viewOf));
  return views.every(({ master, replicas }) => {
    const known = master.get('num-slaves') === '2' && master.get('num-other-sentinels') === '2';
    return known && replicas.every((one) => one.get('flags') === 'slave' && isLinked(one));
  });
}

function isLinked(replica: ReadonlyMap<string, string>): boolean {
  return replica.get('master-link-status') === 'ok' && replica.get('master-host') !== '?';
}

async function viewOf(address: Address) {
  const master = await asked(address, 'SENTINEL', 'MASTER', WATCHED);
  const replicas = await asked(address, 'SENTINEL', 'REPLICAS', WATCHED);
  const items = replicas.kind === 'array' ? replicas.items : [];
  return { master: fieldsOf(master), replicas: items.map(fieldsOf) };
}

function fieldsOf(reply: Reply): ReadonlyMap<string, string> {
  const texts = reply.kind === 'array' ? reply.items.map(textOf) : [];
  const names = texts.filter((_, index) => index % 2 === 0);
  return new Map(names.map((name, index) => [name, texts[2 * index + 1] ?? '']));
}

function textOf(reply: Reply | undefined): string {
  return reply?.kind === 'bulk' ? reply.text : '';
}

/** @throws when it refuses. */
async function asked(address: Address, ...command: string[]): Promise<Reply> {
  const client = await connectRaw(address);
  try {
    const reply = await client.ask(...command);
    if (reply.kind === 'error') throw new Error(`${command.join(' ')}: ${reply.message}`);
    return reply;
  } finally {
    client.close();
  }
}

interface Asker {
  readonly target: () => Address;
  stop(): Promise<void>;
}

/** What one of those that are asked says: who serves; undefined: it does not know. */
type Question = (client: RawClient, self: Address) => Promise<Address | undefined>;

/** Asks each of them again and again, and follows whoever changes its answer first. */
function startAsker(whom: readonly Address[], first: Address, question: Question): Asker {
  let target = first;
  let stopping = false;

  async function ask(address: Address): Promise<void> {
    let before: Address | undefined;
    while (!stopping) {
      const client = await connectRaw(address).catch(() => undefined);
      for (let open = client !== undefined; open && client !== undefined && !stopping; ) {
        const said = await question(client, address).catch(() => 'closed' as const);
        open = said !== 'closed';
        if (said === 'closed') continue;
        if (said !== undefined && (before === undefined || !isAt(said, before))) target = said;
        before = said;
        await rest();
      }
      client?.close();
      await rest();
    }
  }

  const asking = whom.map(ask);
  return {
    target: () => target,
    async stop() {
      stopping = true;
      await Promise.all(asking);
    },
  };
}

async function askSentinel(client: RawClient): Promise<Address | undefined> {
  const reply = await client.ask('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', WATCHED);
  if (reply.kind !== 'array') return undefined;
  return { host: textOf(reply.items[0]), port: Number(textOf(reply.items[1])) };
}

async function askRole(client: RawClient, self: Address): Promise<Address | undefined> {
  const reply = await client.ask('ROLE');
  const word = reply.kind === 'array' ? textOf(reply.items[0]) : '';
  return word === 'master' ? self : undefined;
}

function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
}
