/**
 * Rules that a type, a range or a pattern cannot say: across fields, on keys of maps, on what is not
 * there yet. Each stands once, as a check for synth time and the operator and as its CEL twin for the
 * CRD; a test runs one table of definitions through both. Never here: a rule on one plain value.
 */
import { CLUSTER_NAME_MAX_CHARACTERS, PREFIX, RESERVED_LABELS } from './naming';
import type { NotYet } from './not-yet';
import { NOT_YET, turnsOn } from './not-yet';
import type { OwnedConfig } from './owned-config';
import { OWNED_CONFIG } from './owned-config';
import { PATTERNS } from './patterns';
import { amountOf, HELD_QUANTITY_PATTERN } from './quantity';

/** A JSON object that has not been checked. */
export type Node = Readonly<Record<string, unknown>>;

export interface Rule {
  /** The object that `self` is: '' for the definition, else a path; `[]` for each item of a list. */
  readonly at: string;
  /** True when the rule holds; undefined where the CEL of Kubernetes 1.28 cannot say it. */
  readonly cel: string | undefined;
  readonly limit: string;
  readonly remedy: string;
  /** The places under `at` where the rule is broken; values of a wrong type break no rule here. */
  broken(self: Node): readonly string[];
}

const fine: readonly string[] = [];

const clusterName: Rule = {
  at: '',
  cel:
    `self.metadata.name.size() <= ${CLUSTER_NAME_MAX_CHARACTERS} && ` +
    `self.metadata.name.matches('${PATTERNS.clusterName.pattern}')`,
  limit: `metadata.name ${PATTERNS.clusterName.limit}, at most ${CLUSTER_NAME_MAX_CHARACTERS} characters`,
  remedy: PATTERNS.clusterName.remedy,
  broken({ metadata }) {
    const name = isNode(metadata) ? metadata.name : undefined;
    if (typeof name !== 'string') return fine;
    const valid =
      name.length <= CLUSTER_NAME_MAX_CHARACTERS &&
      new RegExp(PATTERNS.clusterName.pattern).test(name);
    return valid ? fine : ['metadata.name'];
  },
};

/** Probes that must fit into the silence: fewer would call one lost packet a dead node. */
const PROBES_MIN = 3;

const downAfter: Rule = {
  at: 'spec.sentinel',
  cel: `self.downAfterMs >= ${PROBES_MIN} * self.pingIntervalMs`,
  limit: `downAfterMs must be at least ${PROBES_MIN} times pingIntervalMs`,
  remedy: 'raise downAfterMs or lower pingIntervalMs',
  broken({ pingIntervalMs = 1000, downAfterMs = 5000 }) {
    if (typeof pingIntervalMs !== 'number' || typeof downAfterMs !== 'number') return fine;
    return downAfterMs >= PROBES_MIN * pingIntervalMs ? fine : ['downAfterMs'];
  },
};

const toleration: readonly Rule[] = [
  {
    at: 'spec.scheduling.tolerations[]',
    cel: "(has(self.key) && self.key != '') || (has(self.operator) && self.operator == 'Exists')",
    limit: 'operator must be Exists where there is no key',
    remedy: 'name a key, or set operator: Exists',
    broken: ({ key = '', operator }) => (key === '' && operator !== 'Exists' ? ['operator'] : fine),
  },
  {
    at: 'spec.scheduling.tolerations[]',
    cel: "!has(self.operator) || self.operator != 'Exists' || !has(self.value) || self.value == ''",
    limit: 'value must be left out with operator Exists',
    remedy: 'remove value, or use operator: Equal',
    broken: ({ operator, value = '' }) =>
      operator === 'Exists' && value !== '' ? ['value'] : fine,
  },
  {
    at: 'spec.scheduling.tolerations[]',
    cel: "!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')",
    limit: 'tolerationSeconds needs effect NoExecute',
    remedy: 'set effect: NoExecute, or remove tolerationSeconds',
    broken: ({ effect, tolerationSeconds }) =>
      tolerationSeconds !== undefined && effect !== 'NoExecute' ? ['tolerationSeconds'] : fine,
  },
];

/** A rule on each key of a map. */
function keyRule(
  at: string,
  cel: string,
  holds: (key: string) => boolean,
  limit: string,
  remedy: string,
): Rule {
  return {
    at,
    cel: `self.all(k, ${cel})`,
    limit,
    remedy,
    broken: (self) => Object.keys(self).filter((key) => !holds(key)),
  };
}

/** Prefix (253), slash, name (63). */
const KEY_MAX_CHARACTERS = 317;

function qualifiedKeys(at: string): Rule {
  const { pattern, limit, remedy } = PATTERNS.qualifiedName;
  const shape = new RegExp(pattern);
  return keyRule(
    at,
    `k.size() <= ${KEY_MAX_CHARACTERS} && k.matches('${pattern}')`,
    (key) => key.length <= KEY_MAX_CHARACTERS && shape.test(key),
    `each key ${limit}`,
    remedy,
  );
}

