/** Something to migrate: keys of each type in two databases, some that expire, one that is not text. */
import { close, old } from './servers.mjs';

const count = Number(process.argv[2] ?? 2000);
for (const database of [0, 3]) {
  await old.select(database);
  for (let from = 0; from < count; from += 200) {
    const pipeline = old.pipeline();
    for (let index = from; index < from + 200; index += 1) {
      pipeline.set(`text:${index}`, `value ${index}`);
      if (index % 10 === 0) pipeline.set(`short:${index}`, 'gone in an hour', 'PX', 3_600_000);
      if (index % 20 === 0) pipeline.hset(`hash:${index}`, 'name', `n${index}`, 'age', index);
    }
    await pipeline.exec();
  }
  await old.rpush('list', 'first', 'second', 'third');
  await old.sadd('set', ...Array.from({ length: 300 }, (_, index) => `member ${index}`));
  await old.zadd('ranking', 1.5, 'one', 2, 'two', '+inf', 'last');
  await old.xadd('events', '*', 'kind', 'order', 'number', '1');
  await old.set(Buffer.from([0, 255, 10, 13]), Buffer.from([1, 0, 254]));
}
console.log('filled');
close();
