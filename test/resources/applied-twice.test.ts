/**
 * The forty definitions on the API server of the local cluster, in memory: a strict dry run is accepted, the
 * first apply too, the second one changes nothing. The same on a real one: test/e2e/resources.test.ts.
 */
import { describe, expect, test } from 'vitest';
import { VALKEY_CLUSTER_CRD } from '../../src/spec/crds.generated';
import { type AppliedObject, applierOf } from '../kit/applier';
import { byCdk8s } from '../kit/synthesized';
import { forty } from './forty';

describe.each(forty)('$metadata.name: $spec', (definition) => {
  test('a dry run, an apply, a second apply', async () => {
    const applier = applierOf(5);
    await applier.define(VALKEY_CLUSTER_CRD);
    const objects = byCdk8s({
      ...definition,
      metadata: { ...definition.metadata, namespace: 'default' },
    });
    for (const object of objects) applier.apply(object, { dryRun: 'All' });
    expect(objects.map((object) => applier.live(object))).toEqual(objects.map(() => undefined));
    const first = objects.map((object) => applier.apply(object));
    const second = objects.map((object) => applier.apply(object));
    expect(second).toEqual(first);
    const changed = objects.map((object) => applier.apply(relabelled(object)));
    expect(changed.map(versionOf)).not.toEqual(first.map(versionOf));
  });
});

const versionOf = ({ metadata }: AppliedObject): string => metadata.resourceVersion;

/** That a change would be seen. */
function relabelled<Given extends { readonly metadata: object }>(object: Given): Given {
  const { labels } = object.metadata as { readonly labels?: object };
  return { ...object, metadata: { ...object.metadata, labels: { ...labels, planted: 'yes' } } };
}

test('a field that the API does not have is refused', async () => {
  const applier = applierOf(5);
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'a', namespace: 'default' },
    spec: { ports: [{ port: 1 }], slector: {} },
  };
  expect(() => applier.apply(service)).toThrow('slector');
});
