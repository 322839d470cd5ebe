/**
 * An API server in memory over HTTP: collections, watches, the patches and preconditions that the
 * operator uses, and faults by request. It knows no kinds: what is sent is kept.
 * Never here: controllers (fake-cluster.ts), validation, field ownership; the real server has those.
 */
import type { KubeObject } from '../../src/runtime/kube/types';
import {
  type Asked,
  type FaultServer,
  type Reply,
  type Stream,
  startFaultServer,
} from '../runtime/kube/fault-server';

/** What befalls a request instead of its effect. `lost`: carried out, then the connection ends. */
export type Fate = 'hang' | 'lost' | number;

export interface FakeApi {
  readonly url: string;
  readonly asked: FaultServer['asked'];
  /** By path, as `/api/v1/namespaces/shop/pods/cart-0`. */
  get<T extends KubeObject>(path: string): T | undefined;
  list<T extends KubeObject>(kind: string): readonly T[];
  /** Creates it, or merges into it what is given. */
  put(collection: string, object: object): KubeObject;
  remove(path: string): void;
  /** Tells every watch that it is gone, which it is not. */
  tellGone(path: string): void;
  /** Asked before each request is carried out; undefined: as usual. */
  fate: (asked: Asked) => Fate | undefined;
  /** Told of each change, after it. */
  onChange: (path: string, object: KubeObject, change: 'here' | 'gone') => void;
  /** What a deletion does; `ends`: the object goes later, by `remove`. */
  onDelete: (path: string, object: KubeObject, graceSeconds: number | undefined) => 'gone' | 'ends';
  /** Changes of these paths are shown to no watch while the function says so. */
  hidden: (path: string) => boolean;
  close(): Promise<void>;
}

const COLLECTION = /^\/(api\/v1|apis\/[^/]+\/[^/]+)(\/namespaces\/[^/]+)?\/[a-z]+$/;

interface Watcher {
  readonly collection: string;
  readonly fits: (object: KubeObject) => boolean;
  readonly stream: Stream;
}

interface Deletion {
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly gracePeriodSeconds?: number;
}

interface Entry {
  readonly path: string;
  readonly object: KubeObject;
}

export async function startFakeApi(): Promise<FakeApi> {
  const run = new Run();
  const server = await startFaultServer((asked, reply) => run.take(asked, reply));
  return Object.assign(run, { url: server.url, asked: server.asked, close: server.close });
}

class Run {
  fate: FakeApi['fate'] = () => undefined;
  onChange: FakeApi['onChange'] = () => undefined;
  onDelete: FakeApi['onDelete'] = () => 'gone';
  hidden: FakeApi['hidden'] = () => false;
  private readonly objects = new Map<string, KubeObject>();
  private readonly watchers = new Set<Watcher>();
  private version = 1;
  private uids = 0;

  get<T extends KubeObject>(path: string): T | undefined {
    return this.objects.get(path) as T | undefined;
  }

  list<T extends KubeObject>(kind: string): readonly T[] {
    return [...this.objects.values()].filter((object) => object.kind === kind) as unknown as T[];
  }

  put(collection: string, object: object): KubeObject {
    const { metadata } = object as KubeObject;
    return this.write(`${collection}/${metadata.name}`, object);
  }

