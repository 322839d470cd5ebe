/**
 * The lock files install everywhere: no registry address, and an entry for each dependency that they
 * name, those of other platforms too (npm leaves them out when it updates an installed tree, and
 * `npm ci` then fails on a clean clone).
 */
import type { Finding, Gate, TreeFile } from './tree';

interface LockEntry {
  readonly resolved?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export const lockFile: Gate = {
  name: 'lock-file',
  holds: 'lock files name no registry and hold every platform',
  check: (tree) =>
    tree.files.filter(({ path }) => /(^|\/)package-lock\.json$/.test(path)).flatMap(checkLock),
};

function checkLock({ path, text }: TreeFile): readonly Finding[] {
  const { packages = {} } = JSON.parse(text) as { packages?: Record<string, LockEntry> };
  const fault = (name: string, message: string): Finding => ({
    path,
    line: text.slice(0, Math.max(0, text.indexOf(`"${name}"`))).split('\n').length,
    message: `${name}: ${message}`,
  });
  return Object.entries(packages).flatMap(([name, entry]) => [
    ...(entry.resolved === undefined ? [] : [fault(name, 'has an address (resolved)')]),
    ...(name !== '' && entry.version === undefined ? [fault(name, 'has no version')] : []),
    ...missing(name, entry, packages).map((wanted) =>
      fault(
        name,
        `needs ${wanted}, which is not in the lock file: resolve it from an empty folder`,
      ),
    ),
  ]);
}

function missing(
  name: string,
  entry: LockEntry,
  packages: Readonly<Record<string, LockEntry>>,
): readonly string[] {
  const wanted = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies });
  return wanted.filter(
    (needed) => !places(name).some((at) => `${at}node_modules/${needed}` in packages),
  );
}

/** Node looks in the package's own node_modules first, then in each one above it. */
function places(name: string): readonly string[] {
  const parts = name.split('node_modules/').filter((part) => part !== '');
  const folders = parts.map((_, count) =>
    parts
      .slice(0, count + 1)
      .map((part) => `node_modules/${part.replace(/\/$/, '')}/`)
      .join(''),
  );
  return ['', ...folders];
}
