/**
 * All that is wrong with a definition, at once: for synth time, `gungnir render` and the operator.
 * The same rules stand in the CRD. Never here: what is legal but unwise (warnings.ts).
 */
import { CLUSTER_SCHEMA } from './cluster-schema';
import type { Problem } from './problem';
import { explainProblem, join, quoted } from './problem';
import { amountOf } from './quantity';
import type { Node, Rule } from './rules';
import { isNode, RULES } from './rules';
import type { TransitionRule } from './transition-rules';
import { TRANSITION_RULES } from './transition-rules';
import { walk, withoutNulls } from './walk';

/** @param definition anything, such as a parsed YAML document with metadata and spec. */
export function validate(definition: unknown): readonly Problem[] {
  const normal = normalized(definition);
  const shape = walk(CLUSTER_SCHEMA, normal, '');
  if (!isNode(normal)) return shape;
  return [...shape, ...RULES.flatMap((rule) => broken(rule, normal))];
}

/** The definition as the API server would keep it, before defaults: without nulls. */
export function normalized(definition: unknown): unknown {
  return withoutNulls(CLUSTER_SCHEMA, definition);
}

/**
 * What may not change once the cluster exists. Both definitions are valid ones.
 * @returns problems of the new one; the storage's growth is judged here only (CEL needs 1.29 for it).
 */
export function validateTransition(before: unknown, after: unknown): readonly Problem[] {
  return TRANSITION_RULES.flatMap((rule) => changed(rule, before, after));
}

/** One text for all problems, a line each. */
export function explainProblems(problems: readonly Problem[]): string {
  return problems.map(explainProblem).join('\n');
}

function broken({ at, broken: check, limit, remedy }: Rule, definition: Node): readonly Problem[] {
  return placesAt(definition, at).flatMap(({ node, path }) =>
    check(node).map((place) => ({
      path: placePath(path, place, node),
      value: quoted(valueAt(node, place)),
      limit,
      remedy,
    })),
  );
}

function changed(rule: TransitionRule, before: unknown, after: unknown): readonly Problem[] {
  const was = valueAt(before, rule.path) ?? rule.absent;
  const is = valueAt(after, rule.path) ?? rule.absent;
  const allowed = rule.kind === 'immutable' ? was === is : grows(was, is);
  if (allowed) return [];
  return [
    {
      path: rule.path,
      value: quoted(is),
      limit: `${rule.limit} (it was ${quoted(was)})`,
      remedy: rule.remedy,
    },
  ];
}

function grows(was: unknown, is: unknown): boolean {
  return (amountOf(String(is)) ?? 0) >= (amountOf(String(was)) ?? 0);
}

/** The objects that a rule is about: none where the definition has no such field. */
function placesAt(
  definition: Node,
  at: string,
): readonly { readonly node: Node; readonly path: string }[] {
  const list = at.endsWith('[]');
  const path = list ? at.slice(0, -2) : at;
  const value = path === '' ? definition : valueAt(definition, path);
  const found =
    list && Array.isArray(value)
      ? value.map((item: unknown, place) => ({ item, path: join(path, place) }))
      : [{ item: value, path }];
  return found.flatMap(({ item, path: where }) =>
    isNode(item) ? [{ node: item, path: where }] : [],
  );
}

/** A key of a map may hold dots, so a place that is a key of the node is taken as one. */
function valueAt(value: unknown, place: string): unknown {
  if (isNode(value) && place in value) return value[place];
  return place
    .split('.')
    .reduce<unknown>((node, key) => (isNode(node) ? node[key] : undefined), value);
}

/** A place is a key of the node (of a map, perhaps), or a path of plain fields below it. */
function placePath(path: string, place: string, node: Node): string {
  if (place in node) return join(path, place);
  return path === '' ? place : `${path}.${place}`;
}