  remove(path: string): void {
    const object = this.objects.get(path);
    if (object === undefined) return;
    this.objects.delete(path);
    this.version += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.version) };
    this.tell('DELETED', { path, object: { ...object, metadata } });
  }

  tellGone(path: string): void {
    const object = this.objects.get(path);
    if (object !== undefined) this.tell('DELETED', { path, object });
  }

  take(asked: Asked, reply: Reply): void {
    const fate = this.fate(asked);
    if (fate === 'hang') reply.hang();
    else if (typeof fate === 'number') reply.status(fate, 'Planted', `planted ${fate}`);
    else if (fate === 'lost') {
      this.carryOut(asked, { ...reply, json: () => undefined });
      reply.reset();
    } else this.carryOut(asked, reply);
  }

  private carryOut(asked: Asked, reply: Reply): void {
    const path = asked.path.replace(/\/(status|scale)$/, '');
    if (asked.method === 'GET') this.read(asked, path, reply);
    else if (asked.method === 'DELETE') this.drop(asked, path, reply);
    else this.change(asked, path, reply);
  }

  private change(asked: Asked, path: string, reply: Reply): void {
    const body = JSON.parse(asked.body) as Partial<KubeObject>;
    const creates = asked.method === 'POST';
    const applies = asked.headers['content-type']?.includes('apply') === true;
    const at = creates ? `${path}/${body.metadata?.name}` : path;
    const known = this.objects.get(at);
    const { uid, resourceVersion } = body.metadata ?? {};
    const stale = known !== undefined && isStale(known, uid, resourceVersion);
    if (creates && known !== undefined) reply.status(409, 'AlreadyExists', `${at} exists`);
    else if (!creates && !applies && known === undefined) reply.status(404, 'NotFound', `no ${at}`);
    else if (stale) reply.status(409, 'Conflict', `${at} is another one by now`);
    else
      reply.json(200, this.write(at, decoded(body), asked.method === 'PUT' ? 'whole' : 'merged'));
  }

  private read(asked: Asked, path: string, reply: Reply): void {
    const object = this.objects.get(path);
    if (object !== undefined) reply.json(200, object);
    else if (path === '/version') reply.json(200, { gitVersion: 'v0.0.0' });
    else if (!COLLECTION.test(path)) reply.status(404, 'NotFound', `no ${path}`);
    else this.readMany(asked, path, reply);
  }

  private readMany(asked: Asked, path: string, reply: Reply): void {
    const fits = selector(asked);
    if (asked.query.get('watch') === 'true') {
      this.watchers.add({ collection: path, fits, stream: reply.stream() });
      return;
    }
    const items = [...this.objects]
      .filter(([at, object]) => isUnder(at, path) && fits(object))
      .map(([, object]) => object);
    reply.json(200, { kind: 'List', metadata: { resourceVersion: String(this.version) }, items });
  }

  private drop(asked: Asked, path: string, reply: Reply): void {
    const known = this.objects.get(path);
    const { preconditions = {}, gracePeriodSeconds } = JSON.parse(asked.body) as Deletion;
    if (known === undefined) {
      reply.status(404, 'NotFound', `no ${path}`);
    } else if (isStale(known, preconditions.uid, preconditions.resourceVersion)) {
      reply.status(409, 'Conflict', `${path} is another one by now`);
    } else {
      if (this.onDelete(path, known, gracePeriodSeconds) === 'gone') this.remove(path);
      reply.json(200, known);
    }
  }

  private write(path: string, change: object, how: 'merged' | 'whole' = 'merged'): KubeObject {
    const before = this.objects.get(path);
    const merged = (how === 'whole' ? change : merge(before ?? {}, change)) as KubeObject;
    this.version += 1;
    this.uids += before === undefined ? 1 : 0;
    const respecified = JSON.stringify(before?.spec) !== JSON.stringify(merged.spec);
    const metadata = {
      ...merged.metadata,
      uid: before?.metadata.uid ?? merged.metadata.uid ?? `uid-${this.uids}`,
      resourceVersion: String(this.version),
      generation: (before?.metadata.generation ?? 0) + (respecified ? 1 : 0),
      creationTimestamp: before?.metadata.creationTimestamp ?? '2026-01-01T00:00:00Z',
    };
    const object = { ...merged, metadata };
    this.objects.set(path, object);
    this.tell(before === undefined ? 'ADDED' : 'MODIFIED', { path, object });
    return object;
  }

  private tell(type: 'ADDED' | 'MODIFIED' | 'DELETED', entry: Entry): void {
    if (!this.hidden(entry.path)) {
      for (const { collection, fits, stream } of this.watchers)
        if (isUnder(entry.path, collection) && fits(entry.object)) stream.line(type, entry.object);
    }
    this.onChange(entry.path, entry.object, type === 'DELETED' ? 'gone' : 'here');
  }
}

/** A collection of all namespaces holds those of each. */
function isUnder(path: string, collection: string): boolean {
  const parent = path.slice(0, path.lastIndexOf('/'));
  return parent === collection || parent.replace(/\/namespaces\/[^/]+/, '') === collection;
}

function isStale(known: KubeObject, uid?: string, resourceVersion?: string): boolean {
  return (
    (uid !== undefined && uid !== known.metadata.uid) ||
    (resourceVersion !== undefined && resourceVersion !== known.metadata.resourceVersion)
  );
}

function selector({ query }: Asked): (object: KubeObject) => boolean {
  const label = query.get('labelSelector') ?? '';
  const name = query.get('fieldSelector')?.replace('metadata.name=', '');
  return ({ metadata }) =>
    fitsLabels(metadata.labels, label) && (name === undefined || name === metadata.name);
}

/** `key` or `key=value`, joined by commas. */
function fitsLabels(labels: KubeObject['metadata']['labels'], selector: string): boolean {
  return selector.split(',').every((part) => {
    const [key = '', value] = part.split('=');
    const found = labels?.[key];
    return key === '' || (value === undefined ? found !== undefined : found === value);
  });
}

/** `stringData` is written as `data`. */
function decoded(
  body: Partial<KubeObject> & { readonly stringData?: Readonly<Record<string, string>> },
) {
  const { stringData, ...rest } = body;
  if (stringData === undefined) return rest;
  const data = Object.entries(stringData).map(([key, text]) => [
    key,
    Buffer.from(text).toString('base64'),
  ]);
  return { ...rest, data: Object.fromEntries(data) };
}

/** RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (value !== undefined) result[key] = merge(result[key], value);
  }
  return result;
}
