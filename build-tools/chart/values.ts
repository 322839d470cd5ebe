/**
 * What may be set in the chart: the same choices as the construct ValkeyOperator, with the same defaults
 * and ranges, as values.yaml and as the JSON schema that Helm holds them to.
 * Never here: what they do (chart.ts).
 */
import { stringify } from 'yaml';
import { FURTHER_FLAGS, LOG_LEVELS, OPERATOR_RANGES } from '../../src/resources/operator/choices';
import { NODE_IMAGE, OPERATOR_DEFAULTS } from '../../src/resources/operator/options';

interface Value {
  readonly name: string;
  readonly says: string;
  readonly fallback: unknown;
  readonly schema: object;
}

const { replicas, leaseDurationMs } = OPERATOR_RANGES;
const quantities = {
  type: 'object',
  additionalProperties: { type: ['string', 'number'] },
};
/** Each as one word; the switch has no value. */
const furtherFlag = `^((${FURTHER_FLAGS.join('|')})=.*|--allow-failpoints)$`;
const namespaceName = '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$';

const VALUES: readonly Value[] = [
  {
    name: 'replicas',
    says: 'Number of pods: one leads, the others are warm standbys. 1..8.',
    fallback: replicas.fallback,
    schema: { type: 'integer', minimum: replicas.least, maximum: replicas.most },
  },
  {
    name: 'watchNamespaces',
    says: 'The only namespaces whose clusters it looks after, with a Role in each; empty: all of them.',
    fallback: [],
    schema: {
      type: 'array',
      items: { type: 'string', pattern: namespaceName },
      uniqueItems: true,
    },
  },
  {
    name: 'image',
    says: 'An image that brings the program as `gungnir` on its path; empty: the chart’s own program under nodeImage.',
    fallback: '',
    schema: { type: 'string' },
  },
  {
    name: 'nodeImage',
    says: 'An image with Node 24 under which the chart’s program runs. Not used with image.',
    fallback: NODE_IMAGE,
    schema: { type: 'string', minLength: 1 },
  },
  {
    name: 'resources',
    says: 'Compute resources of its container.',
    fallback: OPERATOR_DEFAULTS.resources,
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: { requests: quantities, limits: quantities },
    },
  },
  {
    name: 'logLevel',
    says: `How much it says: ${LOG_LEVELS.join(', ')}.`,
    fallback: 'info',
    schema: { enum: LOG_LEVELS },
  },
  {
    name: 'leaseDurationMs',
    says: 'For how long the lease of a leader that does not answer keeps others from leading. 1000..600000.',
    fallback: leaseDurationMs.fallback,
    schema: { type: 'integer', minimum: leaseDurationMs.least, maximum: leaseDurationMs.most },
  },
  {
    name: 'flags',
    says: 'Further flags of `gungnir operator`, each as --name=value.',
    fallback: [],
    schema: { type: 'array', items: { type: 'string', pattern: furtherFlag } },
  },
  {
    name: 'networkPolicy',
    says: 'Whether a NetworkPolicy lets nothing in but probes and metrics.',
    fallback: false,
    schema: { type: 'boolean' },
  },
  {
    name: 'podMonitor',
    says: 'Whether a PodMonitor of the Prometheus operator is made.',
    fallback: false,
    schema: { type: 'boolean' },
  },
];

export function valuesFile(marker: string): string {
  const entries = VALUES.map(
    ({ name, says, fallback }) => `# ${says}\n${stringify({ [name]: fallback }, { lineWidth: 0 })}`,
  );
  return `# ${marker}\n\n${entries.join('\n')}`;
}

/** Helm passes `global` of a parent chart to every chart. */
export function valuesSchema(marker: string): string {
  const properties = Object.fromEntries(
    VALUES.map(({ name, says, fallback, schema }) => [
      name,
      { description: says, default: fallback, ...schema },
    ]),
  );
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $comment: marker,
    title: 'Values of the chart gungnir-operator',
    type: 'object',
    additionalProperties: false,
    properties: { ...properties, global: { type: 'object' } },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
