/**
 * Whether a live object already holds everything that is wanted: fields that the server or others
 * added do not count, so users and controllers may add what is theirs.
 * Never here: which object is compared with which.
 */

/** Lists are compared item by item: an item too many is a difference. */
export function covers(live: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) return coversList(live, wanted);
  if (typeof wanted !== 'object' || wanted === null) return live === wanted;
  if (typeof live !== 'object' || live === null) return false;
  const fields = live as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).every(([name, value]) => covers(fields[name], value));
}

function coversList(live: unknown, wanted: readonly unknown[]): boolean {
  if (!Array.isArray(live) || live.length !== wanted.length) return false;
  return wanted.every((item, index) => covers(live[index], item));
}
