/**
 * The Typing of one built-in kind: decoding, defaults, validation, patches and ownership put together.
 * Never here: any of these.
 */
import type { JsonObject } from '../port';
import type { Refusal, Strictness, Typed, Typing } from '../typing';
import { type Decoded, decode } from './decode';
import { defaultsByDefinition } from './defaults/kinds';
import { applying } from './ownership/applying';
import { tracked } from './ownership/tracked';
import type { Shape } from './shape';
import { PatchError, strategicallyPatched } from './strategic';
import { validatorsOf } from './validation/kinds';

export function builtinTyping(shape: Shape, version: string): Typing {
  const validators = validatorsOf(shape.name);
  const setDefaults = defaultsByDefinition[shape.name] ?? ((object: JsonObject) => object);
  const kind = shape.name.split('.').at(-1) ?? '';
  const empty = decode(shape, {}).value;
  const defaulted = (object: JsonObject) => setDefaults(decode(shape, object).value);
  return {
    definition: shape.name,
    decode: (input, strictness) => {
      const decoded = decode(shape, input);
      const refused = refusalOf(decoded, kind, version, strictness);
      if (refused !== undefined) return refused;
      return {
        kind: 'object',
        object: setDefaults(decoded.value),
        warnings: warningsOf(decoded, strictness),
      };
    },
    defaulted,
    validateCreate: validators.create,
    validateUpdate: validators.update,
    strategicPatch: (old, patch) => patchedBy(shape, old, patch),
    apply: (live, config, writer, force, strictness) =>
      applying({
        shape,
        live,
        config,
        writer,
        empty,
        strictness,
        force,
        finish: (object) => {
          const decoded = decode(shape, object);
          const refused = refusalOf(decoded, kind, version, 'Ignore');
          return refused ?? { kind: 'object', object: setDefaults(decoded.value), warnings: [] };
        },
      }),
    trackUpdate: (live, object, writer) => tracked(shape, live, object, writer, empty),
    strategic: 'yes',
  };
}

function refusalOf(
  { fault, unknown }: Decoded,
  kind: string,
  version: string,
  strictness: Strictness,
): Refusal | undefined {
  const prefix = `${kind} in version "${version}" cannot be handled as a ${kind}:`;
  const strict = unknown.map((path) => `unknown field "${path}"`).join(', ');
  const message =
    fault !== undefined
      ? `${prefix} ${fault}`
      : strictness === 'Strict' && strict !== ''
        ? `${prefix} strict decoding error: ${strict}`
        : undefined;
  if (message === undefined) return undefined;
  return { kind: 'refused', code: 400, reason: 'BadRequest', message };
}

export function warningsOf({ unknown }: Decoded, strictness: Strictness): readonly string[] {
  return strictness === 'Warn' ? unknown.map((path) => `unknown field "${path}"`) : [];
}

function patchedBy(shape: Shape, old: JsonObject, patch: JsonObject): Typed | Refusal {
  try {
    const object = strategicallyPatched(shape, old, patch);
    return { kind: 'object', object, warnings: [] };
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    const { code, message } = error;
    const reason = code === 400 ? 'BadRequest' : '';
    return { kind: 'refused', code, reason, message };
  }
}
