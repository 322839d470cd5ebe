/**
 * Mount paths in texts become the folders that stand for them: there are no mount namespaces here.
 * Only command, arguments and environment are rewritten, never what a mounted file says.
 * Never here: which folder stands for a mount (pod-folder.ts).
 */

export interface Mapping {
  /** Absolute, as the container names it. */
  readonly from: string;
  readonly to: string;
}

/** @returns the text with each path below a mapping's `from` below its `to`; the longest one wins. */
export function rewritten(text: string, mappings: readonly Mapping[]): string {
  const known = mappings
    .map(({ from, to }) => ({ from: trimmed(from), to: trimmed(to) }))
    .filter(({ from }) => from !== '')
    .sort((a, b) => b.from.length - a.from.length);
  if (known.length === 0) return text;
  const paths = known.map(({ from }) => from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  // A path begins behind anything that cannot be part of one, and ends where its last name ends.
  const pattern = new RegExp(`(?<![\\w./-])(?:${paths.join('|')})(?![\\w.-])`, 'g');
  return text.replace(pattern, (found) => known.find(({ from }) => from === found)?.to ?? found);
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '');
}
