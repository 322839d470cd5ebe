/**
 * Where Outputs stand in what a Pulumi program gave, and the same value with others in their places.
 * Never here: what is rendered of it (lift.ts).
 */
import * as pulumi from '@pulumi/pulumi';

export type Path = readonly (string | number)[];

/** One place whose value comes later, or is secret, or is not known in a preview. */
export interface Spot {
  readonly path: Path;
  readonly output: pulumi.Output<unknown>;
}

/** The outermost ones: what is inside of an Output is its own business. */
export function spotsOf(given: unknown, path: Path = []): readonly Spot[] {
  if (isLater(given)) return [{ path, output: pulumi.output(given) }];
  if (typeof given !== 'object' || given === null) return [];
  return Object.entries(given).flatMap(([key, value]) =>
    spotsOf(value, [...path, Array.isArray(given) ? Number(key) : key]),
  );
}

/** Whether the program does not have the value yet. */
export function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** The value with each spot replaced by the value of the same place in the list. */
export function filled(
  given: unknown,
  spots: readonly Spot[],
  values: readonly unknown[],
): unknown {
  return spots.reduce<unknown>(
    (whole, { path }, index) => withAt(whole, path, values[index]),
    given,
  );
}

/** A copy in which the path has the value. */
export function withAt(whole: unknown, path: Path, value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (Array.isArray(whole))
    return whole.map((item, index) => (index === first ? withAt(item, rest, value) : item));
  const fields = (whole ?? {}) as Readonly<Record<string, unknown>>;
  return { ...fields, [first]: withAt(fields[first], rest, value) };
}

export function valueAt(whole: unknown, path: Path): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return whole;
  if (typeof whole !== 'object' || whole === null) return undefined;
  return valueAt((whole as Readonly<Record<string | number, unknown>>)[first], rest);
}
