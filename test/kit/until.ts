/**
 * Bounded waiting for tests: for what cannot be awaited as an event.
 * Never here: sleeps of a fixed length.
 */

/** Polls until `look` gives something other than undefined or false. @throws after `withinMs`, with `what`. */
export async function until<Value>(
  what: string,
  look: () => Value | Promise<Value>,
  withinMs = 5_000,
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
