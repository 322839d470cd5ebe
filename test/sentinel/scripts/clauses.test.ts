/**
 * Sections 7 and 8 of failover.md, each step beside the scripts that play it, as rows.test.ts holds the tables of
 * sections 5 and 9, and each schedule that the page marks *R*. A step without a clause, a quote that the page does not have, a script that is gone and one that
 * does not show what is said of it are found here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Clause, faultsBetween, outputOf, stepsOf } from './clauses';
import { planned } from './clauses-planned';
import { realSchedules, regressions } from './clauses-regressions';
import { unplanned } from './clauses-unplanned';
import { resumptions, verdicts } from './rows';

const page = readFileSync(join(__dirname, '../../../docs/design/failover.md'), 'utf8');

describe.each([
  { section: 7, clauses: unplanned, steps: 12 },
  { section: 8, clauses: planned, steps: 10 },
])('section $section of failover.md', ({ section, clauses, steps }) => {
  const found = stepsOf(page, section);

  test('each step has its scripts, those that show it and those that must not', () => {
    expect(found.map((step) => step.slice(0, 20))).toHaveLength(steps);
    expect(faultsBetween(found, clauses)).toEqual([]);
  });

  test('a step more, other words, a script that is gone and one that shows the other are found', () => {
    const [first] = clauses as readonly [Clause];
    const {
      step,
      says,
      shows,
      plays: [play = ''],
      not: [other = ''],
    } = first;
    const faults = (clause: Clause) => faultsBetween(found, [...clauses, clause]);
    expect(faultsBetween([...found, '9. planted'], clauses)).toEqual(['no clause of: 9. planted']);
    expect(faultsBetween(found.slice(1), clauses)[0]).toBe(
      `the page does not say in ${step}: ${says}`,
    );
    expect(faults({ ...first, plays: ['planted'] })).toEqual(['no such script: planted']);
    expect(faults({ ...first, not: [] })).toEqual([`nothing beside: ${says}`]);
    expect(faults({ ...first, plays: [other] })).toEqual([
      `${says}: ${other}: not shown: ${shows}`,
    ]);
    expect(faults({ ...first, not: [play] })).toHaveLength(1);
  });
});

describe('the schedules that the page marks *R*', () => {
  // The first mark says what a mark means.
  const marks = page.match(/\*R\*/g)?.slice(1) ?? [];
  const quotes = [...regressions, ...realSchedules].map(({ says }) => says);

  test('each mark is quoted once, and each quote holds one', () => {
    expect(marks.length).toBeGreaterThan(15);
    expect(quotes.flatMap((quote) => quote.match(/\*R\*/g) ?? [])).toHaveLength(marks.length);
    expect(quotes.filter((quote) => page.split(quote).length !== 2)).toEqual([]);
    expect(new Set(quotes).size).toBe(marks.length);
  });

  test('what can be told as a story is played', () => {
    expect(faultsBetween([page], regressions)).toEqual([]);
  });

  test.each(realSchedules)('what only real servers show stands in a test: $says', (schedule) => {
    const { by, titles } = schedule;
    const text = readFileSync(by, 'utf8');
    for (const title of titles) expect(text).toContain(title);
  });
});

test('a script of a failover, a switchover, a boot, a reopening or a return stands in a clause or a row', () => {
  const named = [...unplanned, ...planned, ...regressions, ...verdicts, ...resumptions].flatMap(
    ({ plays, not }) => [...plays, ...not],
  );
  const files = readdirSync(__dirname).filter((name) =>
    /^(failover|switchover|boot|reopen|return)-.*\.txt$/.test(name),
  );
  expect(files.length).toBeGreaterThan(60);
  expect(files.filter((name) => !named.includes(name.replace('.txt', '')))).toEqual([]);
});

test('what a script did is read without its commands and its reason', () => {
  const output = outputOf('failover-waits-for-no-service') ?? '';
  expect(output).toMatch(/^\+10 /);
  expect(output).not.toMatch(/why:|^kill/m);
});
