/**
 * What fields mean: the types of all built-in kinds and of CRDs, as the verbs ask for them (typing.ts).
 * Never here: what a type does (builtin.ts, custom/).
 */
import type { Json } from '../port';
import type { Typing, Typings } from '../typing';
import { builtinTyping } from './builtin';
import { customDefinitions, customTypings } from './custom/kinds';
import { openApiDefinitions } from './open-api';
import { builtinSchema, builtinShape } from './shape';

const made = new Map<string, Typing | undefined>();
let nameByKind: ReadonlyMap<string, string> | undefined;

/** From `group/version/kind` to the name of the definition. */
function names(): ReadonlyMap<string, string> {
  nameByKind ??= new Map(
    Object.entries(builtinSchema()).flatMap(([name, node]) =>
      (node['x-kubernetes-group-version-kind'] ?? []).map(
        ({ group, version, kind }) => [`${group}/${version}/${kind}`, name] as const,
      ),
    ),
  );
  return nameByKind;
}

function builtin(group: string, version: string, kind: string): Typing | undefined {
  const key = `${group}/${version}/${kind}`;
  const name = names().get(key);
  if (name === undefined) return undefined;
  const before = made.get(key);
  if (before !== undefined) return before;
  const typing = builtinTyping(builtinShape(name), version);
  made.set(key, typing);
  return typing;
}

let definitions: Readonly<Record<string, Json>> | undefined;

export const typings: Typings = {
  builtin,
  crd: customTypings,
  definitions: () => {
    definitions ??= openApiDefinitions(builtinSchema());
    return definitions;
  },
  crdDefinitions: customDefinitions,
};
