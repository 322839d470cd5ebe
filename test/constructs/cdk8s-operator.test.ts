/** The construct of the operator: what is made of its choices, and what is said of wrong ones. */
import { describe, expect, test } from 'vitest';
import { readBundle } from '../../src/constructs/program';
import { LogLevel, ValkeyOperator, type ValkeyOperatorProps } from '../../src/index';
import { FIXED_FLAGS, FURTHER_FLAGS } from '../../src/resources/operator/choices';
import { NODE_IMAGE, OPERATOR_DEFAULTS } from '../../src/resources/operator/options';
import { operatorObjects } from '../../src/resources/operator/render';
import { operatorFlags } from '../../src/runtime/args';
import { type Made, plain, synth } from './synth';

describe('the operator', () => {
  const synthOperator = (props: ValkeyOperatorProps): readonly Made[] =>
    synth((chart) => new ValkeyOperator(chart, 'operator', props));

  test('by an image is what the one renderer makes', () => {
    expect(synthOperator({ image: 'ours:1' })).toEqual(
      plain(operatorObjects({ kind: 'image', image: 'ours:1' }, OPERATOR_DEFAULTS)),
    );
  });

  test('brings its program in an immutable ConfigMap under a stock image', () => {
    const objects = synthOperator({});
    const program = objects.find(({ kind }) => kind === 'ConfigMap');
    expect(program?.metadata.name).toMatch(/^gungnir-operator-bundle-[0-9a-f]{12}$/);
    expect(program).toMatchObject({ immutable: true });
    expect(JSON.stringify(objects.find(({ kind }) => kind === 'Deployment'))).toContain(NODE_IMAGE);
    const shipped = { kind: 'bundle', bundle: readBundle(), image: NODE_IMAGE } as const;
    expect(objects).toEqual(plain(operatorObjects(shipped, OPERATOR_DEFAULTS)));
  });

  test.each([
    { chart: {}, props: {}, lives: 'gungnir-system', why: 'the default' },
    { chart: { namespace: 'ops' }, props: {}, lives: 'ops', why: 'the chart’s' },
    { chart: { namespace: 'ops' }, props: { namespace: 'own' }, lives: 'own', why: 'asked for' },
  ])('lives in $lives, with the chart’s labels ($why)', ({ chart: given, props, lives }) => {
    const seen: string[] = [];
    const objects = synth(
      (chart) => {
        seen.push(new ValkeyOperator(chart, 'operator', { image: 'ours:1', ...props }).namespace);
      },
      { ...given, labels: { team: 'a' } },
    );
    expect(seen).toEqual([lives]);
    const places = objects
      .filter(({ kind }) => ['Deployment', 'ServiceAccount', 'Role', 'Service'].includes(kind))
      .map(({ metadata }) => metadata.namespace);
    expect(places).toEqual([lives, lives, lives, lives]);
    expect(objects.find(({ kind }) => kind === 'Namespace')?.metadata.name).toBe(lives);
    expect(JSON.stringify(objects.find(({ kind }) => kind === 'ClusterRoleBinding'))).toContain(
      `"namespace":"${lives}"`,
    );
    for (const { metadata } of objects) expect(metadata.labels).toMatchObject({ team: 'a' });
    const wide = objects.filter(({ kind }) => /^(Namespace|ClusterRole(Binding)?)$/.test(kind));
    expect(wide.map(({ metadata }) => metadata.namespace)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('two operators beside each other have no object in common', () => {
    const idsOf = (namespace: string): readonly string[] =>
      synthOperator({ image: 'ours:1', namespace, watchNamespaces: [`${namespace}-shop`] }).map(
        ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
      );
    const [one, two] = [idsOf('a'), idsOf('b')];
    expect(one.length).toBeGreaterThan(8);
    expect(one.filter((id) => two.includes(id))).toEqual([]);
  });

  test.each([
    { watchNamespaces: ['shop', 'bank'], why: 'two others' },
    { watchNamespaces: ['gungnir-system', 'shop'], why: 'its own too' },
  ])('of several namespaces is what the one renderer makes: $why', ({ watchNamespaces }) => {
    expect(synthOperator({ image: 'ours:1', watchNamespaces })).toEqual(
      plain(
        operatorObjects(
          { kind: 'image', image: 'ours:1' },
          { ...OPERATOR_DEFAULTS, scope: { kind: 'namespaces', namespaces: watchNamespaces } },
        ),
      ),
    );
  });

  test.each([
    { props: { logLevel: LogLevel.DEBUG }, has: '--log-level=debug', why: 'verbosity' },
    { props: { leaseDurationMs: 3000 }, has: '--renew-deadline-ms=2000', why: 'in proportion' },
    { props: { watchNamespaces: ['shop'] }, has: '"--namespace=shop"', why: 'one namespace' },
    { props: { watchNamespaces: ['a', 'b'] }, has: '"--namespace=a,b"', why: 'two namespaces' },
    { props: { flags: ['--retry-ms=99'] }, has: '--retry-ms=99', why: 'anything else' },
  ])('$props gives $has ($why)', ({ props, has }) => {
    expect(JSON.stringify(synthOperator({ image: 'x', ...props }))).toContain(has);
    expect(JSON.stringify(synthOperator({ image: 'x' }))).not.toContain(has);
  });

  test.each([
    { props: { replicas: 0 }, says: 'replicas: 0' },
    { props: { leaseDurationMs: 10 }, says: 'leaseDurationMs: 10' },
    { props: { bundlePath: 'nowhere.mjs' }, says: 'npm run bundle' },
    { props: { replica: 3 }, says: 'replica: 3: is not a known field. To fix: did you mean' },
    { props: { replicas: '2' }, says: 'replicas: "2": must be a whole number' },
    { props: { namespace: 'Ops' }, says: 'namespace: "Ops": must be the name of a namespace' },
    {
      props: { watchNamespaces: ['a', 'a.b'] },
      says: 'watchNamespaces[1]: "a.b": must be the name of a namespace',
    },
    {
      props: { watchNamespaces: ['a', 'b', 'a'] },
      says: 'watchNamespaces[2]: "a": is in the list already. To fix: remove it',
    },
    {
      props: { watchNamespaces: [] },
      says: 'watchNamespaces: []: must name a namespace at least. To fix: leave it out for all',
    },
    { props: { watchNamespaces: 'shop' }, says: 'watchNamespaces: "shop": must be a list' },
    { props: { watchNamespace: 'shop' }, says: 'did you mean `watchNamespaces`' },
    { props: { image: '' }, says: 'image: ""' },
    { props: { nodeImage: 'node 24' }, says: 'nodeImage: "node 24"' },
    { props: { logLevel: 'loud' }, says: 'must be one of debug, info, warn, error' },
    { props: { networkPolicy: 'yes' }, says: 'networkPolicy: "yes": must be true or false' },
    {
      props: { resources: { limits: { memory: 'much' } } },
      says: 'resources.limits.memory: "much"',
    },
    { props: { flags: '--retry-ms=9' }, says: 'flags: "--retry-ms=9": must be a list' },
    { props: { flags: ['--retry-m=9'] }, says: 'did you mean --retry-ms=VALUE' },
    { props: { flags: ['--retry-ms', '9'] }, says: 'write it as --retry-ms=VALUE' },
    { props: { flags: ['--namespace=a'] }, says: 'use watchNamespaces' },
  ])('$props is refused: $says', ({ props, says }) => {
    expect(() => synthOperator(props as ValkeyOperatorProps)).toThrow(says);
  });

  test('all that is wrong is told at once, with the path of the construct', () => {
    const wrong = { replicas: 0, namespace: 'Ops', logLevel: 'loud', flags: ['x'] };
    const act = (): unknown => synthOperator(wrong as unknown as ValkeyOperatorProps);
    for (const path of ['replicas', 'namespace', 'logLevel', 'flags[0]'])
      expect(act).toThrow(`[app/operator] ${path}: `);
  });

  test('further flags are those that the program has, and no other', () => {
    const all = Object.values(operatorFlags).map(({ name }) => name);
    expect([...FURTHER_FLAGS, ...Object.keys(FIXED_FLAGS)].sort()).toEqual([...all].sort());
    const flags = FURTHER_FLAGS.map((name) => `${name}=1`);
    expect(() => synthOperator({ image: 'x', flags })).not.toThrow();
  });
});
