/**
 * How `gungnir status` looks: what troubles first, then the facts, then what to type.
 * Never here: what is true of a cluster (cluster-report.ts).
 */
import { ANNOTATIONS } from '../../spec/naming';
import { causeText } from '../plan/announce';
import type { ClusterReport } from './cluster-report';
import { pairs, table } from './table';
import { wrap, wrapReason } from './wrap';

/** Two and a half of the operator's minutes: it writes once in each, changed or not. */
const STALE_MS = 150_000;

export interface View {
  /** undefined: lines stay whole. */
  readonly columns: number | undefined;
  readonly nowMs: number;
}

/** One line for each cluster. */
export function overviewText(
  reports: readonly ClusterReport[],
  where: { readonly kind: 'all' } | { readonly kind: 'namespace'; readonly name: string },
  { columns, nowMs }: View,
): string {
  if (reports.length === 0)
    return where.kind === 'all'
      ? 'no ValkeyCluster in any namespace\n'
      : `no ValkeyCluster in namespace ${where.name} (-A shows all namespaces)\n`;
  const head = ['NAME', 'PHASE', 'PRIMARY', 'READY', 'TROUBLE'];
  const rows = reports.map((report) => [
    report.name,
    report.phase,
    report.primary?.pod ?? 'none',
    `${report.readyPods}/${report.wantedPods}`,
    report.trouble?.reason ?? (isStale(report, nowMs) ? 'StatusIsOld' : '-'),
  ]);
  if (where.kind === 'namespace') return table(head, rows, columns);
  const placed = rows.map((row, place) => [reports[place]?.namespace ?? '', ...row]);
  return table(['NAMESPACE', ...head], placed, columns);
}

export function detailsText(report: ClusterReport, view: View): string {
  const { trouble, nodes, conditions } = report;
  const parts = [
    pairs(headOf(report, view.nowMs)),
    ...(trouble === null ? [] : [`${trouble.reason}: ${trouble.message}\n`]),
    ...answerOf(report),
  ].map((part) => wrapReason(part, view.columns));
  const told = conditions.map(({ type, status, reason, since }) => [
    type,
    status,
    reason,
    ageText(since, view.nowMs),
  ]);
  return [
    ...parts,
    ...tableOf(['NODE', 'ROLE', 'STATE', 'LAST OFFSET'], nodes.map(nodeRow), view),
    ...tableOf(['CONDITION', 'STATUS', 'REASON', 'SINCE'], told, view),
    ...lastChange(report).map((line) => wrap(line, view.columns)),
  ].join('\n');
}

function tableOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { columns }: View,
): readonly string[] {
  return rows.length === 0 ? [] : [table(head, rows, columns)];
}

function headOf(report: ClusterReport, nowMs: number): readonly (readonly [string, string])[] {
  const { primary, writes, epoch, term, step, readyPods, wantedPods } = report;
  return [
    ['Cluster', `${report.namespace}/${report.name}`],
    ['Phase', report.phase],
    ['Primary', primary === null ? 'none that is known to serve' : primaryText(primary)],
    ...(writes === null || primary === null ? [] : [['Writes', writesText(writes)] as const]),
    ['Pods', `${readyPods} of ${wantedPods} ready`],
    ...(epoch === null ? [] : [['Epoch', `${epoch} (term ${term ?? 0}, ${step ?? ''})`] as const]),
    ...(report.reconciling === 'paused'
      ? [['Paused', 'objects are left as they are (spec.paused); failovers go on'] as const]
      : []),
    ...(report.updatedAt === null ? [] : [['Updated', updatedText(report, nowMs)] as const]),
  ];
}

function primaryText({ pod, address }: NonNullable<ClusterReport['primary']>): string {
  return `${pod} (${address})`;
}

function writesText({ waitFor, of }: NonNullable<ClusterReport['writes']>): string {
  return waitFor === 0 ? 'taken without any replica' : `wait for ${waitFor} of ${of} replicas`;
}

function updatedText(report: ClusterReport, nowMs: number): string {
  const age = ageText(report.updatedAt ?? '', nowMs);
  return isStale(report, nowMs)
    ? `${age} ago, so no operator runs: kubectl -n gungnir-system get pods`
    : `${age} ago`;
}

function isStale({ updatedAt }: ClusterReport, nowMs: number): boolean {
  return updatedAt !== null && nowMs - Date.parse(updatedAt) > STALE_MS;
}

/** The exact commands, where the engine asks. */
function answerOf(report: ClusterReport): readonly string[] {
  const { trouble, accept, namespace, name, epoch } = report;
  if (trouble === null || !trouble.message.includes('accept=')) return [];
  const [head, key] = [`  kubectl -n ${namespace} annotate vc ${name}`, ANNOTATIONS.accept];
  const pod = trouble.reason === 'ForeignHistory' ? (report.primary?.pod ?? 'POD') : 'POD';
  const set = [`${head} \\`, `    ${key}=${pod}@${epoch ?? 'EPOCH'}`];
  if (accept === null) return [['To accept a node, with its name for POD:', ...set, ''].join('\n')];
  const stands = `The annotation accept=${accept} stands, and did not answer: what was set before a question is no answer to it. Remove it, then set it, with the name of the node for POD:`;
  return [[stands, `${head} \\`, `    ${key}-`, ...set, ''].join('\n')];
}

function nodeRow(node: ClusterReport['nodes'][number]): readonly string[] {
  const role = node.role === 'Master' ? 'Primary' : node.role;
  const state = node.healthy ? 'ok' : role === 'Unknown' ? 'no answer' : 'not in sync';
  return [node.podName, role, state, String(node.replOffset ?? '-')];
}

function lastChange({ failovers: { count, last } }: ClusterReport): readonly string[] {
  if (last === undefined) return [];
  const { from = '', to = '', reason, durationMs = 0, lostBytes } = last;
  const lost = lostBytes === undefined ? 'bytes lost: not known' : `${lostBytes} bytes lost`;
  return [
    `Last of ${count} changes of the primary: ${from} -> ${to}, ${causeText(reason)}, ${durationMs} ms, ${lost}\n`,
  ];
}

/** `12 s`, `5 min`, `3 h`, `2 d`; a clock that is ahead of ours counts as now. */
export function ageText(since: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(since)) / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.floor(seconds / 3_600)} h`
    : `${Math.floor(seconds / 86_400)} d`;
}
