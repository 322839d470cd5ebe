/**
 * A real valkey-server started as a rendered pod starts it: same files, same arguments, same scripts.
 * Ended by its pid. Never here: an operator; who claims a node here says so in the test.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { configMap } from '../../src/resources/config-map';
import { secretData } from '../../src/resources/secret';
import type { ValkeyClusterSpec } from '../../src/spec/cluster';
import { until } from '../kit/until';

/** Not one of ours: it sees the settings that clients may not read. */
const OBSERVER = 'user observer on >observer-password resetkeys -@all +config|get\n';

export const PASSWORDS = {
  client: `cli"ent' $x\\`,
  operator: 'oper',
  replication: 'repl',
  probe: 'probe',
} as const;

export interface Run {
  readonly code: number;
  readonly out: string;
}

export interface RenderedServer {
  readonly port: number;
  /** One of the rendered scripts under a shell, with the environment of a pod. */
  script(name: string, ...args: readonly string[]): Promise<Run>;
  /** The real valkey-cli as any user. */
  as(user: string, password: string, ...command: readonly string[]): Promise<string>;
  /** SIGKILL; the files stay. */
  kill(): Promise<void>;
  /** Kills it and removes its files. */
  stop(): Promise<void>;
}

/** @param shell the words before a script: `busybox sh`, or nothing for its own first line. */
export async function startRendered(
  program: string,
  spec: ValkeyClusterSpec,
  shell: readonly string[],
): Promise<RenderedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-rendered-'));
  const port = await freePort();
  const { files, args } = layOut(folder, { ...spec, port });
  const child = spawn(program, args, { stdio: 'pipe' });
  const log: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => log.push(chunk.toString()));
  const env = {
    POD_IP: '127.0.0.1',
    VALKEY_PORT: String(port),
    GUNGNIR_SECRETS: files.secrets,
    PATH: `${files.bin}:${dirname(program)}:/usr/bin:/bin`,
  };
  const cli = join(dirname(program), 'valkey-cli');
  try {
    await until(
      'it listens',
      () => {
        if (child.exitCode !== null) throw new Error(`it ended: ${log.join('')}`);
        return (
          log.join('').includes('Ready to accept connections') ||
          log.join('').includes('Connecting to')
        );
      },
      10_000,
    );
  } catch (cause) {
    await end(child);
    throw cause;
  }
  return {
    port,
    script: (name, ...rest) => {
      const [first, ...words] = [...shell, join(files.bin, name), ...rest];
      return run(first ?? '', words, env);
    },
    as: async (user, password, ...command) => {
      const secret = { ...env, REDISCLI_AUTH: password, VALKEYCLI_AUTH: password };
      return (
        await run(cli, ['-h', '127.0.0.1', '-p', String(port), '--user', user, ...command], secret)
      ).out;
    },
    kill: () => end(child),
    async stop() {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The files as a pod mounts them, and the words that start the server on them. */
function layOut(folder: string, spec: ValkeyClusterSpec) {
  const files = {
    bin: join(folder, 'bin'),
    secrets: join(folder, 'secrets'),
    data: join(folder, 'data'),
  };
  for (const path of Object.values(files)) mkdirSync(path);
  const { data } = configMap({ metadata: { name: 'a' }, spec: spec });
  write(files.bin, data ?? {});
  const secret = secretData('uid-1', PASSWORDS);
  write(files.secrets, { ...secret, 'users.acl': `${secret['users.acl'] ?? ''}${OBSERVER}` });
  const args = [
    join(files.bin, 'valkey.conf'),
    '--aclfile',
    join(files.secrets, 'users.acl'),
    '--include',
    join(files.secrets, 'auth.conf'),
    '--dir',
    files.data,
  ];
  return { files, args };
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o555);
  }
}

function run(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Run> {
  return new Promise((resolve) => {
    execFile(file, args, { env, timeout: 30_000 }, (error, out) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, out: out.trim() });
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
