/**
 * The tables of failover.md, sections 5 and 9, row by row beside the scripts that play them. A row
 * without a script, a script that is gone and a row that the page does not have are found here.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

interface Row {
  /** How the row's first cell begins. */
  readonly row: string;
  /** What does as the row says. */
  readonly plays: readonly string[];
  /** What is near and must not do so. */
  readonly not: readonly string[];
}

const verdicts: readonly Row[] = [
  {
    row: 'EOF or reset, then refused twice',
    plays: ['e1a-killed-primary'],
    not: [
      'e1a-not-when-a-connect-is-accepted',
      'e1a-not-when-a-member-has-a-live-link',
      'e1a-not-when-another-pod-has-the-address',
      'e1a-not-when-no-member-reports-its-link-down',
      'e1a-not-when-the-pod-is-gone',
      'e1a-not-without-a-reachable-member',
      'e1a-not-behind-a-sidecar',
    ],
  },
  {
    row: 'refused without a previous socket; accepted, then EOF',
    plays: ['verdict-refused-without-a-socket', 'verdict-accepted-then-closed'],
    not: ['e1a-not-when-the-connects-bring-nothing', 'witness-pod-gone-and-process-heard'],
  },
  {
    row: 'EHOSTUNREACH, ENETUNREACH, connect timeout',
    plays: ['verdict-unreachable'],
    not: ['witness-we-are-cut-off'],
  },
  {
    row: 'connected, no valid reply for `downAfterMs`',
    plays: ['verdict-hung-boundary', 'e4-kill-of-a-hung-primary'],
    not: ['e4-no-kill-without-an-heir', 'e4-no-kill-on-a-lost-node', 'witness-we-are-cut-off'],
  },
  {
    row: '+PONG, -BUSY, -MISCONF, -ERR max number of clients',
    plays: ['verdict-pong-busy-maxclients-misconf-are-alive', 'verdict-misconf-moves-the-primary'],
    not: ['verdict-misconf-ignored'],
  },
  {
    row: '-LOADING, or -MASTERDOWN with `loading:1`',
    plays: ['verdict-loading-with-a-candidate', 'verdict-loading-without-a-candidate'],
    not: ['choose-not-while-loading', 'choose-nobody-while-all-load'],
  },
  {
    row: '-MASTERDOWN, same run_id',
    plays: ['verdict-masterdown-same-run'],
    not: ['verdict-masterdown-new-run'],
  },
  {
    row: '-MASTERDOWN or role slave, new run_id',
    plays: ['verdict-masterdown-new-run'],
    not: ['verdict-masterdown-same-run'],
  },
  {
    row: 'NOAUTH, WRONGPASS (of the base user), NOPERM',
    plays: [
      'verdict-noauth-is-our-own-error',
      'verdict-wrongpass-is-our-own-error',
      'verdict-noperm-after-takeover',
    ],
    not: ['verdict-wrongpass-hides-no-death', 'claim-restarted-node-is-claimed-again'],
  },
  {
    row: 'no pod, Pending, no IP',
    plays: ['verdict-no-pod', 'verdict-no-ip', 'verdict-no-pod-since-before-the-takeover'],
    not: ['witness-pod-gone-and-process-heard', 'e1c-not-gone-alone'],
  },
];

