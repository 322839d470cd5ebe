/** docs/errors.md is the reason table: each reason once, under its word, and nothing that is no reason. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorsPage } from '../../build-tools/errors-page';
import { reasons } from '../../src/kit/reasons';

const page = readFileSync('docs/errors.md', 'utf8');

test('each reason has one heading, and each heading is a reason', () => {
  const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, word = '']) => word);
  expect([...headings].sort()).toEqual(Object.keys(reasons).sort());
});

test('what it means and what to do stand there whole', () => {
  for (const { means, action } of Object.values(reasons)) {
    expect(page).toContain(`${means.slice(1)}.\n`);
    expect(page).toContain(`**To fix:** ${action}.\n`);
  }
});

test('each reason of a switchover is found under the engine, each flag under the command line', () => {
  const [, engine = '', rest = ''] = errorsPage('m').split(/^## (?!The objects)/m);
  expect(engine).toContain('### SwitchoverRefused');
  expect(engine).not.toContain('### FlagUnknown');
  expect(rest).toContain('### FlagUnknown');
});
