/**
 * Lets a pure renderer work on what has Outputs in it, so that each field of the result depends on exactly
 * the Outputs that it is made of. Which those are is found by rendering with samples in their places. A secret
 * or unknown value therefore neither leaks into other fields nor blocks them.
 * Never here: a renderer, a sample.
 */
import * as pulumi from '@pulumi/pulumi';
import { filled, type Path, type Spot, spotsOf, valueAt, withAt } from './spots';

/** Objects by a key that no value changes. */
export type Rendered = ReadonlyMap<string, object>;

export interface Recipe {
  /** @param given plain data. */
  readonly render: (given: unknown) => Rendered;
  /** Values for the place of an Output, two at least. */
  readonly samplesAt: (path: Path) => readonly unknown[];
  /** Of keys that samples use in maps: where one comes or goes, the whole map depends on the value. */
  readonly isSampleKey?: (key: string) => boolean;
}

export interface LiftedObject {
  readonly key: string;
  /** Plain data with Outputs where they belong. */
  readonly inputs: object;
  /** Whether there is such an object; an Output where a value decides. */
  readonly presence: 'always' | pulumi.Output<boolean>;
}

interface Dependence {
  readonly path: Path;
  readonly spots: ReadonlySet<number>;
}

export function lift(given: unknown, recipe: Recipe): readonly LiftedObject[] {
  const spots = spotsOf(given);
  const samples = spots.map(({ path }) => recipe.samplesAt(path));
  const firsts = samples.map(([first]) => first);
  const base = recipe.render(filled(given, spots, firsts));
  const variants = samples.flatMap((list, spot) =>
    list.slice(1).map((sample) => ({
      spot,
      rendered: recipe.render(filled(given, spots, replaced(firsts, spot, sample))),
    })),
  );
  const keys = new Set(
    [base, ...variants.map(({ rendered }) => rendered)].flatMap((one) => [...one.keys()]),
  );
  const renderWith = (chosen: ReadonlySet<number>, values: readonly unknown[]): Rendered => {
    const all = firsts.map((first, index) => (chosen.has(index) ? undefined : first));
    [...chosen].forEach((spot, place) => {
      all[spot] = values[place];
    });
    return recipe.render(filled(given, spots, all));
  };
  const later = <Result>(
    chosen: ReadonlySet<number>,
    read: (rendered: Rendered) => Result,
  ): pulumi.Output<Result> =>
    pulumi
      .all([...chosen].map((index) => (spots[index] as Spot).output))
      .apply((values) => read(renderWith(chosen, values)));
  return [...keys].map((key) => {
    const all = [base, ...variants.map(({ rendered }) => rendered)];
    const shape = all.map((one) => one.get(key)).find((object) => object !== undefined) ?? {};
    const absent = variants.filter(({ rendered }) => rendered.has(key) !== base.has(key));
    const deciding = new Set(absent.map(({ spot }) => spot));
    const found = variants.flatMap(({ spot, rendered }) =>
      differences(base.get(key) ?? shape, rendered.get(key) ?? shape, recipe.isSampleKey).map(
        (path) => ({ path, spot }),
      ),
    );
    const inputs = merged(found).reduce<unknown>(
      (whole, { path, spots: chosen }) =>
        withAt(
          whole,
          path,
          later(chosen, (rendered) => valueAt(rendered.get(key), path)),
        ),
      shape,
    );
    const presence =
      deciding.size === 0 ? 'always' : later(deciding, (rendered) => rendered.has(key));
    return { key, inputs: inputs as object, presence };
  });
}

function replaced(values: readonly unknown[], place: number, value: unknown): readonly unknown[] {
  return values.map((one, index) => (index === place ? value : one));
}

/**
 * Paths at which two results are not the same. A list that differs in length differs as a whole, and so does a
 * map in which one of the keys is there on one side alone.
 */
export function differences(
  one: unknown,
  other: unknown,
  isSampleKey: (key: string) => boolean = () => false,
  path: Path = [],
): readonly Path[] {
  if (Object.is(one, other)) return [];
  if (!isTree(one) || !isTree(other)) return [path];
  if (Array.isArray(one) !== Array.isArray(other)) return [path];
  if (Array.isArray(one) && Array.isArray(other) && one.length !== other.length) return [path];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const isAlone = (key: string): boolean => Object.hasOwn(one, key) !== Object.hasOwn(other, key);
  if (keys.some((key) => isSampleKey(key) && isAlone(key))) return [path];
  return keys.flatMap((key) => {
    const inside = [...path, Array.isArray(one) ? Number(key) : key];
    return differences(one[key], other[key], isSampleKey, inside);
  });
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** What lies below another path becomes part of it. */
function merged(
  found: readonly { readonly path: Path; readonly spot: number }[],
): readonly Dependence[] {
  const outer = found.filter(({ path }) => !found.some((other) => isBelow(path, other.path)));
  const tops = new Map(outer.map(({ path }) => [JSON.stringify(path), path]));
  return [...tops.values()].map((path) => ({
    path,
    spots: new Set(
      found
        .filter(
          (other) =>
            isBelow(other.path, path) || JSON.stringify(other.path) === JSON.stringify(path),
        )
        .map(({ spot }) => spot),
    ),
  }));
}

function isBelow(path: Path, other: Path): boolean {
  return path.length > other.length && other.every((key, index) => key === path[index]);
}

/**
 * Fails when a field that was found to depend on no Output comes out otherwise with the values themselves:
 * better no object than a wrong one. @returns the paths.
 */
export function overlooked(lifted: readonly LiftedObject[], real: Rendered): readonly string[] {
  return lifted.flatMap(({ key, inputs }) => {
    const object = real.get(key);
    if (object === undefined) return [];
    return differences(inputs, object)
      .filter(
        (path) => !prefixes(path).some((head) => pulumi.Output.isInstance(valueAt(inputs, head))),
      )
      .map((path) => `${key} ${path.join('.')}`);
  });
}

function prefixes(path: Path): readonly Path[] {
  return path.map((_, index) => path.slice(0, index + 1));
}
