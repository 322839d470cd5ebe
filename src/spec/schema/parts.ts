/**
 * Pieces that the schemas share. What zod's JSON Schema cannot say travels in `meta`, and the strict
 * post-processor (structural.ts) turns it into what Kubernetes understands.
 */
import * as z from 'zod';
import type { PatternText } from '../patterns';
import { PATTERNS } from '../patterns';
import { QUANTITY_MAX_CHARACTERS } from '../quantity';

/** A string of one of the known shapes. */
export function text({ pattern }: PatternText, maxCharacters: number) {
  return z.string().max(maxCharacters).regex(new RegExp(pattern));
}

/** Name of another object. */
export const objectName = text(PATTERNS.objectName, 253);

/** A switch that is off unless it is set. */
export const flag = z.boolean().default(false);

/** A map with a bounded number of entries. */
export function keyed<Value extends z.ZodType>(value: Value, maxProperties: number) {
  return z
    .record(z.string(), value)
    .refine((map) => Object.keys(map).length <= maxProperties, `at most ${maxProperties} entries`)
    .meta({ maxProperties });
}

/** Labels, and what selects them. */
export const labels = keyed(text(PATTERNS.labelValue, 63), 32);

/** Milliseconds up to ten minutes. */
export function millis(least: number) {
  return z.int().min(least).max(600_000);
}

const quantityShape = new RegExp(PATTERNS.quantity.pattern);

/**
 * A quantity: the type says text, since jsii knows no unions, but YAML's `cpu: 1` is an integer.
 * Kubernetes holds the pattern against text only; what a number may be is a rule (../rules.ts).
 */
const quantity = z
  .custom<string>((value) =>
    typeof value === 'string'
      ? value.length <= QUANTITY_MAX_CHARACTERS && quantityShape.test(value)
      : Number.isInteger(value),
  )
  .meta({
    intOrString: true,
    pattern: PATTERNS.quantity.pattern,
    maxLength: QUANTITY_MAX_CHARACTERS,
  });

/** Amounts by the name of the resource. */
export const quantities = keyed(quantity, 16);

/** A list that is written as a whole. */
export function atomic<Item extends z.ZodType>(item: Item, maxItems: number) {
  return z.array(item).max(maxItems).meta({ listType: 'atomic' });
}
