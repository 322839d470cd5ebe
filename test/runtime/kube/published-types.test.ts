/** What the operator reads, and what a user may write of a pod, is what Kubernetes publishes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resources } from '../../../src/runtime/kube/types';
import { definitionOf, type Module, moduleOf } from '../../kit/published-types';

/** Ours is judged by the CRD's own tests. */
const foreign = Object.values(resources).filter(({ kind }) => kind !== 'ValkeyCluster');
const read = moduleOf('src/runtime/kube/types.ts');
const typed = foreign.filter(({ kind }) => read.names.includes(kind));

test.each(foreign)('$apiVersion has a $kind', ({ apiVersion, kind }) => {
  expect(definitionOf(apiVersion, kind)).toBeDefined();
});

test.each(typed)('$kind is read as it is published', ({ apiVersion, kind }) => {
  expect(read.lies(kind, definitionOf(apiVersion, kind) ?? '', 'read')).toEqual([]);
});

test('ten kinds are read by fields, and a kind that there is not has no definition', () => {
  expect(typed).toHaveLength(10);
  expect(definitionOf('apps/v1', 'StatefulSets')).toBeUndefined();
});

const core = 'io.k8s.api.core.v1';
test.each([
  { file: 'scheduling', name: 'Affinity', definition: `${core}.Affinity` },
  { file: 'scheduling', name: 'Toleration', definition: `${core}.Toleration` },
  {
    file: 'scheduling',
    name: 'TopologySpreadConstraint',
    definition: `${core}.TopologySpreadConstraint`,
  },
  { file: 'surroundings', name: 'ResourcesSpec', definition: `${core}.ResourceRequirements` },
])('$name is written as it is published', ({ file, name, definition }) => {
  expect(moduleOf(`src/spec/${file}.ts`).lies(name, definition, 'written')).toEqual([]);
});

describe('a type that lies', () => {
  let folder: string;
  let planted: Module;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gungnir-types-'));
    const file = join(folder, 'types.ts');
    writeFileSync(
      file,
      `export interface Pod {
        readonly metadata: { readonly name: string; readonly labels: { readonly [key: string]: number } };
        readonly spec?: { readonly nodeNam?: string; readonly containers: readonly string[]; readonly volumes?: string };
        readonly status?: { readonly phase?: 'Pending' | 'Running' | 'Failed' | 'Unknown'; readonly startTime: string };
      }
      export interface Term { readonly topologyKey?: string }\n`,
    );
    planted = moduleOf(file);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is told for each field, when it is read', () => {
    expect(planted.lies('Pod', `${core}.Pod`, 'read')).toEqual([
      'Pod.metadata.labels may be left out',
      'Pod.metadata.labels[] is no number',
      'Pod.spec.nodeNam is not there',
      'Pod.spec.containers[] is no string',
      'Pod.spec.volumes is no string',
      'Pod.status.phase may be Succeeded',
      'Pod.status.startTime may be left out',
    ]);
  });

  test('is told when it is written: what the API wants must be there', () => {
    expect(planted.lies('Term', `${core}.PodAffinityTerm`, 'written')).toEqual([
      'Term.topologyKey may not be left out',
    ]);
    expect(planted.lies('Term', `${core}.TopologySpreadConstraint`, 'written')).toEqual([
      'Term.topologyKey may not be left out',
      'Term.maxSkew is forgotten',
      'Term.whenUnsatisfiable is forgotten',
    ]);
  });
});
