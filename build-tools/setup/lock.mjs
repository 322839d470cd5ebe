/**
 * One set-up at a time: parallel runs wait for the first one instead of installing over each other.
 * The lock is a socket name, so it ends with its holder, however that ends; nothing stale is left.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A cold `npm ci` takes half a minute; ten minutes also cover a slow network. */
const waitMaxMs = 600_000;
const retryMs = 200;

/** Ends the process with one sentence; a set-up problem is never a stack trace. */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** Runs the work while no other process of this machine runs it for the same thing. */
export async function withLock(thing, work) {
  const holder = await take(thing, Date.now() + waitMaxMs);
  try {
    return await work();
  } finally {
    holder?.close();
  }
}

async function take(thing, deadlineMs) {
  // Abstract socket names are Linux's; elsewhere two first runs at once are the user's to avoid.
  if (process.platform !== 'linux') return undefined;
  const name = `\0gungnir-${createHash('sha256').update(thing).digest('hex').slice(0, 32)}`;
  for (;;) {
    const holder = await listening(name);
    if (holder !== undefined) return holder;
    if (Date.now() > deadlineMs)
      fail(
        `set-up: another run has been setting up ${thing} for ten minutes. End it and run this again.`,
      );
    await sleep(retryMs);
  }
}

function listening(name) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(name, () => resolve(server));
    server.unref();
  });
}
