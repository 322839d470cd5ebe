/**
 * Numbers of a custom resource against their format: it is not looked at, the limits are.
 * Never here: limits themselves, other formats (test/local/api/typed).
 */
import { type Group, get, post, remove, type Step, silently } from '../row';

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const one = `${crds}/counts.NS.gungnir.test`;
const counts = '/apis/NS.gungnir.test/v1/namespaces/NS/counts';
const limited = { minimum: -(2 ** 40), maximum: 2 ** 40 };
const properties = {
  bare: { type: 'integer', format: 'int32' },
  limited: { type: 'integer', format: 'int32', ...limited },
  least: { type: 'integer', format: 'int32', minimum: 0 },
  even: { type: 'integer', format: 'int32', multipleOf: 2 },
};
const definition = {
  metadata: { name: 'counts.NS.gungnir.test' },
  spec: {
    ...{ group: 'NS.gungnir.test', scope: 'Namespaced' },
    names: { plural: 'counts', singular: 'count', kind: 'Count', listKind: 'CountList' },
    versions: [
      {
        ...{ name: 'v1', served: true, storage: true },
        schema: { openAPIV3Schema: { type: 'object', properties } },
      },
    ],
  },
};
const count = (name: string, value: number): Step =>
  post(
    `${counts}?dryRun=All`,
    { apiVersion: 'NS.gungnir.test/v1', kind: 'Count', metadata: { name: 'c' }, [name]: value },
    { only: [name] },
  );

export const numbers: Group = {
  name: 'numbers',
  rows: [
    {
      why: 'a number is held to its limits, and not to its format',
      steps: [
        silently(post(crds, definition)),
        silently(get(counts, { until: (_body, status) => status === 200 })),
        ...Object.keys(properties).flatMap((name) => [
          count(name, 2 ** 31),
          count(name, 2 ** 31 - 2),
        ]),
        count('bare', -(2 ** 31) - 1),
        count('limited', 2 ** 40 + 1),
        count('least', -1),
        count('even', 2 ** 31 + 1),
        silently(remove(one)),
      ],
    },
  ],
};