function unreservedKeys(at: string, reserved: readonly string[]): Rule {
  const exact = reserved.length === 0 ? '' : ` && !(k in [${reserved.map(celText).join(', ')}])`;
  const words = reserved.length === 0 ? '' : `, nor be ${reserved.join(', ')}`;
  return keyRule(
    at,
    `!k.startsWith('${PREFIX}')${exact}`,
    (key) => !key.startsWith(PREFIX) && !reserved.includes(key),
    `keys must not begin with ${PREFIX}${words}: the operator keeps these`,
    'choose another key',
  );
}

function resourceKeys(at: string): Rule {
  return keyRule(
    at,
    "k in ['cpu', 'memory', 'ephemeral-storage'] || k.startsWith('hugepages-') || k.contains('/')",
    (key) =>
      ['cpu', 'memory', 'ephemeral-storage'].includes(key) ||
      key.startsWith('hugepages-') ||
      key.includes('/'),
    'each key must be cpu, memory, ephemeral-storage, hugepages-<size> or a name with a domain',
    'mend the name of the resource',
  );
}

/** Kubernetes holds the pattern of a quantity against text only. */
function wholeAmounts(at: string): Rule {
  return {
    at,
    cel: 'self.all(k, type(self[k]) != int || int(self[k]) >= 0)',
    limit: 'each amount must be zero or more',
    remedy: 'write the amount without a minus',
    broken: (self) =>
      Object.keys(self).filter((key) => typeof self[key] === 'number' && Number(self[key]) < 0),
  };
}

const heldQuantity = new RegExp(HELD_QUANTITY_PATTERN);

/** A size that Kubernetes cannot hold becomes another one without a word. */
const storageHeld: Rule = {
  at: 'spec.persistence',
  cel: `!has(self.storageSize) || self.storageSize.matches('${HELD_QUANTITY_PATTERN}')`,
  limit: 'storageSize must be less than 8Ei, the most that Kubernetes can hold',
  remedy: 'write a smaller size, with the greatest unit that fits',
  broken: ({ storageSize }) =>
    typeof storageSize !== 'string' ||
    amountOf(storageSize) === undefined ||
    heldQuantity.test(storageSize)
      ? fine
      : ['storageSize'],
};

const configKeys = keyRule(
  'spec.config',
  "k.size() <= 64 && k.matches('^[a-z][a-z0-9-]*$')",
  (key) => key.length <= 64 && /^[a-z][a-z0-9-]*$/.test(key),
  'each key must be the name of a Valkey setting in lower case, such as maxclients',
  'write it as it stands in valkey.conf',
);

function ownedKeys({ keys, prefixes, use }: OwnedConfig): Rule {
  const exact = keys.length === 0 ? [] : [`!(k in [${keys.map(celText).join(', ')}])`];
  const begins = prefixes.map((prefix) => `!k.startsWith(${celText(prefix)})`);
  const names = [...keys, ...prefixes.map((prefix) => `${prefix}*`)].join(', ');
  return keyRule(
    'spec.config',
    [...exact, ...begins].join(' && '),
    (key) => !keys.includes(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
    `the operator owns ${names}`,
    use,
  );
}

function notYet(row: NotYet): Rule {
  const { at, field, off } = row;
  return {
    at,
    cel: `!has(self.${field}) || ${celOff(row)}`,
    limit: `${at}.${field} is not there yet in this version`,
    remedy: off,
    broken: (self) => (turnsOn(row, self[field]) ? [field] : fine),
  };
}

function celOff({ field, on }: NotYet): string {
  switch (on.kind) {
    case 'flag':
      return `!self.${field}`;
    case 'object':
      return 'false';
    case 'list':
      return `self.${field}.size() == 0`;
    case 'choice':
      return `self.${field} != ${celText(on.value)}`;
  }
}

function celText(text: string): string {
  return `'${text}'`;
}

/** Amounts are compared here and in the operator: CEL's quantity() needs Kubernetes 1.29. */
const requestsWithinLimits: Rule = {
  at: 'spec.resources',
  cel: undefined,
  limit: 'requests must not be above limits',
  remedy: 'lower the request or raise the limit',
  broken({ requests, limits }) {
    if (!isNode(requests) || !isNode(limits)) return fine;
    return Object.keys(requests)
      .filter((key) => {
        const request = amount(requests[key]);
        const limit = amount(limits[key]);
        return request !== undefined && limit !== undefined && request > limit;
      })
      .map((key) => `requests.${key}`);
  },
};

function amount(value: unknown): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? amountOf(value) : undefined;
}

/** Every rule, in the order in which problems are told. */
export const RULES: readonly Rule[] = [
  clusterName,
  downAfter,
  ...['spec.labels', 'spec.annotations', 'spec.nodeSelector', 'spec.service.annotations'].map(
    qualifiedKeys,
  ),
  unreservedKeys('spec.labels', RESERVED_LABELS),
  ...['spec.annotations', 'spec.service.annotations'].map((at) => unreservedKeys(at, [])),
  ...['spec.resources.requests', 'spec.resources.limits'].flatMap((at) => [
    resourceKeys(at),
    wholeAmounts(at),
  ]),
  requestsWithinLimits,
  storageHeld,
  configKeys,
  ...OWNED_CONFIG.map(ownedKeys),
  ...toleration,
  ...NOT_YET.map(notYet),
];

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
