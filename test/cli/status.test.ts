/** `gungnir status`: each state that may be found at night, as it is printed in 80 columns. */
import { describe, expect, test } from 'vitest';
import { gungnir, startApi } from './api';
import { run } from './fake-io';
import { golden } from './golden';
import { objects } from './objects';

const { running, elsewhere, longName, unseen, failing } = objects;

describe('one cluster', () => {
  test.each([
    { state: 'running', code: 0, why: 'all is well' },
    { state: 'unseen', code: 4, why: 'no operator has looked yet' },
    { state: 'starting', code: 4, why: 'the pods start' },
    { state: 'paused', code: 0, why: 'it serves, and its objects are left alone' },
    { state: 'failing', code: 4, why: 'the engine asks: the command to type is there' },
    { state: 'failingAnswered', code: 4, why: 'an accept from before is no answer' },
    { state: 'stale', code: 0, why: 'its operator is gone: what it says is old' },
    { state: 'lagging', code: 0, why: 'a replica is behind' },
    { state: 'deleting', code: 0, why: 'it is about to go' },
  ] as const)('$state ends with $code ($why)', async ({ state, code }) => {
    const { kubeconfig } = await startApi([objects[state]]);
    const ran = await gungnir(kubeconfig, ['status', 'cart']);
    expect(ran.code).toBe(code);
    await golden(`status-${state}`, ran);
  });

  test.each([
    { name: 'crat', told: 'nearest=cart', why: 'misspelt' },
    { name: 'orders', told: 'thereIsOneIn=billing', why: 'in another namespace' },
    { name: 'zebra', told: 'known=cart)', why: 'nothing like it' },
  ])('$name is told with what there is ($why)', async ({ name, told }) => {
    const { kubeconfig } = await startApi([running, elsewhere]);
    const { code, out, err } = await gungnir(kubeconfig, ['status', name]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^error: ClusterUnknown: /);
    expect(err.replace(/\n */g, ' ')).toContain(told);
  });

  test('without the right to list everywhere it looks around in the namespace', async () => {
    const api = await startApi([running, elsewhere]);
    api.instead = ({ path }, reply) => {
      if (path !== '/apis/valkey.verilean.io/v1/valkeyclusters') return 'not mine';
      reply.status(403, 'Forbidden', 'no');
      return 'answered';
    };
    const { err } = await gungnir(api.kubeconfig, ['status', 'crat']);
    expect(err).toContain('nearest=cart');
  });
});

describe('all clusters', () => {
  test.each([
    { is: 'none', held: [], argv: [], code: 0, why: 'says where it looked' },
    { is: 'some', held: [running, elsewhere], argv: [], code: 0, why: "the context's namespace" },
    {
      is: 'namespace',
      held: [running, elsewhere],
      argv: ['-n', 'billing'],
      code: 0,
      why: 'the namespace that was named',
    },
    {
      is: 'everywhere',
      held: [running, elsewhere, { ...failing, metadata: { ...failing.metadata, name: 'wallet' } }],
      argv: ['-A'],
      code: 4,
      why: 'one of them has no primary',
    },
    { is: 'none-everywhere', held: [], argv: ['-A'], code: 0, why: 'there is none' },
    { is: 'wide', held: [longName, unseen], argv: [], code: 4, why: 'too wide for a table' },
  ])('$is: $argv ends with $code ($why)', async ({ is, held, argv, code }) => {
    const { kubeconfig } = await startApi(held);
    const ran = await gungnir(kubeconfig, ['status', ...argv]);
    expect(ran.code).toBe(code);
    await golden(`status-all-${is}`, ran);
  });
});

describe('as JSON', () => {
  test.each(['running', 'unseen', 'failing'] as const)('%s has every field', async (state) => {
    const { kubeconfig } = await startApi([objects[state]]);
    const one = await gungnir(kubeconfig, ['status', 'cart', '-o', 'json']);
    const all = await gungnir(kubeconfig, ['status', '--output', 'json']);
    expect([JSON.parse(one.out)]).toEqual(JSON.parse(all.out));
    expect(Object.keys(JSON.parse(one.out) as object)).toEqual([
      'name',
      'namespace',
      'phase',
      'reconciling',
      'primary',
      'readyPods',
      'wantedPods',
      'epoch',
      'term',
      'step',
      'writes',
      'updatedAt',
      'trouble',
      'accept',
      'nodes',
      'conditions',
      'failovers',
    ]);
    expect([one.code, all.code]).toEqual(state === 'running' ? [0, 0] : [4, 4]);
  });

  test('no cluster is an empty list', async () => {
    const { kubeconfig } = await startApi([]);
    expect(await gungnir(kubeconfig, ['status', '-o', 'json'])).toEqual({
      code: 0,
      out: '[]\n',
      err: '',
    });
  });
});

test('where nobody reads in columns, a line stays a line', async () => {
  const { kubeconfig } = await startApi([failing]);
  const { out } = await gungnir(kubeconfig, ['status', 'cart'], { columns: undefined });
  expect(out).toMatch(/^PrimaryNotFenced: .* To fix: .*$/m);
});

test('a NAME beside --all-namespaces is refused: a name stands in one namespace', async () => {
  const { code, err } = await run(['status', 'cart', '-A']);
  expect(code).toBe(2);
  expect(err).toContain('(word=cart beside=--all-namespaces)');
});
