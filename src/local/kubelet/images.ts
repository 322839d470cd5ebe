/**
 * Which installed program stands for an image. Nothing is ever pulled: an image is a name for what the
 * machine has.
 * Never here: looking for programs (the caller hands in what there is), starting them.
 */

export interface InstalledServer {
  /** Major and minor, as `8.0`. */
  readonly version: string;
  /** Path of valkey-server; its valkey-cli stands beside it. */
  readonly program: string;
}

/** What the machine has. */
export interface Programs {
  /** The first one stands in for versions that are not there. */
  readonly servers: readonly InstalledServer[];
  /** Path of Node 24. */
  readonly node: string;
}

export type Image =
  | {
      readonly kind: 'valkey';
      readonly server: InstalledServer;
      readonly name: string;
      /** What is told as the Event ImageSubstituted; undefined: it is the very version. */
      readonly substituted: string | undefined;
    }
  | { readonly kind: 'node'; readonly program: string; readonly name: string }
  | { readonly kind: 'none'; readonly message: string };

export function imageOf(reference: string, { servers, node }: Programs): Image {
  const { repository, tag } = split(reference);
  if (repository === 'node' && /^24(\.|-|$)/.test(tag)) {
    return { kind: 'node', program: node, name: `docker.io/library/node:${tag}` };
  }
  if (repository !== 'valkey/valkey') return { kind: 'none', message: unknown(reference) };
  const [, wanted] = /^(\d+\.\d+)/.exec(tag) ?? [];
  const same = servers.find(({ version }) => version === wanted);
  const server = same ?? servers[0];
  if (server === undefined) {
    const remedy = 'install valkey-server, or set VALKEY_SERVER to its path';
    return { kind: 'none', message: `no valkey-server on this machine; to fix: ${remedy}` };
  }
  const name = `docker.io/valkey/valkey:${same === undefined ? server.version : tag}`;
  const substituted =
    same === undefined
      ? `image ${reference} is not on this machine: valkey-server ${server.version} runs in its place`
      : undefined;
  return { kind: 'valkey', server, name, substituted };
}

function unknown(reference: string): string {
  return (
    `the local cluster cannot run the image "${reference}"; it knows valkey/valkey:<version> ` +
    'and node:24, and runs what is installed on this machine'
  );
}

function split(reference: string): { readonly repository: string; readonly tag: string } {
  const [, name = '', tag = 'latest'] = /^(.*?)(?::([\w.-]+))?(?:@[\w:]+)?$/.exec(reference) ?? [];
  const repository = name.replace(/^docker\.io\//, '').replace(/^library\//, '');
  return { repository, tag };
}
