/**
 * The hand-written structs and the zod schemas say the same, or this file does not compile.
 * `readonly`, an explicit `undefined` and an enum's name are not counted; a missing or optional field is.
 */
import type * as z from 'zod';
import type { ValkeyClusterSpec } from '../cluster';
import type { ValkeyClusterStatus } from '../status';
import type { clusterSpec } from './cluster';
import type { clusterStatus } from './status';

type Plain<Type> = Type extends string
  ? `${Type}`
  : Type extends number | boolean
    ? Type
    : Type extends readonly (infer Item)[]
      ? Plain<Item>[]
      : { -readonly [Key in keyof Type]: Plain<Exclude<Type[Key], undefined>> };

type Same<Left, Right> =
  (<Probe>() => Probe extends Left ? 1 : 2) extends <Probe>() => Probe extends Right ? 1 : 2
    ? true
    : { readonly struct: Left; readonly schema: Right };

/** Fails to compile with both shapes in the message. */
function same<_Equal extends true>(): void {}

same<Same<Plain<ValkeyClusterSpec>, Plain<z.input<typeof clusterSpec>>>>();
same<Same<Plain<ValkeyClusterStatus>, Plain<z.input<typeof clusterStatus>>>>();
