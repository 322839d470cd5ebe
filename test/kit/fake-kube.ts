/**
 * A KubeClient over one object in memory: versions, conflicts, and answers that get lost, as a script
 * asks for. Only what the lanes use of it; the real client has its own contract suite.
 */
import { millis } from '../../src/kit/brands';
import type { Answer } from '../../src/runtime/kube/answer';
import type { KubeClient } from '../../src/runtime/kube/client';
import type { KubeObject } from '../../src/runtime/kube/types';

/** What happens to the next write: `lost` is carried out and its answer is not read. */
export type Mishap = 'lost' | 'late' | 'notSent' | 'refused' | 'conflict';

export interface FakeKube {
  readonly client: KubeClient;
  object: KubeObject;
  /** For the next writes, in order. */
  readonly mishaps: Mishap[];
  readonly writes: object[];
  readonly reads: string[];
  /** What each write was given; undefined is the client's own default. */
  readonly timeoutsMs: (number | undefined)[];
  /** Somebody else's write. */
  edit(change: object): void;
}

export function fakeKube(first: KubeObject): FakeKube {
  const fake = {
    object: first,
    mishaps: [] as Mishap[],
    writes: [] as object[],
    reads: [] as string[],
    timeoutsMs: [] as (number | undefined)[],
  };
  const edit = (change: object): void => {
    const version = String(Number(fake.object.metadata.resourceVersion) + 1);
    const merged = merge(fake.object, change) as KubeObject;
    fake.object = { ...merged, metadata: { ...merged.metadata, resourceVersion: version } };
  };
  const client = {
    get: async () => {
      fake.reads.push(fake.object.metadata.resourceVersion);
      return { kind: 'ok', value: fake.object };
    },
    mergePatch: async (
      _at: unknown,
      _name: unknown,
      patch: { readonly metadata: { readonly resourceVersion?: string } },
      call?: { readonly timeoutMs?: number | undefined },
    ) => {
      fake.timeoutsMs.push(call?.timeoutMs);
      const answer = judge(
        fake.mishaps.shift(),
        patch.metadata.resourceVersion,
        fake.object.metadata.resourceVersion,
      );
      if (answer === 'done' || answer === 'lost') {
        fake.writes.push(patch);
        edit({ ...patch, metadata: { ...patch.metadata, resourceVersion: undefined } });
      }
      return answerOf(answer, fake.object);
    },
  };
  return Object.assign(fake, { client: client as unknown as KubeClient, edit });
}

function judge(
  mishap: Mishap | undefined,
  sent: string | undefined,
  current: string,
): Mishap | 'done' {
  if (mishap !== undefined && mishap !== 'lost') return mishap;
  if (sent !== undefined && sent !== current) return 'conflict';
  return mishap ?? 'done';
}

function answerOf(answer: Mishap | 'done', object: KubeObject): Answer<KubeObject> {
  const status = {
    code: answer === 'conflict' ? 409 : 403,
    reason: '',
    message: answer,
    retryAfterMs: undefined,
  };
  switch (answer) {
    case 'done':
      return { kind: 'ok', value: object };
    case 'lost':
      return { kind: 'unreachable', cause: 'ECONNRESET', effect: 'unknown' };
    case 'late':
      return { kind: 'timedOut', afterMs: millis(1), effect: 'unknown' };
    case 'notSent':
      return { kind: 'unreachable', cause: 'ECONNREFUSED', effect: 'none' };
    case 'conflict':
      return { kind: 'conflict', status };
    case 'refused':
      return { kind: 'forbidden', status };
  }
}

/** RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}
