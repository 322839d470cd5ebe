/**
 * The pages that are followed from the packed tarball, and what must be seen on the way beside that
 * each command ends well.
 * Never here: following them (walk.ts).
 */

export interface Walk {
  readonly page: string;
  /** The heading of what is followed; the whole page where it is left out. */
  readonly section?: string;
  /** @returns what is worth printing; undefined: what had to be seen was not. */
  readonly seen: (output: string) => string | undefined;
}

const nothingMore = (): string => 'ok';

export const walks: readonly Walk[] = [
  {
    page: 'README.md',
    section: 'Four ways in',
    seen(output) {
      const four = [
        /^platform\.k8s\.yaml$/m,
        /^Primary +cache-\d /m,
        /^clients connect to shop-client.*/m,
        /^nobody -> v\d$/m,
        /^ok$/m,
      ];
      return four.every((way) => way.test(output)) ? 'each of them' : undefined;
    },
  },
  {
    page: 'examples/client-failover/README.md',
    seen(output) {
      const tries = [...output.matchAll(/confirmed at try/g)].length;
      const isLossless = tries >= 2 && output.includes('\n0 of them lost\n');
      return isLossless ? found(/\d+ orders confirmed.*/, output) : undefined;
    },
  },
  { page: 'examples/engine-embedding/README.md', seen: (output) => found(/^ok$/m, output) },
  {
    page: 'examples/cdk8s-typescript/README.md',
    seen: (output) => found(/spec\.replicas: 65.*To fix/, output) && 'ok',
  },
  {
    page: 'examples/gitops-workload/README.md',
    seen: (output) => found(/is the primary of shop.*/, output),
  },
  {
    page: 'examples/migrate-statefulset/README.md',
    seen: (output) => found(/\d+ keys are the same on both, 0 differ/, output),
  },
  {
    page: 'examples/pulumi-program/README.md',
    seen: (output) => found(/clients connect to shop-client/, output),
  },
  { page: 'docs/modes.md', seen: nothingMore },
  { page: 'docs/getting-started/engine.md', seen: (output) => found(/v1 -> v[23]/, output) },
  { page: 'docs/getting-started/kubernetes.md', seen: (output) => found(/65: .*/, output) },
  { page: 'docs/getting-started/pulumi.md', seen: (output) => found(/port: 0.*To fix.*/, output) },
  { page: 'docs/getting-started/cdk8s.md', seen: (output) => found(/0: .*To fix.*/, output) },
];

function found(what: RegExp, output: string): string | undefined {
  return what.exec(output)?.[0];
}
