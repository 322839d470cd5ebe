/**
 * pods/log: the query into options, the kubelet's bytes into the answer.
 * Never here: where a log is kept.
 */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { LogOptions, NodeAgent } from '../node-agent';
import type { JsonObject } from '../port';
import { badRequest, invalid, invalidValue, Refused } from '../status';
import { containerOf } from './pod-target';
import { isTrue } from './route';

/** @throws Refused before anything was written. */
export function streamLog(
  agent: NodeAgent,
  pod: JsonObject,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const of = containerOf(pod, query.get('container') ?? '');
  const options = logOptionsOf(query);
  const head = { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache, private' };
  // A pod that is on no node yet has no log.
  if (of.node === '') {
    response.writeHead(204);
    response.end();
    return;
  }
  const begin = (): void => {
    if (response.headersSent) return;
    response.writeHead(200, head);
    response.flushHeaders();
  };
  const started = agent.logs(of, options, {
    write(bytes) {
      begin();
      return response.write(bytes) ? 'more' : 'full';
    },
    drained: async () => {
      if (!response.writableNeedDrain || response.destroyed) return;
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    },
    end() {
      begin();
      response.end();
    },
  });
  if (started.kind === 'refused') throw new Refused(badRequest(started.message));
  begin();
  response.on('close', started.stop);
}

function logOptionsOf(query: URLSearchParams): LogOptions {
  const flag = (name: string): 'yes' | 'no' => (isTrue(query.get(name)) ? 'yes' : 'no');
  const sinceTime = query.get('sinceTime');
  return {
    follow: flag('follow'),
    previous: flag('previous'),
    timestamps: flag('timestamps'),
    ...number(query, 'tailLines', 0),
    ...number(query, 'sinceSeconds', 1),
    ...number(query, 'limitBytes', 1),
    ...(sinceTime === null ? {} : { sinceTime }),
  };
}

function number(query: URLSearchParams, name: string, min: number): Record<string, number> {
  const text = query.get(name);
  if (text === null || text === '') return {};
  const value = Number(text);
  if (Number.isInteger(value) && value >= min) return { [name]: value };
  const why = min === 0 ? 'must be greater than or equal to 0' : 'must be greater than 0';
  const cause = invalidValue(name, value, why);
  throw new Refused(invalid({ group: '', kind: 'PodLogOptions' }, '', [cause]));
}
