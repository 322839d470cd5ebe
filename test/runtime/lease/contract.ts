/**
 * What a Lease as the authority of a Sentinel must do, on any API server: one leads at a time, the record
 * is swapped by value and inherited, and what others wrote into the Lease stays.
 * Never here: starting a server (lease-authority.test.ts the local one, real-lease-authority.test.ts a real one).
 */
import { expect, test } from 'vitest';
import { term } from '../../../src/kit/brands';
import type { KubeAccess } from '../../../src/runtime/kube/access';
import { createKubeClient, type KubeClient } from '../../../src/runtime/kube/client';
import { type Lease, resources } from '../../../src/runtime/kube/types';
import { type ApiServer, leaseAuthority, RECORD_ANNOTATION } from '../../../src/runtime/lease';
import type { Authority, ClusterRecord, Leadership } from '../../../src/sentinel';
import { blankRecord } from '../../../src/sentinel/core/on-lease';
import { until } from '../../kit/until';

export interface Ground {
  readonly access: KubeAccess;
  readonly namespace: string;
}

const QUICK = { leaseDurationMs: 2000, renewDeadlineMs: 1500, retryMs: 200 } as const;

const record: ClusterRecord = { ...blankRecord({ maxLagSeconds: 2 }), term: term(1) };

class Scene {
  private readonly cleanups: (() => Promise<void> | void)[] = [];
  private constructor(
    readonly name: string,
    private readonly ground: Ground,
    private readonly given: ApiServer,
    readonly client: KubeClient,
  ) {}

  static async open(ground: Ground, name: string): Promise<Scene> {
    const { headers, tls } = await ground.access.credentials('cached');
    const token = headers.authorization?.replace(/^Bearer /, '');
    const { ca, cert, key } = tls;
    const given = Object.entries({ ca, cert, key, token }).filter(([, value]) => value);
    const access: ApiServer = { server: ground.access.server, ...Object.fromEntries(given) };
    const scene = new Scene(name, ground, access, createKubeClient({ access: ground.access }));
    scene.cleanups.push(() => scene.client.close());
    return scene;
  }

  async campaign(): Promise<{ readonly authority: Authority; readonly told: Leadership[] }> {
    const told: Leadership[] = [];
    const { namespace } = this.ground;
    const authority = await leaseAuthority({
      lease: { namespace, name: this.name },
      access: this.given,
      onTrouble: () => {},
      ...QUICK,
    });
    authority.start((leadership) => told.push(leadership));
    this.cleanups.push(() => authority.stop());
    return { authority, told };
  }

  async lease(): Promise<Lease> {
    const { namespace } = this.ground;
    const answer = await this.client.get(resources.leases, { namespace, name: this.name });
    if (answer.kind !== 'ok') throw new Error(JSON.stringify(answer));
    return answer.value;
  }

  async close(): Promise<void> {
    for (const cleanup of this.cleanups.splice(0).reverse()) await cleanup();
  }
}

/** @param ground where the tests take place; asked for in each test. */
export function holdsTheLeaseContract(ground: () => Ground): void {
  const scenes =
    (name: string, act: (scene: Scene) => Promise<void>) => async (): Promise<void> => {
      const scene = await Scene.open(ground(), name);
      await act(scene).finally(() => scene.close());
    };

  test(
    'one leads; its record is swapped by value; the next one inherits it',
    scenes('inherited', async (scene) => {
      const first = await scene.campaign();
      await until('the first leads', () => first.told.length === 1, 10_000);
      expect(first.told).toEqual([{ kind: 'led', record: undefined }]);
      const second = await scene.campaign();
      expect(await first.authority.swap(undefined, record)).toEqual({ kind: 'ok' });
      const later = { ...record, term: term(2) };
      expect(await first.authority.swap(undefined, later)).toEqual({
        kind: 'conflict',
        actual: record,
      });
      expect(await second.authority.swap(record, later)).toEqual({ kind: 'failed' });
      expect(second.authority.mayAct()).toBe('denied');
      await first.authority.stop();
      await until('the second leads', () => second.told.length === 1, 10_000);
      expect(second.told).toEqual([{ kind: 'led', record }]);
      expect(await second.authority.swap(record, later)).toEqual({ kind: 'ok' });
    }),
  );

  test(
    'labels and annotations of others stay; a lease that another took is not renewed over',
    scenes('shared', async (scene) => {
      const { authority, told } = await scene.campaign();
      await until('it leads', () => told.length === 1, 10_000);
      const { metadata } = await scene.lease();
      const labelled = {
        ...(await scene.lease()),
        metadata: { ...metadata, labels: { team: 'shop' }, annotations: { note: 'ours' } },
      };
      await until('the label is written between two renewals', async () => {
        const { resourceVersion } = (await scene.lease()).metadata;
        const next = { ...labelled, metadata: { ...labelled.metadata, resourceVersion } };
        return (await scene.client.update(resources.leases, next as never)).kind === 'ok';
      });
      await until(
        'a swap goes through',
        async () => (await authority.swap(undefined, record)).kind === 'ok',
      );
      expect((await scene.lease()).metadata).toMatchObject({
        labels: { team: 'shop' },
        annotations: { note: 'ours', [RECORD_ANNOTATION]: expect.stringContaining('"term":1') },
      });
      await until('another takes it', async () => {
        const now = await scene.lease();
        const spec = { ...now.spec, holderIdentity: 'another', leaseDurationSeconds: 60 };
        return (
          (await scene.client.update(resources.leases, { ...now, spec } as never)).kind === 'ok'
        );
      });
      await until('it has lost', () => told.at(-1)?.kind === 'lost', 10_000);
      expect(await authority.swap(record, { ...record, term: term(2) })).toEqual({
        kind: 'failed',
      });
      expect((await scene.lease()).spec).toMatchObject({ holderIdentity: 'another' });
    }),
  );
}
