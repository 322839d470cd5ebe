/**
 * Reads definitions from YAML or JSON as kubectl does, and says of each problem where it stands.
 * Never here: rules; validate() has them.
 */
import {
  type Document,
  isCollection,
  isNode,
  LineCounter,
  parseAllDocuments,
  type Tags,
} from 'yaml';
import type { ValkeyClusterDefinition } from '../../spec/definition';
import { API_VERSION, CLUSTER_KIND } from '../../spec/definition';
import { explainProblem, keysOf, type Problem } from '../../spec/problem';
import { nearest } from '../../spec/suggest';
import { normalized, validate } from '../../spec/validate';

export interface ReadDefinitions {
  readonly clusters: readonly ValkeyClusterDefinition[];
  /** Each with file, line and column; no cluster of the file may be used when there is one. */
  readonly problems: readonly string[];
  /** `Kind name` of the objects that are not ours. */
  readonly others: readonly string[];
  /** All of them as they were written, ours and others, a List taken apart. */
  readonly objects: readonly object[];
}

const NOTHING: ReadDefinitions = { clusters: [], problems: [], others: [], objects: [] };

/** Kinds of our group whose function is not there yet. */
const NOT_YET_KINDS = ['ValkeyBackup', 'ValkeyBackupSchedule'];

/** kubectl reads `yes` as true and 0755 as octal (YAML 1.1), but knows neither dates nor 1:30 as 90. */
const AS_KUBECTL = {
  version: '1.1',
  customTags: (tags: Tags): Tags =>
    tags.filter(
      (tag) =>
        typeof tag === 'string' ||
        !(tag.tag.endsWith(':timestamp') || ('format' in tag && tag.format === 'TIME')),
    ),
} as const;

/** @param file only named in problems. */
export function readDefinitions(file: string, text: string): ReadDefinitions {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    ...AS_KUBECTL,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
  });
  if (!Array.isArray(documents)) return NOTHING;
  const read = documents
    .filter((document) => document.contents !== null || document.errors.length > 0)
    .map((document) => readDocument(document, (offset) => at(file, lines, offset)));
  return together(read);
}

function together(read: readonly ReadDefinitions[]): ReadDefinitions {
  return {
    clusters: read.flatMap(({ clusters }) => clusters),
    problems: read.flatMap(({ problems }) => problems),
    others: read.flatMap(({ others }) => others),
    objects: read.flatMap(({ objects }) => objects),
  };
}

function readDocument(
  document: Document.Parsed,
  where: (offset: number) => string,
): ReadDefinitions {
  if (document.errors.length > 0) {
    const problems = document.errors.map(
      ({ pos, message }) => `${where(pos[0])}: not YAML: ${message}`,
    );
    return { ...NOTHING, problems };
  }
  const { value, problem } = contentsOf(document);
  if (problem !== undefined) return { ...NOTHING, problems: [`${where(0)}: not YAML: ${problem}`] };
  // A document of nothing but a comment is none, as for kubectl.
  if (value === null || value === undefined) return NOTHING;
  const { apiVersion, kind, items } = fieldsOf(value);
  if (apiVersion !== 'v1' || kind !== 'List' || !Array.isArray(items))
    return readObject(value, (problem) => told(problem, document, where, []));
  // What `kubectl get -o yaml` prints of several.
  return together(
    items.map((item: unknown, index) =>
      readObject(item, (problem) => told(problem, document, where, ['items', String(index)])),
    ),
  );
}

function readObject(value: unknown, tell: (problem: Problem) => string): ReadDefinitions {
  const { apiVersion, kind, metadata } = fieldsOf(value);
  const group = typeof apiVersion === 'string' ? apiVersion.split('/')[0] : undefined;
  if (
    group !== undefined &&
    group !== 'valkey.verilean.io' &&
    nearest(group, ['valkey.verilean.io']) === undefined
  ) {
    const other = `${String(kind)} ${String(fieldsOf(metadata).name)}`;
    return { ...NOTHING, others: [other], objects: [Object(value)] };
  }
  const problems = [
    ...headProblems(apiVersion, kind),
    ...(kind === CLUSTER_KIND ? validate(value) : []),
  ];
  if (problems.length > 0) return { ...NOTHING, problems: problems.map(tell) };
  const cluster = normalized(value) as ValkeyClusterDefinition;
  return { ...NOTHING, clusters: [cluster], objects: [Object(value)] };
}

/** Aliases may multiply without bound, which only shows when they are followed. */
function contentsOf(document: Document.Parsed): {
  readonly value?: unknown;
  readonly problem?: string;
} {
  try {
    const value: unknown = document.toJS();
    const problem = unlikeJson(value, []);
    return problem === undefined ? { value } : { problem };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Kubernetes has JSON only: an alias of what holds it has no end there, and !!set, !!omap and !!binary nothing alike. */
function unlikeJson(value: unknown, above: readonly unknown[]): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (above.includes(value))
    return 'an alias stands within its own anchor, so it has no end. To fix: write the value out.';
  if (value instanceof Set || value instanceof Map || ArrayBuffer.isView(value))
    return '!!set, !!omap and !!binary are nothing that Kubernetes has. To fix: write a plain map, list or text.';
  const inside = [...above, value];
  for (const part of Object.values(value)) {
    const problem = unlikeJson(part, inside);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function headProblems(apiVersion: unknown, kind: unknown): readonly Problem[] {
  const version: readonly Problem[] =
    apiVersion === API_VERSION
      ? []
      : [
          {
            path: 'apiVersion',
            value: JSON.stringify(apiVersion) ?? 'absent',
            limit: `must be ${API_VERSION}`,
            remedy: `write apiVersion: ${API_VERSION}`,
          },
        ];
  if (kind === CLUSTER_KIND) return version;
  const later = NOT_YET_KINDS.includes(String(kind));
  return [
    ...version,
    {
      path: 'kind',
      value: JSON.stringify(kind) ?? 'absent',
      limit: later ? `${String(kind)} is not there yet in this version` : `must be ${CLUSTER_KIND}`,
      remedy: later ? 'remove this document' : `write kind: ${CLUSTER_KIND}`,
    },
  ];
}

function told(
  problem: Problem,
  document: Document.Parsed,
  where: (offset: number) => string,
  above: readonly string[],
): string {
  const offset = offsetOf(document, [...above, ...keysOf(problem.path)]);
  return `${where(offset)}: ${explainProblem(problem)}`;
}

/** The place of the key, or of the nearest thing above it that is there. */
function offsetOf(document: Document.Parsed, keys: readonly string[]): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? document.range[0];
  for (const key of keys) {
    if (!isCollection(node)) return offset;
    const pair = node.items.find((item) => keyOf(item) === key);
    const next: unknown = node.get(key, true) ?? node.get(Number(key), true);
    offset = startOf(keyNode(pair)) ?? startOf(next) ?? offset;
    node = next;
  }
  return offset;
}

function keyNode(item: unknown): unknown {
  return fieldsOf(item).key;
}

function keyOf(item: unknown): string | undefined {
  const value = fieldsOf(keyNode(item)).value;
  return value === undefined ? undefined : String(value);
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function at(file: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
    ? ({ ...value } as Record<string, unknown>)
    : {};
}
