/**
 * The three controllers of lost nodes: health, evictions by taint, and the sweep for pods without one.
 * They remember since when they look at a thing: a silence or a taint from before counts from then.
 * Never here: their decisions (health.ts, eviction.ts, sweep.ts).
 */
import { NOTHING } from '../frame/action';
import { type Controller, source } from '../frame/controller';
import { keyOf, splitKey } from '../frame/kind';
import type { Reader } from '../frame/reader';
import { conditionOf } from '../objects/condition';
import { LEASE_NAMESPACE, LEASES, NODES, type Node, type Taint, ZONE_LABEL } from '../objects/node';
import { PODS, type Pod } from '../objects/pod';
import { timeOf } from '../objects/time';
import { decideEviction } from './eviction';
import { decideNode, evictionsWith } from './health';
import type { NodeSettings } from './settings';
import { sweepPods } from './sweep';

export function nodeHealthController(settings: NodeSettings, sinceMs: number): Controller {
  return {
    name: 'node-controller',
    sources: [
      // Whether a silent node is given up hangs on how many others are silent.
      source(NODES, (_node, reader) => reader.list(NODES).map(({ metadata }) => metadata.name)),
      source(LEASES, ({ metadata }) =>
        metadata.namespace === LEASE_NAMESPACE ? [metadata.name] : [],
      ),
      source(PODS, ({ spec }, reader) => {
        const node = reader.get(NODES, undefined, spec.nodeName ?? '');
        return node !== undefined && !isReady(node) ? [node.metadata.name] : [];
      }),
    ],
    decide(name, reader, nowMs) {
      const node = reader.get(NODES, undefined, name);
      if (node === undefined) return NOTHING;
      const zone = zoneOf(node);
      return decideNode(
        {
          node,
          lease: reader.get(LEASES, LEASE_NAMESPACE, name),
          pods: podsOn(reader, name),
          evictions: evictionsWith(reader.list(NODES), zoneOf, zone),
          sinceMs,
        },
        settings,
        nowMs,
      );
    },
  };
}

function isReady({ status }: Node): boolean {
  return (conditionOf(status?.conditions, 'Ready')?.status ?? 'True') === 'True';
}

function zoneOf({ metadata }: Node): string {
  const { labels = {} } = metadata;
  return `${labels['topology.kubernetes.io/region'] ?? ''}:${labels[ZONE_LABEL] ?? ''}`;
}

function podsOn(reader: Reader, name: string): readonly Pod[] {
  return reader.list(PODS).filter(({ spec }) => spec.nodeName === name);
}

export function taintEvictionController(): Controller {
  /** By pod, then by taint: when a taint that does not say it was there first. */
  const firstSeen = new Map<string, ReadonlyMap<string, number>>();
  const remember = (key: string, { metadata }: Pod, taints: readonly Taint[], nowMs: number) => {
    const known = firstSeen.get(key);
    const words = taints
      .filter(({ effect }) => effect === 'NoExecute')
      .map((taint) => wordOf(metadata.uid, taint));
    const present = new Map(words.map((word) => [word, known?.get(word) ?? nowMs]));
    if (present.size === 0) firstSeen.delete(key);
    else firstSeen.set(key, present);
    return (taint: Taint): number => {
      const told = timeOf(taint.timeAdded);
      if (told !== undefined) return Math.max(told, timeOf(metadata.creationTimestamp) ?? 0);
      return present.get(wordOf(metadata.uid, taint)) ?? nowMs;
    };
  };
  return {
    name: 'taint-eviction-controller',
    sources: [
      source(PODS, (pod) => (pod.spec.nodeName ? [keyOf(pod)] : [])),
      source(NODES, ({ metadata, spec }, reader) =>
        spec.taints?.some(({ effect }) => effect === 'NoExecute') === true
          ? podsOn(reader, metadata.name).map(keyOf)
          : [],
      ),
    ],
    decide(key, reader, nowMs) {
      const { namespace, name } = splitKey(key);
      const pod = reader.get(PODS, namespace, name);
      const node = reader.get(NODES, undefined, pod?.spec.nodeName ?? '');
      if (pod === undefined || node === undefined) {
        firstSeen.delete(key);
        return NOTHING;
      }
      const { taints = [] } = node.spec;
      return decideEviction(pod, taints, remember(key, pod, taints, nowMs), nowMs);
    },
  };
}

function wordOf(uid: string, { key, value = '' }: Taint): string {
  return `${uid} ${key} ${value}`;
}

export function podSweepController(settings: NodeSettings): Controller {
  const missingSince = new Map<string, number>();
  return {
    name: 'pod-garbage-collector-controller',
    sources: [source(NODES, () => [EVERYTHING])],
    reads: [PODS],
    decide(_, reader, nowMs) {
      const pods = reader.list(PODS);
      const known = (name: string) => reader.get(NODES, undefined, name);
      const named = new Set(pods.flatMap(({ spec }) => (spec.nodeName ? [spec.nodeName] : [])));
      for (const name of missingSince.keys())
        if (!named.has(name) || known(name) !== undefined) missingSince.delete(name);
      for (const name of named)
        if (known(name) === undefined && !missingSince.has(name)) missingSince.set(name, nowMs);
      const goneFor = (name: string) => nowMs - (missingSince.get(name) ?? nowMs);
      const quarantineMs = settings.quarantineSeconds * 1000;
      return {
        actions: sweepPods(pods, known, goneFor, quarantineMs, nowMs),
        recheckAfterMs: settings.sweepSeconds * 1000,
      };
    },
  };
}

/** One key: the sweep looks at all pods each time. */
const EVERYTHING = 'all';
