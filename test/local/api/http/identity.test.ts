/**
 * Who a request is from, over HTTPS: certificates of this authority and of others, tokens that are good and that
 * are not. What a real 1.34 answers each of them was asked by hand.
 */
import { randomUUID } from 'node:crypto';
import { request } from 'node:https';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiServer, createApi } from '../../../../src/local/api/api';
import { bootstrap } from '../../../../src/local/api/bootstrap';
import {
  type Authority,
  certificateAuthority,
  type KeyPair,
} from '../../../../src/local/api/http/certificates';
import { type Front, listen } from '../../../../src/local/api/http/front';
import { tokenIssuer } from '../../../../src/local/api/http/tokens';
import type { NodeAgent } from '../../../../src/local/api/node-agent';
import type { JsonObject } from '../../../../src/local/api/port';
import { createStore } from '../../../../src/local/api/store';
import { typings } from '../../../../src/local/api/typed/index';
import { admin } from '../lab';

const HOUR_MS = 3_600_000;
const nobody: NodeAgent = {
  logs: () => ({ kind: 'refused', message: '' }),
  exec: () => Promise.resolve({ kind: 'refused', message: '' }),
};
let shiftMs = 0;
const nowMs = (): number => Date.now() + shiftMs;
let api: ApiServer;
let front: Front;
let authority: Authority;

beforeAll(async () => {
  authority = await certificateAuthority(Date.now());
  const { subtle } = crypto;
  const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
  const key = Buffer.from(await subtle.exportKey('pkcs8', pair.privateKey)).toString('base64');
  const tokenKey = `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`;
  api = createApi({
    store: createStore(),
    typings,
    nowMs,
    uuid: randomUUID,
    suffix: () => randomUUID().slice(0, 5),
    defer: setImmediate,
    addresses: {
      next: () => undefined,
      contains: () => false,
      nodePorts: { first: 1, last: 1 },
    },
    tokens: tokenIssuer(tokenKey, 'https://kubernetes.default.svc', nowMs),
  });
  bootstrap(api);
  make('serviceaccounts', { metadata: { name: 'default' } });
  const tls = await authority.server(['localhost', '127.0.0.1']);
  front = await listen({
    api,
    agent: nobody,
    ca: authority.cert,
    tls,
    host: '127.0.0.1',
    port: 0,
    nowMs,
  });
});
afterAll(async () => {
  await front?.close();
  api?.close();
});

/** As an administrator, in `default`. */
function make(path: string, body: object): JsonObject {
  const [resource = '', name, subresource] = path.split('/');
  const { code, value } = api.handle({
    verb: 'create',
    resource: { group: '', version: 'v1', resource },
    namespace: 'default',
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
    user: admin,
    body,
  });
  expect(code, JSON.stringify(value)).toBe(201);
  return value as JsonObject;
}

function tokenOf(spec: object = {}): string {
  const { status } = make('serviceaccounts/default/token', { spec });
  return (status as { readonly token: string }).token;
}

/** @returns the code, or who it is. */
function whoIs(shown: { readonly pair?: KeyPair; readonly token?: string }): Promise<unknown> {
  const { pair, token } = shown;
  return new Promise((resolve, reject) => {
    const asked = request(
      `${front.url}/apis/authentication.k8s.io/v1/selfsubjectreviews`,
      {
        method: 'POST',
        agent: false,
        ca: authority.cert,
        ...(pair === undefined ? {} : pair),
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
      },
      (answer) => {
        let text = '';
        answer.on('data', (chunk) => {
          text += chunk;
        });
        answer.on('end', () => {
          const { status } = JSON.parse(text);
          resolve(answer.statusCode === 201 ? status.userInfo.username : answer.statusCode);
        });
      },
    );
    asked.on('error', reject);
    asked.end('{}');
  });
}

test('a certificate of this authority is its name', async () => {
  expect(await whoIs({ pair: await authority.client('ann', ['system:masters']) })).toBe('ann');
});

test('one of another authority is nobody, whatever name it has, and none at all is anonymous', async () => {
  const other = await certificateAuthority(Date.now());
  expect(await whoIs({ pair: await other.client('ann', ['system:masters']) })).toBe(401);
  expect(await whoIs({}), 'and may not ask who it is').toBe(403);
});

test('a certificate that is over is nobody', async () => {
  const { cert, key } = authority;
  const old = await certificateAuthority(Date.now() - 11 * 365 * 24 * HOUR_MS, { cert, key });
  expect(await whoIs({ pair: await old.client('ann', ['system:masters']) })).toBe(401);
});

test('a token is its account until it is over', async () => {
  const token = tokenOf({ expirationSeconds: 3_600 });
  expect(await whoIs({ token })).toBe('system:serviceaccount:default:default');
  shiftMs = HOUR_MS + 1_000;
  expect(await whoIs({ token })).toBe(401);
  shiftMs = 0;
  expect(await whoIs({ token })).toBe('system:serviceaccount:default:default');
});

test('a token for others, one that was changed, and one that is none are nobody', async () => {
  const token = tokenOf();
  const [head, body = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as JsonObject;
  const changed = JSON.stringify({ ...claims, exp: 99_999_999_999 });
  const forged = [head, Buffer.from(changed).toString('base64url'), signature].join('.');
  expect(await whoIs({ token: tokenOf({ audiences: ['other'] }) })).toBe(401);
  expect(await whoIs({ token: forged })).toBe(401);
  expect(await whoIs({ token: 'none' })).toBe(401);
});

test('a token that is bound to a pod ends with that very pod', async () => {
  const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'x' }] } };
  make('pods', pod);
  const token = tokenOf({ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p' } });
  expect(await whoIs({ token })).toBe('system:serviceaccount:default:default');
  const resource = { group: '', version: 'v1', resource: 'pods' };
  api.handle({ verb: 'delete', resource, namespace: 'default', name: 'p', user: admin });
  expect(await whoIs({ token })).toBe(401);
  make('pods', pod);
  expect(await whoIs({ token }), 'another pod of its name').toBe(401);
});
