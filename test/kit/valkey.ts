/**
 * Real valkey-server processes for tests and the bench, set up as failover.md section 11 says: fenced at
 * boot, with the users of the protocol. Each has an address of its own in 127.0.0.0/8, so that ROLE
 * and INFO show who is who. Every process is ended by its pid when its lab ends, also after a crash.
 * Never here: what the engine does with them.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIENT_DENIALS } from '../../src/kit/acl-rules';
import { serverProgram } from './valkey-versions';

/** The users of every lab; `test` sees and does everything and belongs to no protocol. */
export const LAB_USERS = {
  base: { username: 'gungnir', password: 'base-password' },
  replication: { username: 'repl-lab', password: 'repl-password' },
  probe: { username: 'probe', password: 'probe-password' },
  test: { username: 'test', password: 'test-password' },
} as const;

const ACL_FILE = [
  `user default on nopass ~* &* +@all ${CLIENT_DENIALS}`,
  'user gungnir on >base-password resetkeys resetchannels -@all +acl|users +acl|setuser +acl|deluser +client|kill +client|no-evict +ping +info +role',
  'user repl-lab on >repl-password resetkeys resetchannels -@all +psync +replconf +ping',
  'user probe on >probe-password resetkeys resetchannels -@all +ping +role',
  'user test on >test-password ~* &* +@all',
  '',
].join('\n');

export interface LabOptions {
  /** Default 3. */
  readonly servers?: number;
  /** Default: the one that `serverProgram` finds. */
  readonly program?: string;
  /** `rdb`: written at a clean end only. `aof`: each write, fsync each second. Default `none`. */
  readonly persistence?: 'none' | 'rdb' | 'aof';
  /** Further lines of valkey.conf, behind all others. */
  readonly config?: readonly string[];
  /** Default `fenced`; `open`: starts as a primary or replica of its own, without the fence. */
  readonly boot?: 'fenced' | 'open';
}

export interface ValkeyProcess {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly folder: string;
  /** @throws when the process does not run. */
  pid(): number;
  /** Resolved when it accepts connections; loading may still be under way with `spawned`. */
  start(until?: 'ready' | 'spawned'): Promise<void>;
  /** Ends by a signal and waits for the end. Default SIGKILL. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** SIGSTOP: sockets stay open and nothing answers. */
  pause(): void;
  resume(): void;
  restart(data: 'kept' | 'emptied', signal?: NodeJS.Signals): Promise<void>;
  /** What it wrote to its log so far. */
  log(): string;
}

export interface Lab {
  readonly servers: readonly ValkeyProcess[];
  /** @throws when there is none of that index. */
  server(index: number): ValkeyProcess;
  /** Kills every process and removes the folders. */
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
const folders = new Set<string>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-valkey-'));
  folders.add(folder);
  const program = options.program ?? serverProgram();
  const servers: ValkeyProcess[] = [];
  const port = await freePort();
  for (let index = 0; index < (options.servers ?? 3); index += 1) {
    const at = { name: `v${index}`, host: `127.0.0.${index + 1}`, port };
    servers.push(createProcess(program, join(folder, at.name), at, options));
  }
  const lab: Lab = {
    servers,
    server(index) {
      const server = servers[index];
      if (server === undefined) throw new RangeError(`no server ${index} in this lab`);
      return server;
    },
    async stop() {
      await Promise.all(servers.map((server) => server.kill()));
      rmSync(folder, { recursive: true, force: true });
      folders.delete(folder);
    },
  };
  try {
    await Promise.all(servers.map((server) => server.start()));
  } catch (cause) {
    await lab.stop();
    throw cause;
  }
  return lab;
}

/** One port for all addresses of a lab; a port that is free on 0.0.0.0 is free on each of them. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '0.0.0.0', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

interface At {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

function createProcess(
  program: string,
  folder: string,
  at: At,
  options: LabOptions,
): ValkeyProcess {
  let child: ChildProcess | undefined;
  let written = '';
  mkdirSync(join(folder, 'data'), { recursive: true });
  writeFileSync(join(folder, 'users.acl'), ACL_FILE);
  writeFileSync(join(folder, 'valkey.conf'), configOf(folder, at, options));

  async function start(until: 'ready' | 'spawned' = 'ready'): Promise<void> {
    const started = spawn(program, [join(folder, 'valkey.conf')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    running.add(started);
    started.once('exit', () => running.delete(started));
    const word = until === 'ready' ? 'Ready to accept connections' : 'Server initialized';
    await sawWord(started, word, (text) => {
      written += text;
    });
  }

  async function kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const ending = child;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    // It never came to be, so it will not end either.
    if (ending.pid === undefined) return;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    await ended;
  }

  function pid(): number {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${at.name} does not run`);
    }
    return child.pid;
  }

  return {
    ...at,
    folder,
    pid,
    start,
    kill,
    log: () => written,
    pause: () => void process.kill(pid(), 'SIGSTOP'),
    resume: () => void process.kill(pid(), 'SIGCONT'),
    async restart(data, signal) {
      await kill(signal);
      if (data === 'emptied') {
        rmSync(join(folder, 'data'), { recursive: true, force: true });
        mkdirSync(join(folder, 'data'));
      }
      await start();
    },
  };
}

/** The server logs to its standard output. Rejected when it ends before it says the word. */
function sawWord(child: ChildProcess, word: string, keep: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const look = (chunk: Buffer): void => {
      seen += chunk.toString();
      keep(chunk.toString());
      if (seen.includes(word)) resolve();
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`valkey-server ended with ${code}: ${seen}`)));
  });
}

function configOf(folder: string, { host, port }: At, options: LabOptions): string {
  const { username, password } = LAB_USERS.replication;
  const persistence = {
    none: ['save ""', 'appendonly no'],
    rdb: ['save 3600 1000000', 'appendonly no'],
    aof: ['save ""', 'appendonly yes'],
  }[options.persistence ?? 'none'];
  const lines = [
    `bind ${host}`,
    `bind-source-addr ${host}`,
    `port ${port}`,
    `dir ${join(folder, 'data')}`,
    `aclfile ${join(folder, 'users.acl')}`,
    `masteruser ${username}`,
    `masterauth ${password}`,
    ...(options.boot === 'open' ? [] : ['replicaof 127.0.0.1 0', 'replica-serve-stale-data no']),
    'min-replicas-to-write 1',
    'min-replicas-max-lag 2',
    'repl-ping-replica-period 1',
    'repl-diskless-sync-delay 0',
    'repl-diskless-load disabled',
    'repl-backlog-size 64mb',
    'repl-backlog-ttl 0',
    'client-output-buffer-limit replica 1gb 512mb 60',
    'tcp-keepalive 10',
    'shutdown-timeout 10',
    'enable-debug-command yes',
    ...persistence,
    ...(options.config ?? []),
  ];
  return `${lines.join('\n')}\n`;
}
