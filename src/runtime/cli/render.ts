/**
 * `gungnir render`: definitions in, the objects that the operator would make out; nothing is sent
 * anywhere. A file with a problem gives no output at all.
 */
import { GungnirError } from '../../kit/reasons';
import type { Bundle } from '../../resources/operator/bundle';
import { NODE_IMAGE } from '../../resources/operator/options';
import { renderOperator } from '../../resources/operator/render';
import { render as renderCluster } from '../../resources/render';
import type { ValkeyClusterDefinition } from '../../spec/definition';
import { PATTERNS } from '../../spec/patterns';
import { type Flag, readFlags } from '../args';
import { type CliIo, type Command, EXIT, type ExitCode } from './command';
import { readDefinitions } from './definitions';
import { flagLines } from './help';
import { formatObjects, type OutputFormat, outputFlag, writeProblems } from './output';
import { readBundle } from './pack';
import { splitLine } from './words';
import { wrap } from './wrap';

const wanted: Flag<'operator' | 'clusters'>['parse'] = (value) => {
  if (value === 'true') return { kind: 'value', value: 'operator' };
  if (value === 'false') return { kind: 'value', value: 'clusters' };
  return { kind: 'limit', limit: 'true or false' };
};
const word: Flag<string>['parse'] = (value) =>
  value === '' ? { kind: 'limit', limit: 'not empty' } : { kind: 'value', value };

const imageName = new RegExp(PATTERNS.image.pattern);
const image: Flag<string>['parse'] = (value) =>
  imageName.test(value)
    ? { kind: 'value', value }
    : { kind: 'limit', limit: 'an image name: printable ASCII without blanks' };

const flags = {
  output: outputFlag,
  what: {
    name: '--operator',
    placeholder: undefined,
    fallback: 'false',
    parse: wanted,
    help: "print the operator's own objects instead",
  } satisfies Flag<'operator' | 'clusters'>,
  bundle: {
    name: '--bundle',
    placeholder: 'FILE',
    fallback: '(built in)',
    parse: word,
    help: "with --operator: the operator's program",
  } satisfies Flag<string>,
  image: {
    name: '--image',
    placeholder: 'IMAGE',
    fallback: NODE_IMAGE,
    parse: image,
    help: 'with --operator: an image with Node 24',
  } satisfies Flag<string>,
} as const;

export const render: Command = {
  name: 'render',
  summary: 'print the objects that a ValkeyCluster becomes',
  usage: 'gungnir render FILE... [--output yaml|json]',
  details: [
    'Prints the objects that the operator would make of each ValkeyCluster, or of',
    'itself with --operator. Nothing is sent anywhere. Problems are told all at',
    'once, with file and line; then nothing is printed.',
    '',
    'FILE is YAML or JSON, several documents too; - reads the standard input.',
    '',
    ...flagLines(flags),
  ],
  examples: [
    'gungnir render cluster.yaml',
    'gungnir render - --output json < cluster.yaml',
    'gungnir render --operator | kubectl apply --server-side -f -',
  ],
  async run(argv, io) {
    const { words: files, flags: rest } = splitLine(flags, argv);
    const { output, what, bundle, image: named } = readFlags(flags, rest, {});
    if (what === 'operator') {
      const [word] = files;
      if (word !== undefined)
        throw new GungnirError('ArgumentUnexpected', { word, beside: '--operator' });
      io.writeOut(
        formatObjects(
          renderOperator({ kind: 'bundle', bundle: await bundleOf(bundle, io), image: named }),
          output,
        ),
      );
      return EXIT.ok.code;
    }
    if (files.length === 0) throw new GungnirError('ArgumentMissing', { missing: 'FILE' });
    return renderFiles(files, output, io);
  },
};

async function renderFiles(
  files: readonly string[],
  output: OutputFormat,
  io: CliIo,
): Promise<ExitCode> {
  const read = await Promise.all(
    files.map(async (file) => ({ file, ...readDefinitions(file, await readText(file, io)) })),
  );
  const problems = [...read.flatMap((one) => one.problems), ...twice(read)];
  if (problems.length > 0) {
    writeProblems(io, problems, 'nothing is rendered');
    return EXIT.invalid.code;
  }
  for (const { file, clusters, others } of read) {
    if (clusters.length === 0) throw new GungnirError('FileHasNoCluster', { file });
    for (const other of others)
      io.writeErr(wrap(`note: ${file}: ${other} is not ours and is left out\n`, io.errColumns));
  }
  io.writeOut(
    formatObjects(
      read.flatMap(({ clusters }) => clusters.flatMap(renderCluster)),
      output,
    ),
  );
  return EXIT.ok.code;
}

/** Their objects would overwrite each other. */
function twice(
  read: readonly { readonly file: string; readonly clusters: readonly ValkeyClusterDefinition[] }[],
): readonly string[] {
  const seen = new Set<string>();
  return read.flatMap(({ file, clusters }) =>
    clusters.flatMap(({ metadata }) => {
      const name = [metadata.namespace, metadata.name].filter(Boolean).join('/');
      if (seen.has(name))
        return [`${file}: ValkeyCluster ${name} is there twice. To fix: leave one out.`];
      seen.add(name);
      return [];
    }),
  );
}

async function readText(file: string, io: CliIo): Promise<string> {
  try {
    return await io.readFile(file);
  } catch (cause) {
    throw new GungnirError('FileUnreadable', { file, because: codeOf(cause) }, cause);
  }
}

async function bundleOf(named: string, io: CliIo): Promise<Bundle> {
  const file = named === flags.bundle.fallback ? io.bundlePath : named;
  return readBundle(file, (path) => io.readFile(path)).catch((cause: unknown) => {
    throw new GungnirError('BundleMissing', { file, because: codeOf(cause) }, cause);
  });
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}
