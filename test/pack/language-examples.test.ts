/** The examples in other languages name the versions of cdk8s that the TypeScript one is compared with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../package.json';
import { examples, replaced, withMore } from './language-examples';

const { cdk8s, constructs, 'cdk8s-plus-28': plus } = manifest.devDependencies;

test('Python', () => {
  const lines = readFileSync('examples/cdk8s-python/requirements.txt', 'utf8').trim().split('\n');
  const wanted = [`cdk8s==${cdk8s}`, `cdk8s-plus-28==${plus}`, `constructs==${constructs}`];
  expect(lines.sort()).toEqual(wanted.sort());
});

test('Go', () => {
  const text = readFileSync('examples/cdk8s-go/go.mod', 'utf8');
  expect(text).toContain(`cdk8s-core-go/cdk8s/v2 v${cdk8s}\n`);
  expect(text).toContain(`cdk8s-plus-go/cdk8splus28/v2 v${plus}\n`);
});

test.each(Object.entries(examples))('%s has the line that is added to, once', (_, example) => {
  const text = readFileSync(join(example.folder, example.source), 'utf8');
  expect(withMore(text, example)).toContain(`${example.replicas}${example.more}`);
});

test('a line that is not there, or twice, is no place to add to', () => {
  expect(() => replaced('a b', 'c', 'd')).toThrow('does not stand there once');
  expect(() => replaced('a a', 'a', 'd')).toThrow('does not stand there once');
});
