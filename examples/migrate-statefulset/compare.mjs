/** Compares every key of both, its value and its expiry. Exit code 0 only when they are the same. */
import { databasesOf, dumpsOf, keysOf, readValue } from './keyspace.mjs';
import { close, fresh, old } from './servers.mjs';

/** A key that expires while we look is gone from one side first. */
const EXPIRING_MS = 5000;

let same = 0;
const different = [];
const databases = new Set([...(await databasesOf(old)), ...(await databasesOf(fresh))]);
for (const database of databases) {
  await Promise.all([old.select(database), fresh.select(database)]);
  for (const [from, to] of [
    [old, fresh],
    [fresh, old],
  ])
    for await (const keys of keysOf(from)) {
      const [here, there] = await Promise.all([dumpsOf(from, keys), dumpsOf(to, keys)]);
      for (const [index, key] of keys.entries()) {
        const expiresAt = here[index]?.expiresAt ?? 1;
        if (expiresAt > 0 && expiresAt < Date.now() + EXPIRING_MS) continue;
        const [one, other] = await Promise.all([readValue(from, key), readValue(to, key)]);
        if (one === other && expiresAt === there[index]?.expiresAt) same += 1;
        else different.push(`db ${database}: ${key}`);
      }
    }
}
console.log(`${same / 2} keys are the same on both, ${different.length} differ`);
for (const line of different.slice(0, 20)) console.log(line);
process.exitCode = different.length === 0 && same > 0 ? 0 : 1;
close();
