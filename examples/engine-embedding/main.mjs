/**
 * Three valkey-servers under a Sentinel inside this program. The primary is killed with -9; then the new
 * one hands over as planned. Exit code 0 only if both went as they should.
 */
import assert from 'node:assert/strict';
import { Sentinel } from 'gungnir/sentinel';
import { ask, askAll } from './client.mjs';
import { credentials, startServers } from './servers.mjs';

const { servers, stop } = await startServers();
const sentinel = new Sentinel({
  nodes: servers.map(({ name, host, port }) => ({ name, host, port })),
  credentials,
  pingIntervalMs: 200,
  downAfterMs: 2000,
});
const byName = (name) => servers.find((server) => server.name === name);

try {
  await sentinel.start();
  void tellTheStory();
  const first = await settled();
  const write = ['SET', 'saga', 'Gungnir never misses'];
  const [, safe] = await asSoonAsItMay(() => askAll(first, write, ['WAIT', '2', '5000']));
  assert.equal(safe, '2', 'both replicas have the write');

  console.log(`\nkill -9 of ${first.name}`);
  const moved = sentinel.once('+switch-master', { signal: AbortSignal.timeout(30_000) });
  await byName(first.name).kill();
  const { to, fencedBy } = await moved;
  assert.notEqual(to, first.name);
  assert.equal(await ask(byName(to), 'GET', 'saga'), 'Gungnir never misses');
  console.log(`${to} serves; the old one was fenced by ${fencedBy}, and no key is missing`);

  console.log(`\n${first.name} comes back, and takes over again as planned`);
  await byName(first.name).start();
  await settled();
  const back = await asSoonAsItMay(() =>
    sentinel.switchover({ to: first.name, timeoutMs: 30_000 }),
  );
  assert.equal(back.to, first.name);
  assert.equal(await ask(first, 'GET', 'saga'), 'Gungnir never misses');
  const { primary, epoch } = sentinel.status();
  console.log(`${primary} serves in epoch ${epoch}\n\nok`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await sentinel.close();
  await stop();
}

/** A primary, and both others connected to it. */
async function settled() {
  const primary = await sentinel.primary({ timeoutMs: 30_000 });
  const linked = () => sentinel.status().nodes.filter(({ link }) => link === 'up').length;
  for (let tries = 0; linked() < servers.length - 1; tries += 1) {
    if (tries > 600) throw new Error('the replicas did not connect within 30 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return primary;
}

/** Writes and switchovers are refused while a replica is still catching up; nothing has changed then. */
async function asSoonAsItMay(act) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      const early = error.reason === 'SwitchoverRefused' || error.message.startsWith('NOREPLICAS');
      if (!early || tries === 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

async function tellTheStory() {
  for await (const { type, node = '', reason = '', atMs } of sentinel.events())
    console.log(new Date(atMs).toISOString().slice(11, 23), type.padEnd(16), node, reason);
}
