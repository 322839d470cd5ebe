/**
 * What has become of a switchover that was asked for: from the record in the object's status, and from
 * the operator's Events, which alone say why it was not begun.
 * Never here: asking, words for a terminal.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '../kube/types';
import { resources } from '../kube/types';
import { type ClusterObject, clusters } from '../lanes/record-store';
import type { Connected } from './connect';

const LOOK_EVERY_MS = 200;

/** Events that say no. */
const REFUSALS: readonly string[] = ['SwitchoverRefused', 'SwitchoverGivenUp'];

export interface Asked {
  readonly name: string;
  readonly uid: string;
  readonly from: string;
  /** Of the record when it was asked. */
  readonly epoch: number;
  /** Refusals that were there before. */
  readonly heard: ReadonlySet<string>;
}

export type Became =
  | {
      readonly kind: 'moved';
      readonly to: string;
      readonly epoch: number;
      readonly durationMs: number | undefined;
    }
  | { readonly kind: 'refused'; readonly said: string | undefined }
  | { readonly kind: 'nothing' };

interface EventObject extends KubeObject {
  readonly reason?: string;
  readonly note?: string;
  readonly series?: { readonly count?: number };
}

/** Looks until something became of it, the time is over, or `until` is aborted. */
export async function watchSwitchover(
  connected: Connected,
  asked: Asked,
  forMs: number,
  until: AbortSignal,
): Promise<Became> {
  const endMs = performance.now() + forMs;
  let became: Became = { kind: 'nothing' };
  while (became.kind === 'nothing' && performance.now() < endMs && !until.aborted) {
    await delay(Math.min(LOOK_EVERY_MS, endMs - performance.now()), undefined, {
      signal: until,
    }).catch(() => {});
    became = await look(connected, asked);
  }
  return became;
}

async function look(connected: Connected, asked: Asked): Promise<Became> {
  const { client, namespace } = connected;
  const answer = await client.get(clusters, { namespace, name: asked.name });
  // A server that is away for a moment is asked again; if it stays away, withdrawing tells so.
  if (answer.kind !== 'ok') return { kind: 'nothing' };
  const became = becameOf(answer.value, asked);
  if (became.kind !== 'nothing') return became;
  const refusals = await refusalsOf(connected, asked.uid);
  const fresh = refusals.find((event) => !asked.heard.has(keyOf(event)));
  return fresh === undefined ? became : { kind: 'refused', said: fresh.note };
}

function becameOf({ status }: ClusterObject, { from, epoch }: Asked): Became {
  const { record, failovers } = status ?? {};
  const to = record?.primary?.pod ?? '';
  if (record?.phase !== 'Steady' || record.epoch <= epoch) return { kind: 'nothing' };
  if (to === from) return { kind: 'refused', said: undefined };
  const last = failovers?.last;
  // The duration is written a moment after the record.
  if (last?.to !== to || last.from !== from) return { kind: 'nothing' };
  return { kind: 'moved', to, epoch: record.epoch, durationMs: last.durationMs };
}

/** Empty as well where RBAC does not let one read Events. */
async function refusalsOf(
  { client, namespace }: Connected,
  uid: string,
): Promise<readonly EventObject[]> {
  const fieldSelector = `regarding.uid=${uid}`;
  const answer = await client.list(resources.events, { namespace, fieldSelector });
  const events = answer.kind === 'ok' ? (answer.value.items as readonly EventObject[]) : [];
  return events.filter(({ reason }) => REFUSALS.includes(reason ?? ''));
}

export async function heardSoFar(connected: Connected, uid: string): Promise<ReadonlySet<string>> {
  return new Set((await refusalsOf(connected, uid)).map(keyOf));
}

/** A repetition counts as another one. */
function keyOf({ metadata, series }: EventObject): string {
  return `${metadata.name} ${series?.count ?? 1}`;
}
