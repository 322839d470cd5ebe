/**
 * `gungnir status`: what a person wants to know first. Facts come from the status that the operator
 * writes; nothing is asked of the Valkey servers.
 * Never here: what is printed of them (cluster-report.ts, status-text.ts).
 */

import { GungnirError } from '../../kit/reasons';
import { type Flag, readFlags } from '../args';
import { type ClusterObject, clusters } from '../lanes/record-store';
import { reportOf } from './cluster-report';
import { type CliIo, type Command, EXIT, type ExitCode } from './command';
import { type Connected, connectFlags, getCluster, told, withClient } from './connect';
import { flagLines } from './help';
import { textOrJson } from './report';
import { detailsText, overviewText } from './status-text';
import { splitLine } from './words';

const flags = {
  ...connectFlags,
  everywhere: {
    name: '--all-namespaces',
    short: '-A',
    placeholder: undefined,
    fallback: 'false',
    help: 'without a NAME: of all namespaces',
    parse: (value) => {
      if (value === 'true') return { kind: 'value', value: 'all' };
      if (value === 'false') return { kind: 'value', value: 'one' };
      return { kind: 'limit', limit: 'true or false' };
    },
  } satisfies Flag<'all' | 'one'>,
  output: textOrJson,
} as const;

export const status: Command = {
  name: 'status',
  summary: 'show clusters, their primaries and what troubles them',
  usage: 'gungnir status [NAME] [flags]',
  details: [
    'Without a NAME: a line for each cluster of the namespace. With one: what',
    'troubles it and what to do, its nodes and conditions, its last failover.',
    'As JSON: one object with a NAME, else a list of them; fields keep their names.',
    '',
    ...flagLines(flags),
  ],
  examples: [
    'gungnir status -A',
    'gungnir status cart -n shop',
    'gungnir status cart -n shop -o json',
  ],
  async run(argv, io) {
    const line = splitLine(flags, argv, 1);
    const args = readFlags(flags, line.flags, {});
    if (line.words[0] !== undefined && args.everywhere === 'all')
      throw new GungnirError('ArgumentUnexpected', {
        word: line.words[0],
        beside: '--all-namespaces',
      });
    return withClient(io, args, (connected) => {
      const [name] = line.words;
      return name === undefined ? showAll(io, connected, args) : showOne(io, connected, name, args);
    });
  },
};

interface Args {
  readonly output: 'text' | 'json';
  readonly everywhere: 'all' | 'one';
}

async function showOne(
  io: CliIo,
  connected: Connected,
  name: string,
  { output }: Args,
): Promise<ExitCode> {
  const report = reportOf(await getCluster(connected, name));
  const view = { columns: io.outColumns, nowMs: io.wallMs() };
  io.writeOut(output === 'json' ? jsonOf(report) : detailsText(report, view));
  return report.primary === null ? EXIT.unserved.code : EXIT.ok.code;
}

async function showAll(
  io: CliIo,
  connected: Connected,
  { output, everywhere }: Args,
): Promise<ExitCode> {
  const namespace = everywhere === 'all' ? undefined : connected.namespace;
  const reports = (await listClusters(connected, namespace)).map(reportOf);
  const where =
    namespace === undefined
      ? ({ kind: 'all' } as const)
      : ({ kind: 'namespace', name: namespace } as const);
  const view = { columns: io.outColumns, nowMs: io.wallMs() };
  io.writeOut(output === 'json' ? jsonOf(reports) : overviewText(reports, where, view));
  return reports.some(({ primary }) => primary === null) ? EXIT.unserved.code : EXIT.ok.code;
}

async function listClusters(
  connected: Connected,
  namespace: string | undefined,
): Promise<readonly ClusterObject[]> {
  const answer = await connected.client.list(clusters, { namespace });
  if (answer.kind === 'ok') return answer.value.items;
  throw told(answer, { ...connected, namespace }, 'list');
}

function jsonOf(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
