/**
 * One renderer, several users: operator, cdk8s and command line make the same objects of forty definitions,
 * and set nothing that the operator or the server owns.
 */
import { describe, expect, test } from 'vitest';
import { NOT_FOR_GIT, notForGit } from '../../src/resources/ownership';
import { LABELS } from '../../src/spec/naming';
import { validate } from '../../src/spec/validate';
import { byCdk8s, byCommand, byOperator, type Synthesized } from '../kit/synthesized';
import { forty } from './forty';

const UID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const MARK = 'valkey.verilean.io/managed-by';

test('the table has forty definitions, all of them legal and with a name of their own', () => {
  expect(forty).toHaveLength(40);
  expect(forty.flatMap((definition) => validate(definition))).toEqual([]);
  expect(new Set(forty.map(({ metadata }) => metadata.name)).size).toBe(40);
  expect(new Set(forty.map(({ spec }) => JSON.stringify(spec))).size).toBe(40);
});

/** Git's mark, or the owner that the operator gives: the one thing in which they differ. */
function without(mark: string, objects: readonly Synthesized[]): readonly Synthesized[] {
  return objects.map((object) => {
    const { ownerReferences: _, annotations, ...metadata } = object.metadata;
    const { [mark]: __, ...others } = annotations ?? {};
    return Object.keys(others).length === 0
      ? { ...object, metadata }
      : { ...object, metadata: { ...metadata, annotations: others } };
  });
}

describe.each(forty)('$metadata.name: $spec', (definition) => {
  const [cluster, ...objects] = byCdk8s(definition);

  test('cdk8s makes what the operator makes, but for the owner', () => {
    const operators = byOperator(definition, UID);
    expect(without(MARK, objects)).toEqual(without(MARK, operators));
    expect(objects.map(({ metadata }) => metadata.annotations?.[MARK])).toEqual(
      objects.map(() => 'gitops'),
    );
    expect(operators.map(({ metadata }) => metadata.ownerReferences?.length)).toEqual(
      operators.map(() => 1),
    );
  });

  test('gungnir render prints what cdk8s makes', async () => {
    expect(await byCommand(definition)).toEqual(objects);
  });

  test('nothing in it is the operator’s or the server’s', () => {
    const { name } = definition.metadata;
    const made = [...(cluster === undefined ? [] : [cluster]), ...objects];
    expect(made.flatMap((object) => notForGit(name, object))).toEqual([]);
  });

  test('the ValkeyCluster is marked as Git’s before its first object is there', () => {
    expect(cluster?.metadata.annotations).toEqual({ [MARK]: 'gitops' });
  });
});

describe('a path that is not for Git', () => {
  const planted: Readonly<Record<string, unknown>> = {
    'spec.selector': { app: 'valkey' },
    [`metadata.annotations.${'valkey.verilean.io/epoch'}`]: '3',
    data: { password: 'eA==' },
    stringData: { password: 'x' },
    [`spec.template.metadata.labels.${LABELS.role}`]: 'primary',
  };

  test.each(NOT_FOR_GIT.map((owned) => ({ owned, written: owned.path.join('.') })))(
    '$written is found where it is planted, and not elsewhere',
    ({ owned, written }) => {
      const kind = owned.kind === '*' ? 'StatefulSet' : owned.kind;
      const name = owned.nameOf?.('shop') ?? 'shop';
      const value = planted[written] ?? 'planted';
      const nested = [...owned.path]
        .reverse()
        .reduce<unknown>((inner, key) => ({ [key]: inner }), value);
      const { metadata = {}, ...rest } = nested as { metadata?: object };
      const object = { kind, ...rest, metadata: { name, ...metadata } };
      expect(notForGit('shop', object)).toContain(written);
      expect(notForGit('shop', { ...object, kind: 'Gadget', metadata: { name } })).not.toContain(
        owned.kind === '*' ? 'never' : written,
      );
    },
  );
});
