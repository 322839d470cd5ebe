/**
 * Each reason of the one table stands in a test: as code of a .test.ts, or in a script or golden text
 * that a test plays. A reason that no test meets is a promise that nobody has seen kept.
 * Never here: whether that test is a good one.
 */
import type { Finding, Gate, Tree } from './tree';

const TABLES = /^src\/kit\/reasons(-\w+)?\.ts$/;
const ROW = /^ {2}([A-Z]\w+): \{$/;
/** The page of errors is made of the table, so what looks at it has not met a reason. */
const TESTS = /^test\/(?!build-tools\/errors-page).*(\.test\.ts|\.txt)$/;

export const reasonsTested: Gate = {
  name: 'reasons',
  holds: 'each reason stands in a test',
  check: (tree) => {
    const met = wordsOfTests(tree);
    const message = 'no test meets this reason: add one where its user does';
    return reasonRows(tree).flatMap(({ reason, path, line }): readonly Finding[] =>
      met.has(reason) ? [] : [{ path, line, message }],
    );
  },
};

interface ReasonRow {
  readonly reason: string;
  readonly path: string;
  readonly line: number;
}

/** Where each reason of the tree is written. */
export function reasonRows({ files }: Tree): readonly ReasonRow[] {
  return files
    .filter(({ path }) => TABLES.test(path))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((row, index): readonly ReasonRow[] => {
        const reason = ROW.exec(row)?.[1];
        return reason === undefined ? [] : [{ reason, path, line: index + 1 }];
      }),
    );
}

function wordsOfTests({ files }: Tree): ReadonlySet<string> {
  const texts = files.filter(({ path }) => TESTS.test(path)).map(({ text }) => withoutProse(text));
  return new Set(texts.flatMap((text) => text.match(/\b[A-Z]\w+/g) ?? []));
}

/** Comments, and the last line of a script, which says why. */
function withoutProse(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|\s)\/\/ .*$/gm, '')
    .replaceAll(/^why: .*$/gm, '');
}
