/**
 * Planted mutants: one guard of the engine, or of the model of its world, taken away each, as a patch
 * of a copied source file. The explorer must kill each with the named properties; one that survives
 * says why it may.
 * Never here: a hook in the shipped source.
 */
import { choiceMutants } from './choice';
import { environmentMutants } from './environment';
import { fenceMutants } from './fence';
import { orderMutants } from './orders';

export interface Mutant {
  readonly name: string;
  /** From the root of the repository: the engine's source, or the environment's. */
  readonly file: string;
  /** Occurs exactly once there, or the run fails: a mutant must not die by an edit. */
  readonly find: string;
  readonly replace: string;
  /** The rule of failover.md that it breaks. */
  readonly rule: string;
  readonly scopes: readonly string[];
  /** The properties that kill it, each of them, or why none does. */
  readonly expected: { readonly killedBy: readonly string[] } | { readonly survives: string };
}

export const mutants: readonly Mutant[] = [
  ...fenceMutants,
  ...choiceMutants,
  ...orderMutants,
  ...environmentMutants,
];
