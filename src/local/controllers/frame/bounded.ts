/**
 * A set that remembers the newest entries alone.
 * Never here: what they mean.
 */

export interface BoundedSet {
  has(entry: string): boolean;
  add(entry: string): void;
}

export function boundedSet(max: number): BoundedSet {
  const entries = new Set<string>();
  return {
    has: (entry) => entries.has(entry),
    add(entry) {
      entries.add(entry);
      const [oldest] = entries;
      if (entries.size > max && oldest !== undefined) entries.delete(oldest);
    },
  };
}
