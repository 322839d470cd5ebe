/**
 * An application that takes orders without end: each is confirmed only when the primary and one replica
 * have it. It knows one address, the client Service, and nothing of failovers. At SIGTERM
 * or Ctrl-C it reads every confirmed order back; exit code 0 only if none is missing.
 */
import { createStore } from './store.mjs';

const { VALKEY_HOST, VALKEY_PORT = '6379', VALKEY_PASSWORD } = process.env;
const store = createStore({
  host: VALKEY_HOST,
  port: Number(VALKEY_PORT),
  password: VALKEY_PASSWORD,
});

const confirmed = [];
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stop.abort());
let last = performance.now();
let longestMs = 0;

for (let number = 1; !stop.signal.aborted; number += 1) {
  const order = `order:${process.pid}:${number}`;
  const tries = await store.save(order, `paid ${number}`);
  confirmed.push(order);
  const now = performance.now();
  longestMs = Math.max(longestMs, now - last);
  if (tries > 1)
    console.log(`${order} confirmed at try ${tries}, after ${(now - last).toFixed(0)} ms`);
  last = now;
  await new Promise((resolve) => setTimeout(resolve, 5));
}

const missing = await store.missing(confirmed);
store.close();
console.log(`${confirmed.length} orders confirmed, the longest wait ${longestMs.toFixed(0)} ms`);
console.log(`${missing.length} of them lost`);
process.exitCode = missing.length === 0 && confirmed.length > 0 ? 0 : 1;
