/**
 * Which definition is in force: the one given, or, while that breaks a rule (an older CRD or a server
 * without CEL let it in), the last good one, whole. After a restart no last good one is known: then
 * failovers go on by what can be used of it, and no object is touched.
 * Never here: the rules (spec/validate.ts).
 */
import type { Facts } from '../../kit/reasons';
import type { ValkeyClusterSpec } from '../../spec/cluster';
import { keysOf, type Problem } from '../../spec/problem';
import { validate, validateTransition } from '../../spec/validate';

interface Given {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly generation?: number;
  };
  readonly spec?: ValkeyClusterSpec;
}

export interface InForce {
  readonly spec: ValkeyClusterSpec;
  /** `remains`: what is left of an invalid one when no good one is known. */
  readonly basis: 'given' | 'lastGood' | 'remains';
  /** Of the definition given. */
  readonly problems: readonly Problem[];
  readonly generation: number | undefined;
}

/** @param before what was in force for the same object. */
export function inForce(given: Given, before: InForce | undefined): InForce {
  const { generation } = given.metadata;
  if (before !== undefined && generation !== undefined && before.generation === generation)
    return before;
  const good = before === undefined || before.basis === 'remains' ? undefined : before.spec;
  const problems = problemsOf(given, good);
  if (problems.length === 0)
    return { spec: given.spec ?? {}, basis: 'given', problems, generation };
  if (good !== undefined) return { spec: good, basis: 'lastGood', problems, generation };
  return { spec: remainsOf(given, problems), basis: 'remains', problems, generation };
}

function problemsOf(given: Given, good: ValkeyClusterSpec | undefined): readonly Problem[] {
  const own = validate(definitionOf(given, given.spec));
  if (own.length > 0 || good === undefined) return own;
  return validateTransition(definitionOf(given, good), definitionOf(given, given.spec));
}

function definitionOf({ apiVersion, kind, metadata }: Given, spec: unknown): object {
  const { name, namespace } = metadata;
  return { apiVersion, kind, metadata: { name, namespace }, spec: spec ?? {} };
}

/** Without the fields that break a rule; without any if that is not enough. */
function remainsOf(given: Given, problems: readonly Problem[]): ValkeyClusterSpec {
  const left = problems.reduce<unknown>(
    (spec, { path }) => without(spec, fieldOf(path)),
    given.spec,
  );
  const usable = left ?? {};
  return validate(definitionOf(given, usable)).length === 0 ? (usable as ValkeyClusterSpec) : {};
}

/** Below `spec`, and never inside a map or a list: those go as a whole. */
function fieldOf(path: string): readonly string[] {
  const plain = /^spec\.([A-Za-z0-9_.]+)/.exec(path)?.[1] ?? '';
  return keysOf(plain);
}

function without(node: unknown, [key, ...deeper]: readonly string[]): unknown {
  if (key === undefined || typeof node !== 'object' || node === null) return node;
  const { [key]: value, ...rest } = node as Readonly<Record<string, unknown>>;
  if (deeper.length === 0 || value === undefined) return rest;
  return { ...rest, [key]: without(value, deeper) };
}

/** Facts of the reason InvalidDefinition: the first problem in full, and how many more there are. */
export function problemFacts({ problems, basis }: InForce): Facts {
  const [first] = problems;
  const inForceNow = basis === 'lastGood' ? 'the last good definition' : 'nothing but failovers';
  return {
    field: first?.path === '' ? 'the definition' : first?.path,
    value: first?.value,
    limit: first?.limit,
    remedy: first?.remedy,
    more: problems.length > 1 ? problems.length - 1 : undefined,
    inForce: inForceNow,
  };
}
