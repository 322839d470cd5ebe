/**
 * What an application sees: an unmodified iovalkey client with its default options, behind what stands
 * for the client Service, through a planned switchover and through a crash.
 */
import Valkey from 'iovalkey';
import { afterEach, expect, test } from 'vitest';
import { type EngineLab, startEngineLab } from '../../kit/engine-lab';
import { startServiceProxy } from '../../kit/service-proxy';
import { until } from '../../kit/until';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Application {
  readonly lab: EngineLab;
  readonly client: Valkey;
  readonly acknowledged: Set<string>;
  readonly failures: string[];
  /** Ends writing and resolves when every write was answered. */
  finish(): Promise<void>;
}

async function startApplication(): Promise<Application> {
  const lab = await startEngineLab();
  ends.push(() => lab.stop());
  await lab.settled();
  const proxy = await startServiceProxy(() => lab.routes[lab.routes.length - 1]?.primary);
  ends.push(() => proxy.stop());
  const client = new Valkey(proxy.address);
  client.on('error', () => undefined);
  ends.push(async () => client.disconnect());
  const acknowledged = new Set<string>();
  const failures: string[] = [];
  let writing = true;
  const loop = (async () => {
    for (let count = 0; writing && count < 200_000; count += 1) {
      const key = `k${count}`;
      await client.set(key, '1').then(
        () => acknowledged.add(key),
        (error: unknown) => failures.push(String(error)),
      );
    }
  })();
  const finish = async (): Promise<void> => {
    writing = false;
    await loop;
  };
  return { lab, client, acknowledged, failures, finish };
}

async function missing({ client, acknowledged }: Application): Promise<number> {
  const keys = [...acknowledged];
  const kept = await Promise.all(keys.map((key) => client.exists(key)));
  return kept.filter((exists) => exists === 0).length;
}

function moreWrites({ acknowledged }: Application, than: number): Promise<unknown> {
  return until(`more than ${than} writes`, () => acknowledged.size > than || undefined, 20_000);
}

test('a planned switchover costs the application no error and no write', async () => {
  const app = await startApplication();
  await moreWrites(app, 200);
  const before = app.lab.primary().name;
  const switched = app.lab.toldAfter('+switch-master');
  app.lab.engine.switchover();
  await switched;
  await moreWrites(app, app.acknowledged.size + 200);
  await app.finish();
  expect(app.lab.primary().name).not.toBe(before);
  expect({ failures: app.failures, missing: await missing(app) }).toEqual({
    failures: [],
    missing: 0,
  });
});

test('after a crash the same client goes on by itself', async () => {
  const app = await startApplication();
  await moreWrites(app, 200);
  const before = app.lab.primary();
  const switched = app.lab.toldAfter('+switch-master');
  await before.kill();
  await switched;
  await moreWrites(app, app.acknowledged.size + 200);
  await app.finish();
  expect(app.lab.primary().name).not.toBe(before.name);
  process.stderr.write(
    `iovalkey: ${app.acknowledged.size} writes, ${app.failures.length} errors, ${await missing(app)} lost with the crash\n`,
  );
});
