/**
 * Says in one sentence which of the user's packages are missing or too old, before Node.js says it by a module that
 * it cannot find, or by one that lacks what is called.
 * Never here: which packages those are (cdk8s/peers.ts, pulumi/peers.ts).
 */
import { createRequire } from 'node:module';
import { GungnirError } from '../kit/reasons';

/** @param peers the least version of each. @throws GungnirError PeerUnusable naming all of them. */
export function requirePeers(
  peers: Readonly<Record<string, string>>,
  versionOf: (name: string) => string | undefined = installedVersion,
): void {
  const unusable = Object.entries(peers).flatMap(([name, least]) => {
    const found = versionOf(name) ?? 'none';
    return isAtLeast(found, least) ? [] : [{ name, found, least }];
  });
  if (unusable.length === 0) return;
  const facts = Object.fromEntries(unusable.map(({ name, found }) => [name, found]));
  const wanted = unusable.map(({ name, least }) => `${name}@^${least}`).join(' ');
  const error = new GungnirError('PeerUnusable', facts, undefined, `npm install ${wanted}`);
  // Node.js prints the stack of what nobody catches; it says nothing about a package.
  error.stack = error.message;
  throw error;
}

function installedVersion(name: string): string | undefined {
  try {
    const { version } = createRequire(__filename)(`${name}/package.json`) as { version: string };
    return version;
  } catch (error) {
    // Hidden by its exports, it is there all the same; what it lacks, its use will tell.
    const { code } = error as { readonly code?: string };
    return code === 'MODULE_NOT_FOUND' ? undefined : 'unknown';
  }
}

/** Only numbers: a pre-release counts as its release. */
function isAtLeast(found: string, least: string): boolean {
  if (found === 'none') return false;
  const [has, needs] = [found, least].map((version) => version.split('.').map(Number.parseFloat));
  const place = needs?.findIndex((part, index) => part !== has?.[index]) ?? -1;
  if (place < 0) return true;
  const [mine = Number.NaN, theirs = 0] = [has?.[place], needs?.[place]];
  return Number.isNaN(mine) || mine > theirs;
}
