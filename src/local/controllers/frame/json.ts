/**
 * Plain data as JSON knows it: a field that is undefined is not there.
 * Never here: what the fields mean.
 */

/** @returns the value itself where nothing has to go. */
export function asJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const next = value.map(asJson);
    return next.some((entry, index) => entry !== value[index]) ? next : value;
  }
  const entries = Object.entries(value);
  const next = entries
    .filter(([, field]) => field !== undefined)
    .map(([key, field]) => [key, asJson(field)] as const);
  const isSame =
    next.length === entries.length &&
    next.every(([, field], index) => field === entries[index]?.[1]);
  return isSame ? value : Object.fromEntries(next);
}
