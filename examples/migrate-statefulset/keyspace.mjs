/** What a server holds: its databases, its keys in batches, and what is behind a key. */
const BATCH_KEYS = 500;

/** Numbers of the databases that hold keys. */
export async function databasesOf(server) {
  const info = await server.info('keyspace');
  return [...info.matchAll(/^db(\d+):/gm)].map(([, number]) => Number(number));
}

/** Keys as bytes, which names may be. One may come twice; one that is there all along is never missed. */
export async function* keysOf(server) {
  let cursor = '0';
  do {
    const [next, keys] = await server.scanBuffer(cursor, 'COUNT', BATCH_KEYS);
    cursor = String(next);
    if (keys.length > 0) yield keys;
  } while (cursor !== '0');
}

/** Payload and the instant of expiry, ms since 1970, 0 for none; undefined: it is gone. */
export async function dumpsOf(server, keys) {
  const pipeline = server.pipeline();
  for (const key of keys) pipeline.dumpBuffer(key).call('PEXPIRETIME', key);
  const replies = resultsOf(await pipeline.exec());
  return keys.map((key, index) => {
    const [payload, expiresAt] = replies.slice(index * 2, index * 2 + 2);
    return payload === null ? undefined : { key, payload, expiresAt: Math.max(0, expiresAt) };
  });
}

export async function restore(server, dumps) {
  const pipeline = server.pipeline();
  for (const { key, payload, expiresAt } of dumps)
    pipeline.call('RESTORE', key, expiresAt, payload, 'REPLACE', 'ABSTTL');
  resultsOf(await pipeline.exec());
}

/** The value in one text, the same on both servers however they keep it in memory. */
export async function readValue(server, key) {
  const type = await server.type(key);
  const read = {
    none: () => [],
    string: () => server.getBuffer(key),
    list: () => server.lrangeBuffer(key, 0, -1),
    set: async () => (await server.smembersBuffer(key)).sort(Buffer.compare),
    hash: async () => sortedPairs(await server.callBuffer('HGETALL', key)),
    zset: () => server.zrangeBuffer(key, 0, -1, 'WITHSCORES'),
    stream: () => server.callBuffer('XRANGE', key, '-', '+'),
  }[type];
  if (read === undefined) throw new Error(`${key} is a ${type}, which this program cannot compare`);
  return `${type} ${JSON.stringify(await read())}`;
}

function sortedPairs(flat) {
  const pairs = [];
  for (let index = 0; index < flat.length; index += 2) pairs.push([flat[index], flat[index + 1]]);
  return pairs.sort(([left], [right]) => Buffer.compare(left, right));
}

/** @throws the first error of a pipeline: half a batch is no batch. */
function resultsOf(replies) {
  return replies.map(([error, value]) => {
    if (error) throw error;
    return value;
  });
}
