/**
 * Real Sentinel processes that watch one primary.
 * Never here: what clients do with their answers (sentinel-rig.ts).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { millis } from '../../src/kit/brands';
import type { Address } from '../../src/sentinel/core/facts';
import { createSocketTransport } from '../../src/sentinel/io/socket-transport';
import { until } from '../kit/until';
import { LAB_USERS, type ValkeyProcess } from '../kit/valkey';
import { serverProgram } from '../kit/valkey-versions';

/** The name of the watched primary in every Sentinel. */
export const WATCHED = 'bench';
const SENTINELS = 3;
const QUORUM = 2;
/** Sentinel's own limit for an election and its retry; its default 180 s would only make it slower. */
const FAILOVER_TIMEOUT_MS = 10_000;

export interface Sentinels {
  readonly addresses: readonly Address[];
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A Sentinel is valkey-server itself, started with --sentinel. */
export async function startSentinels(
  primary: ValkeyProcess,
  downAfterMs: number,
): Promise<Sentinels> {
  const children: ChildProcess[] = [];
  const addresses: Address[] = [];
  for (let index = 0; index < SENTINELS; index += 1) {
    // The servers' port is free on every loopback address but theirs.
    const address = { host: `127.0.0.${11 + index}`, port: primary.port };
    const folder = join(dirname(primary.folder), `s${index}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'sentinel.conf'), configOf(folder, address, primary, downAfterMs));
    const words = [join(folder, 'sentinel.conf'), '--sentinel'];
    const child = spawn(serverProgram(), words, { stdio: 'ignore' });
    running.add(child);
    child.once('exit', () => running.delete(child));
    children.push(child);
    addresses.push(address);
  }
  await Promise.all(
    addresses.map((address) => until('a Sentinel listens', () => listens(address))),
  );
  return {
    addresses,
    async stop() {
      await Promise.all(
        children.map(async (child) => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          const ended = once(child, 'exit');
          child.kill('SIGKILL');
          await ended;
        }),
      );
    },
  };
}

function configOf(
  folder: string,
  { host, port }: Address,
  primary: ValkeyProcess,
  downAfterMs: number,
): string {
  const { username, password } = LAB_USERS.test;
  const lines = [
    `bind ${host}`,
    `bind-source-addr ${host}`,
    `port ${port}`,
    `dir ${folder}`,
    `sentinel announce-ip ${host}`,
    `sentinel announce-port ${port}`,
    `sentinel monitor ${WATCHED} ${primary.host} ${primary.port} ${QUORUM}`,
    `sentinel auth-user ${WATCHED} ${username}`,
    `sentinel auth-pass ${WATCHED} ${password}`,
    `sentinel down-after-milliseconds ${WATCHED} ${downAfterMs}`,
    `sentinel failover-timeout ${WATCHED} ${FAILOVER_TIMEOUT_MS}`,
    `sentinel parallel-syncs ${WATCHED} 2`,
  ];
  return `${lines.join('\n')}\n`;
}

async function listens(address: Address): Promise<boolean> {
  const connected = await createSocketTransport().connect(address, millis(500), () => {});
  if (connected.kind === 'failed') return false;
  connected.connection.destroy();
  return true;
}
