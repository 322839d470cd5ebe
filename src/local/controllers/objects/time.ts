/**
 * Times as the API writes them.
 * Never here: what time it is.
 */

/** metav1.Time: whole seconds, UTC. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** metav1.MicroTime. */
export function microTimestamp(ms: number): string {
  const micro = Math.floor((ms - Math.floor(ms)) * 1000);
  return `${new Date(Math.floor(ms)).toISOString().slice(0, 23)}${String(micro).padStart(3, '0')}Z`;
}

/** @returns ms since 1970; undefined for what is absent or no time. */
export function timeOf(text: string | null | undefined): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