const resumptions: readonly Row[] = [
  {
    row: '{record.primary}, any phase',
    plays: [
      'resume-primary-leads-steady',
      'switchover-leader-dies-while-paused',
      'resume-primary-leads-and-a-stray-too',
    ],
    not: ['resume-unseen-target-blocks-the-primary'],
  },
  {
    row: "{x}, x is record.target's process",
    plays: ['resume-target-leads', 'boot-leader-dies-after-the-promotion'],
    not: ['resume-target-of-the-same-pod-another-run-is-no-target'],
  },
  {
    row: '{x}, anything else',
    plays: ['resume-stranger-leads', 'resume-target-of-the-same-pod-another-run-is-no-target'],
    not: ['resume-target-leads'],
  },
  {
    row: 'two or more',
    plays: [
      'resume-target-and-primary-lead',
      'resume-primary-leads-and-a-stray-too',
      'resume-two-strangers-lead',
    ],
    not: ['resume-primary-leads-steady'],
  },
  {
    row: '{}, P claimed or E1',
    plays: ['resume-nobody-leads-primary-claimed', 'resume-nobody-leads-primary-dead'],
    not: ['resume-nobody-leads-primary-unseen'],
  },
  {
    row: '{}, phase Boot',
    plays: ['boot-leader-dies-after-the-intent'],
    not: ['boot-leader-dies-after-the-promotion'],
  },
  {
    row: '{}, P neither',
    plays: ['resume-nobody-leads-primary-unseen'],
    not: ['resume-busy-primary-is-alive-without-a-claim'],
  },
  {
    row: 'no record, {x}, all others attached to x',
    plays: ['resume-no-record-one-master'],
    not: [
      'resume-no-record-a-master-that-not-all-follow',
      'resume-no-record-two-masters',
      'resume-no-record-waits-for-all',
    ],
  },
];

/** The first cells of the first table of a section, without its head. */
function cellsOf(page: string, section: number): readonly string[] {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}. `)) ?? '';
  const rows = [...text.matchAll(/^\| (.+?) \| /gm)].map(([, cell = '']) => cell);
  return rows.slice(1);
}

/** @returns what is wrong between the page's rows and ours. */
function gapsBetween(cells: readonly string[], rows: readonly Row[]): readonly string[] {
  const unplayed = cells.filter((cell) => !rows.some(({ row }) => cell.startsWith(row)));
  const unknown = rows.filter(({ row }) => !cells.some((cell) => cell.startsWith(row)));
  const bare = rows.filter(({ plays, not }) => plays.length === 0 || not.length === 0);
  const missing = rows
    .flatMap(({ plays, not }) => [...plays, ...not])
    .filter((script) => !existsSync(join(__dirname, `${script}.txt`)));
  return [
    ...unplayed.map((cell) => `no script plays: ${cell}`),
    ...unknown.map(({ row }) => `no such row: ${row}`),
    ...bare.map(({ row }) => `nothing beside: ${row}`),
    ...missing.map((script) => `no such script: ${script}`),
  ];
}

const page = readFileSync(join(__dirname, '../../../docs/design/failover.md'), 'utf8');

describe.each([
  { section: 5, rows: verdicts },
  { section: 9, rows: resumptions },
])('section $section of failover.md', ({ section, rows }) => {
  test('each row has its scripts, those that do and those that must not', () => {
    expect(cellsOf(page, section)).toHaveLength(rows.length);
    expect(gapsBetween(cellsOf(page, section), rows)).toEqual([]);
  });

  test('a row more, a row less and a script that is gone are found', () => {
    const cells = cellsOf(page, section);
    expect(gapsBetween([...cells, 'planted row'], rows)).toEqual(['no script plays: planted row']);
    expect(gapsBetween(cells.slice(1), rows)).toEqual([`no such row: ${rows[0]?.row}`]);
    const gone = [{ row: cells[0] ?? '', plays: ['planted'], not: [] }, ...rows.slice(1)];
    expect(gapsBetween(cells, gone)).toEqual([
      `nothing beside: ${cells[0]}`,
      'no such script: planted',
    ]);
  });
});

test('a script of a verdict or of a resumption stands in a row', () => {
  const named = [...verdicts, ...resumptions].flatMap(({ plays, not }) => [...plays, ...not]);
  const files = readdirSync(__dirname).filter((name) => /^(verdict|resume)-.*\.txt$/.test(name));
  expect(files.length).toBeGreaterThan(25);
  expect(files.filter((name) => !named.includes(name.replace('.txt', '')))).toEqual([]);
});
