/**
 * The record as text and back, for authorities that keep it in a file or an annotation. Equal records
 * are equal texts, so that a compare-and-swap may compare texts.
 * Never here: defaults for what is missing; what cannot be read is no record, and nobody guesses.
 */
import { assert } from '../../kit/assert';
import { epoch, millis, offset, replId, runId, term } from '../../kit/brands';
import type { ClusterRecord, HistoryEntry, Phase, Process } from './record';

export type ReadRecord =
  | { readonly kind: 'record'; readonly record: ClusterRecord | undefined }
  | { readonly kind: 'unreadable'; readonly problem: string };

/** '' stands for a record that was never written. */
export function recordText(record: ClusterRecord | undefined): string {
  return record === undefined ? '' : canonical(record);
}

export function readRecord(text: string): ReadRecord {
  if (text === '') return { kind: 'record', record: undefined };
  try {
    return { kind: 'record', record: parsed(fieldsOf(JSON.parse(text), 'the record')) };
  } catch (error) {
    return { kind: 'unreadable', problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Fields in order of their names, those without a value left out: one text for one value. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => sorted(inner)) ?? '';
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

type Fields = Readonly<Record<string, unknown>>;

const phases: readonly Phase[] = ['Boot', 'Steady', 'Failover', 'Switchover'];

function parsed(fields: Fields): ClusterRecord {
  const phase = phases.find((known) => known === fields.phase);
  assert(phase !== undefined, `phase must be one of ${phases.join(', ')}`);
  return {
    term: term(numberOf(fields, 'term')),
    epoch: epoch(numberOf(fields, 'epoch')),
    primary: optional(fields, 'primary', processOf),
    members: listOf(fields, 'members').map((member) => processOf(fieldsOf(member, 'a member'))),
    everAttached: flagOf(fields, 'everAttached'),
    foreign: flagOf(fields, 'foreign'),
    lineage: listOf(fields, 'lineage').map((entry) => historyOf(fieldsOf(entry, 'a history'))),
    phase,
    target: optional(fields, 'target', processOf),
    from: optional(fields, 'from', (from) => ({
      replid: replId(textOf(from, 'replid')),
      offset: offset(numberOf(from, 'offset')),
    })),
    m: numberOf(fields, 'm'),
    L: numberOf(fields, 'L'),
    offset: offset(numberOf(fields, 'offset')),
    keys: numberOf(fields, 'keys'),
    at: millis(numberOf(fields, 'at')),
  };
}

function processOf(fields: Fields): Process {
  return {
    pod: textOf(fields, 'pod'),
    podUid: textOf(fields, 'podUid'),
    containerId: textOf(fields, 'containerId'),
    runId: runId(textOf(fields, 'runId')),
    pvcUid: textOf(fields, 'pvcUid'),
  };
}

function historyOf(fields: Fields): HistoryEntry {
  const { cut } = fields;
  assert(cut === 'Cut' || cut === 'Joined', 'cut must be Cut or Joined');
  return {
    epoch: epoch(numberOf(fields, 'epoch')),
    replid: replId(textOf(fields, 'replid')),
    fromOffset: offset(numberOf(fields, 'fromOffset')),
    cut,
  };
}

function fieldsOf(value: unknown, what: string): Fields {
  assert(typeof value === 'object' && value !== null, `${what} must be an object`);
  return value as Fields;
}

function optional<Value>(
  fields: Fields,
  name: string,
  read: (fields: Fields) => Value,
): Value | undefined {
  const value = fields[name];
  return value === undefined ? undefined : read(fieldsOf(value, name));
}

function listOf(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  assert(Array.isArray(value), `${name} must be a list`);
  return value;
}

function numberOf(fields: Fields, name: string): number {
  const value = fields[name];
  assert(typeof value === 'number', `${name} must be a number`);
  return value;
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  assert(typeof value === 'string', `${name} must be a text`);
  return value;
}

function flagOf(fields: Fields, name: string): boolean {
  const value = fields[name];
  assert(typeof value === 'boolean', `${name} must be true or false`);
  return value;
}
