/**
 * The shapes that a string may have, each with its words. zod and the CRD take the pattern, the
 * checks at synth time say the words. Written for RE2 and JavaScript alike: no look-ahead; and in
 * keys no backslash, which CEL would want doubled. Never here: lengths; those stand at the field.
 */
import { POSITIVE_QUANTITY_PATTERN, QUANTITY_PATTERN } from './quantity';

export interface PatternText {
  readonly pattern: string;
  /** `must be ...` */
  readonly limit: string;
  readonly remedy: string;
}

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}([.]${label})*`;
const labelValue = '[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?';
const qualified = `(${subdomain}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?`;

export const PATTERNS = {
  clusterName: {
    pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
    limit: 'must be lower-case letters, digits and -, beginning with a letter',
    remedy: 'choose a name such as `orders` or `orders-cache`',
  },
  image: {
    pattern: '^[!-~]+$',
    limit: 'must be an image name: printable ASCII without blanks',
    remedy: 'write it as NAME:TAG, such as `valkey/valkey:8.0`',
  },
  namespaceName: {
    pattern: `^${label}$`,
    limit: 'must be the name of a namespace: lower-case letters, digits and -',
    remedy: 'write the name as `kubectl get namespaces` shows it',
  },
  objectName: {
    pattern: `^${subdomain}$`,
    limit: 'must be the name of an object: lower-case letters, digits, - and .',
    remedy: 'write the name as `kubectl get` shows it',
  },
  optionalObjectName: {
    pattern: `^(${subdomain})?$`,
    limit: 'must be the name of an object (lower-case letters, digits, - and .), or empty',
    remedy: 'write the name as `kubectl get` shows it',
  },
  labelValue: {
    pattern: `^(${labelValue})?$`,
    limit: 'must be a label value: letters, digits, - _ and ., with a letter or digit at both ends',
    remedy: 'put other text into `annotations`',
  },
  qualifiedName: {
    pattern: `^${qualified}$`,
    limit:
      'must be a qualified name such as example.com/team: an optional DNS prefix and /, then ' +
      'at most 63 letters, digits, - _ and .',
    remedy: 'mend the key',
  },
  optionalQualifiedName: {
    pattern: `^(${qualified})?$`,
    limit: 'must be a qualified name such as example.com/team, or empty',
    remedy: 'mend the key',
  },
  quantity: {
    pattern: QUANTITY_PATTERN,
    limit: 'must be a quantity of zero or more, such as 500m, 0.5, 256Mi or 1Gi',
    remedy: 'write the amount with a unit that Kubernetes knows',
  },
  positiveQuantity: {
    pattern: POSITIVE_QUANTITY_PATTERN,
    limit: 'must be a quantity above zero, such as 512Mi or 1Gi',
    remedy: 'write the size with a unit that Kubernetes knows',
  },
  configValue: {
    pattern: '^[^\\x00-\\x1f\\x7f]*$',
    limit: 'must be one line without control characters',
    remedy: 'remove the line break or control character',
  },
  selectorOperator: {
    pattern: '^(In|NotIn|Exists|DoesNotExist)$',
    limit: 'must be In, NotIn, Exists or DoesNotExist',
    remedy: 'choose one of them',
  },
  nodeSelectorOperator: {
    pattern: '^(In|NotIn|Exists|DoesNotExist|Gt|Lt)$',
    limit: 'must be In, NotIn, Exists, DoesNotExist, Gt or Lt',
    remedy: 'choose one of them',
  },
  tolerationOperator: {
    pattern: '^(Equal|Exists)$',
    limit: 'must be Equal or Exists',
    remedy: 'choose one of them',
  },
  taintEffect: {
    pattern: '^(NoSchedule|PreferNoSchedule|NoExecute)$',
    limit: 'must be NoSchedule, PreferNoSchedule or NoExecute',
    remedy: 'choose one of them',
  },
  whenUnsatisfiable: {
    pattern: '^(DoNotSchedule|ScheduleAnyway)$',
    limit: 'must be DoNotSchedule or ScheduleAnyway',
    remedy: 'choose one of them',
  },
} as const satisfies Record<string, PatternText>;

const byPattern: ReadonlyMap<string, PatternText> = new Map(
  Object.values(PATTERNS).map((text): [string, PatternText] => [text.pattern, text]),
);

/** @returns the words for a pattern of the table above. */
export function wordsOf(pattern: string): PatternText {
  return (
    byPattern.get(pattern) ?? { pattern, limit: `must match ${pattern}`, remedy: 'mend the value' }
  );
}
