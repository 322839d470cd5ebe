/**
 * Copies everything from the old server into the new cluster, while the old one goes on to serve. It may be
 * run as often as you like: it always makes the new one what the old one is at that moment.
 */
import { databasesOf, dumpsOf, keysOf, restore } from './keyspace.mjs';
import { close, fresh, old } from './servers.mjs';

const since = performance.now();
let copied = 0;
let removed = 0;

for (const database of await databasesOf(old)) {
  await Promise.all([old.select(database), fresh.select(database)]);
  for await (const keys of keysOf(old)) {
    const dumps = (await dumpsOf(old, keys)).filter((dump) => dump !== undefined);
    await restore(fresh, dumps);
    copied += dumps.length;
  }
}
// What was deleted from the old one since the last run.
for (const database of await databasesOf(fresh)) {
  await Promise.all([old.select(database), fresh.select(database)]);
  for await (const keys of keysOf(fresh)) {
    const dumps = await dumpsOf(old, keys);
    const gone = keys.filter((_key, index) => dumps[index] === undefined);
    if (gone.length > 0) removed += await fresh.del(...gone);
  }
}
// One replica at least has it all before anybody relies on it.
const replicas = await fresh.wait(1, 10_000);
if (replicas < 1) throw new Error('no replica of the new cluster has it yet: run this again');
console.log(
  `${copied} keys copied, ${removed} removed, in ${((performance.now() - since) / 1000).toFixed(1)} s`,
);
close();
