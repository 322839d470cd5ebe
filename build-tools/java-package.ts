/**
 * Maven's part of the package for Java: the sources that jsii-pacmak generated, compiled into a repository of files.
 * jsii-pacmak's own build asks Maven Central for every version in each range, some two thousand files; here the
 * ranges are set to the one version of the lock file, or to their lower end.
 * Never here: generating the sources (language-packages.ts).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Bounded, runBounded } from './bounded';

/** Maven's own copies of what it fetched; that of the user stays without a gungnir 0.0.0. */
export const MAVEN_CACHE = join('.cache', 'maven');

/**
 * @param sources absolute; a folder for each module, with the generated pom.xml in it.
 * @param versions of the modules among them, by artifact.
 * @param repository absolute.
 */
export async function compileJava(
  sources: string,
  versions: ReadonlyMap<string, string>,
  repository: string,
  bounded: Bounded,
): Promise<void> {
  const modules = [...versions.keys()];
  for (const name of modules) {
    const file = join(sources, name, 'java', 'pom.xml');
    writeFileSync(file, pinned(readFileSync(file, 'utf8'), versions));
  }
  writeFileSync(join(sources, 'pom.xml'), aggregate(modules));
  const defines = {
    altDeploymentRepository: `local::default::${pathToFileURL(repository)}`,
    'maven.repo.local': resolve(bounded.cwd, MAVEN_CACHE),
    'maven.javadoc.skip': 'true',
    'maven.source.skip': 'true',
  };
  const flags = Object.entries(defines).map(([name, value]) => `-D${name}=${value}`);
  const file = ['--file', join(sources, 'pom.xml')];
  await runBounded(['mvn', '--quiet', '--batch-mode', ...file, ...flags, 'deploy'], bounded);
}

/** @throws when a range is left. */
export function pinned(pom: string, versions: ReadonlyMap<string, string>): string {
  const range = /<artifactId>([^<]+)<\/artifactId>(\s*)<version>\[([^,<]+),[^<]*<\/version>/g;
  const fixed = pom.replace(
    range,
    (_, name: string, space: string, least: string) =>
      `<artifactId>${name}</artifactId>${space}<version>${versions.get(name) ?? least}</version>`,
  );
  if (/<version>[[(]/.test(fixed)) throw new Error('a range of versions is left in pom.xml');
  return fixed;
}

function aggregate(modules: readonly string[]): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>gungnir</groupId>
  <artifactId>all</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <properties><maven.deploy.skip>true</maven.deploy.skip></properties>
  <modules>${modules.map((name) => `<module>${name}/java</module>`).join('')}</modules>
</project>
`;
}
