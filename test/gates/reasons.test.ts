/** The gate of reasons: what counts as meeting one, and that it sees the whole table. */
import { expect, test } from 'vitest';
import { reasonRows, reasonsTested } from '../../build-tools/gates/reasons';
import { readTree } from '../../build-tools/gates/tree';
import { reasons } from '../../src/kit/reasons';
import { places } from './plant';

const TABLE = 'src/kit/reasons-engine.ts';
const table =
  "export const engineReasons = {\n  PlantedReason: {\n    means: 'x',\n  },\n} as const;\n";

test.each([
  { path: 'test/a.test.ts', text: "expect(r).toBe('PlantedReason');", found: 0, why: 'a test' },
  { path: 'test/a.test.ts', text: 'toThrow(/^PlantedReason: /)', found: 0, why: 'in a pattern' },
  { path: 'test/s/a.txt', text: '+4 +blocked PlantedReason pod=p0', found: 0, why: 'a script' },
  { path: 'test/s/a.txt', text: 'why: PlantedReason is told', found: 1, why: 'what a script says' },
  { path: 'test/a.test.ts', text: '// PlantedReason', found: 1, why: 'a comment' },
  { path: 'test/a.test.ts', text: '/** of\n PlantedReason */', found: 1, why: 'a header' },
  { path: 'test/a.test.ts', text: "'PlantedReasons'", found: 1, why: 'another word' },
  { path: 'test/kit/a.ts', text: "'PlantedReason'", found: 1, why: 'a helper tests nothing' },
  { path: 'src/a.ts', text: "'PlantedReason'", found: 1, why: 'the code that says it' },
  {
    path: 'test/build-tools/errors-page.test.ts',
    text: "'PlantedReason'",
    found: 1,
    why: 'the page is made of the table',
  },
])('$path: $text ($why)', ({ path, text, found }) => {
  expect(places(reasonsTested, { [TABLE]: table, [path]: text })).toEqual(
    found === 0 ? [] : [`${TABLE}:2`],
  );
});

test('it sees every reason that there is', () => {
  const seen = reasonRows(readTree(process.cwd())).map(({ reason }) => reason);
  expect([...seen].sort()).toEqual(Object.keys(reasons).sort());
});
