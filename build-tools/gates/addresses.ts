/**
 * Nothing of the machine that wrote the commit is in it: no package registry, no mirror, no home or
 * work folder. The tree works wherever it is cloned.
 */
import { findingsOf, type Gate } from './tree';

// Each alternative is written so that this line does not match itself.
const registries =
  /registry\.(npmjs|yarnpkg)|np[m]mirror|(deb|snapshot|security)\.debian\.org|archive\.ubunt[u]|(proxy|sum)\.golang|pypi\.org|pythonhoste[d]|artifactregistr[y]|pkg\.dev\//;
const machinePaths =
  /(^|[^\w.$}-])\/(root|home\/\w+|Users\/\w+|work\/(main|shared|\.library)|tmp\/(gungnir|kube-|bash_jobs)[\w.-]*)(\/|\b)/;

export const addresses: Gate = {
  name: 'addresses',
  holds: 'no committed file names a package registry or a path of one machine',
  check: (tree) =>
    tree.files.flatMap((file) => [
      ...findingsOf(
        file,
        registries,
        "names a package registry: leave it to the user's configuration",
      ),
      ...findingsOf(
        file,
        machinePaths,
        'names a path of one machine: derive it or take it as a setting',
      ),
    ]),
};
