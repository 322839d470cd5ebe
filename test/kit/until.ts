/**
 * Bounded waiting for tests: for what cannot be awaited as an event.
 * Never here: sleeps of a fixed length.
 */

/** Real processes on a busy machine: slow is not wrong. Below a test's own limit, which would not say what was awaited. */
const WITHIN_MS = 20_000;

/** Polls until `look` gives something other than undefined or false. @throws after `withinMs`, with `what`. */
export async function until<Value>(
  what: string,
  look: () => Value | Promise<Value>,
  withinMs = WITHIN_MS,
  everyMs = 5,
): Promise<Exclude<Value, undefined | false>> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value as Exclude<Value, undefined | false>;
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
