/**
 * Answers of a real API server to a row of requests: asked for where GUNGNIR_TEST_KUBECONFIG names one
 * (in a namespace of their own, deleted afterwards) and then compared with what is recorded in golden/;
 * elsewhere the record itself. UPDATE=1 records anew.
 * Never here: what is asked.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { objectAt, textAt } from '../../../../src/local/api/json';
import type { Json, JsonObject } from '../../../../src/local/api/port';
import { type ApiServer, apiServer } from '../../../kit/api-server';
import { until } from '../../../kit/until';

export interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `NS` stands for the namespace. */
  readonly path: string;
  readonly body?: Json;
  readonly contentType?: string;
}

export interface Told {
  readonly status: number;
  readonly body: JsonObject;
}

const folder = join(__dirname, 'golden');
export const isReal = (process.env.GUNGNIR_TEST_KUBECONFIG ?? '') !== '';

/** @param name of the record, and part of the namespace. */
export function recorded(
  name: string,
  asks: readonly Ask[],
  crd?: JsonObject,
): Promise<readonly Told[]> {
  return recordedIn(join(folder, `${name}.json`), () => askReal(name, asks, crd));
}

/**
 * What a real server has told: asked anew where there is one.
 * @param file of the record.
 */
export async function recordedIn<One>(
  file: string,
  ask: () => Promise<readonly One[]>,
): Promise<readonly One[]> {
  const kept = (): readonly One[] =>
    (JSON.parse(readFileSync(file, 'utf8')) as { readonly told: readonly One[] }).told;
  if (!isReal) return kept();
  const told = await ask();
  if (process.env.UPDATE === '1') {
    mkdirSync(dirname(file), { recursive: true });
    const lines = told.map((one) => JSON.stringify(one)).join(',\n');
    writeFileSync(file, `{"told":[\n${lines}\n]}\n`);
  } else {
    expect(told, `the real server answers otherwise than recorded in ${file}`).toEqual(kept());
  }
  return told;
}

/** @param crd is served meanwhile. */
export async function askReal(
  name: string,
  asks: readonly Ask[],
  crd?: JsonObject,
): Promise<readonly Told[]> {
  const server = await apiServer();
  const namespace = `typed-${name}-${process.pid}`;
  const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await server.send('POST', '/api/v1/namespaces', space);
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
  const hasAccount = async () => (await server.send('GET', account)).status === 200;
  try {
    await until('the default service account is there', hasAccount, 20_000, 50);
    if (crd !== undefined) await serve(server, crd);
    const told: Told[] = [];
    for (const ask of asks) told.push(await one(server, ask, namespace));
    return told;
  } finally {
    if (crd !== undefined) await server.send('DELETE', crdPath(crd), {});
    await server.send('DELETE', `/api/v1/namespaces/${namespace}`);
  }
}

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

function crdPath(crd: JsonObject): string {
  return `${crds}/${textAt(crd, 'metadata', 'name')}`;
}

async function serve(server: ApiServer, crd: JsonObject): Promise<void> {
  const made = await server.send('POST', crds, crd);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const group = textAt(crd, 'spec', 'group');
  const isServed = async () => {
    const { conditions } = objectAt((await server.send('GET', crdPath(crd))).body, 'status');
    const groups = JSON.stringify((await server.send('GET', '/apis')).body);
    return (
      JSON.stringify(conditions ?? []).includes('InitialNamesAccepted') && groups.includes(group)
    );
  };
  await until('the kind is served', isServed, 20_000, 100);
}

async function one(server: ApiServer, ask: Ask, namespace: string): Promise<Told> {
  const named = (text: string) => text.replaceAll('NS', namespace);
  const body = ask.body === undefined ? undefined : JSON.parse(named(JSON.stringify(ask.body)));
  const answer = await server.send(ask.method, named(ask.path), body, ask.contentType);
  const text = JSON.stringify(answer.body).replaceAll(namespace, 'NS');
  return { status: answer.status, body: scrubbed(JSON.parse(text)) as JsonObject };
}

const random = /^(uid|resourceVersion|creationTimestamp|time|selfLink|generation)$/;

/** Without what differs from run to run. */
export function scrubbed(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(scrubbed);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value as JsonObject).filter(([key]) => !random.test(key));
  return Object.fromEntries(
    kept.map(([key, one]) => [
      key,
      key === 'managedFields' ? inOrder(scrubbed(one)) : scrubbed(one),
    ]),
  );
}

/** Owners stand in the order of their times, which are left out here. */
export function inOrder(owners: Json): Json {
  if (!Array.isArray(owners)) return owners;
  const keyOf = (owner: Json) => {
    const { operation, manager, subresource } = owner as JsonObject;
    return JSON.stringify([operation, manager, subresource ?? '']);
  };
  return [...(owners as readonly Json[])].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
