/**
 * Three real valkey-servers on loopback, set up so that a Sentinel may lead them. Each has an address of
 * its own, as servers on three machines have.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverFiles } from 'gungnir/sentinel';

export const credentials = { username: 'gungnir', password: 'engine-password' };
const replication = { username: 'repl', password: 'replication-password' };

export async function startServers(count = 3) {
  const folder = mkdtempSync(join(tmpdir(), 'engine-embedding-'));
  const port = await freePort();
  const { conf, acl } = serverFiles({ credentials, replication, clientPassword: '' });
  const servers = [];
  for (let index = 0; index < count; index += 1) {
    const name = `v${index}`;
    const host = `127.0.0.${index + 1}`;
    const home = join(folder, name);
    mkdirSync(home);
    writeFileSync(join(home, 'users.acl'), acl, { mode: 0o600 });
    const own = [
      `bind ${host}`,
      `bind-source-addr ${host}`,
      `port ${port}`,
      `dir "${home}"`,
      `aclfile "${join(home, 'users.acl')}"`,
      'save ""',
    ];
    writeFileSync(join(home, 'valkey.conf'), `${conf}${own.join('\n')}\n`, { mode: 0o600 });
    servers.push(server(name, host, port, join(home, 'valkey.conf')));
  }
  await Promise.all(servers.map((each) => each.start()));
  return {
    servers,
    async stop() {
      await Promise.all(servers.map((each) => each.kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function server(name, host, port, conf) {
  let child;
  return {
    name,
    host,
    port,
    async start() {
      child = spawn(process.env.VALKEY_SERVER ?? 'valkey-server', [conf]);
      process.once('exit', () => child.kill('SIGKILL'));
      for await (const text of child.stdout.iterator({ destroyOnReturn: false }))
        if (String(text).includes('Ready to accept connections')) return child.stdout.resume();
      throw new Error(`${name} did not start: is valkey-server 8 or later in the PATH?`);
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function freePort() {
  const probe = createServer().listen(0, '0.0.0.0');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
