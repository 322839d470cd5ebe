/**
 * The local API server beside a real one: the same requests over HTTPS, the same answers. What the real one
 * answers is recorded in golden/, and asked anew where GUNGNIR_TEST_KUBECONFIG names one (UPDATE=1 records).
 * How many behaviours are held, those of test/local/api/typed among them, is printed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalCluster, startLocal } from '../../../src/local/cluster';
import { findPrograms } from '../../../src/local/programs';
import { type Wire, wireTo } from '../../kit/api-server';
import { isReal, recordedIn } from '../api/typed/oracle';
import { differences } from './differences';
import { type Played, playAll, sweep } from './play';
import { access } from './rows/access';
import { aggregation } from './rows/aggregation';
import { applies } from './rows/applying';
import { controllers } from './rows/controllers';
import { customs } from './rows/custom';
import { deletion } from './rows/deletion';
import { discovery } from './rows/discovery';
import { endingKinds } from './rows/ending-kinds';
import { identities } from './rows/identities';
import { names } from './rows/names';
import { numbers } from './rows/numbers';
import { objects } from './rows/objects';
import { oddWrites } from './rows/odd-writes';
import { subresources } from './rows/parts';
import { printing } from './rows/printing';
import { printingCustom } from './rows/printing-custom';
import { printingKinds } from './rows/printing-kinds';
import { protobuf } from './rows/protobuf';
import { reading } from './rows/reading';
import { statefulSetRows } from './rows/stateful-sets';
import { verbDetails } from './rows/verb-details';
import { watches } from './rows/watching';
import { scrub } from './scrub';

const groups = [
  objects,
  names,
  applies,
  deletion,
  reading,
  printing,
  printingKinds,
  printingCustom,
  verbDetails,
  protobuf,
  watches,
  access,
  aggregation,
  identities,
  oddWrites,
  endingKinds,
  numbers,
  subresources,
  discovery,
  customs,
  statefulSetRows,
  controllers,
];
const PLAYED_MS = 600_000;

let cluster: LocalCluster;
let local: Wire;
let real: Wire | undefined;
beforeAll(async () => {
  cluster = await startLocal({ programs: findPrograms(process.env), nodes: 2 });
  local = await wireTo(cluster.kubeconfig);
  if (isReal) real = await wireTo(process.env.GUNGNIR_TEST_KUBECONFIG ?? '');
}, 60_000);
afterAll(async () => {
  if (real !== undefined) await sweep(real);
  local?.close();
  real?.close();
  await cluster?.stop();
}, 300_000);

describe.each(groups)('$name', ({ name, rows }) => {
  let told: readonly Played[] = [];
  let mine: readonly Played[] = [];
  beforeAll(async () => {
    const file = join(__dirname, 'golden', `${name}.json`);
    [told, mine] = await Promise.all([
      recordedIn(file, () => playAll(real as Wire, rows)),
      playAll(local, rows),
    ]);
  }, PLAYED_MS);

  test.each(rows)('$why', ({ why }) => {
    const theirs = told.find((one) => one.why === why);
    const own = mine.find((one) => one.why === why);
    if (theirs === undefined) throw new Error('nothing is recorded for this row: UPDATE=1');
    expect(theirs.broken, 'the real server could not be asked').toBeUndefined();
    const reason = differences[why];
    if (reason !== undefined) {
      expect(own, `it agrees by now; no difference any more: ${reason}`).not.toEqual(theirs);
      return;
    }
    for (const [at, answer] of theirs.told.entries()) {
      expect(own?.told[at], `answer ${at + 1}; ${own?.broken ?? ''}`).toEqual(answer);
    }
    expect(own).toEqual(theirs);
  });
});

test('each difference has a row, and stands in the README', () => {
  const readme = readFileSync('src/local/README.md', 'utf8');
  const known = new Set(groups.flatMap(({ rows }) => rows.map(({ why }) => why)));
  for (const [why, words] of Object.entries(differences)) {
    expect(known).toContain(why);
    expect(readme).toContain(words);
  }
});

test('some 300 behaviours are held', () => {
  const typed = join(__dirname, '..', 'api', 'typed', 'golden');
  const toldIn = (file: string): number =>
    (JSON.parse(readFileSync(file, 'utf8')) as { readonly told: readonly unknown[] }).told.length;
  const before = readdirSync(typed).reduce((sum, file) => sum + toldIn(join(typed, file)), 0);
  const rows = groups.flatMap((group) => group.rows);
  const asked = groups
    .flatMap(({ name }) => toldOf(join(__dirname, 'golden', `${name}.json`)))
    .reduce((sum, one) => sum + one.told.length, 0);
  console.log(
    `differential: ${rows.length} rows with ${asked} answers over the wire, ${before} answers in api/typed`,
  );
  expect(rows.length + before).toBeGreaterThanOrEqual(300);
  expect(new Set(rows.map(({ why }) => why)).size).toBe(rows.length);
});

function toldOf(file: string): readonly Played[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly told: readonly Played[] }).told;
}

test('scrubbing keeps what differs in more than chance', () => {
  const kept = new Map([['NS', 'differ-1-2']]);
  const uid = '6f1a3c52-0b5e-4c55-9d0a-1234567890ab';
  expect(scrub({ uid, code: 404, resourceVersion: '12' }, kept)).toEqual({
    uid: 'UID',
    code: 404,
    resourceVersion: 'VERSION',
  });
  expect(scrub({ message: `a "differ-1-2" ${uid} is not` }, kept)).toEqual({
    message: 'a "NS" UID is not',
  });
  expect(scrub({ resourceVersion: '' }, kept)).not.toEqual(scrub({ resourceVersion: '1' }, kept));
  expect(scrub({ message: 'a' }, kept)).not.toEqual(scrub({ message: 'b' }, kept));
  expect(scrub(['differ-1-20'], kept)).toEqual(['differ-1-20']);
  const minute = new Map([['from', '57']]);
  expect(scrub(['2026-11-21T20:57:36Z', 'at 57'], minute)).toEqual(['TIME', 'at $from']);
  const shown = (object: object): string => `patch: ${JSON.stringify(JSON.stringify(object))}: no`;
  const one = scrub(shown({ a: 1, resourceVersion: '4' }), kept);
  expect(scrub(shown({ resourceVersion: '5', a: 1 }), kept)).toEqual(one);
  expect(scrub(shown({ resourceVersion: '5', a: 2 }), kept)).not.toEqual(one);
});
