/** Ranges become the one version that is there: Maven would ask for every version in them. */
import { expect, test } from 'vitest';
import { pinned } from '../../build-tools/java-package';

function dependency(artifact: string, version: string): string {
  return `<artifactId>${artifact}</artifactId>\n      <version>${version}</version>`;
}

const versions = new Map([['cdk8s', '2.70.100']]);

test.each([
  { why: 'a module of ours', artifact: 'cdk8s', range: '[2.68.11,3.0.0)', wanted: '2.70.100' },
  { why: 'another one', artifact: 'jsii-runtime', range: '[1.140.0,2.0.0)', wanted: '1.140.0' },
  { why: 'no range', artifact: 'maven-jar-plugin', range: '3.3.0', wanted: '3.3.0' },
])('$why: $range becomes $wanted', ({ artifact, range, wanted }) => {
  expect(pinned(dependency(artifact, range), versions)).toBe(dependency(artifact, wanted));
});

test('a range of another form is refused', () => {
  expect(() => pinned(dependency('cdk8s', '(,3.0.0)'), versions)).toThrow('a range of versions');
});
