/**
 * `gungnir status`: what a person wants to know first. Facts come from the status that the operator
 * writes; nothing is asked of the Valkey servers.
 */
import type { ValkeyClusterStatus } from '../../spec/status';
import { readFlags } from '../args';
import { type ClusterObject, clusters } from '../lanes/record-store';
import { type CliIo, type Command, EXIT, type ExitCode } from './command';
import { type Connected, connectFlags, getCluster, told, withClient } from './connect';
import { textOrJson } from './report';
import { table } from './table';
import { splitLine } from './words';

const flags = { ...connectFlags, output: textOrJson } as const;

export const status: Command = {
  name: 'status',
  summary: 'show clusters, their primaries and what troubles them',
  usage: 'gungnir status [NAME] [--output text|json] [flags]',
  details: [
    'Without a NAME: every cluster of the namespace. With one: its nodes, its',
    'conditions and its last failover. Exit code 1 when a primary is missing.',
    '',
    ...Object.values(flags).map(
      ({ name, placeholder, help }) => `  ${`${name} ${placeholder}`.padEnd(20)} ${help}`,
    ),
  ],
  examples: [
    'gungnir status',
    'gungnir status cart --namespace shop',
    'gungnir status cart --output json',
  ],
  async run(argv, io) {
    const line = splitLine(flags, argv);
    const args = readFlags(flags, line.flags, {});
    return withClient(io, args, (connected) => show(io, connected, line.words[0], args.output));
  },
};

async function show(
  io: CliIo,
  connected: Connected,
  name: string | undefined,
  output: 'text' | 'json',
): Promise<ExitCode> {
  const found =
    name === undefined ? await listClusters(connected) : [await getCluster(connected, name)];
  if (output === 'json')
    io.writeOut(
      `${JSON.stringify(name === undefined ? found.map(summaryOf) : found[0]?.status, undefined, 2)}\n`,
    );
  else io.writeOut(name === undefined ? overview(found, connected.namespace) : details(found[0]));
  const missing = found.some((object) => (object.status?.masterPod ?? '') === '');
  return missing ? EXIT.failed.code : EXIT.ok.code;
}

async function listClusters(connected: Connected): Promise<readonly ClusterObject[]> {
  const answer = await connected.client.list(clusters, { namespace: connected.namespace });
  if (answer.kind === 'ok') return answer.value.items;
  throw told(answer, connected, 'list');
}

function summaryOf({ metadata, status: seen }: ClusterObject): object {
  const { name, namespace } = metadata;
  return {
    name,
    namespace,
    phase: seen?.phase,
    masterPod: seen?.masterPod,
    readyReplicas: seen?.readyReplicas,
    epoch: seen?.record?.epoch,
  };
}

function overview(found: readonly ClusterObject[], namespace: string): string {
  if (found.length === 0) return `no ValkeyCluster in namespace ${namespace}\n`;
  const rows = found.map(({ metadata, spec, status: seen }) => [
    metadata.name,
    seen?.phase ?? 'Unknown',
    orDash(seen?.masterPod),
    `${seen?.readyReplicas ?? 0}/${spec?.replicas ?? 3}`,
    String(seen?.record?.epoch ?? 0),
    troubleOf(seen)?.reason ?? '-',
  ]);
  return table(['NAME', 'PHASE', 'PRIMARY', 'READY', 'EPOCH', 'TROUBLE'], rows);
}

function details(object: ClusterObject | undefined): string {
  const seen = object?.status;
  if (object === undefined || seen === undefined)
    return 'no status yet: does an operator run? kubectl -n gungnir-system get pods\n';
  const { record } = seen;
  const head = [
    ['Cluster', `${object.metadata.namespace ?? ''}/${object.metadata.name}`],
    ['Phase', seen.phase ?? 'Unknown'],
    [
      'Primary',
      seen.masterPod === '' || seen.masterPod === undefined
        ? 'none'
        : `${seen.masterPod} (${seen.currentMaster ?? ''})`,
    ],
    ['Epoch', `${record?.epoch ?? 0} (term ${record?.term ?? 0}, ${record?.phase ?? 'no record'})`],
    [
      'Writes',
      record === undefined
        ? '-'
        : record.m === 0
          ? 'taken without replicas'
          : `wait for ${record.m} of ${record.members.length} replicas`,
    ],
  ];
  const nodes = (seen.nodeStatuses ?? []).map(({ podName, role, healthy, replOffset }) => [
    podName,
    role,
    healthy ? 'healthy' : 'not healthy',
    String(replOffset ?? '-'),
  ]);
  const conditions = (seen.conditions ?? []).map(({ type, status: value, reason }) => [
    type,
    value,
    reason,
  ]);
  const trouble = troubleOf(seen);
  return [
    table(undefined, head),
    table(['NODE', 'ROLE', 'HEALTH', 'OFFSET'], nodes),
    table(['CONDITION', 'STATUS', 'REASON'], conditions),
    ...lastFailover(seen),
    ...(trouble === undefined ? [] : [`${trouble.message}\n`]),
  ].join('\n');
}

function lastFailover({ failovers }: ValkeyClusterStatus): readonly string[] {
  const last = failovers?.last;
  if (last === undefined) return [];
  const lost = last.lostBytes === undefined ? 'unknown' : String(last.lostBytes);
  return [
    `Last of ${failovers?.count ?? 0}: ${orDash(last.from)} -> ${orDash(last.to)}, ${last.reason}, ${last.durationMs ?? '?'} ms, bytes lost: ${lost}\n`,
  ];
}

/** The condition that a person would look at first. */
function troubleOf(
  seen: ValkeyClusterStatus | undefined,
): { readonly reason: string; readonly message: string } | undefined {
  const conditions = seen?.conditions ?? [];
  const degraded = conditions.find(
    ({ type, status: value }) => type === 'Degraded' && value === 'True',
  );
  return (
    degraded ??
    conditions.find(({ type, status: value }) => type === 'PrimaryAvailable' && value === 'False')
  );
}

function orDash(value: string | undefined): string {
  return value === undefined || value === '' ? '-' : value;
}
