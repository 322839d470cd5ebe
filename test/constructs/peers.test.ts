/** A missing or old package of the user's is told in one sentence, with the command that helps. */
import { expect, test } from 'vitest';
import manifest from '../../package.json';
import { CDK8S_PEERS } from '../../src/constructs/cdk8s/peers';
import { requirePeers } from '../../src/constructs/peers';
import { PULUMI_PEERS } from '../../src/constructs/pulumi/peers';

test('the least versions are those of package.json, and what all tests run with', () => {
  const carets = Object.entries(CDK8S_PEERS).map(([name, least]) => [name, `^${least}`]);
  expect(Object.fromEntries(carets)).toEqual(manifest.peerDependencies);
  expect(manifest.devDependencies).toMatchObject(CDK8S_PEERS);
  const pulumi = '@pulumi/pulumi';
  expect(manifest.devDependencies[pulumi]).toBe(`^${PULUMI_PEERS[pulumi]}`);
});

test.each([
  { found: undefined, says: 'cdk8s=none' },
  { found: '1.99.999', says: 'cdk8s=1.99.999' },
  { found: '2.9.200', says: 'cdk8s=2.9.200' },
  { found: '2.70.99', says: 'cdk8s=2.70.99' },
  { found: '2.70.100', says: '' },
  { found: '2.70.101-pre.1', says: '' },
  { found: '2.71.0', says: '' },
  { found: '3.0.0', says: '' },
  { found: 'unknown', says: '' },
])('2.70.100 is needed and $found is there: $says', ({ found, says }) => {
  const act = (): void => requirePeers({ cdk8s: '2.70.100' }, () => found);
  if (says === '') expect(act).not.toThrow();
  else
    expect(act).toThrow(
      `PeerUnusable: packages that this one works with are not installed, or too old (${says}). To fix: npm install cdk8s@^2.70.100.`,
    );
});

test('all of them are told at once, and what is installed here is found', () => {
  const act = (): void => requirePeers({ 'no-such-a': '1.0.0', vitest: '1.0.0', cdk8s: '99.0.0' });
  expect(act).toThrow(
    /no-such-a=none cdk8s=2\.70\.100\). To fix: npm install no-such-a@\^1\.0\.0 cdk8s@\^99/,
  );
});
